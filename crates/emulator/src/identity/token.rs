use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::AcsError;
use crate::inspect::Token;
use crate::world::World;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Scope {
    #[serde(rename = "chat")]
    Chat,
    #[serde(rename = "voip")]
    Voip,
    #[serde(rename = "chat.join")]
    ChatJoin,
    #[serde(rename = "chat.join.limited")]
    ChatJoinLimited,
    #[serde(rename = "voip.join")]
    VoipJoin,
}

impl Scope {
    fn name(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Voip => "voip",
            Self::ChatJoin => "chat.join",
            Self::ChatJoinLimited => "chat.join.limited",
            Self::VoipJoin => "voip.join",
        }
    }
}

/// Minutes, from an hour to a day.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "i64")]
pub struct Lifetime(i64);

impl Default for Lifetime {
    fn default() -> Self {
        Self(24 * 60)
    }
}

impl TryFrom<i64> for Lifetime {
    type Error = &'static str;

    fn try_from(minutes: i64) -> Result<Self, Self::Error> {
        match minutes {
            60..=1440 => Ok(Self(minutes)),
            _ => Err("expiresInMinutes must be between 60 and 1440"),
        }
    }
}

/// `{"token","expiresOn"}`, and remembered.
pub fn issue(
    world: &mut World,
    id: &str,
    scopes: &[Scope],
    lifetime: Lifetime,
    now: Timestamp,
) -> Result<Value, AcsError> {
    let expires_on = now
        .saturating_add(SignedDuration::from_mins(lifetime.0))
        .unwrap_or(Timestamp::MAX);
    let scopes: Vec<String> = scopes.iter().map(|scope| scope.name().to_owned()).collect();
    let signature = world.random.text(256);
    let token = format!("{}.{signature}", unsigned(id, &scopes, now, expires_on));
    let identity = world
        .identities
        .iter_mut()
        .find(|identity| identity.id == id)
        .ok_or_else(AcsError::not_found)?;
    identity.tokens.push(Token {
        scopes,
        issued_at: now,
        expires_on,
        revoked_at: None,
    });
    let at = identity.tokens.len() - 1;
    world.tokens.insert(token.clone(), (id.to_owned(), at));
    Ok(json!({ "token": token, "expiresOn": in_seven_digits(expires_on) }))
}

/// What the Calling SDK reads from a token, so that it takes ours.
fn unsigned(id: &str, scopes: &[String], issued: Timestamp, expires: Timestamp) -> String {
    let skype_id = id.strip_prefix("8:").unwrap_or(id);
    let resource = skype_id
        .strip_prefix("acs:")
        .and_then(|rest| rest.split_once('_'))
        .map_or("", |(resource, _)| resource);
    let header = json!({ "alg": "RS256", "kid": "EMULATOR", "typ": "JWT" });
    let claims = json!({
        "skypeid": skype_id,
        "scp": 1792,
        "csi": issued.as_second().to_string(),
        "exp": expires.as_second(),
        "rgn": "emea",
        "acsScope": scopes.join(","),
        "resourceId": resource,
        "resourceLocation": "europe",
        "iat": issued.as_second(),
    });
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", part(&header), part(&claims))
}

/// The real service's notation: `2026-01-03T03:04:05.0000000+00:00`.
fn in_seven_digits(at: Timestamp) -> String {
    format!(
        "{}.{:07}+00:00",
        at.strftime("%Y-%m-%dT%H:%M:%S"),
        at.subsec_nanosecond() / 100
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_has_seven_digits_and_an_offset() {
        let at: Timestamp = "2025-07-10T21:39:39.3244584Z".parse().unwrap();
        assert_eq!(in_seven_digits(at), "2025-07-10T21:39:39.3244584+00:00");
        let at: Timestamp = "2026-01-03T03:04:05Z".parse().unwrap();
        assert_eq!(in_seven_digits(at), "2026-01-03T03:04:05.0000000+00:00");
    }

    #[test]
    fn a_lifetime_is_an_hour_to_a_day() {
        for (minutes, good) in [(59, false), (60, true), (1440, true), (1441, false), (-60, false)] {
            assert_eq!(Lifetime::try_from(minutes).is_ok(), good, "{minutes}");
        }
    }
}

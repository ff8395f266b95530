use std::str::FromStr;

use serde::Deserialize;

use super::percent::decode;
use super::{Cloud, Meeting, Refused};
use crate::account::check_entra_id;

/// An invitation with all its text; a Safe Link around a Bookings link is about 2,000 characters.
const LONGEST: usize = 20_000;
/// Safe Links around Bookings around the meeting.
const DEEPEST: u8 = 3;

impl FromStr for Meeting {
    type Err = Refused;

    fn from_str(text: &str) -> Result<Self, Refused> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Refused::Empty);
        }
        if LONGEST < text.len() {
            return Err(Refused::TooLong);
        }
        let words = || {
            text.split(|c: char| c.is_whitespace() || "<>\"'()[]".contains(c))
                .filter(|word| !word.is_empty())
        };
        let links: Vec<&str> = words().filter(|word| has_scheme(word)).collect();
        if links.is_empty() {
            return id_and_passcode(text);
        }
        // An invitation holds other links as well (help, options, the organisation's privacy page).
        let mut found: Option<Meeting> = None;
        let mut why = None;
        for link in links {
            match parse_link(link, 0) {
                Ok(meeting) if found.as_ref().is_some_and(|known| *known != meeting) => return Err(Refused::Several),
                Ok(meeting) => found = Some(meeting),
                // What is wrong with a link to Teams says more than that another one leads elsewhere.
                Err(refused) if why.is_none() || why == Some(Refused::OtherHost) => why = Some(refused),
                Err(_) => {}
            }
        }
        found.ok_or(why.unwrap_or(Refused::NoMeeting))
    }
}

fn has_scheme(word: &str) -> bool {
    word.split_once(':').is_some_and(|(scheme, rest)| {
        let is_name = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
        is_name
            && (rest.starts_with("//")
                || matches!(scheme.to_ascii_lowercase().as_str(), "javascript" | "msteams" | "data"))
    })
}

/// Scheme, host and the rest. The host stands between `//` and the first of `/ ? # \`, with nothing but itself.
fn split(link: &str) -> Result<(String, &str), Refused> {
    let scheme = link.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    let after = match scheme.as_deref() {
        Some("https") => link.get("https://".len()..).unwrap_or_default(),
        Some("msteams") => return Err(Refused::App),
        _ => return Err(Refused::NotHttps),
    };
    let end = after.find(['/', '?', '#', '\\']).unwrap_or(after.len());
    let (host, rest) = after.split_at(end);
    let host = host.strip_suffix(":443").unwrap_or(host).to_ascii_lowercase();
    Ok((host, rest))
}

fn parse_link(link: &str, depth: u8) -> Result<Meeting, Refused> {
    if DEEPEST < depth {
        return Err(Refused::Broken);
    }
    let (host, rest) = split(link)?;
    match host.as_str() {
        "teams.microsoft.com" | "teams.cloud.microsoft" => in_teams(rest, Cloud::Public, depth),
        "gov.teams.microsoft.us" => in_teams(rest, Cloud::GccHigh, depth),
        "dod.teams.microsoft.us" => Err(Refused::Dod),
        "teams.live.com" => Err(Refused::Personal),
        "events.teams.microsoft.com" => Err(Refused::EventPage),
        "visit.teams.microsoft.com" => {
            let (path, query) = path_and_query(rest);
            match path {
                "/webrtc-svc/api/route" => parse_link(&parameter(query, "JoinWebUrl")?, depth + 1),
                _ => Err(Refused::NotAMeeting),
            }
        }
        _ if is_safe_links(&host) => {
            let (_, query) = path_and_query(rest);
            parse_link(&parameter(query, "url")?, depth + 1)
        }
        _ => Err(Refused::OtherHost),
    }
}

/// `eur02.safelinks.protection.outlook.com`: one label before the name, and nothing after it.
fn is_safe_links(host: &str) -> bool {
    ["safelinks.protection.outlook.com", "safelinks.protection.office365.us"]
        .iter()
        .filter_map(|name| host.strip_suffix(name)?.strip_suffix('.'))
        .any(|label| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// Without the fragment.
fn path_and_query(rest: &str) -> (&str, &str) {
    let rest = rest.split('#').next().unwrap_or_default();
    rest.split_once('?').unwrap_or((rest, ""))
}

/// Decoded; the first of that name.
fn parameter(query: &str, name: &str) -> Result<String, Refused> {
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .and_then(|(_, value)| decode(value))
        .ok_or(Refused::Broken)
}

fn in_teams(rest: &str, cloud: Cloud, depth: u8) -> Result<Meeting, Refused> {
    if DEEPEST < depth {
        return Err(Refused::Broken);
    }
    // The old address of the web client: its own path stands behind `/_#`.
    let rest = rest.strip_prefix("/_#").unwrap_or(rest);
    let (path, query) = path_and_query(rest);
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    match segments.as_slice() {
        ["l", "meetup-join", thread, message] | ["l", "meetup-join", thread, message, ""] => {
            in_thread(thread, message, query, cloud)
        }
        ["l", "meetup-join", ..] => Err(Refused::Broken),
        ["meet", id] if cloud == Cloud::Public => short(id, query),
        ["dl", "launcher", "launcher.html"] => in_teams(&parameter(query, "url")?, cloud, depth + 1),
        ["l", "call" | "chat" | "channel" | "message", ..] => Err(Refused::CallOrChat),
        ["registration" | "event" | "l", ..] if matches!(segments.get(1), Some(&"townhall" | &"webinar")) => {
            Err(Refused::EventPage)
        }
        ["registration" | "event", ..] => Err(Refused::EventPage),
        ["_broadcast" | "broadcast", ..] => Err(Refused::LiveEvent),
        _ => Err(Refused::NotAMeeting),
    }
}

#[derive(Deserialize)]
struct Context {
    #[serde(rename = "Tid")]
    tenant: String,
    #[serde(rename = "Oid")]
    organizer: String,
    #[serde(rename = "IsBroadcastMeeting", default)]
    is_live_event: bool,
}

fn in_thread(thread: &str, message: &str, query: &str, cloud: Cloud) -> Result<Meeting, Refused> {
    let thread = decode(thread)
        .filter(|thread| is_thread(thread))
        .ok_or(Refused::Broken)?;
    let message = decode(message)
        .filter(|message| is_number(message, 1, 20))
        .ok_or(Refused::Broken)?;
    let context: Context = serde_json::from_str(&parameter(query, "context")?).map_err(|_| Refused::Broken)?;
    if context.is_live_event {
        return Err(Refused::LiveEvent);
    }
    let guid = |text: &str| {
        check_entra_id(text)
            .ok()
            .filter(|id| !id.is_empty())
            .ok_or(Refused::Broken)
    };
    Ok(Meeting::Thread {
        cloud,
        tenant: guid(&context.tenant)?,
        organizer: guid(&context.organizer)?,
        thread,
        message,
    })
}

/// `19:meeting_NjA3…@thread.v2`, `19:gcch:meeting_abc@thread.v2`, `19:0f1e…@thread.tacv2`
fn is_thread(thread: &str) -> bool {
    let Some((name, kind)) = thread.strip_prefix("19:").and_then(|rest| rest.split_once("@thread.")) else {
        return false;
    };
    let is_name = (1..=200).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-=:.".contains(&byte));
    is_name && matches!(kind, "v2" | "skype" | "tacv2") && !name.starts_with("dod:")
}

fn is_number(text: &str, least: usize, most: usize) -> bool {
    (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Printed IDs have nine to fourteen digits; there is room for longer ones.
fn is_id(text: &str) -> bool {
    is_number(text, 9, 18)
}

fn short(id: &str, query: &str) -> Result<Meeting, Refused> {
    if !is_id(id) {
        return Err(Refused::Broken);
    }
    let key = match parameter(query, "p") {
        Ok(key) if (1..=64).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_alphanumeric()) => Some(key),
        Ok(_) => return Err(Refused::Broken),
        Err(_) => None,
    };
    Ok(Meeting::Short { id: id.to_owned(), key })
}

/// "Meeting ID: 212 345 678 901 23, Passcode: Ab3cD4", and the other ways in which people write that. The digits stand
/// first; of what follows, the one word that has the look of a passcode is it.
fn id_and_passcode(text: &str) -> Result<Meeting, Refused> {
    let mut words = text
        .split(|c: char| c.is_whitespace() || "/,;:|".contains(c))
        .filter(|word| !word.is_empty())
        .skip_while(|word| !word.bytes().all(|byte| byte.is_ascii_digit()))
        .peekable();
    let mut id = String::new();
    while let Some(group) = words.next_if(|word| word.bytes().all(|byte| byte.is_ascii_digit())) {
        // A passcode may be all digits: it is not one of the groups any more once there are enough of them.
        if is_id(&id) && 4 < group.len() {
            return passcode(id, std::iter::once(group).chain(words));
        }
        id.push_str(group);
    }
    passcode(id, words)
}

fn passcode<'a>(id: String, words: impl Iterator<Item = &'a str>) -> Result<Meeting, Refused> {
    if !is_id(&id) {
        return Err(Refused::NoMeeting);
    }
    let rest: Vec<&str> = words.collect();
    // Passcodes are made of letters and digits mixed; the words around them ("Passcode", "Kennung") of letters in a row.
    let is_passcode = |word: &&&str| {
        (4..=16).contains(&word.len())
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && (word.bytes().any(|byte| byte.is_ascii_digit())
                || word.bytes().skip(1).any(|byte| byte.is_ascii_uppercase()))
    };
    let mut candidates = rest.iter().filter(is_passcode);
    match (candidates.next(), candidates.next()) {
        (Some(passcode), None) => Ok(Meeting::Id {
            id,
            passcode: Some((*passcode).to_owned()),
        }),
        (None, _) => match rest.as_slice() {
            [] => Ok(Meeting::Id { id, passcode: None }),
            // A passcode of small letters only, right after the ID or its label.
            [.., last]
                if rest.len() <= 3
                    && (6..=8).contains(&last.len())
                    && last.bytes().all(|byte| byte.is_ascii_alphabetic()) =>
            {
                Ok(Meeting::Id {
                    id,
                    passcode: Some((*last).to_owned()),
                })
            }
            _ => Err(Refused::NoMeeting),
        },
        (Some(_), Some(_)) => Err(Refused::NoMeeting),
    }
}

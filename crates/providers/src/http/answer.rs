use std::time::Duration;

use http::{HeaderMap, StatusCode, header};
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::failure::Failure;

/// Nothing is said about how far clocks may be apart; Azure's signatures usually live for five minutes.
const APART: i64 = 4 * 60;

/// Longer ones are nobody's error codes.
const CODE: usize = 64;

/// Whoever asks for more quiet is asked again sooner. It also keeps a number of anybody's from being added to a clock.
const QUIET: Duration = Duration::from_secs(300);

/// What came back, whole.
pub(crate) struct Answer {
    pub host: String,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// `{"error":{"code","message"}}` of ACS and Graph, `{"error":"…","error_codes":[…]}` of Entra.
#[derive(Deserialize)]
struct Body {
    error: Error,
    #[serde(default)]
    error_codes: Vec<u32>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Error {
    Named(String),
    Object {
        #[serde(default)]
        code: String,
        #[serde(default)]
        message: String,
    },
}

impl Answer {
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        serde_json::from_slice(&self.body).map_err(|_| self.malformed())
    }

    pub fn malformed(&self) -> Failure {
        Failure::Malformed {
            host: self.host.clone(),
        }
    }

    /// Nothing but letters, digits, `-`, `_` and `.` of it.
    pub fn code(&self) -> Option<String> {
        let body: Body = serde_json::from_slice(&self.body).ok()?;
        if let Some(number) = body.error_codes.first() {
            return Some(format!("AADSTS{number}"));
        }
        match body.error {
            Error::Named(code) | Error::Object { code, .. } => plain(code),
        }
    }

    /// To be looked into, and neither shown nor logged.
    pub fn message(&self) -> String {
        match serde_json::from_slice(&self.body) {
            Ok(Body {
                error: Error::Object { message, .. },
                ..
            }) => message,
            _ => String::new(),
        }
    }

    /// In seconds or as a date; never more than five minutes.
    pub fn retry_after(&self, now: Timestamp) -> Option<Duration> {
        let text = self.header(header::RETRY_AFTER)?.trim();
        let wanted = match text.parse() {
            Ok(seconds) => Duration::from_secs(seconds),
            Err(_) => {
                let at = instant(text)?;
                // As its clock has it, if it says what that shows.
                let now = self.date().unwrap_or(now);
                Duration::try_from(at.duration_since(now)).unwrap_or_default()
            }
        };
        Some(wanted.min(QUIET))
    }

    /// None: it is what was asked for.
    pub fn failure(&self, now: Timestamp) -> Option<Failure> {
        let host = self.host.clone();
        let code = self.code();
        Some(match self.status.as_u16() {
            200..300 => return None,
            429 => Failure::Throttled {
                host,
                retry_after: self.retry_after(now),
            },
            // What belongs to another resource is none of ours to ask for; no other key would change that.
            401 if code.as_deref() != Some("IdentityNotOwned") => Failure::Denied {
                host,
                code,
                ahead: self
                    .date()
                    .map(|there| now.duration_since(there).as_secs())
                    .filter(|seconds| seconds.abs() > APART),
            },
            404 => match serde_json::from_slice::<Body>(&self.body).map(|body| body.error) {
                Ok(Error::Object { code, .. }) if !code.is_empty() => Failure::NotThere {
                    host,
                    code: plain(code),
                },
                Ok(_) => Failure::Refused {
                    host,
                    status: 404,
                    code,
                },
                // A service would have said it in its own way: this is of somebody in between, or of somebody else.
                Err(_) => Failure::Malformed { host },
            },
            408 | 500.. => Failure::Unavailable {
                host,
                retry_after: self.retry_after(now),
            },
            status => Failure::Refused { host, status, code },
        })
    }

    fn date(&self) -> Option<Timestamp> {
        instant(self.header(header::DATE)?)
    }

    fn header(&self, name: header::HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// What can be told: nobody knows what else is in it.
fn plain(code: String) -> Option<String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    (!code.is_empty() && code.len() <= CODE && code.chars().all(is_plain)).then_some(code)
}

pub(super) fn instant(date: &str) -> Option<Timestamp> {
    Timestamp::try_from(httpdate::parse_http_date(date).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    fn now() -> Timestamp {
        "2026-11-24T12:00:00Z".parse().unwrap()
    }

    fn answer(status: u16, headers: &[(HeaderName, &'static str)], body: &str) -> Answer {
        Answer {
            host: "far.example".to_owned(),
            status: StatusCode::from_u16(status).unwrap(),
            headers: headers
                .iter()
                .map(|(name, value)| (name.clone(), HeaderValue::from_static(value)))
                .collect(),
            body: body.as_bytes().to_vec(),
        }
    }

    #[test]
    fn how_long_to_wait_is_read_as_seconds_and_as_a_date() {
        let wait = |headers: &[_]| answer(429, headers, "").retry_after(now());
        assert_eq!(wait(&[]), None);
        assert_eq!(wait(&[(header::RETRY_AFTER, "7")]), Some(Duration::from_secs(7)));
        assert_eq!(wait(&[(header::RETRY_AFTER, "soon")]), None);
        let date = (header::RETRY_AFTER, "Tue, 24 Nov 2026 12:00:09 GMT");
        assert_eq!(wait(std::slice::from_ref(&date)), Some(Duration::from_secs(9)));
        let theirs = (header::DATE, "Tue, 24 Nov 2026 12:00:05 GMT");
        assert_eq!(
            wait(&[date, theirs]),
            Some(Duration::from_secs(4)),
            "their clock, not ours"
        );
        let past = (header::RETRY_AFTER, "Tue, 24 Nov 2026 11:00:09 GMT");
        assert_eq!(wait(&[past]), Some(Duration::ZERO));
    }

    #[test]
    fn nobody_makes_us_wait_for_ever() {
        let wait = |text: &'static str| answer(429, &[(header::RETRY_AFTER, text)], "").retry_after(now());
        for text in ["301", "18446744073709551615", "Sun, 31 Dec 8997 23:59:59 GMT"] {
            assert_eq!(wait(text), Some(QUIET), "{text}");
        }
        assert_eq!(wait("18446744073709551616"), None, "no number of ours");
        assert_eq!(wait("-1"), None);
    }

    #[test]
    fn only_the_service_itself_can_say_that_something_is_not_there() {
        let of = |body: &str| answer(404, &[], body).failure(now());
        let gone = |code: Option<&str>| {
            Some(Failure::NotThere {
                host: "far.example".to_owned(),
                code: code.map(str::to_owned),
            })
        };
        assert_eq!(
            of(r#"{"error":{"code":"IdentityNotFound","message":"no"}}"#),
            gone(Some("IdentityNotFound"))
        );
        assert_eq!(of(r#"{"error":{"code":"Not found."}}"#), gone(None));
        for body in [
            "",
            "<html>",
            "{}",
            "[]",
            r#"{"error":null}"#,
            r#"{"message":"no Route matched"}"#,
        ] {
            assert!(matches!(of(body), Some(Failure::Malformed { .. })), "{body}");
        }
        for body in [
            r#"{"error":"Not Found"}"#,
            r#"{"error":{}}"#,
            r#"{"error":{"code":""}}"#,
        ] {
            assert!(matches!(of(body), Some(Failure::Refused { status: 404, .. })), "{body}");
        }
    }

    #[test]
    fn an_error_code_is_told_only_if_it_is_one() {
        let code = |body: &str| answer(400, &[], body).code();
        assert_eq!(
            code(r#"{"error":{"code":"Denied","message":"no"}}"#).as_deref(),
            Some("Denied")
        );
        assert_eq!(code(r#"{"error":"invalid_client"}"#).as_deref(), Some("invalid_client"));
        assert_eq!(
            code(r#"{"error":"invalid_client","error_codes":[7000222]}"#).as_deref(),
            Some("AADSTS7000222")
        );
        for body in [
            "",
            "{}",
            "<html>",
            r#"{"error":{"code":""}}"#,
            r#"{"error":{"code":"<script>"}}"#,
            r#"{"error":{"code":"Call +1 555 for help"}}"#,
            r#"{"error":{"code":7}}"#,
            &format!(r#"{{"error":{{"code":"{}"}}}}"#, "a".repeat(65)),
        ] {
            assert_eq!(code(body), None, "{body}");
        }
    }

    #[test]
    fn a_refusal_with_clocks_far_apart_blames_the_clock() {
        for (date, ahead) in [
            ("Tue, 24 Nov 2026 12:00:30 GMT", None),
            ("Tue, 24 Nov 2026 12:10:00 GMT", Some(-600)),
            ("Tue, 24 Nov 2026 11:50:00 GMT", Some(600)),
            ("today", None),
        ] {
            let failure = answer(401, &[(header::DATE, date)], r#"{"error":{"code":"Denied"}}"#).failure(now());
            assert_eq!(
                failure,
                Some(Failure::Denied {
                    host: "far.example".to_owned(),
                    code: Some("Denied".to_owned()),
                    ahead,
                }),
                "{date}"
            );
        }
    }

    #[test]
    fn another_resources_identity_is_no_problem_of_credentials() {
        let failure = answer(401, &[], r#"{"error":{"code":"IdentityNotOwned"}}"#).failure(now());
        assert!(
            matches!(failure, Some(Failure::Refused { status: 401, .. })),
            "{failure:?}"
        );
    }

    #[test]
    fn no_sentence_repeats_what_the_far_side_wrote() {
        for status in [301, 400, 401, 403, 404, 429, 500, 503] {
            let failure = answer(status, &[], r#"{"error":{"code":"x y","message":"key=hunter2"}}"#)
                .failure(now())
                .unwrap();
            let told = format!("{failure} {failure:?}");
            assert!(!told.contains("hunter2") && !told.contains("x y"), "{told}");
            assert!(failure.to_string().starts_with("far.example "), "{failure}");
        }
    }
}

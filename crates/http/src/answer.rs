use std::time::Duration;

use http::{HeaderMap, StatusCode, header};
use jiff::Timestamp;
use serde::de::DeserializeOwned;

use crate::failure::Failure;

/// Nothing is said about how far clocks may be apart; signatures of requests usually live for five minutes.
const APART: i64 = 4 * 60;

/// Longer ones are nobody's error codes.
const CODE: usize = 64;

/// Whoever asks for more quiet is asked again sooner. It also keeps a number of anybody's from being added to a clock.
const QUIET: Duration = Duration::from_mins(5);

/// What came back, whole.
pub struct Answer {
    pub host: String,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// What a provider says of an error, as the adapter reads it that knows the provider's form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reason {
    /// Its error code, if it is [plain](plain).
    pub code: Option<String>,
    /// What to do about this code, where that is known.
    pub advice: Option<&'static str>,
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

    /// In seconds or as a date; never more than five minutes.
    pub fn retry_after(&self, now: Timestamp) -> Option<Duration> {
        let text = self.header(header::RETRY_AFTER)?.trim();
        let wanted = if let Ok(seconds) = text.parse() {
            Duration::from_secs(seconds)
        } else {
            let at = instant(text)?;
            // As its clock has it, if it says what that shows.
            let now = self.date().unwrap_or(now);
            Duration::try_from(at.duration_since(now)).unwrap_or_default()
        };
        Some(wanted.min(QUIET))
    }

    /// What the status means; None: it is what was asked for.
    pub fn failure(&self, now: Timestamp, reason: Reason) -> Option<Failure> {
        let host = self.host.clone();
        let Reason { code, advice } = reason;
        Some(match self.status.as_u16() {
            200..300 => return None,
            429 => Failure::Throttled {
                host,
                retry_after: self.retry_after(now),
            },
            401 => Failure::Denied {
                host,
                code,
                advice,
                ahead: self
                    .date()
                    .map(|there| now.duration_since(there).as_secs())
                    .filter(|seconds| seconds.abs() > APART),
            },
            404 => Failure::NotThere { host, code },
            408 | 500.. => Failure::Unavailable {
                host,
                retry_after: self.retry_after(now),
            },
            status => Failure::Refused {
                host,
                status,
                code,
                advice,
            },
        })
    }

    fn date(&self) -> Option<Timestamp> {
        instant(self.header(header::DATE)?)
    }

    fn header(&self, name: header::HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// A provider's error code as it can be shown: nothing but letters, digits, `-`, `_` and `.`, or none of it.
pub fn plain(code: String) -> Option<String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    (!code.is_empty() && code.len() <= CODE && code.chars().all(is_plain)).then_some(code)
}

pub(crate) fn instant(date: &str) -> Option<Timestamp> {
    Timestamp::try_from(httpdate::parse_http_date(date).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    fn now() -> Timestamp {
        "2026-11-24T12:00:00Z".parse().unwrap()
    }

    fn answer(status: u16, headers: &[(HeaderName, &'static str)]) -> Answer {
        Answer {
            host: "far.example".to_owned(),
            status: StatusCode::from_u16(status).unwrap(),
            headers: headers
                .iter()
                .map(|(name, value)| (name.clone(), HeaderValue::from_static(value)))
                .collect(),
            body: Vec::new(),
        }
    }

    #[test]
    fn how_long_to_wait_is_read_as_seconds_and_as_a_date() {
        let wait = |headers: &[_]| answer(429, headers).retry_after(now());
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
        let wait = |text: &'static str| answer(429, &[(header::RETRY_AFTER, text)]).retry_after(now());
        for text in ["301", "18446744073709551615", "Sun, 31 Dec 8997 23:59:59 GMT"] {
            assert_eq!(wait(text), Some(QUIET), "{text}");
        }
        assert_eq!(wait("18446744073709551616"), None, "no number of ours");
        assert_eq!(wait("-1"), None);
    }

    #[test]
    fn a_refusal_with_clocks_far_apart_blames_the_clock() {
        for (date, ahead) in [
            ("Tue, 24 Nov 2026 12:00:30 GMT", None),
            ("Tue, 24 Nov 2026 12:10:00 GMT", Some(-600)),
            ("Tue, 24 Nov 2026 11:50:00 GMT", Some(600)),
            ("today", None),
        ] {
            let failure = answer(401, &[(header::DATE, date)]).failure(now(), Reason::default());
            assert_eq!(
                failure,
                Some(Failure::Denied {
                    host: "far.example".to_owned(),
                    code: None,
                    advice: None,
                    ahead,
                }),
                "{date}"
            );
        }
    }
}

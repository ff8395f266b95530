//! Errors of ACS, Entra and Microsoft Graph, whose bodies are alike.

use anteroom_http::{Answer, Failure, Reason, plain};
use jiff::Timestamp;
use serde::Deserialize;

use super::entra::what_to_do;

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

impl Body {
    /// None: the answer is none of Microsoft's errors.
    fn of(answer: &Answer) -> Option<Self> {
        serde_json::from_slice(&answer.body).ok()
    }

    /// Nothing but letters, digits, `-`, `_` and `.` of it.
    fn code(&self) -> Option<String> {
        if let Some(number) = self.error_codes.first() {
            return Some(format!("AADSTS{number}"));
        }
        match &self.error {
            Error::Named(code) | Error::Object { code, .. } => plain(code.clone()),
        }
    }
}

/// None: it is what was asked for.
pub fn failure(answer: &Answer, now: Timestamp) -> Option<Failure> {
    let body = Body::of(answer);
    let code = body.as_ref().and_then(Body::code);
    let advice = code.as_deref().and_then(what_to_do);
    let reason = Reason {
        code: code.clone(),
        advice,
    };
    Some(match answer.failure(now, reason)? {
        // What belongs to another resource is none of ours to ask for; no other key would change that.
        Failure::Denied { host, .. } if code.as_deref() == Some("IdentityNotOwned") => Failure::Refused {
            host,
            status: 401,
            code,
            advice,
        },
        Failure::NotThere { host, .. } => match body.map(|body| body.error) {
            Some(Error::Object { code, .. }) if !code.is_empty() => Failure::NotThere {
                host,
                code: plain(code),
            },
            Some(_) => Failure::Refused {
                host,
                status: 404,
                code,
                advice,
            },
            // A service would have said it in its own way: this is of somebody in between, or of somebody else.
            None => Failure::Malformed { host },
        },
        failure => failure,
    })
}

/// Nothing but letters, digits, `-`, `_` and `.` of it.
pub fn code(answer: &Answer) -> Option<String> {
    Body::of(answer)?.code()
}

/// To be looked into, and neither shown nor logged.
pub fn message(answer: &Answer) -> String {
    match Body::of(answer) {
        Some(Body {
            error: Error::Object { message, .. },
            ..
        }) => message,
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, StatusCode};

    use super::*;

    fn now() -> Timestamp {
        "2026-11-24T12:00:00Z".parse().unwrap()
    }

    fn answer(status: u16, body: &str) -> Answer {
        Answer {
            host: "far.example".to_owned(),
            status: StatusCode::from_u16(status).unwrap(),
            headers: HeaderMap::new(),
            body: body.as_bytes().to_vec(),
        }
    }

    #[test]
    fn only_the_service_itself_can_say_that_something_is_not_there() {
        let of = |body: &str| failure(&answer(404, body), now());
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
        let code = |body: &str| code(&answer(400, body));
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
    fn another_resources_identity_is_no_problem_of_credentials() {
        let failure = failure(&answer(401, r#"{"error":{"code":"IdentityNotOwned"}}"#), now());
        assert!(
            matches!(failure, Some(Failure::Refused { status: 401, .. })),
            "{failure:?}"
        );
    }

    #[test]
    fn no_sentence_repeats_what_the_far_side_wrote() {
        for status in [301, 400, 401, 403, 404, 429, 500, 503] {
            let failure = failure(
                &answer(status, r#"{"error":{"code":"x y","message":"key=hunter2"}}"#),
                now(),
            )
            .unwrap();
            let told = format!("{failure} {failure:?}");
            assert!(!told.contains("hunter2") && !told.contains("x y"), "{told}");
            assert!(failure.to_string().starts_with("far.example "), "{failure}");
        }
    }
}

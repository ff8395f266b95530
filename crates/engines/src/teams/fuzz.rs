//! Whatever a far side answers: it is understood, or refused with a sentence that repeats nothing of it. Nothing panics.

use anteroom_http::{Answer, Failure};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use jiff::Timestamp;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use super::{acs, entra, error, graph};

/// In every text of an answer: it must be in no sentence.
const MARK: &str = "hunter2";

fn now() -> Timestamp {
    Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_hours(500_000)
}

fn answer(status: u16, headers: &[(HeaderName, Vec<u8>)], body: Vec<u8>) -> Answer {
    let header = |(name, value): &(HeaderName, Vec<u8>)| Some((name.clone(), HeaderValue::from_bytes(value).ok()?));
    Answer {
        host: "far.example".to_owned(),
        status: StatusCode::from_u16(status).unwrap_or(StatusCode::OK),
        headers: headers.iter().filter_map(header).collect::<HeaderMap>(),
        body,
    }
}

/// All that is made of an answer.
fn read(answer: &Answer) -> Result<(), TestCaseError> {
    let mut failures: Vec<Failure> = error::failure(answer, now()).into_iter().collect();
    let mut note = |result: Result<(), Failure>| failures.extend(result.err());
    match acs::created(answer, now()) {
        Ok(created) => prop_assert!(!created.identity.is_empty() && !created.token.reveal().is_empty()),
        Err(failure) => note(Err(failure)),
    }
    match acs::issued(answer, now()) {
        Ok(token) => prop_assert!(!token.token.reveal().is_empty()),
        Err(failure) => note(Err(failure)),
    }
    match graph::made(answer) {
        Ok(made) => prop_assert!(!made.id.is_empty() && !made.join_web_url.is_empty()),
        Err(failure) => note(Err(failure)),
    }
    if acs::deleted(answer, now()).is_ok() {
        prop_assert!(matches!(answer.status.as_u16(), 204 | 404));
    }
    note(acs::deleted(answer, now()));
    note(graph::updated(answer));
    note(graph::deleted(answer));
    note(entra::read(answer, now()).map(drop));
    if let Some(trouble) = graph::GraphTrouble::of(answer, "app", "user") {
        prop_assert!(!trouble.to_string().contains(MARK));
    }
    for failure in failures {
        prop_assert!(!format!("{failure} {failure:?}").contains(MARK), "{failure:?}");
        prop_assert!(failure.retry_after().unwrap_or_default().as_secs() <= 300);
    }
    Ok(())
}

/// One answer of each kind, good and bad.
fn known() -> Vec<Value> {
    let token = json!({ "token": MARK, "expiresOn": "2027-01-01T00:00:00.0000000+00:00" });
    vec![
        json!({ "identity": { "id": MARK }, "accessToken": token }),
        token,
        json!({ "id": MARK, "joinWebUrl": MARK, "chatInfo": { "threadId": MARK } }),
        json!({ "access_token": MARK, "expires_in": 3599, "token_type": "Bearer" }),
        json!({ "access_token": MARK, "expires_on": "1800000000" }),
        json!({ "error": { "code": "Denied", "message": MARK, "innererror": { "code": MARK } } }),
        json!({ "error": { "code": "Forbidden", "message": format!("on behalf of user {MARK}") } }),
        json!({ "error": "invalid_client", "error_codes": [7_000_215], "error_description": MARK }),
    ]
}

/// What may stand anywhere in a body where something else is expected.
fn odd(number: i64) -> Vec<Value> {
    let deep = (0..200).fold(json!([]), |inner, _| json!([inner]));
    vec![
        Value::Null,
        json!(number),
        json!(1e308),
        json!(""),
        json!(format!("<b>{MARK} \u{0}\u{202e}</b>")),
        json!([]),
        json!({}),
        json!({ "code": MARK.repeat(50), "id": [] }),
        deep,
        json!("x".repeat(100_000)),
    ]
}

/// The place that is found by going into the value so and so.
fn place<'value>(mut value: &'value mut Value, way: &[Index]) -> &'value mut Value {
    for step in way {
        let is_leaf = match &value {
            Value::Object(map) => map.is_empty(),
            Value::Array(list) => list.is_empty(),
            _ => true,
        };
        if is_leaf {
            break;
        }
        value = match value {
            Value::Object(map) => {
                let at = step.index(map.len());
                match map.values_mut().nth(at) {
                    Some(inner) => inner,
                    None => unreachable!("the index is within"),
                }
            }
            Value::Array(list) => {
                let at = step.index(list.len());
                &mut list[at]
            }
            leaf => leaf,
        };
    }
    value
}

fn statuses() -> impl Strategy<Value = u16> {
    prop_oneof![
        select(&[200, 201, 204, 302, 400, 401, 403, 404, 408, 429, 500, 503][..]),
        100_u16..1000
    ]
}

fn headers() -> impl Strategy<Value = Vec<(HeaderName, Vec<u8>)>> {
    let name = select(vec![header::RETRY_AFTER, header::DATE, header::CONTENT_TYPE]);
    let value = prop_oneof![
        any::<u64>().prop_map(|number| number.to_string().into_bytes()),
        Just(b"Fri, 31 Dec 9999 23:59:59 GMT".to_vec()),
        Just(b"Thu, 01 Jan 1970 00:00:00 GMT".to_vec()),
        vec(any::<u8>(), 0..40),
    ];
    vec((name, value), 0..3)
}

proptest! {
    #[test]
    fn any_bytes_are_answered(status in statuses(), headers in headers(), body in vec(any::<u8>(), 0..600)) {
        read(&answer(status, &headers, body))?;
    }

    #[test]
    fn an_answer_that_is_changed_here_and_there_is_answered(
        status in statuses(),
        headers in headers(),
        (body, number) in (select(known()), any::<i64>()),
        changes in vec((vec(any::<Index>(), 0..4), any::<Index>()), 0..4),
    ) {
        let (mut body, odd) = (body, odd(number));
        for (way, which) in &changes {
            *place(&mut body, way) = which.get(&odd).clone();
        }
        read(&answer(status, &headers, body.to_string().into_bytes()))?;
    }

    #[test]
    fn an_answer_that_is_cut_or_bent_is_answered(
        status in statuses(),
        body in select(known()),
        cut in any::<Index>(),
        bent in vec((any::<Index>(), any::<u8>()), 0..4),
    ) {
        let mut bytes = body.to_string().into_bytes();
        for (at, byte) in &bent {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
        bytes.truncate(cut.index(bytes.len() + 1));
        read(&answer(status, &[], bytes))?;
    }
}

#[test]
fn a_body_that_is_nested_without_end_is_answered() {
    for open in ["[", "{\"error\":", "{\"identity\":"] {
        let body = open.repeat(100_000).into_bytes();
        for status in [201, 404] {
            let failure = acs::created(&answer(status, &[], body.clone()), now()).unwrap_err();
            assert!(matches!(failure, Failure::Malformed { .. }), "{failure:?}");
        }
    }
}

//! One intention, one effect. On a slow line people click twice, and a browser that lost the answer sends the form once
//! more. Every form that makes something carries a number of its own; what is sent with the same number and the same
//! content is the same intention, and is answered with what the first one was answered with.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{LOCATION, SET_COOKIE};
use http::{HeaderMap, StatusCode};
use jiff::{SignedDuration, Timestamp};

use super::MAX_BODY_BYTES;
use crate::cookies;
use crate::state::AppState;

/// Longer than anybody waits for a page before clicking again.
const REMEMBERED: SignedDuration = SignedDuration::from_mins(10);
/// Beyond this many, the oldest are forgotten.
const MOST: usize = 10_000;
/// The field of a form with its number.
const FIELD: &str = "once";

/// What was answered, while it is worth remembering. Held by whoever carries it out; the others wait for it.
type Answer = Arc<tokio::sync::Mutex<Option<HeaderMap>>>;

/// By the hash of who asked what, with which number.
#[derive(Debug, Default)]
pub struct Intentions(Mutex<HashMap<[u8; 32], (Timestamp, Answer)>>);

impl Intentions {
    fn of(&self, key: [u8; 32], now: Timestamp) -> Answer {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, (since, _)| now < *since + REMEMBERED);
        if MOST <= known.len()
            && let Some(oldest) = known.iter().min_by_key(|(_, (since, _))| *since).map(|(key, _)| *key)
        {
            known.remove(&oldest);
        }
        known.entry(key).or_insert_with(|| (now, Answer::default())).1.clone()
    }
}

pub async fn once(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let has_number = body.split(|byte| *byte == b'&').any(|pair| {
        pair.strip_prefix(FIELD.as_bytes())
            .is_some_and(|rest| 8 < rest.len() && rest.starts_with(b"="))
    });
    let session = cookies::read(&app.site, &parts.headers, cookies::SESSION).unwrap_or_default();
    let key = format!("{}|{session}|{}", parts.uri.path(), String::from_utf8_lossy(&body));
    let request = Request::from_parts(parts, Body::from(body));
    if !has_number {
        return next.run(request).await;
    }
    let answer = app
        .intentions
        .of(anteroom_service::hash_secret(&key), app.use_cases.now());
    let mut answer = answer.lock().await;
    if let Some(headers) = &*answer {
        return (StatusCode::SEE_OTHER, headers.clone()).into_response();
    }
    let response = next.run(request).await;
    // What came back with mistakes had no effect, and may be sent again.
    if response.status() == StatusCode::SEE_OTHER {
        let mut headers = response.headers().clone();
        let kept = [LOCATION, SET_COOKIE];
        let others: Vec<_> = headers.keys().filter(|name| !kept.contains(name)).cloned().collect();
        for name in others {
            headers.remove(name);
        }
        *answer = Some(headers);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_bounded_in_time_and_number() {
        let intentions = Intentions::default();
        let start = Timestamp::UNIX_EPOCH;
        let first = intentions.of([1; 32], start);
        assert!(Arc::ptr_eq(
            &first,
            &intentions.of([1; 32], start + REMEMBERED - SignedDuration::from_secs(1))
        ));
        assert!(!Arc::ptr_eq(&first, &intentions.of([1; 32], start + REMEMBERED)));
        for n in 0..MOST + 100 {
            let mut key = [2; 32];
            key[..8].copy_from_slice(&n.to_le_bytes());
            intentions.of(key, start);
        }
        assert!(intentions.0.lock().unwrap().len() <= MOST);
    }
}

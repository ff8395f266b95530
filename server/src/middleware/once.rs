//! One intention, one effect. On a slow line people click twice, and a browser that lost the answer sends the form once
//! more. Every form that makes something carries a number of its own; what is sent with the same number and the same
//! content is the same intention, and is answered with what the first one was answered with.

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{LOCATION, SET_COOKIE};

use super::MAX_BODY_BYTES;
use crate::cookies;
use crate::state::AppState;

/// The field of a form with its number.
const FIELD: &str = "once";

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

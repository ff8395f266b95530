use anteroom_i18n::text;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{CONNECTION, CONTENT_LENGTH};
use http::{HeaderValue, StatusCode};
use http_body_util::LengthLimitError;
use tokio::time::timeout;

use super::lang;
use crate::state::AppState;

/// The largest thing that anybody posts is a consultation with its notes: 4,000 characters, of up to 12 bytes each as
/// browsers encode them.
pub const MAX_BODY_BYTES: usize = 128 * 1024;

/// A body is read whole before anybody looks at it, within the time that there is for it: nothing of ours is held for
/// whoever sends a byte a minute. One that says beforehand that it is too long is not read at all.
pub async fn body_limit(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let lang = lang(request.extensions());
    let (too_long, too_slow) = (
        text!(lang, guest::answer::too_long),
        text!(lang, guest::answer::too_slow),
    );
    let said = request
        .headers()
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok());
    if said
        .and_then(|length| length.parse::<usize>().ok())
        .is_some_and(|length| MAX_BODY_BYTES < length)
    {
        return (StatusCode::PAYLOAD_TOO_LARGE, too_long).into_response();
    }
    let (parts, body) = request.into_parts();
    let refused = match timeout(app.limits.body, to_bytes(body, MAX_BODY_BYTES)).await {
        Ok(Ok(bytes)) => return next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Ok(Err(error)) if is_too_long(&error) => (StatusCode::PAYLOAD_TOO_LARGE, too_long),
        Ok(Err(_)) => (StatusCode::BAD_REQUEST, too_slow),
        Err(_) => (StatusCode::REQUEST_TIMEOUT, too_slow),
    };
    // The rest of the body is not waited for, so nothing can follow it.
    let mut response = refused.into_response();
    response
        .headers_mut()
        .insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

fn is_too_long(error: &axum::Error) -> bool {
    std::error::Error::source(error).is_some_and(<dyn std::error::Error>::is::<LengthLimitError>)
}

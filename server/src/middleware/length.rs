use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_LENGTH;

/// The largest thing that anybody posts is a consultation with its notes: 4,000 characters, of up to 12 bytes each as
/// browsers encode them.
pub const MAX_BODY_BYTES: usize = 128 * 1024;

/// A body that says beforehand that it is too long is not read at all. One that does not say so is cut off where it is
/// read, by the same limit.
pub async fn length(request: Request, next: Next) -> Response {
    let said = request
        .headers()
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok());
    match said.and_then(|length| length.parse::<usize>().ok()) {
        Some(length) if MAX_BODY_BYTES < length => (
            StatusCode::PAYLOAD_TOO_LARGE,
            "What you sent is too long. Go back, shorten it and send it again.",
        )
            .into_response(),
        _ => next.run(request).await,
    }
}

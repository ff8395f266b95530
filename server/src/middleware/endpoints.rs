use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderValue;
use http::header::{ACCEPT, REFERER};

/// Server functions are for scripts. To what asks for a page they would answer by leading back to where it came from,
/// whichever site that is, with what went wrong in the address.
pub async fn scripts_only(mut request: Request, next: Next) -> Response {
    if request.uri().path().starts_with("/api/") {
        let headers = request.headers_mut();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.remove(REFERER);
    }
    next.run(request).await
}

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::HOST;
use http::{StatusCode, Version};

/// A request of HTTP/1.1 names its host, once (RFC 9112 §3.2).
pub async fn host(request: Request, next: Next) -> Response {
    let named = request.headers().get_all(HOST).iter().count();
    let is_good = match request.version() {
        Version::HTTP_10 => named <= 1,
        _ => named == 1,
    };
    if is_good {
        next.run(request).await
    } else {
        (StatusCode::BAD_REQUEST, "A request names one host.\n").into_response()
    }
}

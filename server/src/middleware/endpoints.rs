use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::header::{ACCEPT, REFERER};
use http::{HeaderValue, Method, StatusCode};

use crate::forms::{page_of, see};

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

/// The address of a form, asked for as a page: after a form that came back, somebody reloads it from the address bar, or
/// keeps it. They are led to the page that the form is on.
pub async fn form_to_page(request: Request, next: Next) -> Response {
    let page = match *request.method() {
        Method::GET | Method::HEAD => page_of(request.uri().path()),
        _ => None,
    };
    let response = next.run(request).await;
    match page {
        Some(page) if response.status() == StatusCode::METHOD_NOT_ALLOWED => see(&page),
        _ => response,
    }
}

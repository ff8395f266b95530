use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::{Method, StatusCode};

use super::form_replay::page_of;
use super::see;

/// Redirects a GET of a form's address to the page that shows the form. After a form that came back with mistakes the
/// browser shows that address, and people reload or bookmark it.
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

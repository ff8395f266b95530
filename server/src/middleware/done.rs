use anteroom_app::api::Done;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::Method;
use http::header::{CONTENT_TYPE, SET_COOKIE};

use crate::cookies;
use crate::state::AppState;

/// Tells the page that follows a form what was done, and has the browser forget it with that page.
pub async fn done(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    let done = match *request.method() {
        Method::GET => cookies::read(&app.site, request.headers(), cookies::DONE).and_then(|word| Done::parse(&word)),
        _ => None,
    };
    let Some(done) = done else {
        return next.run(request).await;
    };
    request.extensions_mut().insert(done);
    let mut response = next.run(request).await;
    // Not with a file or an answer to a script: those say nothing to a person.
    let kind = response.headers().get(CONTENT_TYPE);
    let is_page = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if is_page && let Some(cookie) = cookies::forget(&app.site, cookies::DONE) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

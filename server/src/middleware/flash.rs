use anteroom_app::api::Flash;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::Method;
use http::header::SET_COOKIE;

use super::is_page;
use crate::cookies;
use crate::state::AppState;

/// Tells the page that follows a form what was done, and has the browser forget it with that page.
pub async fn flash(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    let done = match *request.method() {
        Method::GET => cookies::read(&app.site, request.headers(), cookies::DONE).and_then(|word| Flash::parse(&word)),
        _ => None,
    };
    let Some(done) = done else {
        return next.run(request).await;
    };
    request.extensions_mut().insert(done);
    let mut response = next.run(request).await;
    // Not with a file or an answer to a script: those say nothing to a person.
    if is_page(&response)
        && let Some(cookie) = cookies::forget(&app.site, cookies::DONE)
    {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

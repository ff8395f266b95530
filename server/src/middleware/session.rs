use anteroom_i18n::text;
use anteroom_service::Error;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::lang;
use crate::cookies;
use crate::state::AppState;

const SOCKETS: &str = "/socket/";

/// Puts the member of staff whose session this is into the request. Says nothing about what they may do: that is each
/// use case's own.
pub async fn session(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    if let Some(secret) = cookies::read(&app.site, request.headers(), cookies::SESSION) {
        // A socket opens and reopens by itself, whether or not somebody is there.
        let found = if request.uri().path().starts_with(SOCKETS) {
            app.use_cases.session_at_rest(&secret).await
        } else {
            app.use_cases.session(&secret).await
        };
        match found {
            Ok(Some(actor)) => {
                request.extensions_mut().insert(actor);
            }
            Ok(None) => {}
            Err(Error::Busy) => {
                let words = text!(lang(request.extensions()), guest::answer::busy);
                return (StatusCode::SERVICE_UNAVAILABLE, words).into_response();
            }
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "a session could not be read");
                let words = text!(lang(request.extensions()), guest::answer::try_in_a_moment);
                return (StatusCode::SERVICE_UNAVAILABLE, words).into_response();
            }
        }
    }
    next.run(request).await
}

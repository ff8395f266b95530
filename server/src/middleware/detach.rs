use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use tracing::Instrument as _;

use crate::state::AppState;

/// A change that was begun is finished, and told to whoever must know, even when the one who asked has hung up meanwhile:
/// otherwise the handler would end wherever it waits, which may be between what is stored and what follows from it.
pub async fn detach(State(app): State<AppState>, request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    let begun = app.lifecycle.tasks.spawn(next.run(request).in_current_span());
    match begun.await {
        Ok(response) => response,
        // A panic goes on to where panics are answered.
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        },
    }
}

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::state::AppState;

/// Counts refusals, whichever part of the server they come from.
pub async fn refusals(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    app.refusals.count(response.status());
    response
}

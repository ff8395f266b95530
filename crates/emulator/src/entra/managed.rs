use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::json;

use super::error::of_managed;
use super::issue;
use crate::world::Shared;

const LIFETIME: SignedDuration = SignedDuration::from_secs(86_399);

#[derive(Deserialize)]
pub struct Ask {
    #[serde(rename = "api-version")]
    api_version: String,
    resource: String,
    /// Of an identity that a person assigned, instead of the machine's own.
    client_id: Option<String>,
}

pub async fn token(
    State(shared): State<Shared>,
    headers: HeaderMap,
    ask: Result<Query<Ask>, QueryRejection>,
) -> Response {
    let bad = |error: &str, description: &str| of_managed(StatusCode::BAD_REQUEST, error, description);
    if headers
        .get("metadata")
        .is_none_or(|value| !value.as_bytes().eq_ignore_ascii_case(b"true"))
    {
        return bad("bad_request_102", "Required metadata header not specified");
    }
    // The real one refuses what came through a proxy, which must be none of the machine's own asking.
    if headers.contains_key("x-forwarded-for") {
        return bad("bad_request_102", "X-Forwarded-For header is not allowed");
    }
    let Ok(Query(ask)) = ask else {
        return bad(
            "invalid_request",
            "Required query variables api-version and resource are missing",
        );
    };
    if ask.api_version != "2018-02-01" {
        return bad("bad_request_101", "Unsupported api-version");
    }
    let now = shared.now();
    let setup = shared.setup();
    let mut world = shared.world();
    let is_known = ask.client_id.as_ref().is_none_or(|id| *id == setup.client_id);
    if !world.tenant.managed_identity || !is_known {
        return bad("invalid_request", "Identity not found");
    }
    let Some(token) = issue(&mut world, setup, &ask.resource, LIFETIME, now) else {
        return bad(
            "invalid_resource",
            "AADSTS500011: The resource principal was not found in the tenant.",
        );
    };
    let seconds = LIFETIME.as_secs();
    // Numbers as text: so it is.
    let answer = json!({
        "access_token": token,
        "client_id": setup.client_id,
        "expires_in": seconds.to_string(),
        "expires_on": (now.as_second() + seconds).to_string(),
        "ext_expires_in": seconds.to_string(),
        "not_before": now.as_second().to_string(),
        "resource": ask.resource,
        "token_type": "Bearer",
    });
    Json(answer).into_response()
}

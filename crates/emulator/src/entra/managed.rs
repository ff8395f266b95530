use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::of_managed;
use super::issue;
use crate::options::Options;
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

fn bad(error: &str, description: &str) -> Response {
    of_managed(StatusCode::BAD_REQUEST, error, description)
}

/// The metadata service of a machine.
pub async fn token(
    State(shared): State<Shared>,
    headers: HeaderMap,
    ask: Result<Query<Ask>, QueryRejection>,
) -> Response {
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
    give(&shared, ask, "2018-02-01", |token, seconds, now| {
        // Numbers as text: so it is.
        json!({
            "access_token": token,
            "client_id": shared.setup().client_id,
            "expires_in": seconds.to_string(),
            "expires_on": (now + seconds).to_string(),
            "ext_expires_in": seconds.to_string(),
            "not_before": now.to_string(),
            "token_type": "Bearer",
        })
    })
}

/// What stands in for it in App Service and Container Apps.
pub async fn hosted(
    State(shared): State<Shared>,
    headers: HeaderMap,
    ask: Result<Query<Ask>, QueryRejection>,
) -> Response {
    if headers
        .get("x-identity-header")
        .is_none_or(|value| value.as_bytes() != Options::IDENTITY_HEADER.as_bytes())
    {
        return of_managed(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "X-IDENTITY-HEADER is missing or wrong",
        );
    }
    give(&shared, ask, "2019-08-01", |token, seconds, now| {
        json!({
            "access_token": token,
            "client_id": shared.setup().client_id,
            "expires_on": (now + seconds).to_string(),
            "token_type": "Bearer",
        })
    })
}

fn give(
    shared: &Shared,
    ask: Result<Query<Ask>, QueryRejection>,
    version: &str,
    answer: impl FnOnce(&str, i64, i64) -> Value,
) -> Response {
    let Ok(Query(ask)) = ask else {
        return bad(
            "invalid_request",
            "Required query variables api-version and resource are missing",
        );
    };
    if ask.api_version != version {
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
    let mut answer = answer(&token, LIFETIME.as_secs(), now.as_second());
    if let Some(answer) = answer.as_object_mut() {
        answer.insert("resource".to_owned(), ask.resource.into());
    }
    Json(answer).into_response()
}

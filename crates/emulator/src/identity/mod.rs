//! ACS Identity.

mod access;
pub mod error;
pub mod signature;
mod token;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, delete, post};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use self::access::Asked;
use self::error::AcsError;
use self::token::{Lifetime, Scope};
use crate::gate::gate;
use crate::inspect::Identity;
use crate::operation::Operation;
use crate::world::{Shared, World};

pub const API_VERSIONS: [&str; 7] = [
    "2021-03-07",
    "2022-06-01",
    "2022-10-01",
    "2023-08-01",
    "2023-10-01",
    "2026-07-22",
    "2026-09-23",
];

pub fn routes(shared: &Shared) -> Router {
    let through =
        |operation, route: MethodRouter<Shared>| route.layer(from_fn_with_state((shared.clone(), operation), gate));
    Router::new()
        .without_v07_checks()
        .route("/identities", through(Operation::CreateIdentity, post(create)))
        .route("/identities/{id}", through(Operation::DeleteIdentity, delete(remove)))
        .route(
            "/identities/{id}/:issueAccessToken",
            through(Operation::IssueToken, post(issue)),
        )
        .route(
            "/identities/{id}/:revokeAccessTokens",
            through(Operation::RevokeTokens, post(revoke)),
        )
        .with_state(shared.clone())
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Create {
    create_token_with_scopes: Option<Vec<Scope>>,
    expires_in_minutes: Option<Lifetime>,
}

async fn create(State(shared): State<Shared>, asked: Asked) -> Result<Response, AcsError> {
    let wanted: Create = asked.json_or_nothing()?;
    let now = shared.now();
    let mut world = shared.world();
    let id = format!("8:acs:{}_{}", shared.setup().resource, world.random.guid());
    world.identities.push(Identity {
        id: id.clone(),
        created_at: now,
        deleted_at: None,
        tokens: Vec::new(),
    });
    let scopes = wanted.create_token_with_scopes.unwrap_or_default();
    let lifetime = wanted.expires_in_minutes.unwrap_or_default();
    let answer = if scopes.is_empty() {
        json!({ "identity": { "id": id } })
    } else {
        let token = token::issue(&mut world, &id, &scopes, lifetime, now)?;
        json!({ "identity": { "id": id }, "accessToken": token })
    };
    Ok((StatusCode::CREATED, axum::Json(answer)).into_response())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Issue {
    scopes: Vec<Scope>,
    expires_in_minutes: Option<Lifetime>,
}

async fn issue(State(shared): State<Shared>, Path(id): Path<String>, asked: Asked) -> Result<Response, AcsError> {
    let now = shared.now();
    let mut world = shared.world();
    find(&mut world, &shared, &id)?;
    let wanted: Issue = asked.json()?;
    if wanted.scopes.is_empty() {
        return Err(AcsError::invalid("scopes", "At least one scope is required."));
    }
    let lifetime = wanted.expires_in_minutes.unwrap_or_default();
    let token = token::issue(&mut world, &id, &wanted.scopes, lifetime, now)?;
    Ok(axum::Json(token).into_response())
}

async fn revoke(State(shared): State<Shared>, Path(id): Path<String>, _: Asked) -> Result<StatusCode, AcsError> {
    let now = shared.now();
    revoke_all(find(&mut shared.world(), &shared, &id)?, now);
    Ok(StatusCode::NO_CONTENT)
}

async fn remove(State(shared): State<Shared>, Path(id): Path<String>, _: Asked) -> Result<StatusCode, AcsError> {
    let now = shared.now();
    let mut world = shared.world();
    let identity = find(&mut world, &shared, &id)?;
    revoke_all(identity, now);
    identity.deleted_at = Some(now);
    Ok(StatusCode::NO_CONTENT)
}

fn revoke_all(identity: &mut Identity, now: Timestamp) {
    for token in &mut identity.tokens {
        token.revoked_at.get_or_insert(now);
    }
}

/// One that is there, and ours.
fn find<'world>(world: &'world mut World, shared: &Shared, id: &str) -> Result<&'world mut Identity, AcsError> {
    let ours = format!("8:acs:{}_", shared.setup().resource);
    if !id.starts_with(&ours) {
        return Err(AcsError::not_owned());
    }
    world
        .identities
        .iter_mut()
        .find(|identity| identity.id == id && identity.deleted_at.is_none())
        .ok_or_else(AcsError::not_found)
}

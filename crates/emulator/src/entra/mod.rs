//! Entra's token endpoint for client credentials, and a managed identity's.

mod assertion;
pub mod certificate;
mod client;
pub mod error;
mod managed;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::bearer::Bearer;
use crate::gate::gate;
use crate::graph;
use crate::operation::Operation;
use crate::world::{Setup, Shared, World};

pub fn routes(shared: &Shared) -> Router {
    let through =
        |operation, route: MethodRouter<Shared>| route.layer(from_fn_with_state((shared.clone(), operation), gate));
    Router::new()
        .route(
            "/{tenant}/oauth2/v2.0/token",
            through(Operation::ClientToken, post(client::token)),
        )
        .route(
            "/metadata/identity/oauth2/token",
            through(Operation::ManagedToken, get(managed::token)),
        )
        .route("/msi/token", through(Operation::ManagedToken, get(managed::hosted)))
        .with_state(shared.clone())
}

/// Issues a token for the audience, if there is such a resource.
fn issue(world: &mut World, setup: &Setup, audience: &str, lifetime: SignedDuration, now: Timestamp) -> Option<String> {
    let roles = if audience == setup.cloud.acs() {
        Vec::new()
    } else if audience == setup.cloud.graph() {
        world.tenant.consent.then_some(graph::ROLE).into_iter().collect()
    } else {
        return None;
    };
    let expires = now.saturating_add(lifetime).unwrap_or(Timestamp::MAX);
    let header = json!({ "typ": "JWT", "alg": "RS256", "kid": "EMULATOR" });
    let claims = json!({
        "aud": audience,
        "iss": format!("https://sts.windows.net/{}/", setup.tenant_id),
        "appid": setup.client_id,
        "tid": setup.tenant_id,
        "roles": roles,
        "iat": now.as_second(),
        "nbf": now.as_second(),
        "exp": expires.as_second(),
    });
    let part = |value: &serde_json::Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let token = format!("{}.{}.{}", part(&header), part(&claims), world.random.text(256));
    let bearer = Bearer {
        audience: audience.to_owned(),
        roles,
        application: setup.client_id.clone(),
        expires,
    };
    world.bearers.add(token.clone(), bearer);
    Some(token)
}

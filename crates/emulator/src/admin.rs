//! `/_emulator/…`: how tests and developers look inside and make things fail.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{HOST, ORIGIN};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, patch, post, put};
use axum::{Json, Router};
use jiff::SignedDuration;
use serde::Deserialize;

use crate::entra::certificate::Certificate;
use crate::fault::Planned;
use crate::inspect::{Inspection, TokenState};
use crate::limit::Limits;
use crate::tenant::{Tenant, TenantChange};
use crate::world::Shared;

pub fn routes(shared: &Shared) -> Router {
    Router::new()
        .route("/state", get(state))
        .route("/reset", post(reset))
        .route("/faults", post(plan).delete(mend))
        .route("/latency", put(latency))
        .route("/clock", put(clock))
        .route("/limits", put(limits))
        .route("/tenant", patch(tenant))
        .route("/tokens/check", post(check))
        .route("/certificates", post(certificate))
        .layer(middleware::from_fn(only_local))
        .with_state(shared.clone())
}

/// No web page may come here, neither directly nor by a name of its own that resolves to loopback.
async fn only_local(request: Request, next: Next) -> Response {
    let host = request
        .headers()
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or("");
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => name,
        _ => host,
    };
    if !matches!(name, "localhost" | "127.0.0.1" | "[::1]") || request.headers().contains_key(ORIGIN) {
        let reason =
            "The emulator's own interface is for tools on this machine: ask http://127.0.0.1, from no web page.\n";
        return (StatusCode::FORBIDDEN, reason).into_response();
    }
    next.run(request).await
}

async fn state(State(shared): State<Shared>) -> Json<Inspection> {
    Json(shared.inspect())
}

async fn reset(State(shared): State<Shared>) -> StatusCode {
    shared.reset();
    StatusCode::NO_CONTENT
}

async fn plan(State(shared): State<Shared>, Json(planned): Json<Planned>) -> StatusCode {
    if planned.times > 0 {
        shared.world().faults.push(planned);
    }
    StatusCode::NO_CONTENT
}

async fn mend(State(shared): State<Shared>) -> StatusCode {
    shared.world().faults.clear();
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct Latency {
    milliseconds: u64,
}

async fn latency(State(shared): State<Shared>, Json(latency): Json<Latency>) -> StatusCode {
    shared.world().latency = Duration::from_millis(latency.milliseconds);
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Skew {
    skew_seconds: i64,
}

async fn clock(State(shared): State<Shared>, Json(skew): Json<Skew>) -> StatusCode {
    shared.world().skew = SignedDuration::from_secs(skew.skew_seconds);
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum NewLimits {
    /// A share of what is published.
    OneIn(usize),
    Exactly(Limits),
}

async fn limits(State(shared): State<Shared>, Json(limits): Json<NewLimits>) -> Json<Limits> {
    let limits = match limits {
        NewLimits::OneIn(share) => Limits::published().one_in(share),
        NewLimits::Exactly(limits) => limits,
    };
    shared.world().limits = limits.clone();
    Json(limits)
}

async fn tenant(State(shared): State<Shared>, Json(change): Json<TenantChange>) -> Json<Tenant> {
    let mut world = shared.world();
    world.tenant.change(change);
    Json(world.tenant.clone())
}

#[derive(Deserialize)]
struct Check {
    token: String,
}

async fn check(State(shared): State<Shared>, Json(check): Json<Check>) -> Json<TokenState> {
    Json(shared.token_state(&check.token))
}

async fn certificate(State(shared): State<Shared>, pem: String) -> Response {
    match Certificate::from_pem(&pem) {
        Ok(certificate) => {
            shared.world().certificates.push(certificate);
            StatusCode::NO_CONTENT.into_response()
        }
        Err(reason) => (StatusCode::BAD_REQUEST, format!("{reason}\n")).into_response(),
    }
}

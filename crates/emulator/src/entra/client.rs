use axum::Form;
use axum::Json;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::header::HOST;
use axum::http::{Extensions, HeaderMap};
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::assertion::verify;
use super::error::Refused;
use super::issue;
use crate::world::Shared;

const LIFETIME: SignedDuration = SignedDuration::from_secs(3599);
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

#[derive(Deserialize)]
pub struct Ask {
    grant_type: String,
    client_id: String,
    scope: String,
    client_secret: Option<String>,
    client_assertion_type: Option<String>,
    client_assertion: Option<String>,
}

pub async fn token(
    State(shared): State<Shared>,
    Path(tenant): Path<String>,
    extensions: Extensions,
    headers: HeaderMap,
    form: Result<Form<Ask>, FormRejection>,
) -> Response {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("");
    let endpoint = format!("http://{host}/{tenant}/oauth2/v2.0/token");
    let answer = form
        .map_err(|_| Refused::MALFORMED)
        .and_then(|Form(ask)| grant(&shared, &tenant, &endpoint, &ask));
    match answer {
        Ok(token) => Json(token).into_response(),
        Err(refused) => {
            shared.refuse(&extensions, &format!("{refused:?}"));
            refused.answer(&shared)
        }
    }
}

fn grant(shared: &Shared, tenant: &str, endpoint: &str, ask: &Ask) -> Result<Value, Refused> {
    let setup = shared.setup();
    let now = shared.now();
    if tenant != setup.tenant_id {
        return Err(Refused::TENANT);
    }
    if ask.grant_type != "client_credentials" {
        return Err(Refused::GRANT_TYPE);
    }
    if ask.client_id != setup.client_id {
        return Err(Refused::APPLICATION);
    }
    authenticate(shared, endpoint, ask, now)?;
    let audience = ask.scope.strip_suffix("/.default").ok_or(Refused::SCOPE)?;
    let token = issue(&mut shared.world(), setup, audience, LIFETIME, now).ok_or(Refused::RESOURCE)?;
    let seconds = LIFETIME.as_secs();
    Ok(json!({ "token_type": "Bearer", "expires_in": seconds, "ext_expires_in": seconds, "access_token": token }))
}

fn authenticate(shared: &Shared, endpoint: &str, ask: &Ask, now: Timestamp) -> Result<(), Refused> {
    if let Some(assertion) = &ask.client_assertion {
        if ask.client_assertion_type.as_deref() != Some(JWT_BEARER) {
            return Err(Refused::NO_CREDENTIAL);
        }
        return verify(assertion, &shared.world().certificates, &ask.client_id, endpoint, now);
    }
    match &ask.client_secret {
        None => Err(Refused::NO_CREDENTIAL),
        Some(secret) if *secret != shared.setup().client_secret => Err(Refused::SECRET),
        Some(_) if shared.world().tenant.secret_expired => Err(Refused::SECRET_EXPIRED),
        Some(_) => Ok(()),
    }
}

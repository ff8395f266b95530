use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, HOST};
use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::API_VERSIONS;
use super::error::AcsError;
use super::signature::{Signed, verify};
use crate::world::Shared;

const LARGEST_BODY: usize = 1024 * 1024;

/// The body of a request from somebody who may ask, of a version that there is.
pub struct Asked(Bytes);

impl Asked {
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, AcsError> {
        serde_json::from_slice(&self.0)
            .map_err(|error| AcsError::invalid("body", format!("The body can't be used: {error}.")))
    }

    pub fn json_or_nothing<T: DeserializeOwned + Default>(&self) -> Result<T, AcsError> {
        if self.0.is_empty() {
            return Ok(T::default());
        }
        self.json()
    }
}

impl FromRequest<Shared> for Asked {
    type Rejection = AcsError;

    async fn from_request(request: Request, shared: &Shared) -> Result<Self, AcsError> {
        let (parts, body) = request.into_parts();
        let body = axum::body::to_bytes(body, LARGEST_BODY)
            .await
            .map_err(|_| AcsError::too_large())?;
        let path_and_query = parts.uri.path_and_query().map_or("/", |whole| whole.as_str());
        if let Err(reason) = admit(shared, parts.method.as_str(), path_and_query, &parts.headers, &body) {
            shared.refuse(&parts.extensions, &reason);
            return Err(AcsError::denied());
        }
        let version = parts
            .uri
            .query()
            .and_then(|query| query.split('&').find_map(|pair| pair.strip_prefix("api-version=")))
            .ok_or_else(AcsError::no_version)?;
        if !API_VERSIONS.contains(&version) {
            let host = text(&parts.headers, HOST.as_str()).unwrap_or_default();
            let url = format!("http://{host}{}", parts.uri.path());
            return Err(AcsError::unsupported_version(&url, version));
        }
        Ok(Self(body))
    }
}

fn admit(shared: &Shared, method: &str, path_and_query: &str, headers: &HeaderMap, body: &[u8]) -> Result<(), String> {
    let authorization = text(headers, AUTHORIZATION.as_str()).ok_or("There is no Authorization.")?;
    let now = shared.now();
    if let Some(token) = authorization.strip_prefix("Bearer ") {
        let world = shared.world();
        world
            .bearers
            .check(token, shared.setup().cloud.acs(), now)
            .map_err(|reason| reason.to_string())?;
        return if world.tenant.resource_role {
            Ok(())
        } else {
            Err("The application has no role on the ACS resource.".to_owned())
        };
    }
    let signed = Signed {
        method,
        path_and_query,
        host: text(headers, HOST.as_str()),
        date: text(headers, "x-ms-date"),
        content_hash: text(headers, "x-ms-content-sha256"),
        authorization,
        body,
    };
    verify(&signed, &shared.setup().access_key, now).map_err(|reason| reason.to_string())
}

fn text<'headers>(headers: &'headers HeaderMap, name: &str) -> Option<&'headers str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

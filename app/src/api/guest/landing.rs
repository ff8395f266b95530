#[cfg(feature = "ssr")]
use anteroom_domain::organisation::Engine;
use anteroom_domain::view::Landing;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::api::ApiError;
use crate::forms::CancelForm;

/// The page behind a guest's link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    pub landing: Landing,
    pub cancel: crate::api::FormState<CancelForm>,
    /// What is wrong with a rating.
    pub rate: crate::api::FormState<()>,
}

/// None where the link is unknown, expired or revoked: the three are one answer. Changes nothing; posted all the same, because
/// a link is a secret, and addresses get into logs.
#[server(endpoint = "guest/landing")]
pub async fn show_landing(secret: String) -> Result<Option<Invitation>, ApiError> {
    let landing = crate::api::context::use_cases()?
        .landing(&anteroom_service::Actor::with_link(&secret))
        .await?;
    if landing.is_none()
        && let Some(response) = use_context::<leptos_axum::ResponseOptions>()
    {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    if landing.as_ref().is_some_and(|landing| landing.engine == Engine::Teams)
        && let Some(crate::api::JoinsTeams(say)) = use_context()
    {
        say();
    }
    Ok(landing.map(|landing| Invitation {
        landing,
        cancel: crate::api::form_state().unwrap_or_default(),
        rate: crate::api::form_state().unwrap_or_default(),
    }))
}

use anteroom_domain::view::Registration;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::api::{ApiError, FormState};
use crate::forms::RegisterForm;

/// The page behind a registration link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistrationPage {
    pub registration: Registration,
    pub returned: FormState<RegisterForm>,
}

/// None where the link is unknown, over or withdrawn. Changes nothing; posted all the same, because
/// a link is a secret, and addresses get into logs.
#[server(endpoint = "guest/registration")]
pub async fn show_registration(secret: String) -> Result<Option<RegistrationPage>, ApiError> {
    let registration = crate::api::context::use_cases()?
        .registration(&anteroom_service::Actor::with_link(&secret))
        .await?;
    if registration.is_none()
        && let Some(response) = use_context::<leptos_axum::ResponseOptions>()
    {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    Ok(registration.map(|registration| RegistrationPage {
        registration,
        returned: crate::api::form_state().unwrap_or_default(),
    }))
}

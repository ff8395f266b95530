use crate::forms::ServiceForm;
use anteroom_domain::id::ServiceId;
use anteroom_domain::organisation::{Branch, Service};
use anteroom_domain::view::{Choices, ConsentVersion, TeamsOffer};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use super::found::{FindForm, Found};
#[cfg(feature = "ssr")]
use super::found::{Traits, for_first_steps};
use crate::api::{ApiError, FormState};

/// The list, and the form to add one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceList {
    pub choices: Choices,
    pub found: Found<Service>,
    pub returned: FormState<ServiceForm>,
}

/// One of them, in its form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditService {
    pub service: Service,
    pub branch: Branch,
    pub teams: TeamsOffer,
    /// Every text that its guests were asked to agree to, the newest first.
    pub consents: Vec<ConsentVersion>,
    pub returned: FormState<ServiceForm>,
}

#[server(endpoint = "organisation/services", input = GetUrl)]
pub async fn show_services(form: FindForm) -> Result<ServiceList, ApiError> {
    use crate::api::context::{actor, use_cases};
    let actor = actor()?;
    let staff = actor.staff()?;
    super::must_be_admin(staff)?;
    let choices = use_cases()?.organisation(&actor).await?;
    let branch_of = |service: &Service| {
        let branch = choices.branches.iter().find(|branch| branch.id == service.branch);
        branch.map(|branch| branch.name.clone()).unwrap_or_default()
    };
    let found = form.find(choices.services.clone(), |service| Traits {
        texts: vec![&service.name],
        branch: Some(service.branch),
        active: service.active,
        key: match form.sort.as_str() {
            "branch" => Some(branch_of(service)),
            "length" => Some(format!("{:04}", service.minutes)),
            "state" => Some((!service.active).to_string()),
            _ => None,
        },
    });
    let branch = match choices.branches.as_slice() {
        [only] => only.id.to_string(),
        _ => String::new(),
    };
    let form = ServiceForm {
        branch,
        minutes: "30".into(),
        active: "on".into(),
        ..ServiceForm::default()
    };
    let returned = crate::api::form_state().unwrap_or(FormState {
        form,
        ..FormState::default()
    });
    Ok(ServiceList {
        choices: for_first_steps(choices),
        found,
        returned,
    })
}

#[server(endpoint = "organisation/service", input = GetUrl)]
pub async fn show_service(id: ServiceId) -> Result<EditService, ApiError> {
    use crate::api::context::{actor, use_cases};
    let actor = actor()?;
    let staff = actor.staff()?;
    super::must_be_admin(staff)?;
    let choices = use_cases()?.organisation(&actor).await?;
    let service = choices
        .services
        .into_iter()
        .find(|service| service.id == id)
        .ok_or_else(ApiError::not_found)?;
    let branch = choices
        .branches
        .into_iter()
        .find(|branch| branch.id == service.branch)
        .ok_or_else(ApiError::not_found)?;
    let form = ServiceForm::of(&service);
    let returned = crate::api::form_state().unwrap_or(FormState {
        form,
        ..FormState::default()
    });
    Ok(EditService {
        service,
        branch,
        teams: choices.teams,
        consents: use_cases()?.consents(&actor, id).await?,
        returned,
    })
}

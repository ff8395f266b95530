use crate::forms::ConsultationForm;
use anteroom_domain::id::ConsultationId;
use anteroom_domain::time::Zone;
use anteroom_domain::view::Choices;
use jiff::Timestamp;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::api::{ApiError, FormState};

/// The form to schedule or change a consultation, and what it offers to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    pub choices: Choices,
    pub returned: FormState<ConsultationForm>,
    /// The zone that the time in the form is meant in.
    pub zone: Zone,
    pub now: Timestamp,
    /// The guest's name, when this changes an existing one.
    pub of: Option<String>,
    /// Why what, when, with whom and where it takes place can't be changed now.
    pub fixed: Option<String>,
}

/// An empty form, filled with what is likely: the signed-in clerk as host, their zone, the next full quarter hour. After
/// another one it has the same guest, service and host.
#[server(endpoint = "consultation/new-form", input = GetUrl)]
pub async fn schedule_form(again: Option<ConsultationId>) -> Result<Form, ApiError> {
    use crate::api::context::{actor, use_cases};
    let (use_cases, actor) = (use_cases()?, actor()?);
    let staff = actor.staff()?;
    let choices = use_cases.choices(&actor).await?;
    let zone = staff.account().zone.clone();
    let soon = use_cases.now() + jiff::SignedDuration::from_mins(15);
    let quarter = jiff::ZonedRound::new()
        .smallest(jiff::Unit::Minute)
        .increment(15)
        .mode(jiff::RoundMode::Ceil);
    let start = zone.at(soon).round(quarter).unwrap_or_else(|_| zone.at(soon));
    let own = choices.hosts.iter().find(|host| host.id == staff.account().id);
    let first = match choices.services.as_slice() {
        [only] => Some(only),
        _ => None,
    };
    let form = ConsultationForm {
        service: first.map(|service| service.id.to_string()).unwrap_or_default(),
        minutes: first.map(|service| service.minutes.to_string()).unwrap_or_default(),
        host: own.map(|host| host.id.to_string()).unwrap_or_default(),
        date: start.date().to_string(),
        time: start.strftime("%H:%M").to_string(),
        zone: zone.to_string(),
        guest_language: crate::forms::likely_language(crate::language::lang()),
        ..ConsultationForm::default()
    };
    let form = match again {
        Some(before) => same_again(&use_cases.consultation(&actor, before).await?, &choices, form),
        None => form,
    };
    let returned = crate::api::form_state().unwrap_or(FormState {
        form,
        ..FormState::default()
    });
    Ok(Form {
        choices,
        zone: returned.form.zone.parse().unwrap_or(zone),
        now: use_cases.now(),
        returned,
        of: None,
        fixed: None,
    })
}

/// With what is still on offer of it; the time and the notes are another one's.
#[cfg(feature = "ssr")]
fn same_again(
    before: &anteroom_domain::view::ConsultationDetails,
    choices: &Choices,
    form: ConsultationForm,
) -> ConsultationForm {
    let Some(guest) = before.guests.first() else {
        return form;
    };
    let has_service = choices.services.iter().any(|service| service.id == before.service.id);
    let has_host = choices.hosts.iter().any(|host| host.id == before.host.id);
    let mut form = form.with_guest(crate::forms::GuestForm::of(guest));
    if has_service {
        form.service = before.service.id.to_string();
        form.minutes = String::new();
    }
    if has_host {
        form.host = before.host.id.to_string();
    }
    form
}

/// The same form for a consultation that exists.
#[server(endpoint = "consultation/edit-form", input = GetUrl)]
pub async fn edit_form(id: ConsultationId) -> Result<Form, ApiError> {
    use crate::api::context::{actor, use_cases};
    let (use_cases, actor) = (use_cases()?, actor()?);
    let details = use_cases.consultation(&actor, id).await?;
    let mut choices = use_cases.choices(&actor).await?;
    keep(&mut choices, &details);
    let fixed = fixed(&details);
    let (consultation, guest) = (details.consultation, details.guests.into_iter().next());
    let guest = guest.ok_or_else(ApiError::not_found)?;
    let form = ConsultationForm::of(&consultation, &guest, details.version);
    let returned = crate::api::form_state().unwrap_or(FormState {
        form,
        ..FormState::default()
    });
    Ok(Form {
        choices,
        zone: returned.form.zone.parse().unwrap_or(consultation.zone),
        now: use_cases.now(),
        returned,
        of: Some(guest.name),
        fixed,
    })
}

/// The service and the host that a consultation has stay on offer for it, whatever became of them.
#[cfg(feature = "ssr")]
fn keep(choices: &mut Choices, details: &anteroom_domain::view::ConsultationDetails) {
    if !choices.services.iter().any(|service| service.id == details.service.id) {
        choices.services.push(details.service.clone());
    }
    if !choices.hosts.iter().any(|host| host.id == details.host.id) {
        choices.hosts.push(details.host.clone());
    }
}

#[cfg(feature = "ssr")]
fn fixed(details: &anteroom_domain::view::ConsultationDetails) -> Option<String> {
    use anteroom_domain::consultation::State;
    let sentence = match details.consultation.state {
        State::Live => t!(staff::form::stays_live),
        state if state.is_final() => t!(staff::form::stays_over),
        _ if details.occupied => t!(staff::form::stays_occupied),
        _ => return None,
    };
    Some(sentence.to_owned())
}

use crate::forms::{CancelForm, GuestForm, OutcomeForm};
use anteroom_domain::id::ConsultationId;
use anteroom_domain::view::ConsultationDetails;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::api::{ApiError, FormState, FreshLink};

/// A consultation's page: what is known of it, and the forms on it as they came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    pub details: ConsultationDetails,
    /// The name of the person who looks: their own in the meeting.
    pub me: String,
    /// The zone of the person who looks.
    pub zone: anteroom_domain::time::Zone,
    pub now: jiff::Timestamp,
    /// A link that was just made.
    pub fresh_link: Option<FreshLink>,
    pub cancel: FormState<CancelForm>,
    pub outcome: FormState<OutcomeForm>,
    pub guest: FormState<GuestForm>,
}

#[server(endpoint = "consultation/details", input = GetUrl)]
pub async fn show_details(id: ConsultationId) -> Result<Details, ApiError> {
    use crate::api::context::{actor, use_cases};
    use crate::api::form_state;
    let (use_cases, actor) = (use_cases()?, actor()?);
    let staff = actor.staff()?;
    let details = use_cases.consultation(&actor, id).await?;
    let outcome = OutcomeForm::of(&details.consultation);
    Ok(Details {
        me: staff.account().name.clone(),
        zone: staff.account().zone.clone(),
        now: use_cases.now(),
        fresh_link: use_context(),
        cancel: form_state().unwrap_or_default(),
        outcome: form_state().unwrap_or(FormState {
            form: outcome,
            ..FormState::default()
        }),
        guest: form_state().unwrap_or_default(),
        details,
    })
}

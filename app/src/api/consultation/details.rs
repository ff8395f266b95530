use crate::forms::{CancelForm, GuestForm, OutcomeForm};
use anteroom_domain::id::{ConsultationId, GuestId};
use anteroom_domain::view::ConsultationDetails;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::api::{ApiError, FormState};

/// A consultation's page: what is known of it, and the forms on it as they came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    pub details: ConsultationDetails,
    /// The name and the zone of the person who looks.
    pub me: String,
    pub zone: anteroom_domain::time::Zone,
    pub now: jiff::Timestamp,
    /// A link that was just made, by the guest that it is for.
    pub fresh_link: Option<(GuestId, String)>,
    pub cancel: FormState<CancelForm>,
    pub outcome: FormState<OutcomeForm>,
    pub guest: FormState<GuestForm>,
}

#[server(endpoint = "consultation/details", input = GetUrl)]
pub async fn show_details(id: ConsultationId) -> Result<Details, ApiError> {
    use crate::api::context::{actor, use_cases};
    use crate::api::{FreshLink, form_state};
    let (use_cases, actor) = (use_cases()?, actor()?);
    let staff = actor.staff()?;
    let fresh_link = use_context::<FreshLink>().map(|fresh| (fresh.guest, fresh.url));
    let details = use_cases.consultation(&actor, id).await?;
    let outcome = OutcomeForm::of(&details.consultation);
    Ok(Details {
        me: staff.account().name.clone(),
        zone: staff.account().zone.clone(),
        now: use_cases.now(),
        fresh_link,
        cancel: form_state().unwrap_or_default(),
        outcome: form_state().unwrap_or(FormState {
            form: outcome,
            ..FormState::default()
        }),
        guest: form_state().unwrap_or_default(),
        details,
    })
}

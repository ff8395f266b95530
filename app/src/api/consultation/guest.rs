use crate::forms::GuestForm;
use anteroom_domain::id::{ConsultationId, GuestId};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::api::{ApiError, FormState};

/// One guest's particulars, in their form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditGuest {
    pub name: String,
    pub returned: FormState<GuestForm>,
    pub now: jiff::Timestamp,
}

#[server(endpoint = "consultation/guest", input = GetUrl)]
pub async fn show_guest(consultation: ConsultationId, guest: GuestId) -> Result<EditGuest, ApiError> {
    use crate::api::context::{actor, use_cases};
    let (use_cases, actor) = (use_cases()?, actor()?);
    let guests = use_cases.consultation(&actor, consultation).await?.guests;
    let found = guests.into_iter().find(|other| other.id == guest);
    let guest = found.ok_or_else(|| ApiError::from(anteroom_service::Error::NotFound))?;
    let form = GuestForm {
        name: guest.name.clone(),
        email: guest.email,
        phone: guest.phone,
        language: guest.language,
        zone: guest.zone.to_string(),
    };
    Ok(EditGuest {
        name: guest.name,
        returned: crate::api::form_state().unwrap_or(FormState {
            form,
            ..FormState::default()
        }),
        now: use_cases.now(),
    })
}

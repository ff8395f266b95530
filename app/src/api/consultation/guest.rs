use anteroom_domain::form::GuestForm;
use anteroom_domain::id::{ConsultationId, GuestId};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::api::{ApiError, Returned};

/// One guest's particulars, in their form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditGuest {
    pub name: String,
    pub returned: Returned<GuestForm>,
    pub now: jiff::Timestamp,
}

#[server(endpoint = "consultation/guest", input = GetUrl)]
pub async fn show_guest(consultation: ConsultationId, guest: GuestId) -> Result<EditGuest, ApiError> {
    use crate::api::context::{services, staff};
    let (services, staff) = (services()?, staff()?);
    let guests = services.consultation(&staff, consultation).await?.guests;
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
        returned: crate::api::returned().unwrap_or(Returned {
            form,
            ..Returned::default()
        }),
        now: services.now(),
    })
}

use anteroom_domain::form::GuestForm;
use anteroom_domain::id::{ConsultationId, GuestId};
use anteroom_domain::view::ConsultationDetails;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::api::{ApiError, Returned};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CancelForm {
    pub reason: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OutcomeForm {
    pub outcome: String,
    /// How it was left; empty where nobody said.
    pub conclusion: String,
}

/// A consultation's page: what is known of it, and the forms on it as they came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    pub details: ConsultationDetails,
    /// The name and the zone of who looks.
    pub me: String,
    pub zone: anteroom_domain::time::Zone,
    pub now: jiff::Timestamp,
    /// A link that was just made, by the guest that it is for.
    pub fresh_link: Option<(GuestId, String)>,
    pub cancel: Returned<CancelForm>,
    pub outcome: Returned<OutcomeForm>,
    pub guest: Returned<GuestForm>,
}

#[server(endpoint = "consultation/details", input = GetUrl)]
pub async fn show_details(id: ConsultationId) -> Result<Details, ApiError> {
    use crate::api::context::{services, staff};
    use crate::api::{FreshLink, returned};
    let (services, staff) = (services()?, staff()?);
    let fresh_link = use_context::<FreshLink>().map(|fresh| (fresh.guest, fresh.url));
    let details = services.consultation(&staff, id).await?;
    let outcome = OutcomeForm {
        outcome: details.consultation.outcome.clone(),
        conclusion: details
            .consultation
            .conclusion
            .map_or("", anteroom_domain::consultation::Conclusion::as_str)
            .to_owned(),
    };
    Ok(Details {
        me: staff.account().name.clone(),
        zone: staff.account().zone.clone(),
        now: services.now(),
        fresh_link,
        cancel: returned().unwrap_or_default(),
        outcome: returned().unwrap_or(Returned {
            form: outcome,
            ..Returned::default()
        }),
        guest: returned().unwrap_or_default(),
        details,
    })
}

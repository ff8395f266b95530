use anteroom_domain::id::{ConsultationId, GuestId};
use leptos::prelude::*;

use crate::api::ApiError;

/// A fresh link for a guest, whole, to be copied. Only its hash is kept: an old one can't be shown again.
#[server(endpoint = "consultation/make-link")]
pub async fn make_link(consultation: ConsultationId, guest: Option<GuestId>) -> Result<String, ApiError> {
    use crate::api::context::{actor, use_cases};
    let (use_cases, actor) = (use_cases()?, actor()?);
    let guest = match guest {
        Some(guest) => guest,
        None => {
            use_cases
                .consultation(&actor, consultation)
                .await?
                .guests
                .first()
                .ok_or_else(ApiError::not_found)?
                .id
        }
    };
    let secret = use_cases
        .make_link(&actor, anteroom_service::OfGuest { consultation, guest })
        .await?;
    let base = use_context::<crate::api::Base>().ok_or_else(ApiError::internal)?;
    Ok(format!("{}{}", base.0, crate::paths::invitation(secret.reveal())))
}

use anteroom_domain::id::{ConsultationId, GuestId};
use leptos::prelude::*;

use crate::api::ApiError;

/// A fresh link for a guest, whole, to be copied. Only its hash is kept: an old one can't be shown again.
#[server(endpoint = "consultation/make-link")]
pub async fn make_link(consultation: ConsultationId, guest: Option<GuestId>) -> Result<String, ApiError> {
    use crate::api::context::{staff, use_cases};
    let (use_cases, staff) = (use_cases()?, staff()?);
    let guest = match guest {
        Some(guest) => guest,
        None => {
            use_cases
                .consultation(&staff, consultation)
                .await?
                .guests
                .first()
                .ok_or_else(ApiError::not_found)?
                .id
        }
    };
    let secret = use_cases.make_link(&staff, consultation, guest).await?;
    let base = use_context::<crate::api::Base>().ok_or_else(ApiError::internal)?;
    Ok(format!("{}{}", base.0, crate::paths::invitation(secret.reveal())))
}

use anteroom_domain::id::ConsultationId;
use anteroom_domain::signalling::SeatGrant;
use leptos::prelude::*;

use crate::api::ApiError;

/// The host, or a colleague, goes into the room.
#[server(endpoint = "lobby/enter")]
pub async fn enter(consultation: ConsultationId) -> Result<SeatGrant, ApiError> {
    use crate::api::context::{services, staff};
    let token = services()?.enter(&staff()?, consultation).await?;
    Ok(SeatGrant {
        token: token.reveal().to_owned(),
    })
}

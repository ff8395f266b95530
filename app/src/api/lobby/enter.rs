use anteroom_domain::id::ConsultationId;
use anteroom_protocol::seat::SeatToken;
use leptos::prelude::*;

use crate::api::ApiError;

/// The host, or a colleague, goes into the room.
#[server(endpoint = "lobby/enter")]
pub async fn enter(consultation: ConsultationId) -> Result<SeatToken, ApiError> {
    use crate::api::context::{actor, use_cases};
    let token = use_cases()?.enter(&actor()?, consultation).await?;
    Ok(SeatToken {
        token: token.reveal().to_owned(),
    })
}

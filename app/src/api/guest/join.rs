use anteroom_domain::id::ConsentId;
use anteroom_protocol::seat::SeatToken;
use leptos::prelude::*;

use crate::api::ApiError;
#[cfg(feature = "ssr")]
use crate::api::rate_limit::{self, Limited};

/// A person's click on *Join*. The invitation says which meeting, which guest and which role; the person says their name,
/// and where the service asks for it, which version of its text they agreed to.
#[server(endpoint = "guest/join")]
pub async fn join(secret: String, name: String, consent: Option<ConsentId>) -> Result<SeatToken, ApiError> {
    use anteroom_service::JoinError;
    rate_limit::check(Limited::Join, &secret).await?;
    let token = crate::api::context::use_cases()?
        .join(&anteroom_service::Actor::with_link(&secret), &name, consent)
        .await;
    let token = token.map_err(|error| match error {
        JoinError::Other(error) => error.into(),
        sentence => ApiError::from(anteroom_service::Error::refused(sentence.to_string())),
    })?;
    Ok(SeatToken {
        token: token.reveal().to_owned(),
    })
}

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
    use anteroom_domain::value::ValueError;
    use anteroom_service::{Actor, Join, JoinError};

    use crate::language::lang;
    use crate::words::Sentence as _;
    let refused = |sentence: String| {
        crate::api::error::answer(http::StatusCode::CONFLICT);
        ApiError::Refused(sentence)
    };
    rate_limit::check(Limited::Join, &secret).await?;
    let name = name
        .parse()
        .map_err(|wrong: ValueError| refused(wrong.sentence(lang())))?;
    let link = Actor::with_link(&secret);
    let command = Join { name, agreed: consent };
    let token = crate::api::context::use_cases()?.join(&link, command).await;
    let token = token.map_err(|error| match error {
        JoinError::Other(error) => error.into(),
        refusal => refused(refusal.sentence(lang())),
    })?;
    Ok(SeatToken {
        token: token.reveal().to_owned(),
    })
}

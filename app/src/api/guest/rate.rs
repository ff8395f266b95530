use leptos::prelude::*;

use crate::api::ApiError;
#[cfg(feature = "ssr")]
use crate::api::rate_limit::{self, Limited};

/// How it was, of somebody who was in: one to five.
#[server(endpoint = "guest/rate")]
pub async fn rate(secret: String, stars: u8) -> Result<(), ApiError> {
    use anteroom_domain::value::Stars;

    use crate::language::lang;
    use crate::words::Sentence as _;
    rate_limit::check(Limited::Rate, &secret).await?;
    let stars = Stars::new(stars).map_err(|wrong| ApiError::Refused(wrong.sentence(lang())))?;
    let link = anteroom_service::Actor::with_link(&secret);
    Ok(crate::api::context::use_cases()?.rate(&link, stars).await?)
}

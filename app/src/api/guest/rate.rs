use leptos::prelude::*;

use crate::api::ApiError;
#[cfg(feature = "ssr")]
use crate::api::rate_limit::{self, Limited};

/// How it was, of somebody who was in: one to five.
#[server(endpoint = "guest/rate")]
pub async fn rate(secret: String, stars: u8) -> Result<(), ApiError> {
    rate_limit::check(Limited::Rate, &secret).await?;
    Ok(crate::api::context::use_cases()?
        .rate(&anteroom_service::Actor::with_link(&secret), stars)
        .await?)
}

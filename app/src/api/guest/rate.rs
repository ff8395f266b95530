use leptos::prelude::*;

use crate::api::ApiError;
#[cfg(feature = "ssr")]
use crate::api::{Paced, pace};

/// How it was, of somebody who was in: one to five.
#[server(endpoint = "guest/rate")]
pub async fn rate(secret: String, stars: u8) -> Result<(), ApiError> {
    pace(Paced::Rate, &secret).await?;
    Ok(crate::api::context::services()?.rate(&secret, stars).await?)
}

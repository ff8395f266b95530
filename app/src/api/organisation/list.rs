use anteroom_domain::view::Choices;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

use crate::api::ApiError;

/// Branches, services and accounts of this person's branches, in use or not.
#[server(endpoint = "organisation/list", input = GetUrl)]
pub async fn list_organisation() -> Result<Choices, ApiError> {
    use crate::api::context::{actor, use_cases};
    Ok(use_cases()?.organisation(&actor()?).await?)
}

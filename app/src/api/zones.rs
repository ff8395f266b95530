use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

use crate::api::ApiError;

/// Every time zone as a field offers it. Anybody may ask: whoever sets up has not signed in.
#[server(endpoint = "zones", input = GetUrl)]
pub async fn list_zones() -> Result<Vec<String>, ApiError> {
    use crate::components::zone_label;
    use anteroom_domain::time::places;
    let now = crate::api::context::services()?.now();
    Ok(places().iter().map(|zone| zone_label(zone, now)).collect())
}

#![cfg_attr(
    feature = "ssr",
    expect(clippy::unused_async, reason = "a server function is async whatever it does")
)]

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

use crate::api::ApiError;

/// Every time zone as a field offers it. Anybody may ask: whoever sets up has not signed in.
#[server(endpoint = "zones", input = GetUrl)]
pub async fn list_zones() -> Result<Vec<String>, ApiError> {
    use crate::components::{city_label, zone_label};
    use anteroom_domain::{
        text::fold,
        time::{cities, places},
    };
    let now = crate::api::context::use_cases()?.now();
    let named = places().into_iter().map(|zone| zone_label(&zone, now));
    let large = cities().map(|(city, zone)| city_label(city, &zone, now));
    let mut zones: Vec<String> = named.chain(large).collect();
    zones.sort_by_cached_key(|zone| fold(zone));
    Ok(zones)
}

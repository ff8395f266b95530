use anteroom_domain::view::Day;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

use crate::api::ApiError;

/// The consultations of a day (`YYYY-MM-DD`; empty is today).
#[server(endpoint = "consultation/day", input = GetUrl)]
pub async fn show_day(date: String) -> Result<Day, ApiError> {
    use crate::api::context::{services, staff};
    let date = anteroom_domain::form::check_date(&date).ok();
    Ok(services()?.day(&staff()?, date).await?)
}

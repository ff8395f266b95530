use anteroom_domain::account::Account;
use anteroom_domain::view::Waiting;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::api::ApiError;

/// What the head of every staff page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    pub account: Account,
    pub waiting: Vec<Waiting>,
    pub now: jiff::Timestamp,
}

#[server(endpoint = "session/frame", input = GetUrl)]
pub async fn show_frame() -> Result<Frame, ApiError> {
    use crate::api::context::{services, staff};
    let (services, staff) = (services()?, staff()?);
    let waiting = services.waiting(&staff).await?;
    Ok(Frame {
        account: staff.account().clone(),
        waiting,
        now: services.now(),
    })
}

use anteroom_domain::account::Account;
use anteroom_protocol::staff_feed::StaffFeed;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::api::ApiError;

/// What the head of every staff page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    pub account: Account,
    pub feed: StaffFeed,
}

#[server(endpoint = "session/frame", input = GetUrl)]
pub async fn show_frame() -> Result<Frame, ApiError> {
    use crate::api::context::{actor, use_cases};
    let (use_cases, actor) = (use_cases()?, actor()?);
    let staff = actor.staff()?;
    Ok(Frame {
        account: staff.account().clone(),
        feed: use_cases.waiting(&actor).await?,
    })
}

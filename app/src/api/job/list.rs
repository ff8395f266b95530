use anteroom_domain::id::JobId;
use anteroom_domain::job::JobLine;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::api::ApiError;

/// Which job an admin has tried again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobForm {
    pub job: JobId,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jobs {
    pub jobs: Vec<JobLine>,
    /// With those that the list leaves out.
    pub in_all: i64,
    /// In whose time the page is read.
    pub zone: anteroom_domain::time::Zone,
}

#[server(endpoint = "job/list", input = GetUrl)]
pub async fn list_jobs() -> Result<Jobs, ApiError> {
    use crate::api::context::{actor, use_cases};
    let actor = actor()?;
    let staff = actor.staff()?;
    let (jobs, in_all) = use_cases()?.jobs(&actor).await?;
    Ok(Jobs {
        jobs,
        in_all,
        zone: staff.account().zone.clone(),
    })
}

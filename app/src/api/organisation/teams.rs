use anteroom_domain::id::IdentityId;
use anteroom_domain::view::TeamsOverview;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::api::{ApiError, FormState};

/// Which tenants' meetings may be used, as an admin writes them down.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TenantsForm {
    pub tenants: String,
}

/// Which identity an admin takes note of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityForm {
    pub identity: IdentityId,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamsState {
    pub overview: TeamsOverview,
    pub returned: FormState<TenantsForm>,
    /// In whose time the page is read.
    pub zone: anteroom_domain::time::Zone,
    /// May this admin change what holds for the whole organisation?
    pub whole: bool,
}

#[server(endpoint = "organisation/teams", input = GetUrl)]
pub async fn show_teams() -> Result<TeamsState, ApiError> {
    use crate::api::context::{actor, use_cases};
    let actor = actor()?;
    let staff = actor.staff()?;
    let overview = use_cases()?.teams(&actor).await?;
    let form = TenantsForm {
        tenants: overview.tenants.clone(),
    };
    Ok(TeamsState {
        returned: crate::api::form_state().unwrap_or(FormState {
            form,
            ..FormState::default()
        }),
        zone: staff.account().zone.clone(),
        whole: staff.scope().is_none(),
        overview,
    })
}

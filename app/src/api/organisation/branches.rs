use crate::forms::BranchForm;
use anteroom_domain::id::BranchId;
use anteroom_domain::organisation::Branch;
#[cfg(feature = "ssr")]
use anteroom_domain::organisation::Service;
use anteroom_domain::view::Choices;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use super::found::{FindForm, Found};
#[cfg(feature = "ssr")]
use super::found::{Traits, for_first_steps};
use crate::api::{ApiError, FormState};

/// The list, and the form to add one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branches {
    pub choices: Choices,
    pub found: Found<BranchRow>,
    /// None: who looks keeps one branch, and adds none.
    pub add: Option<FormState<BranchForm>>,
    pub now: jiff::Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BranchRow {
    pub branch: Branch,
    /// How many of its services are offered.
    pub in_use: usize,
}

/// One of them, in its form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditBranch {
    pub branch: Branch,
    pub returned: FormState<BranchForm>,
    pub now: jiff::Timestamp,
}

#[server(endpoint = "organisation/branches", input = GetUrl)]
pub async fn show_branches(form: FindForm) -> Result<Branches, ApiError> {
    use crate::api::context::{actor, use_cases};
    let actor = actor()?;
    let staff = actor.staff()?;
    super::must_be_admin(staff)?;
    let choices = use_cases()?.organisation(&actor).await?;
    let rows = choices.branches.iter().cloned().map(|branch| {
        let of_it = |service: &&Service| service.branch == branch.id && service.active;
        let in_use = choices.services.iter().filter(of_it).count();
        BranchRow { branch, in_use }
    });
    let found = form.find(rows.collect(), |row| Traits {
        texts: vec![&row.branch.name],
        branch: Some(row.branch.id),
        active: true,
        key: match form.sort.as_str() {
            "open" => Some(format!("{:04}-{:04}", row.branch.hours.opens, row.branch.hours.closes)),
            "zone" => Some(row.branch.zone.to_string()),
            "services" => Some(format!("{:09}", row.in_use)),
            _ => None,
        },
    });
    let zone = staff.account().zone.to_string();
    let form = BranchForm {
        zone,
        opens: "09:00".into(),
        closes: "17:00".into(),
        ..BranchForm::default()
    };
    let returned = || {
        crate::api::form_state().unwrap_or(FormState {
            form,
            ..FormState::default()
        })
    };
    let add = staff.scope().is_none().then(returned);
    Ok(Branches {
        choices: for_first_steps(choices),
        found,
        add,
        now: use_cases()?.now(),
    })
}

#[server(endpoint = "organisation/branch", input = GetUrl)]
pub async fn show_branch(id: BranchId) -> Result<EditBranch, ApiError> {
    use crate::api::context::{actor, use_cases};
    let actor = actor()?;
    let staff = actor.staff()?;
    super::must_be_admin(staff)?;
    let branches = use_cases()?.organisation(&actor).await?.branches;
    let branch = branches
        .into_iter()
        .find(|branch| branch.id == id)
        .ok_or_else(ApiError::not_found)?;
    let form = BranchForm::of(&branch);
    let returned = crate::api::form_state().unwrap_or(FormState {
        form,
        ..FormState::default()
    });
    Ok(EditBranch {
        branch,
        returned,
        now: use_cases()?.now(),
    })
}

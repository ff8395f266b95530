use crate::forms::AccountForm;
use anteroom_domain::account::Account;
use anteroom_domain::id::AccountId;
use anteroom_domain::organisation::Branch;
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
pub struct Accounts {
    pub choices: Choices,
    pub found: Found<Account>,
    pub returned: FormState<AccountForm>,
    pub now: jiff::Timestamp,
    /// May an account be one of the whole organisation?
    pub whole: bool,
    /// Who looks.
    pub me: AccountId,
}

/// One of them, in its form. A password never comes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditAccount {
    pub account: Account,
    pub branches: Vec<Branch>,
    pub returned: FormState<AccountForm>,
    pub now: jiff::Timestamp,
    pub whole: bool,
    /// Is this the account of who looks?
    pub own: bool,
}

#[server(endpoint = "organisation/accounts", input = GetUrl)]
pub async fn show_accounts(form: FindForm) -> Result<Accounts, ApiError> {
    use crate::api::context::{actor, use_cases};
    let actor = actor()?;
    let staff = actor.staff()?;
    super::must_be_admin(staff)?;
    let choices = use_cases()?.organisation(&actor).await?;
    let branches = choices.branches.clone();
    let branch_of = |account: &Account| {
        let branch = branches.iter().find(|branch| Some(branch.id) == account.branch);
        branch.map(|branch| branch.name.clone()).unwrap_or_default()
    };
    let found = form.find(choices.hosts.clone(), |account| Traits {
        texts: vec![&account.name, &account.email],
        branch: account.branch,
        active: account.active,
        key: match form.sort.as_str() {
            "email" => Some(account.email.clone()),
            "role" => Some(account.role.into_str().to_owned()),
            "branch" => Some(branch_of(account)),
            "state" => Some((!account.active).to_string()),
            _ => None,
        },
    });
    let (branch, zone) = match choices.branches.as_slice() {
        [only] => (only.id.to_string(), only.zone.to_string()),
        _ => (String::new(), staff.account().zone.to_string()),
    };
    let role = anteroom_domain::account::AccountRole::Clerk.into_str().to_owned();
    let form = AccountForm {
        role,
        branch,
        zone,
        active: "on".into(),
        ..AccountForm::default()
    };
    let returned = crate::api::form_state().unwrap_or(FormState {
        form,
        ..FormState::default()
    });
    let whole = staff.scope().is_none();
    Ok(Accounts {
        choices: for_first_steps(choices),
        found,
        returned,
        now: use_cases()?.now(),
        whole,
        me: staff.account().id,
    })
}

#[server(endpoint = "organisation/account", input = GetUrl)]
pub async fn show_account(id: AccountId) -> Result<EditAccount, ApiError> {
    use crate::api::context::{actor, use_cases};
    let actor = actor()?;
    let staff = actor.staff()?;
    super::must_be_admin(staff)?;
    let choices = use_cases()?.organisation(&actor).await?;
    let account = choices
        .hosts
        .into_iter()
        .find(|account| account.id == id)
        .ok_or_else(ApiError::not_found)?;
    let form = AccountForm::of(&account);
    let returned = crate::api::form_state().unwrap_or(FormState {
        form,
        ..FormState::default()
    });
    let (whole, own) = (staff.scope().is_none(), staff.account().id == id);
    let now = use_cases()?.now();
    Ok(EditAccount {
        account,
        branches: choices.branches,
        returned,
        now,
        whole,
        own,
    })
}

use anteroom_domain::account::Account;
use anteroom_domain::view::OpenSession;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::api::{ApiError, FormState};

/// What is typed at sign-in. The password never comes back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SignInForm {
    pub email: String,
    #[serde(skip_serializing)]
    pub password: String,
    /// The one that somebody chooses whose password was given to them.
    #[serde(skip_serializing)]
    pub own: String,
    /// They are asked for it.
    pub asks_own: bool,
    pub next: String,
    /// A form that was sent when the session had ended: where to, and what was typed, as its body. It stands in that form
    /// again after signing in.
    pub target: String,
    pub kept: String,
}

/// What is typed at set-up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SetUpForm {
    #[serde(skip_serializing)]
    pub code: String,
    pub name: String,
    pub email: String,
    pub zone: String,
    #[serde(skip_serializing)]
    pub password: String,
}

/// A new password for oneself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PasswordForm {
    #[serde(skip_serializing)]
    pub current: String,
    #[serde(skip_serializing)]
    pub new: String,
}

#[server(endpoint = "session/sign-in-form", input = GetUrl)]
pub async fn show_sign_in() -> Result<FormState<SignInForm>, ApiError> {
    if crate::api::context::use_cases()?.needs_set_up().await? {
        crate::api::lead::lead(crate::paths::SET_UP, http::StatusCode::OK);
    }
    Ok(crate::api::form_state().unwrap_or_default())
}

/// The set-up page: the form as it came back, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetUp {
    pub returned: FormState<SetUpForm>,
    pub now: jiff::Timestamp,
}

/// None: there is an administrator already.
#[server(endpoint = "session/set-up-form", input = GetUrl)]
pub async fn show_set_up() -> Result<Option<SetUp>, ApiError> {
    let use_cases = crate::api::context::use_cases()?;
    if !use_cases.needs_set_up().await? {
        return Ok(None);
    }
    Ok(Some(SetUp {
        returned: crate::api::form_state().unwrap_or_default(),
        now: use_cases.now(),
    }))
}

/// Who I am here, and where I am signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnAccount {
    pub account: Account,
    pub sessions: Vec<OpenSession>,
    pub returned: FormState<PasswordForm>,
}

#[server(endpoint = "session/password-form", input = GetUrl)]
pub async fn show_own_account() -> Result<OwnAccount, ApiError> {
    let actor = crate::api::context::actor()?;
    let staff = actor.staff()?;
    Ok(OwnAccount {
        account: staff.account().clone(),
        sessions: crate::api::context::use_cases()?.open_sessions(&actor).await?,
        returned: crate::api::form_state().unwrap_or_default(),
    })
}

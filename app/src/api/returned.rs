//! How a form that was refused comes back.
//!
//! A form is posted by the browser itself. Where it is good, the answer is a redirect; where it is not, the same page
//! is rendered again, by the same code, with what was typed and a sentence at each field. What was typed is thereby in
//! the body of one answer, and in no URL, cookie or log; and it works without scripts.

use anteroom_domain::form::FieldErrors;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A form as it was typed, and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned<F> {
    pub form: F,
    pub errors: FieldErrors,
    /// Other times that would do, where the one asked for was taken.
    #[serde(default)]
    pub free: Vec<Timestamp>,
}

/// The form that this page is the answer to, if it is one.
#[cfg(feature = "ssr")]
pub fn returned<F: Clone + Send + Sync + 'static>() -> Option<Returned<F>> {
    leptos::prelude::use_context()
}

/// A guest's link that was just made, to be shown once.
#[cfg(feature = "ssr")]
#[derive(Clone)]
pub struct FreshLink {
    pub guest: anteroom_domain::id::GuestId,
    pub url: String,
}

/// Tells the server that this page joins Teams: only such a one may reach Microsoft.
#[cfg(feature = "ssr")]
#[derive(Clone)]
pub struct JoinsTeams(pub std::sync::Arc<dyn Fn() + Send + Sync>);

/// May whoever asks do something with this link now, or have they done too much of it?
#[cfg(feature = "ssr")]
#[derive(Clone)]
pub struct JoinPace(pub std::sync::Arc<dyn Fn(&str) -> Result<(), anteroom_service::Error> + Send + Sync>);

/// The beginning of absolute links: scheme and host, as the outside knows us.
#[cfg(feature = "ssr")]
#[derive(Clone)]
pub struct Base(pub String);

//! How a form that was refused comes back.
//!
//! A form is posted by the browser itself. Where it is good, the answer is a redirect; where it is not, the same page
//! is rendered again, by the same code, with what was typed and a sentence at each field. What was typed is thereby in
//! the body of one answer, and in no URL, cookie or log; and it works without scripts.

use crate::forms::FieldErrors;
use anteroom_domain::id::GuestId;
use jiff::Timestamp;
use leptos::prelude::SharedValue;
use serde::{Deserialize, Serialize};

/// A form as it was typed, and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormState<F> {
    pub form: F,
    pub errors: FieldErrors,
    /// Other times that would do, where the one asked for was taken.
    #[serde(default)]
    pub free: Vec<Timestamp>,
}

/// The form that this page is the answer to, if it is one.
#[cfg(feature = "ssr")]
pub fn form_state<F: Clone + Send + Sync + 'static>() -> Option<FormState<F>> {
    leptos::prelude::use_context()
}

/// Why what a button asked for was refused, where there is no field to say it at: the page says it. Pages that the
/// browser shows by itself follow no button.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedHere(pub FieldErrors);

pub fn refused_here() -> RefusedHere {
    SharedValue::new(|| {
        #[cfg(feature = "ssr")]
        return RefusedHere(form_state::<()>().map(|returned| returned.errors).unwrap_or_default());
        #[cfg(not(feature = "ssr"))]
        RefusedHere::default()
    })
    .into_inner()
}

/// The address of this page, where the browser is at another one because it sent a form there: the browser part takes
/// over the page of the address it is at.
#[cfg(feature = "ssr")]
#[derive(Clone)]
pub struct CanonicalPath(pub String);

/// Whom a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkOf {
    /// One guest.
    Guest(GuestId),
    /// Everybody who registers with it.
    Registration,
}

/// A link that was just made, to be shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreshLink {
    pub of: LinkOf,
    pub url: String,
}

/// Tells the server that this page joins Teams: only such a one may reach Microsoft.
#[cfg(feature = "ssr")]
#[derive(Clone)]
pub struct JoinsTeams(pub std::sync::Arc<dyn Fn() + Send + Sync>);

/// The beginning of absolute links: scheme and host, as the outside knows us.
#[cfg(feature = "ssr")]
#[derive(Clone)]
pub struct Base(pub String);

//! Forms: the text that people type, to values and back. The same code runs in the browser and on the server, and the server
//! decides.
//!
//! A form holds the text as it was typed, so that a page can show it again beside its errors. A field that a browser did not
//! send is empty; a checkbox is `on` or empty. What is wrong with it is said in the language of whoever sends it.

mod account;
mod branch;
mod cancel;
mod consultation;
mod field_errors;
mod guest;
mod outcome;
mod register;
mod service;
mod tenants;
mod unchosen;

use anteroom_domain::value::{Language, ValueError};
use anteroom_i18n::{KNOWN, Lang};

pub use account::{AccountForm, NewAccountTerms};
pub use branch::BranchForm;
pub use cancel::CancelForm;
pub use consultation::ConsultationForm;
pub use field_errors::FieldErrors;
pub use guest::GuestForm;
pub use outcome::OutcomeForm;
pub use register::RegisterForm;
pub use service::ServiceForm;
pub use tenants::parse_tenants;
pub use unchosen::Unchosen;

/// What a guest most likely reads, until somebody says otherwise: what the clerk does.
pub(crate) fn likely_language(lang: Lang) -> String {
    let known = KNOWN.iter().find(|known| known.tag == lang.tag());
    known.map_or("en", |known| known.tag).to_owned()
}

/// A language that there is.
fn known_language(tag: &str) -> Result<Language, ValueError> {
    let known = KNOWN.iter().any(|known| known.tag == tag.trim());
    if known { tag.parse() } else { Err(ValueError::Language) }
}

/// A checkbox that is ticked.
const ON: &str = "on";

fn ticked(is_ticked: bool) -> String {
    if is_ticked { ON.to_owned() } else { String::new() }
}

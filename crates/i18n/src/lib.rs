//! Every sentence that a person reads, in the language that they read.
//!
//! `locales/<tag>/` has what translators write. The build checks it and makes a type of each English sentence:
//! [`guest::landing::add_to_calendar`](guest) is a sentence without arguments, and a sentence with arguments has a field for
//! each. Which language it is written in is said by a [`Lang`].
//!
//! A browser is sent the one language that it shows, as the JSON that [`Language::parse`] reads; the server has all of them
//! (feature `embedded`). The same code writes with both, so that a page is the same to the letter on both sides.

mod argument;
mod date;
#[cfg(feature = "embedded")]
mod embedded;
mod language;
mod negotiate;
#[expect(dead_code, reason = "the build alone asks which categories a language has")]
mod plural;

// What `build/keys.rs` makes of `locales/en`.
#[expect(non_camel_case_types, reason = "a key is called in code as in the catalogue")]
mod keys {
    include!(concat!(env!("OUT_DIR"), "/keys.rs"));
}

/// A language that there is, without its sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its BCP 47 tag.
    pub tag: &'static str,
    /// What it calls itself.
    pub name: &'static str,
    /// Has somebody read it whose first language it is?
    pub reviewed: bool,
    /// How many sentences it has of its own; the others are in English.
    pub translated: usize,
    /// How many there are.
    pub sentences: usize,
}

pub use argument::{Argument, Count, Plain};
#[cfg(feature = "embedded")]
pub use embedded::{Audience, Embedded, INDEX, LANGUAGES, find, negotiated};
pub use keys::*;
pub use language::{Direction, Lang, Language, Part, Place};
pub use negotiate::{Offer, lookup};

/// A sentence in a language: `text!(lang, guest::landing::add_to_calendar)`, or with arguments by name
/// `text!(lang, guest::landing::heading { service: &service, host: &host })`.
#[macro_export]
macro_rules! text {
    ($lang:expr, $($key:ident)::+) => { $crate::$($key)::+.text($lang) };
    ($lang:expr, $($key:ident)::+ { $($argument:ident $(: $value:expr)?),* $(,)? }) => {
        $crate::$($key)::+ { $($argument $(: $value)?),* }.text($lang)
    };
}

//! The languages that this build has.

use std::sync::OnceLock;

use crate::negotiate::{Offer, lookup};
use crate::{Lang, Language, Place};

/// Whose pages carry which sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Guests: their pages and the call.
    Guest,
    /// Staff: what guests read, and all of their own.
    Staff,
}

/// A language as `locales/<tag>` describes it.
#[derive(Debug)]
pub struct Embedded {
    /// Its BCP 47 tag.
    pub tag: &'static str,
    /// What it calls itself.
    pub name: &'static str,
    /// Ranges that ask for it, besides its tag and what begins with it.
    pub matches: &'static [&'static str],
    /// Ranges that do not, though they begin like one that does.
    pub excludes: &'static [&'static str],
    guest: &'static str,
    staff: &'static str,
    notice: &'static str,
    guest_file: &'static str,
    staff_file: &'static str,
    parsed: OnceLock<Language>,
}

include!(concat!(env!("OUT_DIR"), "/languages.rs"));

/// Every sentence: its group, its section, its key, whether it agrees with a number, and its place.
pub static INDEX: &[(&str, &str, &str, bool, Place)] = include!(concat!(env!("OUT_DIR"), "/index.rs"));

impl Embedded {
    /// A handle to it. It is read when somebody first wants it.
    pub fn lang(&'static self) -> Lang {
        Lang::of(self.parsed.get_or_init(|| {
            let read = |json| Language::parse(json).unwrap_or_else(|wrong| unreachable!("{}: {wrong}", self.tag));
            read(self.staff).with_notices(read(self.notice))
        }))
    }

    /// What a browser is sent, to be read by [`Lang::install`].
    pub fn packed(&self, audience: Audience) -> &'static str {
        match audience {
            Audience::Guest => self.guest,
            Audience::Staff => self.staff,
        }
    }

    /// The name of the file that a browser is sent: another one for every content.
    pub fn file_name(&self, audience: Audience) -> &'static str {
        match audience {
            Audience::Guest => self.guest_file,
            Audience::Staff => self.staff_file,
        }
    }

    /// Is it one of those that nobody speaks?
    pub fn is_pseudo(&self) -> bool {
        ["en-XA", "ar-XB"].contains(&self.tag)
    }
}

impl Default for Lang {
    /// English.
    fn default() -> Self {
        let [english, ..] = &LANGUAGES;
        english.lang()
    }
}

/// The language with that very tag.
pub fn find(tag: &str) -> Option<&'static Embedded> {
    LANGUAGES.iter().find(|language| language.tag == tag)
}

/// The language that `Accept-Language` asks for first, of those that there are.
pub fn negotiated(accept_language: &str) -> Option<&'static Embedded> {
    let offers: Vec<Offer> = LANGUAGES
        .iter()
        .map(|language| Offer {
            tag: language.tag,
            matches: language.matches,
            excludes: language.excludes,
        })
        .collect();
    lookup(accept_language, &offers).and_then(find)
}

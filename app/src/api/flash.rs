//! What a form did, said once on the page that follows.

use anteroom_i18n::{Lang, text};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What was just done. Travels as a word in a cookie, because a URL would say it again on every reload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Flash {
    Saved,
    Added,
    PasswordChanged,
    SignedOut,
    TriedAgain,
}

impl Flash {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Saved => "saved",
            Self::Added => "added",
            Self::PasswordChanged => "password-changed",
            Self::SignedOut => "signed-out",
            Self::TriedAgain => "tried-again",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        [
            Self::Saved,
            Self::Added,
            Self::PasswordChanged,
            Self::SignedOut,
            Self::TriedAgain,
        ]
        .into_iter()
        .find(|done| done.as_str() == word)
    }

    pub fn sentence(self, lang: Lang) -> &'static str {
        match self {
            Self::Saved => text!(lang, staff::flash::saved),
            Self::Added => text!(lang, staff::flash::added),
            Self::PasswordChanged => text!(lang, staff::flash::password_changed),
            Self::SignedOut => text!(lang, staff::flash::signed_out),
            Self::TriedAgain => text!(lang, staff::flash::tried_again),
        }
    }
}

/// What was done right before this page was asked for. The browser takes over what the server found; pages that it
/// shows by itself follow no form.
pub fn just_done() -> Option<Flash> {
    SharedValue::new(|| {
        #[cfg(feature = "ssr")]
        return use_context::<http::request::Parts>().and_then(|parts| parts.extensions.get::<Flash>().copied());
        #[cfg(not(feature = "ssr"))]
        None
    })
    .into_inner()
}

//! What a form did, said once on the page that follows.

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

    pub fn sentence(self) -> &'static str {
        match self {
            Self::Saved => "Saved.",
            Self::Added => "Added.",
            Self::PasswordChanged => "Your password is changed. Sign in with the new one.",
            Self::SignedOut => "That browser is signed out.",
            Self::TriedAgain => "It is tried again now.",
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

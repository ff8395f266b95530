//! What a use case can answer instead of what was asked.

use anteroom_domain::form::FieldErrors;
use anteroom_domain::id::EventId;
use jiff::Timestamp;

use crate::port::StoreError;

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is not there, or not for this person: the two are the same to whoever asks.
    #[error("not found")]
    NotFound,
    #[error("not allowed")]
    Forbidden,
    #[error("the form has errors")]
    Invalid(FieldErrors),
    /// The host has something else at that time, which the sentence names. `free` is when they next have not.
    #[error("{sentence}")]
    HostBusy { sentence: String, free: Vec<Timestamp> },
    /// The state does not allow it any more; the sentence says what to do.
    #[error("{0}")]
    Refused(String),
    /// Not so fast; the sentence says when to try again.
    #[error("{0}")]
    TooMany(String),
    /// Someone else changed it after it was shown; the sentence says what is different now. Sent again with `version`,
    /// what was typed takes its place.
    #[error("{sentence}")]
    Stale { sentence: String, version: EventId },
    /// Too much is asked of the server at this moment; nothing was done.
    #[error("The server is very busy at this moment. Try again in a few seconds.")]
    Busy,
    /// Logged once at the edge; its text never reaches a browser.
    #[error("internal error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    pub fn internal(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(error.into())
    }

    pub fn refused(sentence: impl Into<String>) -> Self {
        Self::Refused(sentence.into())
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::HostBusy => Self::HostBusy {
                sentence: "The host has something else at that time.".to_owned(),
                free: Vec::new(),
            },
            StoreError::EmailTaken => Self::Invalid(FieldErrors::one(
                "email",
                "There is already an account with this e-mail address.",
            )),
            StoreError::NameTaken => Self::Invalid(FieldErrors::one("name", "This name is already in use.")),
            StoreError::Busy => Self::Busy,
            StoreError::Internal(error) => Self::Internal(error),
        }
    }
}

impl From<anteroom_domain::consultation::InvalidTransition> for Error {
    fn from(refused: anteroom_domain::consultation::InvalidTransition) -> Self {
        Self::Refused(format!(
            "This consultation is {} and can't be {} any more. Reload the page to see where it stands.",
            refused.from, refused.step
        ))
    }
}

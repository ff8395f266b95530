//! What a use case can answer instead of what was asked: codes with arguments. Sentences are made at the edge.

use anteroom_domain::consultation::InvalidTransition;
use anteroom_domain::refusal::{
    AccountRefusal, ConsultationRefusal, EntryRefusal, GuestRefusal, OrganisationRefusal, ReportRefusal, VisitRefusal,
};
use anteroom_domain::trouble::Trouble;

use crate::port::{EngineError, StoreError};

/// The answer of a use case, or the reason why there is none.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The reason why a use case did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is not there, or not for this person: the two are the same to whoever asks.
    #[error("not found")]
    NotFound,
    /// This actor may not do it: it takes a role, a branch, a link or a seat that they do not have.
    #[error("not allowed")]
    Forbidden,
    /// For all of these reasons.
    #[error("refused: {0:?}")]
    Consultation(Vec<ConsultationRefusal>),
    /// It was about a guest, and is refused.
    #[error("refused: {0:?}")]
    Guest(GuestRefusal),
    /// It was about a visit in the lobby or in the meeting, and is refused.
    #[error("refused: {0:?}")]
    Visit(VisitRefusal),
    /// It was about an account, and is refused.
    #[error("refused: {0:?}")]
    Account(AccountRefusal),
    /// It was about a branch, a service or a setting, and is refused.
    #[error("refused: {0:?}")]
    Organisation(OrganisationRefusal),
    /// It was about figures or an export, and is refused.
    #[error("refused: {0:?}")]
    Report(ReportRefusal),
    /// A password was tried too often: not before so many minutes.
    #[error("too many attempts")]
    TooManyAttempts {
        /// How long attempts count, in minutes. Whoever waits that long may try again.
        minutes: i64,
    },
    /// It was done too often in a short time.
    #[error("too often")]
    TooOften,
    /// Too much is asked of the server at this moment; nothing was done.
    #[error("busy")]
    Busy,
    /// Logged once at the edge; its text never reaches a browser.
    #[error("internal error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// An [`Error::Internal`] with this cause.
    pub fn internal(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(error.into())
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::HostBusy => ConsultationRefusal::HostBusy {
                host: String::new(),
                clash: None,
                free: Vec::new(),
            }
            .into(),
            StoreError::EmailTaken => AccountRefusal::AddressTaken.into(),
            StoreError::NameTaken => OrganisationRefusal::NameTaken.into(),
            StoreError::Busy => Self::Busy,
            StoreError::Internal(error) => Self::Internal(error),
        }
    }
}

impl From<ConsultationRefusal> for Error {
    fn from(refusal: ConsultationRefusal) -> Self {
        Self::Consultation(vec![refusal])
    }
}

impl From<InvalidTransition> for Error {
    fn from(refused: InvalidTransition) -> Self {
        ConsultationRefusal::InvalidTransition(refused).into()
    }
}

macro_rules! refusals {
    ($($noun:ident($refusal:ty)),* $(,)?) => {$(
        impl From<$refusal> for Error {
            fn from(refusal: $refusal) -> Self {
                Self::$noun(refusal)
            }
        }
    )*};
}

refusals! {
    Guest(GuestRefusal),
    Visit(VisitRefusal),
    Account(AccountRefusal),
    Organisation(OrganisationRefusal),
    Report(ReportRefusal),
}

/// What failed on our side, for somebody who waits to enter a meeting. The cause goes no further, so it is logged here.
impl From<Error> for EngineError {
    fn from(error: Error) -> Self {
        match error {
            Error::Forbidden | Error::NotFound => Self::refused(EntryRefusal::NotIn, Trouble::NotIn),
            error => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "what a participant needs to enter a meeting could not be had"
                );
                Self::refused(EntryRefusal::NotNow, Trouble::Ours)
            }
        }
    }
}

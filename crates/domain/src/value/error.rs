use serde::{Deserialize, Serialize};

/// What is wrong with a text that somebody typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{self:?}")]
#[serde(rename_all = "snake_case")]
pub enum ValueError {
    /// A name that holds nothing which can be seen.
    NameMissing,
    /// More characters than there is room for.
    TooLong {
        /// So many are allowed.
        most: usize,
    },
    /// Characters that can't be shown.
    Unprintable,
    /// No e-mail address.
    EmailAddress,
    /// No telephone number with its country code.
    PhoneNumber,
    /// Nothing that a guest can call.
    PublishedPhone,
    /// No tag of a language.
    Language,
    /// No object ID of Microsoft Entra.
    EntraId,
    /// A password of too few characters.
    PasswordTooShort {
        /// So many are needed.
        least: usize,
    },
    /// No length of a consultation.
    Minutes {
        /// The shortest.
        least: u16,
        /// The longest.
        most: u16,
    },
    /// No time to keep free.
    Buffer {
        /// The longest, in minutes.
        most: u16,
    },
    /// No date.
    Date,
    /// No time of day.
    Time,
    /// Not one to five stars.
    Stars,
}

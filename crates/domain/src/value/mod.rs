//! Values that people type. Each is checked once, where it comes in, and known to be good from then on.

pub(crate) mod error;

use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use jiff::civil::{Date, Time};

use crate::chat::MAX_CHAT_CHARS;
use crate::contact;
use crate::text;

pub use error::ValueError;

/// The longest consultation, in minutes.
///
/// The overlap rule in the schema searches back over this length and a buffer on either side.
pub const MAX_MINUTES: u16 = 480;
/// The longest buffer before or after a consultation, in minutes. The overlap rule in the schema relies on it, too.
pub const MAX_BUFFER_MINUTES: u16 = 120;
/// The longest text that guests are asked to agree to, in characters. Nobody reads more.
pub const MAX_CONSENT_CHARS: usize = 2_000;

/// Types of text, each with the function that brings a typed text into its one form.
macro_rules! text_values {
    ($($(#[$doc:meta])* $name:ident by $check:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl FromStr for $name {
            type Err = ValueError;

            fn from_str(text: &str) -> Result<Self, ValueError> {
                $check(text).map(Self)
            }
        }

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }
    )*};
}

text_values! {
    /// The name of a person, a branch or a service: 1 to 100 characters, at least one of them visible.
    Name by contact::check_name;
    /// An e-mail address, its domain in Unicode and in lower case.
    EmailAddress by contact::check_email;
    /// A telephone number in E.164.
    PhoneNumber by contact::check_phone;
    /// A telephone number that guests read and call, as its country writes it.
    PublishedPhone by contact::check_published_phone;
    /// The BCP 47 tag of a language.
    Language by check_language;
    /// An object ID of Microsoft Entra, a GUID in lower case.
    EntraId by check_entra_id;
    /// A new password: 10 to 200 characters. That it is hard to guess is checked where it is set.
    Password by check_password;
}

/// A text of up to `MOST` characters, which may be empty or have several lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text<const MOST: usize>(String);

/// Notes for staff.
pub type Notes = Text<4_000>;
/// The reason for a cancellation or a declination.
pub type Reason = Text<500>;
/// A chat message.
pub type ChatText = Text<MAX_CHAT_CHARS>;
/// What guests are asked to agree to.
pub type ConsentText = Text<MAX_CONSENT_CHARS>;

impl<const MOST: usize> Text<MOST> {
    /// The most characters that it may have.
    pub const MOST: usize = MOST;
}

impl<const MOST: usize> FromStr for Text<MOST> {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let text = text::many_lines(text);
        if text.chars().count() > MOST {
            return Err(ValueError::TooLong { most: MOST });
        }
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            return Err(ValueError::Unprintable);
        }
        Ok(Self(text))
    }
}

impl<const MOST: usize> Deref for Text<MOST> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const MOST: usize> From<Text<MOST>> for String {
    fn from(text: Text<MOST>) -> Self {
        text.0
    }
}

/// A postal address, its lines as on an envelope. Empty ones are dropped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PostalAddress(String);

/// The longest postal address, in characters.
pub const MAX_ADDRESS_CHARS: usize = 300;

impl FromStr for PostalAddress {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let lines = text.lines().map(text::one_line).filter(|line| !line.is_empty());
        let text = lines.collect::<Vec<_>>().join("\n");
        match text.chars().count() {
            0..=MAX_ADDRESS_CHARS => Ok(Self(text)),
            _ => Err(ValueError::TooLong {
                most: MAX_ADDRESS_CHARS,
            }),
        }
    }
}

impl Deref for PostalAddress {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<PostalAddress> for String {
    fn from(address: PostalAddress) -> Self {
        address.0
    }
}

/// The shortest consultation, in minutes.
const MIN_MINUTES: u16 = 5;

/// The length of a consultation: 5 to [`MAX_MINUTES`] minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Minutes(u16);

impl Minutes {
    /// The length, where it is one.
    pub fn new(minutes: u16) -> Result<Self, ValueError> {
        if (MIN_MINUTES..=MAX_MINUTES).contains(&minutes) {
            Ok(Self(minutes))
        } else {
            Err(ValueError::Minutes {
                least: MIN_MINUTES,
                most: MAX_MINUTES,
            })
        }
    }

    /// So many.
    pub fn get(self) -> u16 {
        self.0
    }
}

impl FromStr for Minutes {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        Self::new(text.trim().parse().unwrap_or(0))
    }
}

/// Minutes kept free before or after a consultation: up to [`MAX_BUFFER_MINUTES`]. Empty text: none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Buffer(u16);

impl Buffer {
    /// So many minutes.
    pub fn get(self) -> u16 {
        self.0
    }
}

impl FromStr for Buffer {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        const WRONG: ValueError = ValueError::Buffer {
            most: MAX_BUFFER_MINUTES,
        };
        match text.trim() {
            "" => Ok(Self(0)),
            text => match text.parse() {
                Ok(minutes) if minutes <= MAX_BUFFER_MINUTES => Ok(Self(minutes)),
                _ => Err(WRONG),
            },
        }
    }
}

/// A rating: one (worst) to five stars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stars(u8);

impl Stars {
    /// The rating, where it is one.
    pub fn new(stars: u8) -> Result<Self, ValueError> {
        if (1..=5).contains(&stars) {
            Ok(Self(stars))
        } else {
            Err(ValueError::Stars)
        }
    }

    /// So many.
    pub fn get(self) -> u8 {
        self.0
    }
}

impl FromStr for Stars {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        Self::new(text.trim().parse().unwrap_or(0))
    }
}

/// Checks a date of the years 2000 to 2200, written `YYYY-MM-DD` as `<input type=date>` sends it.
pub fn check_date(text: &str) -> Result<Date, ValueError> {
    let date: Date = text.trim().parse().map_err(|_| ValueError::Date)?;
    if (2000..=2200).contains(&date.year()) {
        Ok(date)
    } else {
        Err(ValueError::Date)
    }
}

/// Checks a time of day, written `HH:MM` as `<input type=time>` sends it. Seconds are accepted and ignored.
pub fn check_time(text: &str) -> Result<Time, ValueError> {
    let (hour, minute) = text.trim().split_once(':').ok_or(ValueError::Time)?;
    let minute = minute.split(':').next().unwrap_or(minute);
    let number = |text: &str| text.parse().map_err(|_| ValueError::Time);
    Time::new(number(hour)?, number(minute)?, 0, 0).map_err(|_| ValueError::Time)
}

/// Empty text is no value.
pub fn optional<T: FromStr>(text: &str) -> Result<Option<T>, T::Err> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some),
    }
}

/// A tag of BCP 47 as far as its form goes. Which languages there are is no matter of this crate.
fn check_language(text: &str) -> Result<String, ValueError> {
    let tag = text.trim();
    let is_subtag = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let mut subtags = tag.split('-');
    let is_language = |part: &str| (2..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    if tag.len() <= MAX_LANGUAGE && subtags.next().is_some_and(is_language) && subtags.all(is_subtag) {
        Ok(tag.to_owned())
    } else {
        Err(ValueError::Language)
    }
}

/// BCP 47 §4.4.1 wants room for this many characters at least.
const MAX_LANGUAGE: usize = 35;

fn check_entra_id(text: &str) -> Result<String, ValueError> {
    let text = text.trim().to_ascii_lowercase();
    let is_guid = text.len() == 36
        && text.bytes().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
    if is_guid { Ok(text) } else { Err(ValueError::EntraId) }
}

/// NIST SP 800-63B §5.1.1.2 asks for at least eight characters and for no rule on which ones. The upper limit keeps the
/// hashing of a password cheap, so that long passwords cannot overload the server.
fn check_password(password: &str) -> Result<String, ValueError> {
    const LEAST: usize = 10;
    const MOST: usize = 200;
    match text::password(password).chars().count() {
        0..LEAST => Err(ValueError::PasswordTooShort { least: LEAST }),
        LEAST..=MOST => Ok(password.to_owned()),
        _ => Err(ValueError::TooLong { most: MOST }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_id_is_a_guid_in_lower_case() {
        let id: EntraId = " 2C0F4A71-3D8E-4A3D-9A2C-0A7A1B9BB001 ".parse().unwrap();
        assert_eq!(&*id, "2c0f4a71-3d8e-4a3d-9a2c-0a7a1b9bb001");
        for text in ["me", "2c0f4a713d8e4a3d9a2c0a7a1b9bb001", ""] {
            assert_eq!(text.parse::<EntraId>(), Err(ValueError::EntraId), "{text}");
        }
    }

    #[test]
    fn numbers_stay_within_their_bounds() {
        assert_eq!("480".parse::<Minutes>().map(Minutes::get), Ok(480));
        for text in ["4", "481", "", "-5", "ten"] {
            assert!(text.parse::<Minutes>().is_err(), "{text}");
        }
        assert_eq!("".parse::<Buffer>().map(Buffer::get), Ok(0));
        assert!("121".parse::<Buffer>().is_err() && "x".parse::<Buffer>().is_err());
        assert!(Stars::new(0).is_err() && Stars::new(6).is_err() && Stars::new(5).is_ok());
    }

    #[test]
    fn a_text_keeps_its_lines_and_has_an_end() {
        assert_eq!(&*"Bring the\r\npapers".parse::<Notes>().unwrap(), "Bring the\npapers");
        assert_eq!(
            "x".repeat(501).parse::<Reason>(),
            Err(ValueError::TooLong { most: 500 })
        );
        assert_eq!("\u{7}".parse::<Reason>(), Err(ValueError::Unprintable));
    }
}

//! A customer in one consultation, and what they may be asked for.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::consultation::State;
use crate::id::{ConsultationId, GuestId};
use crate::signalling::Role;
use crate::time::Zone;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guest {
    pub id: GuestId,
    pub consultation: ConsultationId,
    pub name: String,
    pub email: String,
    pub phone: String,
    pub language: String,
    pub zone: Zone,
    pub admission: Admission,
    /// One to five, given after the end.
    pub rating: Option<u8>,
    /// View-only in a launch, else a guest.
    pub role: Role,
    /// Since when they have said that they can't come, and what they told the host about it.
    pub excused_at: Option<Timestamp>,
    pub excuse: String,
}

impl Guest {
    /// Are they to be expected: not put out, and not excused?
    pub fn is_expected(&self) -> bool {
        !self.admission.keeps_out() && self.excused_at.is_none()
    }
}

/// What it means when a guest can't come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CantCome {
    /// Nobody else was to come: the appointment is cancelled.
    Cancel,
    /// The others meet without them.
    Excuse,
}

impl CantCome {
    /// None where there is nothing for them to say any more. `guests` are all of the consultation.
    pub fn of(state: State, guest: &Guest, guests: &[Guest]) -> Option<Self> {
        if state.is_final() || !guest.is_expected() {
            return None;
        }
        let is_alone = guests.iter().all(|other| other.id == guest.id || !other.is_expected());
        match guest.role {
            Role::Guest if is_alone => matches!(state, State::Scheduled).then_some(Self::Cancel),
            Role::Guest | Role::Attendee => Some(Self::Excuse),
            Role::Host => None,
        }
    }
}

/// What the host last decided about a guest. It outlives visits: removed stays removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Admission {
    /// Nothing yet, or a decline was taken back: arriving leads to the lobby.
    Undecided,
    Admitted,
    Declined,
    Removed,
}

impl Admission {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Undecided => "undecided",
            Self::Admitted => "admitted",
            Self::Declined => "declined",
            Self::Removed => "removed",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "undecided" => Some(Self::Undecided),
            "admitted" => Some(Self::Admitted),
            "declined" => Some(Self::Declined),
            "removed" => Some(Self::Removed),
            _ => None,
        }
    }

    pub fn keeps_out(self) -> bool {
        matches!(self, Self::Declined | Self::Removed)
    }
}

/// A name as a person writes it: something to be seen, nothing that hides, not longer than a badge can bear.
pub fn check_name(text: &str) -> Result<String, &'static str> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if !name
        .chars()
        .any(|c| !is_joiner(c) && !is_invisible(c) && !c.is_whitespace())
    {
        return Err("Enter a name.");
    }
    if name.chars().count() > 100 {
        return Err("Use at most 100 characters.");
    }
    if name
        .chars()
        .any(|c| c.is_control() || is_bidi_control(c) || is_invisible(c))
    {
        return Err("A name can't hold control characters or invisible ones. Type it rather than paste it.");
    }
    Ok(name)
}

/// Invisible, and needed between letters and in emoji: Persian and the scripts of India are not written without them.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// What Unicode calls default-ignorable, the joiners and the bidi controls aside, and the blank of braille: two names that
/// differ only in these look the same.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{200B}'
        | '\u{2060}'..='\u{2065}' | '\u{206A}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E00FF}'
        | '\u{E01F0}'..='\u{E0FFF}')
}

/// Characters that turn the reading order around can make one name look like another (UTR #36 §2.10).
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{061C}')
}

/// An address that mail can be sent to: one `@`, a local part and a domain with a dot (RFC 5321 §4.5.3.1 lengths).
/// Whether it is anybody's, only mail can tell.
pub fn check_email(text: &str) -> Result<String, &'static str> {
    const ADVICE: &str = "Enter an e-mail address like name@example.com.";
    let text = text.trim();
    let Some((local, domain)) = text.rsplit_once('@') else {
        return Err(ADVICE);
    };
    let domain_is_good = domain.len() <= 253
        && domain.contains('.')
        && domain.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        });
    let local_is_good = !local.is_empty()
        && local.len() <= 64
        && !local
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || "\"(),:;<>@[\\]".contains(c));
    if domain_is_good && local_is_good {
        Ok(text.to_owned())
    } else {
        Err(ADVICE)
    }
}

/// A telephone number as E.164 writes it, `+` and up to fifteen digits; spaces, dots, dashes, slashes and brackets that
/// people put between are dropped, `00` at the start is `+`.
pub fn check_phone(text: &str) -> Result<String, &'static str> {
    const ADVICE: &str = "Enter the number with its country code, like +49 30 1234567.";
    let mut digits: String = text.trim().chars().filter(|c| !" .-/()\u{a0}".contains(*c)).collect();
    if let Some(rest) = digits.strip_prefix("00") {
        digits = format!("+{rest}");
    }
    let Some(number) = digits.strip_prefix('+') else {
        return Err(ADVICE);
    };
    let is_good = (7..=15).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    if is_good && !number.starts_with('0') {
        Ok(digits)
    } else {
        Err(ADVICE)
    }
}

/// The languages that a guest's page can be asked in, as BCP 47 tags with their own names.
pub const LANGUAGES: [(&str, &str); 8] = [
    ("en", "English"),
    ("de", "Deutsch"),
    ("fr", "Français"),
    ("it", "Italiano"),
    ("es", "Español"),
    ("pl", "Polski"),
    ("tr", "Türkçe"),
    ("uk", "Українська"),
];

pub fn check_language(text: &str) -> Result<String, &'static str> {
    match LANGUAGES.iter().find(|(tag, _)| *tag == text.trim()) {
        Some((tag, _)) => Ok((*tag).to_owned()),
        None => Err("Choose a language from the list."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guest(id: i64, role: Role) -> Guest {
        Guest {
            id: GuestId(id),
            consultation: ConsultationId(1),
            name: "Zeb".into(),
            email: String::new(),
            phone: String::new(),
            language: "en".into(),
            zone: Zone::utc(),
            admission: Admission::Undecided,
            rating: None,
            role,
            excused_at: None,
            excuse: String::new(),
        }
    }

    #[test]
    fn only_the_last_guest_who_is_expected_cancels_for_all() {
        let one = guest(1, Role::Guest);
        let alone = [one.clone()];
        assert_eq!(CantCome::of(State::Scheduled, &one, &alone), Some(CantCome::Cancel));
        for state in [State::Open, State::Live, State::Ended] {
            assert_eq!(CantCome::of(state, &one, &alone), None, "{state:?}");
        }
        let mut two = [one.clone(), guest(2, Role::Guest)];
        assert_eq!(CantCome::of(State::Scheduled, &one, &two), Some(CantCome::Excuse));
        two[1].excused_at = Some(Timestamp::UNIX_EPOCH);
        assert_eq!(CantCome::of(State::Scheduled, &two[1], &two), None, "said already");
        assert_eq!(CantCome::of(State::Scheduled, &one, &two), Some(CantCome::Cancel));
        let attendee = guest(3, Role::Attendee);
        let launch = [one.clone(), attendee.clone()];
        assert_eq!(
            CantCome::of(State::Scheduled, &attendee, &launch),
            Some(CantCome::Excuse)
        );
        assert_eq!(CantCome::of(State::Scheduled, &one, &launch), Some(CantCome::Excuse));
        let out = Guest {
            admission: Admission::Removed,
            ..one
        };
        assert_eq!(CantCome::of(State::Scheduled, &out, &alone), None);
    }

    #[test]
    fn names_lose_stray_spaces_and_nothing_else() {
        assert_eq!(check_name("  Zoë \u{a0} van  der Berg ").unwrap(), "Zoë van der Berg");
        assert!(check_name(" \t ").is_err());
        assert!(check_name(&"x".repeat(101)).is_err());
        assert!(check_name("Anna\u{202E}gnp.exe").is_err());
        assert!(check_name("a\0b").is_err());
    }

    #[test]
    fn a_name_shows_all_that_it_holds() {
        for hidden in [
            "\u{200B}",
            "\u{2060}\u{FEFF}",
            "\u{200D}",
            "\u{3164}",
            "\u{2800}\u{2800}",
            "Anna\u{200B}",
            "An\u{AD}na",
            "\u{202D}Anna",
            "Anna\u{2067}",
            "Anna\u{E0041}",
        ] {
            assert!(check_name(hidden).is_err(), "{}", hidden.escape_unicode());
        }
        for good in [
            "مهر\u{200C}ناز",
            "ක්\u{200D}රිස්",
            "👩\u{200D}🚀 Zoë",
            "❤\u{FE0F}",
            "O’Neil-Ruíz",
        ] {
            assert_eq!(check_name(good).as_deref(), Ok(good));
        }
    }

    #[test]
    fn addresses_are_checked_for_shape_only() {
        for good in [
            "a@b.ch",
            " name+tag@sub.example.com ",
            "o'neil@example.org",
            "käthe@müller.de",
        ] {
            assert!(check_email(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "a@b",
            "a b@example.com",
            "@example.com",
            "a@-x.com",
            "a@x..com",
            "a@b.ch>,<c@d.ch",
        ] {
            assert!(check_email(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn numbers_become_e164() {
        assert_eq!(check_phone("+49 (30) 123-4567").unwrap(), "+49301234567");
        assert_eq!(check_phone("0041 44 668 18 00").unwrap(), "+41446681800");
        assert!(check_phone("030 1234567").is_err());
        assert!(check_phone("+49 30 CALL").is_err());
    }
}

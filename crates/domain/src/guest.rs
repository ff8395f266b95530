//! A customer in one consultation, and what they may be asked for.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::consultation::State;
use crate::id::{ConsultationId, GuestId};
use crate::text;
use crate::time::Zone;
use crate::visit::Role;

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
    pub declination_at: Option<Timestamp>,
    pub declination_note: String,
}

impl Guest {
    /// Are they to be expected: not put out, and not excused?
    pub fn is_expected(&self) -> bool {
        !self.admission.keeps_out() && self.declination_at.is_none()
    }
}

/// What it means when a guest can't come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Declination {
    /// Nobody else was to come: the appointment is cancelled.
    Cancel,
    /// The others meet without them.
    Excuse,
}

impl Declination {
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Admission {
    /// Nothing yet, or a decline was taken back: arriving leads to the lobby.
    Undecided,
    Admitted,
    Declined,
    Removed,
}

impl Admission {
    pub fn keeps_out(self) -> bool {
        matches!(self, Self::Declined | Self::Removed)
    }
}

/// A name as a person writes it: something to be seen, not longer than a badge can bear. What came along unseen when it
/// was pasted is dropped.
pub fn check_name(text: &str) -> Result<String, &'static str> {
    let name = text::one_line(text);
    if name.chars().all(|c| text::is_joiner(c) || c.is_whitespace()) {
        return Err("Enter a name.");
    }
    if name.chars().count() > 100 {
        return Err("Use at most 100 characters.");
    }
    Ok(name)
}

/// An address that mail can be sent to: one `@`, a local part and a domain with a dot (RFC 5321 §4.5.3.1 lengths). The
/// domain is kept as people read it, in one form: browsers send it as mail servers want it (IDNA), people type it in
/// capitals or decomposed. Whether it is anybody's, only mail can tell.
pub fn check_email(text: &str) -> Result<String, &'static str> {
    const ADVICE: &str = "Enter an e-mail address like name@example.com.";
    let text = text::without_spaces(strip_scheme(text.trim(), "mailto:"));
    // As mail programs copy it: "Anna Keller <anna@example.com>".
    let text = match text.rsplit_once('<') {
        Some((_, rest)) => rest.strip_suffix('>').ok_or(ADVICE)?,
        None => &text,
    };
    let (local, domain) = text.rsplit_once(['@', '\u{FF20}']).ok_or(ADVICE)?;
    let domain = idna::domain_to_ascii_strict(domain).map_err(|_| ADVICE)?;
    let domain_is_good =
        domain.len() <= 253 && domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.');
    let local_is_good = !local.is_empty()
        && local.len() <= 64
        && !local
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || "\"(),:;<>@[\\]".contains(c));
    if domain_is_good && local_is_good {
        Ok(format!("{local}@{}", idna::domain_to_unicode(&domain).0))
    } else {
        Err(ADVICE)
    }
}

/// What an address is compared by: in capitals it is the same one. Never refuses, so that what is no address is nobody's.
pub fn email_key(text: &str) -> String {
    check_email(text)
        .unwrap_or_else(|_| text.trim().to_owned())
        .to_lowercase()
}

fn strip_scheme<'a>(text: &'a str, scheme: &str) -> &'a str {
    match text.get(..scheme.len()) {
        Some(start) if start.eq_ignore_ascii_case(scheme) => text.get(scheme.len()..).unwrap_or_default(),
        _ => text,
    }
}

/// A telephone number as E.164 writes it, `+` and up to fifteen digits, from what people write: digits of any script,
/// whatever they put between, `00` for `+`, `tel:` in front. The zero in brackets, which is dialled only inside of the
/// country, is dropped, but in Italy, where it belongs to the number (ITU-T, national numbering plans).
pub fn check_phone(text: &str) -> Result<String, &'static str> {
    const ADVICE: &str = "Enter the number with its country code, like +49 30 1234567.";
    let text = text::without_spaces(strip_scheme(text.trim(), "tel:"));
    let mut number = String::new();
    for c in text.chars() {
        match text::digit(c) {
            Some(digit) => number.push(digit),
            None if matches!(c, '+' | '\u{FF0B}') && number.is_empty() => number.push('+'),
            None if c == '(' || c == ')' => number.push(c),
            None if c.is_alphanumeric() || matches!(c, '+' | ';' | '#' | '*' | ',' | '@') => return Err(ADVICE),
            None => {}
        }
    }
    if let Some(rest) = number.strip_prefix("00") {
        number = format!("+{rest}");
    }
    let keeps_zero = number.starts_with("+39") || number.starts_with("+378");
    let trunk = number.find("(0)").filter(|_| !keeps_zero);
    if let Some(at) = trunk {
        number.replace_range(at..at + 3, "");
    }
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let is_good = number.starts_with('+') && (7..=15).contains(&digits.len()) && !digits.starts_with('0');
    if is_good { Ok(format!("+{digits}")) } else { Err(ADVICE) }
}

/// The end of a number as somebody looks for it: without the zeros that are dialled before it. None where it is none.
pub fn phone_tail(text: &str) -> Option<String> {
    let text = text::without_spaces(text);
    let is_number = text
        .chars()
        .all(|c| text::digit(c).is_some() || "+-/().\u{2010}\u{2011}\u{2013}".contains(c));
    let digits: String = text.replace("(0)", "").chars().filter_map(text::digit).collect();
    let tail = digits.trim_start_matches('0');
    (is_number && tail.len() >= 3).then(|| tail.to_owned())
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
            declination_at: None,
            declination_note: String::new(),
        }
    }

    #[test]
    fn only_the_last_guest_who_is_expected_cancels_for_all() {
        let one = guest(1, Role::Guest);
        let alone = [one.clone()];
        assert_eq!(
            Declination::of(State::Scheduled, &one, &alone),
            Some(Declination::Cancel)
        );
        for state in [State::Open, State::Live, State::Ended] {
            assert_eq!(Declination::of(state, &one, &alone), None, "{state:?}");
        }
        let mut two = [one.clone(), guest(2, Role::Guest)];
        assert_eq!(Declination::of(State::Scheduled, &one, &two), Some(Declination::Excuse));
        two[1].declination_at = Some(Timestamp::UNIX_EPOCH);
        assert_eq!(Declination::of(State::Scheduled, &two[1], &two), None, "said already");
        assert_eq!(Declination::of(State::Scheduled, &one, &two), Some(Declination::Cancel));
        let attendee = guest(3, Role::Attendee);
        let launch = [one.clone(), attendee.clone()];
        assert_eq!(
            Declination::of(State::Scheduled, &attendee, &launch),
            Some(Declination::Excuse)
        );
        assert_eq!(
            Declination::of(State::Scheduled, &one, &launch),
            Some(Declination::Excuse)
        );
        let out = Guest {
            admission: Admission::Removed,
            ..one
        };
        assert_eq!(Declination::of(State::Scheduled, &out, &alone), None);
    }

    #[test]
    fn names_lose_stray_spaces_and_what_nobody_sees_and_nothing_else() {
        assert_eq!(check_name("  Zoë \u{a0} van  der Berg ").unwrap(), "Zoë van der Berg");
        for hidden in [
            " \t ",
            "",
            "\u{200B}",
            "\u{2060}\u{FEFF}",
            "\u{200D}",
            "\u{3164}",
            "\u{2800}\u{2800}",
        ] {
            assert!(check_name(hidden).is_err(), "{}", hidden.escape_unicode());
        }
        assert!(check_name(&"x".repeat(101)).is_err());
        assert_eq!(check_name("Anna\u{202E}gnp.exe").unwrap(), "Annagnp.exe");
        for same in [
            "Anna\u{200B}",
            "An\u{AD}na",
            "\u{202D}Anna",
            "Anna\u{2067}",
            "Anna\u{E0041}",
        ] {
            assert_eq!(check_name(same).as_deref(), Ok("Anna"), "{}", same.escape_unicode());
        }
    }

    #[test]
    fn addresses_have_one_form() {
        for (typed, kept) in [
            ("a@b.ch", "a@b.ch"),
            (" name+tag@Sub.Example.COM ", "name+tag@sub.example.com"),
            ("o'neil@example.org\u{200B}", "o'neil@example.org"),
            ("mailto:anna@example.org", "anna@example.org"),
            ("Anna Keller <anna@example.org>", "anna@example.org"),
            ("käthe@MÜLLER.de", "käthe@müller.de"),
            // Odd, and good (RFC 5322 §3.2.3): whoever makes a link of it encodes it.
            ("r&d=x?y/z@example.org", "r&d=x?y/z@example.org"),
            ("ka\u{308}the@mu\u{308}ller.de", "käthe@müller.de"),
            ("käthe@xn--mller-kva.de", "käthe@müller.de"),
            ("anna@xn--p1b6ci4b4b3a.xn--11b5bs3a9aj6g", "anna@उदाहरण.परीक्षा"),
            ("anna@उदाहरण.परीक्षा", "anna@उदाहरण.परीक्षा"),
        ] {
            assert_eq!(check_email(typed).as_deref(), Ok(kept), "{typed}");
        }
        assert_eq!(email_key("Käthe@MÜLLER.de"), email_key("käthe@xn--mller-kva.de"));
        for bad in [
            "",
            "a@b",
            "@example.com",
            "a@-x.com",
            "a@x..com",
            "a@.example.com",
            "a@b.ch>,<c@d.ch",
            "a@example.com?subject=x",
            "a@exa_mple.com",
        ] {
            assert!(check_email(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn numbers_become_e164() {
        for (typed, kept) in [
            ("+49 (30) 123-4567", "+49301234567"),
            ("0041 44 668 18 00", "+41446681800"),
            ("+49 (0)30 1234567", "+49301234567"),
            ("0049 (0) 30 / 12 34 567", "+49301234567"),
            ("+39 06 1234 5678", "+390612345678"),
            ("+39 (0)6 1234 5678", "+390612345678"),
            ("tel:+49-30-1234567", "+49301234567"),
            ("\u{202A}+49 30 1234567\u{202C}", "+49301234567"),
            ("＋４９　３０　１２３４５６７", "+49301234567"),
            ("+٩٦٦ ٥٠ ١٢٣ ٤٥٦٧", "+966501234567"),
            ("+49\u{2011}30\u{2013}1234567", "+49301234567"),
        ] {
            assert_eq!(check_phone(typed).as_deref(), Ok(kept), "{typed}");
        }
        for bad in [
            "",
            "030 1234567",
            "+49 30 CALL",
            "+49 30 1234567 ext 5",
            "+49+301234567",
            "+0 30 1234567",
            "+49 30 1234567;x",
        ] {
            assert!(check_phone(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_number_is_looked_for_as_people_write_it() {
        for typed in [
            "030 1234567",
            "+49 (0)30 1234567",
            "0049 30 1234567",
            "30-1234567",
            "٠٣٠ ١٢٣٤٥٦٧",
        ] {
            let tail = phone_tail(typed).unwrap();
            assert!("+49301234567".ends_with(&tail), "{typed}: {tail}");
        }
        for other in ["Anna", "a1234", "12", "00", ""] {
            assert_eq!(phone_tail(other), None, "{other}");
        }
    }
}

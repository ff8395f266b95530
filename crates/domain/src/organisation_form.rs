//! The forms with which admins edit branches, services and accounts.

use serde::{Deserialize, Serialize};

use crate::account::{AccountRole, check_entra_id, check_password};
use crate::consultation::MAX_BUFFER_MINUTES;
use crate::contact::{check_email, check_name};
use crate::form::{FieldErrors, check_minutes, check_text, check_time};
use crate::id::{BranchId, ConsentId, ServiceId};
use crate::organisation::{Branch, Consent, Contact, Engine, MAX_CONSENT_CHARS, Service};
use crate::text::one_line;
use crate::time::{OpeningHours, Zone};

/// The form of a branch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BranchForm {
    /// The branch's name.
    pub name: String,
    /// The branch's time zone, by city or by IANA name.
    pub zone: String,
    /// When the branch opens, `HH:MM`.
    pub opens: String,
    /// When the branch closes, `HH:MM`.
    pub closes: String,
    /// The telephone number that guests are shown. Empty: none.
    pub phone: String,
    /// The e-mail address that guests are shown. Empty: none.
    pub email: String,
    /// The postal address that guests are shown. Empty: none.
    pub address: String,
}

/// The form of a service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ServiceForm {
    /// The id of the branch.
    pub branch: String,
    /// The service's name.
    pub name: String,
    /// The usual length of a consultation, in minutes.
    pub minutes: String,
    /// Minutes kept free before each consultation. Empty: 0.
    pub buffer_before: String,
    /// Minutes kept free after each consultation. Empty: 0.
    pub buffer_after: String,
    /// `builtin` or `teams`. Empty: `builtin`.
    pub engine: String,
    /// Whether a clerk admits guests here before they get credentials for Teams: `on` or empty, as a checkbox sends it.
    pub admit_first: String,
    /// The text that guests must agree to. Empty: guests are asked nothing.
    pub consent: String,
    /// Whether the service can be scheduled: `on` or empty.
    pub active: String,
}

/// The form of a staff account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountForm {
    /// The owner's name.
    pub name: String,
    /// The e-mail address to sign in with. It cannot be changed later.
    pub email: String,
    /// `clerk` or `admin`.
    pub role: String,
    /// The id of the branch. Empty: the whole organisation, for an admin only.
    pub branch: String,
    /// The owner's time zone, by city or by IANA name.
    pub zone: String,
    /// The new password. Empty on an existing account: the password stays.
    pub password: String,
    /// The owner's object ID in Microsoft Entra, so that Graph can make Teams meetings in their name. Empty: none.
    pub entra_id: String,
    /// Whether the account may be used: `on` or empty, as a checkbox sends it.
    pub active: String,
}

/// The minutes after midnight of a time of day. After an error any value will do, because the form fails.
fn minute_of(errors: &mut FieldErrors, field: &str, text: &str) -> i16 {
    errors
        .take(field, check_time(text))
        .map_or(0, |time| i16::from(time.hour()) * 60 + i16::from(time.minute()))
}

/// The longest published telephone number, in characters: room for the numbers of a country, an area and an extension.
pub const MAX_PUBLISHED_PHONE_CHARS: usize = 40;

/// Checks a telephone number that guests read and call, or empty text.
///
/// The number stays as it was typed, because each country groups the digits in its own way.
pub fn check_published_phone(text: &str) -> Result<String, &'static str> {
    const WANTED: &str = "Enter a number that guests can call, such as 044 555 01 00, or leave this empty.";
    let text = text.trim();
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '\u{a0}' | '-' | '.' | '/' | '(' | ')');
    let digits = text.chars().filter(char::is_ascii_digit).count();
    match text {
        "" => Ok(String::new()),
        // The numbers of switchboards and emergency services have as few as three digits.
        _ if digits >= 3 && text.chars().count() <= MAX_PUBLISHED_PHONE_CHARS && text.chars().all(is_part) => {
            Ok(text.to_owned())
        }
        _ => Err(WANTED),
    }
}

fn check_published_email(text: &str) -> Result<String, &'static str> {
    match text.trim() {
        "" => Ok(String::new()),
        text => check_email(text),
    }
}

/// The longest published postal address, in characters.
pub const MAX_ADDRESS_CHARS: usize = 300;

/// Checks a postal address. Its lines stay as on an envelope; empty ones are dropped.
fn check_address(text: &str) -> Result<String, String> {
    let lines = text.lines().map(one_line).filter(|line| !line.is_empty());
    let text = lines.collect::<Vec<_>>().join("\n");
    match text.chars().count() {
        0..=MAX_ADDRESS_CHARS => Ok(text),
        _ => Err(format!("Use at most {MAX_ADDRESS_CHARS} characters.")),
    }
}

fn check_buffer(text: &str) -> Result<u16, String> {
    match text.trim() {
        "" => Ok(0),
        text => text
            .parse()
            .ok()
            .filter(|minutes| *minutes <= MAX_BUFFER_MINUTES)
            .ok_or_else(|| format!("Enter a number of minutes up to {MAX_BUFFER_MINUTES}, or nothing.")),
    }
}

impl BranchForm {
    /// Turns the form into the branch with this id, or says about every wrong field what is wrong.
    ///
    /// The id of a new branch is 0 until it is stored.
    pub fn check(&self, id: BranchId) -> Result<Branch, FieldErrors> {
        let mut errors = FieldErrors::default();
        let name = errors.take("name", check_name(&self.name));
        let zone = errors.take("zone", self.zone.parse::<Zone>());
        let opens = minute_of(&mut errors, "opens", &self.opens);
        let closes = minute_of(&mut errors, "closes", &self.closes);
        if errors.is_empty() && closes <= opens {
            errors.add("closes", "Closing time comes after opening time.");
        }
        let phone = errors.take("phone", check_published_phone(&self.phone));
        let email = errors.take("email", check_published_email(&self.email));
        let address = errors.take("address", check_address(&self.address));
        let contact = Contact {
            phone: phone.unwrap_or_default(),
            email: email.unwrap_or_default(),
            address: address.unwrap_or_default(),
        };
        match (name, zone) {
            (Some(name), Some(zone)) if errors.is_empty() => Ok(Branch {
                id,
                name,
                zone,
                hours: OpeningHours { opens, closes },
                contact,
            }),
            _ => Err(errors),
        }
    }
}

impl ServiceForm {
    /// Turns the form into the service with this id, or says about every wrong field what is wrong.
    ///
    /// The id of a new service is 0 until it is stored. The id of its consent text always is.
    pub fn check(&self, id: ServiceId) -> Result<Service, FieldErrors> {
        let mut errors = FieldErrors::default();
        let branch = errors.take("branch", self.branch.trim().parse().map_err(|_| "Choose a branch."));
        let name = errors.take("name", check_name(&self.name));
        let minutes = errors.take("minutes", check_minutes(&self.minutes));
        let before = errors.take("buffer_before", check_buffer(&self.buffer_before));
        let after = errors.take("buffer_after", check_buffer(&self.buffer_after));
        let engine = match self.engine.trim() {
            "" => Some(Engine::Builtin),
            word => errors.take(
                "engine",
                word.parse::<Engine>()
                    .map_err(|_| "Choose where the meetings take place."),
            ),
        };
        let consent = errors.take("consent", check_text(&self.consent, MAX_CONSENT_CHARS));
        match (branch, name, minutes, before, after, engine, consent) {
            (
                Some(branch),
                Some(name),
                Some(minutes),
                Some(buffer_before),
                Some(buffer_after),
                Some(engine),
                Some(consent),
            ) => Ok(Service {
                id,
                branch: BranchId(branch),
                name,
                minutes,
                buffer_before,
                buffer_after,
                engine,
                admit_first: !self.admit_first.is_empty(),
                // The text gets its id when it is stored.
                consent: Some(consent)
                    .filter(|text| !text.is_empty())
                    .map(|text| Consent { id: ConsentId(0), text }),
                active: !self.active.is_empty(),
            }),
            _ => Err(errors),
        }
    }
}

/// A checked [`AccountForm`], without its e-mail address and password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountTerms {
    /// The owner's name.
    pub name: String,
    /// The owner's role.
    pub role: AccountRole,
    /// The owner's branch. None: the whole organisation.
    pub branch: Option<BranchId>,
    /// The zone in which the owner reads times.
    pub zone: Zone,
    /// The owner's object ID in Microsoft Entra. Empty: none.
    pub entra_id: String,
    /// Whether the account may be used.
    pub active: bool,
}

impl AccountForm {
    /// Checks the form of a new account, which needs an e-mail address and a password.
    pub fn check_new(&self) -> Result<AccountTerms, FieldErrors> {
        self.check(true)
    }

    /// Checks the form of an existing account. Its e-mail address stays, and so does its password if the field is
    /// empty.
    pub fn check_existing(&self) -> Result<AccountTerms, FieldErrors> {
        self.check(false)
    }

    fn check(&self, is_new: bool) -> Result<AccountTerms, FieldErrors> {
        let mut errors = FieldErrors::default();
        let name = errors.take("name", check_name(&self.name));
        if is_new {
            errors.take("email", check_email(&self.email));
        }
        let role = errors.take("role", self.role.parse::<AccountRole>().map_err(|_| "Choose a role."));
        let branch = match self.branch.trim() {
            "" if role == Some(AccountRole::Clerk) => {
                errors.add("branch", "Choose the branch that this clerk belongs to.");
                None
            }
            "" => None,
            id => errors.take("branch", id.parse().map(BranchId).map_err(|_| "Choose a branch.")),
        };
        let zone = errors.take("zone", self.zone.parse::<Zone>());
        let entra_id = errors.take("entra_id", check_entra_id(&self.entra_id));
        if is_new || !self.password.is_empty() {
            errors.take("password", check_password(&self.password));
        }
        match (name, role, zone, entra_id) {
            (Some(name), Some(role), Some(zone), Some(entra_id)) if errors.is_empty() => Ok(AccountTerms {
                name,
                role,
                branch,
                zone,
                entra_id,
                active: !self.active.is_empty(),
            }),
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_published_number_stays_as_its_country_writes_it() {
        for number in [
            "044 555 01 00",
            "+41 (0)44 555 01 00",
            "112",
            "020 7946 0100",
            "069/1234-0",
        ] {
            assert_eq!(check_published_phone(&format!(" {number} ")).as_deref(), Ok(number));
        }
        assert_eq!(check_published_phone("  ").as_deref(), Ok(""));
        for text in [
            "12",
            "ask Anna",
            "javascript:1234",
            "044 555 01 00 ext. 3",
            &"1".repeat(41),
        ] {
            assert!(check_published_phone(text).is_err(), "{text}");
        }
    }

    #[test]
    fn everything_that_is_wrong_with_an_account_is_said_at_once_from_top_to_bottom() {
        let form = AccountForm {
            role: "clerk".into(),
            zone: "Europe/Nowhere".into(),
            password: "short".into(),
            entra_id: "me".into(),
            ..AccountForm::default()
        };
        let all = ["name", "email", "branch", "zone", "entra_id", "password"];
        assert_eq!(form.check_new().unwrap_err().fields(), all);
        let of_existing = ["name", "branch", "zone", "entra_id", "password"];
        assert_eq!(form.check_existing().unwrap_err().fields(), of_existing);
        let form = AccountForm {
            role: "clerk".into(),
            branch: "x".into(),
            ..AccountForm::default()
        };
        assert_eq!(form.check_existing().unwrap_err().fields(), ["name", "branch", "zone"]);
    }

    #[test]
    fn everything_that_is_wrong_with_a_branch_or_a_service_is_said_from_top_to_bottom() {
        let branch = BranchForm {
            phone: "ask Anna".into(),
            ..BranchForm::default()
        };
        let wrong = branch.check(BranchId(0)).unwrap_err();
        assert_eq!(wrong.fields(), ["name", "zone", "opens", "closes", "phone"]);
        let service = ServiceForm {
            buffer_before: "x".into(),
            buffer_after: "x".into(),
            engine: "x".into(),
            consent: "x".repeat(MAX_CONSENT_CHARS + 1),
            ..ServiceForm::default()
        };
        let all = [
            "branch",
            "name",
            "minutes",
            "buffer_before",
            "buffer_after",
            "engine",
            "consent",
        ];
        assert_eq!(service.check(ServiceId(0)).unwrap_err().fields(), all);
    }

    #[test]
    fn an_admin_of_everything_needs_no_branch_and_an_existing_account_no_password() {
        let form = AccountForm {
            name: " Adele  Admin ".into(),
            role: "admin".into(),
            zone: "Europe/Berlin".into(),
            active: "on".into(),
            ..AccountForm::default()
        };
        let terms = form.check_existing().unwrap();
        assert_eq!(
            (terms.name.as_str(), terms.branch, terms.active),
            ("Adele Admin", None, true)
        );
        assert_eq!(form.check_new().unwrap_err().fields(), ["email", "password"]);
    }

    #[test]
    fn a_service_is_as_long_as_a_consultation_may_be() {
        let form = |minutes: &str| ServiceForm {
            branch: "1".into(),
            name: "Advice".into(),
            minutes: minutes.into(),
            ..ServiceForm::default()
        };
        assert_eq!(form("480").check(ServiceId(0)).unwrap().minutes, 480);
        assert_eq!(form("481").check(ServiceId(0)).unwrap_err().fields(), ["minutes"]);
    }

    #[test]
    fn what_guests_agree_to_is_short_enough_to_be_read_or_nothing() {
        let asks = |text: &str| ServiceForm {
            branch: "1".into(),
            name: "Video visit".into(),
            minutes: "15".into(),
            consent: text.into(),
            ..ServiceForm::default()
        };
        let text = |typed: &str| {
            let service = asks(typed).check(ServiceId(0)).unwrap();
            service.consent.map(|consent| consent.text)
        };
        assert_eq!(text(" \r\n "), None);
        assert_eq!(
            text("A colleague may listen.\r\nYou can stop at any time. "),
            Some("A colleague may listen.\nYou can stop at any time.".into())
        );
        let longest = "é".repeat(MAX_CONSENT_CHARS);
        assert_eq!(text(&longest), Some(longest.clone()));
        let too_long = asks(&format!("{longest}!")).check(ServiceId(0)).unwrap_err();
        assert_eq!(too_long.fields(), ["consent"]);
    }
}

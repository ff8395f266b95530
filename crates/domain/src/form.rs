//! What people type, and the rules that turn it into values. The same rules run in the browser and on the server; the
//! server's word counts. A form holds the text as it was typed, so that it can be shown again beside its errors.

use std::collections::BTreeMap;

use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::consultation::MAX_MINUTES;
use crate::guest::{check_email, check_language, check_name, check_phone};
use crate::id::{AccountId, ServiceId};
use crate::organisation::Engine;
use crate::teams::link::Meeting;
use crate::time::{Zone, instant_of};

/// Sentences by the name of the field they belong to; the empty name is the form as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldErrors(pub BTreeMap<String, String>);

impl FieldErrors {
    pub fn one(field: &str, sentence: impl Into<String>) -> Self {
        let mut errors = Self::default();
        errors.add(field, sentence);
        errors
    }

    pub fn add(&mut self, field: &str, sentence: impl Into<String>) {
        self.0.entry(field.to_owned()).or_insert_with(|| sentence.into());
    }

    pub fn get(&self, field: &str) -> Option<String> {
        self.0.get(field).cloned()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value, or None with the sentence noted.
    pub fn take<T, E: ToString>(&mut self, field: &str, result: Result<T, E>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(sentence) => {
                self.add(field, sentence.to_string());
                None
            }
        }
    }
}

/// Longest free text for staff.
pub const MAX_NOTES_CHARS: usize = 4_000;
/// Longest reason that a guest or clerk gives for a cancellation.
pub const MAX_REASON_CHARS: usize = 500;

/// A consultation as a clerk writes it down; also its edit form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConsultationForm {
    pub service: String,
    pub guest_name: String,
    pub guest_email: String,
    pub guest_phone: String,
    pub guest_language: String,
    pub guest_zone: String,
    pub date: String,
    pub time: String,
    pub zone: String,
    pub minutes: String,
    pub host: String,
    pub notes: String,
    /// `builtin` or `teams`; empty: as the service has it.
    pub engine: String,
    /// A Teams link, or a meeting ID with its passcode, as it was pasted. Empty: Graph makes the meeting, where it can.
    pub meeting: String,
    /// On Teams, `on`: a webinar, where guests only watch and listen.
    pub webinar: String,
}

/// A checked [`ConsultationForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsultationPlan {
    pub service: ServiceId,
    pub host: AccountId,
    pub guest_name: String,
    pub guest_email: String,
    pub guest_phone: String,
    pub guest_language: String,
    pub guest_zone: Zone,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub zone: Zone,
    pub notes: String,
    /// None: the service's.
    pub engine: Option<Engine>,
    pub meeting: Option<Meeting>,
    pub webinar: bool,
}

impl ConsultationForm {
    pub fn check(&self) -> Result<ConsultationPlan, FieldErrors> {
        let mut errors = FieldErrors::default();
        let service = errors.take("service", self.service.trim().parse().map_err(|_| "Choose a service."));
        let host = errors.take("host", self.host.trim().parse().map_err(|_| "Choose who will host it."));
        let guest_name = errors.take("guest_name", check_name(&self.guest_name));
        let guest_email = optional(&self.guest_email, check_email);
        let guest_email = errors.take("guest_email", guest_email);
        let guest_phone = errors.take("guest_phone", optional(&self.guest_phone, check_phone));
        if guest_email.as_deref() == Some("") && guest_phone.as_deref() == Some("") {
            errors.add(
                "guest_email",
                "Enter an e-mail address or a phone number, so that the guest can be reached.",
            );
        }
        let guest_language = errors.take("guest_language", check_language(&self.guest_language));
        let zone = errors.take("zone", self.zone.parse::<Zone>());
        let guest_zone = match self.guest_zone.trim() {
            "" => zone.clone(),
            name => errors.take("guest_zone", name.parse::<Zone>()),
        };
        let minutes = errors.take("minutes", check_minutes(&self.minutes));
        let date = errors.take("date", check_date(&self.date));
        let time = errors.take("time", check_time(&self.time));
        let starts_at = match (date, time, &zone) {
            (Some(date), Some(time), Some(zone)) => errors.take("time", instant_of(date, time, zone)),
            _ => None,
        };
        let notes = errors.take("notes", check_text(&self.notes, MAX_NOTES_CHARS));
        let engine = match self.engine.trim() {
            "" => None,
            word => errors.take(
                "engine",
                Engine::parse(word).ok_or("Choose where the meeting takes place."),
            ),
        };
        // What was pasted for Teams does not stand in the way of a meeting elsewhere.
        let meeting = match self.meeting.trim() {
            _ if engine == Some(Engine::Builtin) => None,
            "" => None,
            text => errors.take("meeting", text.parse::<Meeting>()),
        };
        match (
            service,
            host,
            guest_name,
            guest_email,
            guest_phone,
            guest_language,
            guest_zone,
            starts_at,
            minutes,
            zone,
            notes,
        ) {
            (
                Some(service),
                Some(host),
                Some(guest_name),
                Some(guest_email),
                Some(guest_phone),
                Some(guest_language),
                Some(guest_zone),
                Some(starts_at),
                Some(minutes),
                Some(zone),
                Some(notes),
            ) if errors.is_empty() => Ok(ConsultationPlan {
                service: ServiceId(service),
                host: AccountId(host),
                guest_name,
                guest_email,
                guest_phone,
                guest_language,
                guest_zone,
                starts_at,
                ends_at: starts_at + SignedDuration::from_mins(i64::from(minutes)),
                zone,
                notes,
                engine,
                meeting,
                webinar: !self.webinar.trim().is_empty() && engine != Some(Engine::Builtin),
            }),
            _ => Err(errors),
        }
    }
}

fn optional(text: &str, check: fn(&str) -> Result<String, &'static str>) -> Result<String, &'static str> {
    if text.trim().is_empty() {
        Ok(String::new())
    } else {
        check(text)
    }
}

pub fn check_text(text: &str, most: usize) -> Result<String, String> {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    if text.chars().count() > most {
        return Err(format!("Use at most {most} characters."));
    }
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err("The text holds characters that can't be shown; type it anew.".into());
    }
    Ok(text)
}

pub fn check_minutes(text: &str) -> Result<u16, String> {
    match text.trim().parse::<u16>() {
        Ok(minutes) if (5..=MAX_MINUTES).contains(&minutes) => Ok(minutes),
        _ => Err(format!("Enter a length between 5 and {MAX_MINUTES} minutes.")),
    }
}

/// `YYYY-MM-DD`, as `<input type=date>` sends it.
pub fn check_date(text: &str) -> Result<Date, &'static str> {
    const ADVICE: &str = "Enter a date as YYYY-MM-DD, such as 2027-03-01.";
    let date: Date = text.trim().parse().map_err(|_| ADVICE)?;
    if (2000..=2200).contains(&date.year()) {
        Ok(date)
    } else {
        Err(ADVICE)
    }
}

/// `HH:MM`, as `<input type=time>` sends it.
pub fn check_time(text: &str) -> Result<Time, &'static str> {
    const ADVICE: &str = "Enter a time as HH:MM, such as 14:30.";
    let text = text.trim();
    let (hour, minute) = text.split_once(':').ok_or(ADVICE)?;
    let minute = minute.split(':').next().unwrap_or(minute);
    let (hour, minute) = (hour.parse().map_err(|_| ADVICE)?, minute.parse().map_err(|_| ADVICE)?);
    Time::new(hour, minute, 0, 0).map_err(|_| ADVICE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> ConsultationForm {
        let text = |s: &str| s.to_owned();
        ConsultationForm {
            service: text("3"),
            guest_name: text("Ada Okafor"),
            guest_email: text("ada@example.org"),
            guest_phone: text(""),
            guest_language: text("en"),
            guest_zone: text(""),
            date: text("2027-03-01"),
            time: text("14:30"),
            zone: text("Europe/Berlin"),
            minutes: text("45"),
            host: text("7"),
            notes: text("Bring the\r\npapers"),
            engine: text(""),
            meeting: text(""),
            webinar: text(""),
        }
    }

    #[test]
    fn a_good_form_becomes_a_plan_in_utc() {
        let plan = good().check().unwrap();
        assert_eq!(plan.starts_at.to_string(), "2027-03-01T13:30:00Z");
        assert_eq!(plan.ends_at.to_string(), "2027-03-01T14:15:00Z");
        assert_eq!(plan.guest_zone.as_str(), "Europe/Berlin");
        assert_eq!(plan.notes, "Bring the\npapers");
    }

    #[test]
    fn every_wrong_field_gets_its_own_sentence_at_once() {
        let errors = ConsultationForm::default().check().unwrap_err();
        let fields: Vec<_> = errors.0.keys().map(String::as_str).collect();
        assert_eq!(
            fields,
            [
                "date",
                "guest_email",
                "guest_language",
                "guest_name",
                "host",
                "minutes",
                "service",
                "time",
                "zone"
            ]
        );
    }

    #[test]
    fn a_time_in_the_spring_gap_is_an_error_at_the_time() {
        let form = ConsultationForm {
            date: "2027-03-28".into(),
            time: "02:30".into(),
            ..good()
        };
        assert!(
            form.check()
                .unwrap_err()
                .get("time")
                .unwrap()
                .contains("clocks go forward")
        );
    }

    #[test]
    fn a_guest_needs_an_address_or_a_number() {
        let form = ConsultationForm {
            guest_email: String::new(),
            ..good()
        };
        assert!(form.check().unwrap_err().get("guest_email").is_some());
        let form = ConsultationForm {
            guest_email: String::new(),
            guest_phone: "+49301234567".into(),
            ..good()
        };
        assert!(form.check().is_ok());
    }
}

//! The form of a consultation, and of a guest in one.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{FieldErrors, MAX_NOTES_CHARS, check_date, check_minutes, check_text, check_time};
use crate::contact::{check_email, check_name, check_phone};
use crate::guest::check_language;
use crate::id::{AccountId, ServiceId};
use crate::organisation::Engine;
use crate::teams::link::MeetingLink;
use crate::time::{Fold, LocalTimeError, Zone, instant_meant};

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
    /// Of a time that the clocks show twice on that day, which one: `first` or `second`.
    pub fold: String,
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
    /// Of an existing consultation: the change that the form was filled from. What was changed since is not overwritten
    /// unseen. Empty: nothing was seen before.
    pub version: String,
    /// A free time that was offered and is taken: the form comes back with it.
    pub pick: String,
}

/// A checked [`ConsultationForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsultationPlan {
    pub service: ServiceId,
    pub host: AccountId,
    pub guest: GuestTerms,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub zone: Zone,
    pub notes: String,
    /// None: the service's.
    pub engine: Option<Engine>,
    pub meeting: Option<MeetingLink>,
    pub webinar: bool,
}

impl ConsultationForm {
    pub fn check(&self) -> Result<ConsultationPlan, FieldErrors> {
        let mut errors = FieldErrors::default();
        let service = errors.take("service", self.service.trim().parse().map_err(|_| "Choose a service."));
        let host = errors.take("host", self.host.trim().parse().map_err(|_| "Choose who will host it."));
        let date = errors.take("date", check_date(&self.date));
        let time = errors.take("time", check_time(&self.time));
        // What the time means depends on the zone, whose field comes later.
        let zone = self.zone.parse::<Zone>();
        let start = match (date, time, &zone) {
            (Some(date), Some(time), Ok(zone)) => Some(instant_meant(date, time, zone, self.fold.parse::<Fold>().ok())),
            _ => None,
        };
        let (starts_at, twice) = match start {
            Some(Err(error @ LocalTimeError::Twice(_))) => (None, Some(error)),
            Some(other) => (errors.take("time", other), None),
            None => (None, None),
        };
        let minutes = errors.take("minutes", check_minutes(&self.minutes));
        if let Some(error) = twice {
            errors.add("fold", error.to_string());
        }
        let zone = errors.take("zone", zone);
        let engine = match self.engine.trim() {
            "" => None,
            word => errors.take(
                "engine",
                word.parse::<Engine>()
                    .map_err(|_| "Choose where the meeting takes place."),
            ),
        };
        // What was pasted for Teams does not stand in the way of a meeting elsewhere.
        let meeting = match self.meeting.trim() {
            _ if engine == Some(Engine::Builtin) => None,
            "" => None,
            text => errors.take("meeting", text.parse::<MeetingLink>()),
        };
        let guest = self.guest().check(zone.as_ref());
        let guest = guest
            .map_err(|wrong| {
                for (field, sentence) in wrong.0 {
                    errors.add(&format!("guest_{field}"), sentence);
                }
            })
            .ok();
        let notes = errors.take("notes", check_text(&self.notes, MAX_NOTES_CHARS));
        match (service, host, guest, starts_at, minutes, zone, notes) {
            (Some(service), Some(host), Some(guest), Some(starts_at), Some(minutes), Some(zone), Some(notes))
                if errors.is_empty() =>
            {
                Ok(ConsultationPlan {
                    service: ServiceId(service),
                    host: AccountId(host),
                    guest,
                    starts_at,
                    ends_at: starts_at + SignedDuration::from_mins(i64::from(minutes)),
                    zone,
                    notes,
                    engine,
                    meeting,
                    webinar: !self.webinar.trim().is_empty() && engine != Some(Engine::Builtin),
                })
            }
            _ => Err(errors),
        }
    }

    fn guest(&self) -> GuestForm {
        GuestForm {
            name: self.guest_name.clone(),
            email: self.guest_email.clone(),
            phone: self.guest_phone.clone(),
            language: self.guest_language.clone(),
            zone: self.guest_zone.clone(),
        }
    }

    /// With this start in place of what was typed.
    #[must_use]
    pub fn at(self, start: Timestamp) -> Self {
        let zone: Zone = self.zone.parse().unwrap_or_else(|_| Zone::utc());
        let local = zone.at(start);
        Self {
            date: local.date().to_string(),
            time: local.strftime("%H:%M").to_string(),
            fold: Fold::of(start, &zone).map(<&str>::from).unwrap_or_default().to_owned(),
            zone: zone.to_string(),
            pick: String::new(),
            ..self
        }
    }
}

/// A guest as staff write them down: when scheduling, one more, and one who is there already.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GuestForm {
    pub name: String,
    pub email: String,
    pub phone: String,
    pub language: String,
    /// Empty: the zone that the time was agreed in.
    pub zone: String,
}

/// A checked [`GuestForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuestTerms {
    pub name: String,
    pub email: String,
    pub phone: String,
    pub language: String,
    pub zone: Zone,
}

impl GuestForm {
    /// `agreed`: the zone that the time was agreed in, where that is known.
    pub fn check(&self, agreed: Option<&Zone>) -> Result<GuestTerms, FieldErrors> {
        let mut errors = FieldErrors::default();
        let name = errors.take("name", check_name(&self.name));
        let email = errors.take("email", optional(&self.email, check_email));
        let phone = errors.take("phone", optional(&self.phone, check_phone));
        if email.as_deref() == Some("") && phone.as_deref() == Some("") {
            errors.add(
                "email",
                "Enter an e-mail address or a phone number, so that the guest can be reached.",
            );
        }
        let language = errors.take("language", check_language(&self.language));
        let zone = match self.zone.trim() {
            // Where that one is not known either, it is the one with the sentence.
            "" => Some(agreed.cloned().unwrap_or_else(Zone::utc)),
            name => errors.take("zone", name.parse::<Zone>()),
        };
        match (name, email, phone, language, zone) {
            (Some(name), Some(email), Some(phone), Some(language), Some(zone)) if errors.is_empty() => Ok(GuestTerms {
                name,
                email,
                phone,
                language,
                zone,
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
            ..ConsultationForm::default()
        }
    }

    #[test]
    fn a_good_form_becomes_a_plan_in_utc() {
        let plan = good().check().unwrap();
        assert_eq!(plan.starts_at.to_string(), "2027-03-01T13:30:00Z");
        assert_eq!(plan.ends_at.to_string(), "2027-03-01T14:15:00Z");
        assert_eq!(plan.guest.zone.as_str(), "Europe/Berlin");
        assert_eq!(plan.notes, "Bring the\npapers");
    }

    #[test]
    fn every_wrong_field_gets_its_own_sentence_at_once_from_top_to_bottom() {
        let form = ConsultationForm {
            engine: "elsewhere".into(),
            meeting: "no meeting".into(),
            guest_zone: "Atlantis".into(),
            notes: "x".repeat(MAX_NOTES_CHARS + 1),
            ..ConsultationForm::default()
        };
        assert_eq!(
            form.check().unwrap_err().fields(),
            [
                "service",
                "host",
                "date",
                "time",
                "minutes",
                "zone",
                "engine",
                "meeting",
                "guest_name",
                "guest_email",
                "guest_language",
                "guest_zone",
                "notes"
            ]
        );
        let twice = ConsultationForm {
            date: "2027-10-31".into(),
            time: "02:30".into(),
            minutes: "1".into(),
            guest_name: String::new(),
            ..good()
        };
        assert_eq!(twice.check().unwrap_err().fields(), ["minutes", "fold", "guest_name"]);
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
    fn a_time_that_happens_twice_asks_which_one() {
        let form = ConsultationForm {
            date: "2027-10-31".into(),
            time: "02:30".into(),
            ..good()
        };
        let errors = form.check().unwrap_err();
        assert!(errors.get("fold").unwrap().contains("happens twice"), "{errors:?}");
        assert_eq!(errors.0.len(), 1);
        let second = ConsultationForm {
            fold: "second".into(),
            ..form
        };
        let plan = second.check().unwrap();
        assert_eq!(plan.starts_at.to_string(), "2027-10-31T01:30:00Z");
        // The start goes back into the form as it was meant.
        assert_eq!(
            ConsultationForm {
                fold: String::new(),
                ..second.clone()
            }
            .at(plan.starts_at),
            second
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

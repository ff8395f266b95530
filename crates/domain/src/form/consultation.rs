//! The forms of a consultation and of its guests.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{FieldErrors, MAX_NOTES_CHARS, check_date, check_minutes, check_text, check_time};
use crate::contact::{check_email, check_name, check_phone};
use crate::guest::check_language;
use crate::id::{AccountId, ServiceId};
use crate::organisation::Engine;
use crate::teams::link::MeetingLink;
use crate::time::{Fold, LocalTimeError, Zone, instant_meant};

/// The form with which a clerk schedules or edits a consultation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConsultationForm {
    /// The id of the service.
    pub service: String,
    /// The first guest's name.
    pub guest_name: String,
    /// The first guest's e-mail address. Empty: none; then a telephone number is required.
    pub guest_email: String,
    /// The first guest's telephone number. Empty: none.
    pub guest_phone: String,
    /// The first guest's language, as a BCP 47 tag.
    pub guest_language: String,
    /// The first guest's time zone. Empty: [`Self::zone`].
    pub guest_zone: String,
    /// The day of the start, `YYYY-MM-DD`.
    pub date: String,
    /// The start on the clocks of [`Self::zone`], `HH:MM`.
    pub time: String,
    /// `first` or `second`: which one is meant if the clocks show the time twice on that day. Empty: not said.
    pub fold: String,
    /// The zone in which the time is meant, by city or by IANA name.
    pub zone: String,
    /// The length, in minutes.
    pub minutes: String,
    /// The id of the host's account.
    pub host: String,
    /// Notes for staff.
    pub notes: String,
    /// `builtin` or `teams`. Empty: the service's engine.
    pub engine: String,
    /// A Teams link, or a meeting ID with its passcode, as it was pasted. Empty: Graph makes the meeting, if it is set
    /// up.
    pub meeting: String,
    /// Non-empty on Teams: a webinar, where guests only watch and listen.
    pub webinar: String,
    /// The id of the consultation's last change when the form was filled, so that later changes are not overwritten
    /// unseen. Empty when scheduling.
    pub version: String,
    /// The instant of a suggested free time that the clerk picked. The form comes back with it filled in.
    pub pick: String,
}

/// A checked [`ConsultationForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsultationPlan {
    /// The service that is consulted on.
    pub service: ServiceId,
    /// The clerk who holds the consultation.
    pub host: AccountId,
    /// The first guest.
    pub guest: GuestTerms,
    /// The planned start.
    pub starts_at: Timestamp,
    /// The planned end.
    pub ends_at: Timestamp,
    /// The zone in which the time was agreed.
    pub zone: Zone,
    /// Notes for staff.
    pub notes: String,
    /// The engine that the clerk chose. None: the service's engine.
    pub engine: Option<Engine>,
    /// The Teams meeting that the clerk pasted.
    pub meeting: Option<MeetingLink>,
    /// Whether guests only watch and listen. Never on the built-in engine.
    pub webinar: bool,
}

impl ConsultationForm {
    /// Turns the form into a plan, or says about every wrong field what is wrong.
    pub fn check(&self) -> Result<ConsultationPlan, FieldErrors> {
        let mut errors = FieldErrors::default();
        let service = errors.take("service", self.service.trim().parse().map_err(|_| "Choose a service."));
        let host = errors.take("host", self.host.trim().parse().map_err(|_| "Choose who will host it."));
        let date = errors.take("date", check_date(&self.date));
        let time = errors.take("time", check_time(&self.time));
        // The instant depends on the zone, but the zone's field comes later on the page: its error is added further
        // down.
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
        // A bad link in a field that the built-in engine does not use must not block the form.
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

    /// The form with `start` in place of the date and time that were typed, in the form's zone (or in UTC, if that is
    /// wrong).
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

/// The form with which staff add or edit a guest. When scheduling, it is a part of the [`ConsultationForm`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GuestForm {
    /// The guest's name.
    pub name: String,
    /// The guest's e-mail address. Empty: none; then a telephone number is required.
    pub email: String,
    /// The guest's telephone number. Empty: none.
    pub phone: String,
    /// The guest's language, as a BCP 47 tag.
    pub language: String,
    /// The guest's time zone. Empty: the zone in which the time was agreed.
    pub zone: String,
}

/// A checked [`GuestForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuestTerms {
    /// The guest's name.
    pub name: String,
    /// The guest's e-mail address. Empty: none.
    pub email: String,
    /// The guest's telephone number in E.164. Empty: none.
    pub phone: String,
    /// The guest's language, as a BCP 47 tag.
    pub language: String,
    /// The zone in which the guest reads times.
    pub zone: Zone,
}

impl GuestForm {
    /// Turns the form into values, or says about every wrong field what is wrong.
    ///
    /// `agreed` is the zone in which the time was agreed. None if that zone is itself wrong.
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
            // Without an agreed zone any value will do: the form fails with the sentence about that zone.
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
        // Filling the form from the start restores the fold as well.
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

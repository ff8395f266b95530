use anteroom_domain::consultation::{Consultation, ConsultationPlan};
use anteroom_domain::guest::{Guest, GuestTerms};
use anteroom_domain::id::{AccountId, EventId, ServiceId};
use anteroom_domain::organisation::Engine;
use anteroom_domain::teams::link::MeetingLink;
use anteroom_domain::time::{Fold, LocalTimeError, Zone, instant_meant};
use anteroom_domain::value::{check_date, check_time, optional};
use anteroom_i18n::Lang;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{FieldErrors, GuestForm, Unchosen, ticked};

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
    /// The length, in minutes. Empty: the service's.
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

impl ConsultationForm {
    /// Filled from a consultation and its first guest. `version`: its last change.
    pub fn of(consultation: &Consultation, guest: &Guest, version: Option<EventId>) -> Self {
        let minutes = consultation.ends_at.duration_since(consultation.starts_at).as_mins();
        let guest = GuestForm::of(guest);
        Self {
            service: consultation.service.to_string(),
            minutes: minutes.to_string(),
            host: consultation.host.to_string(),
            notes: consultation.notes.clone(),
            engine: consultation.engine.into_str().to_owned(),
            meeting: consultation
                .meeting
                .as_ref()
                .map(|meeting| meeting.link.to_string())
                .unwrap_or_default(),
            webinar: ticked(consultation.webinar),
            version: version.map(|version| version.to_string()).unwrap_or_default(),
            zone: consultation.zone.to_string(),
            ..Self::default().with_guest(guest)
        }
        .at(consultation.starts_at)
    }

    /// The same with this guest.
    #[must_use]
    pub fn with_guest(self, guest: GuestForm) -> Self {
        Self {
            guest_name: guest.name,
            guest_email: guest.email,
            guest_phone: guest.phone,
            guest_language: guest.language,
            guest_zone: guest.zone,
            ..self
        }
    }

    /// The values, or what is wrong with each field.
    pub fn parse(&self, lang: Lang) -> Result<(ConsultationPlan, GuestTerms), FieldErrors> {
        let mut errors = FieldErrors::default();
        let service = errors.take(
            lang,
            "service",
            self.service.trim().parse().map_err(|_| Unchosen::Service),
        );
        let host = errors.take(lang, "host", self.host.trim().parse().map_err(|_| Unchosen::Host));
        let date = errors.take(lang, "date", check_date(&self.date));
        let time = errors.take(lang, "time", check_time(&self.time));
        // The instant depends on the zone, but the zone's field comes later on the page: its error is added further
        // down.
        let zone = self.zone.parse::<Zone>();
        let start = match (date, time, &zone) {
            (Some(date), Some(time), Ok(zone)) => Some(instant_meant(date, time, zone, self.fold.parse::<Fold>().ok())),
            _ => None,
        };
        let (starts_at, twice) = match start {
            Some(Err(error @ LocalTimeError::Twice(_))) => (None, Some(error)),
            Some(other) => (errors.take(lang, "time", other), None),
            None => (None, None),
        };
        let length = errors.take(lang, "minutes", optional(&self.minutes));
        if let Some(error) = twice {
            errors.take(lang, "fold", Err::<(), _>(error));
        }
        let zone = errors.take(lang, "zone", zone);
        let engine = match self.engine.trim() {
            "" => None,
            word => errors.take(lang, "engine", word.parse::<Engine>().map_err(|_| Unchosen::Place)),
        };
        // A bad link in a field that the built-in engine does not use must not block the form.
        let meeting = match self.meeting.trim() {
            _ if engine == Some(Engine::Builtin) => None,
            "" => None,
            text => errors.take(lang, "meeting", text.parse::<MeetingLink>()),
        };
        let guest = self.guest().parse(lang);
        let guest = guest
            .map_err(|wrong| {
                for (field, sentence) in wrong.0 {
                    errors.add(&format!("guest_{field}"), sentence);
                }
            })
            .ok();
        let notes = errors.take(lang, "notes", self.notes.parse());
        match (service, host, guest, starts_at, length, zone, notes) {
            (Some(service), Some(host), Some(guest), Some(starts_at), Some(length), Some(zone), Some(notes))
                if errors.is_empty() =>
            {
                let plan = ConsultationPlan {
                    service: ServiceId(service),
                    host: AccountId(host),
                    starts_at,
                    length,
                    zone,
                    notes,
                    engine,
                    meeting,
                    webinar: !self.webinar.trim().is_empty() && engine != Some(Engine::Builtin),
                };
                Ok((plan, guest))
            }
            _ => Err(errors),
        }
    }

    /// The last change that whoever filled it in had seen.
    pub fn seen(&self) -> Option<EventId> {
        self.version.trim().parse().ok().map(EventId)
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

#[cfg(test)]
mod tests {
    use anteroom_domain::value::Minutes;

    use super::*;
    use crate::language::lang;

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
        let (plan, guest) = good().parse(lang()).unwrap();
        assert_eq!(plan.starts_at.to_string(), "2027-03-01T13:30:00Z");
        assert_eq!(plan.length.map(Minutes::get), Some(45));
        assert_eq!(guest.zone, None);
        assert_eq!(&*plan.notes, "Bring the\npapers");
    }

    #[test]
    fn every_wrong_field_gets_its_own_sentence_at_once_from_top_to_bottom() {
        let form = ConsultationForm {
            engine: "elsewhere".into(),
            meeting: "no meeting".into(),
            guest_zone: "Atlantis".into(),
            notes: "x".repeat(4_001),
            ..ConsultationForm::default()
        };
        assert_eq!(
            form.parse(lang()).unwrap_err().fields(),
            [
                "service",
                "host",
                "date",
                "time",
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
        assert_eq!(
            twice.parse(lang()).unwrap_err().fields(),
            ["minutes", "fold", "guest_name"]
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
            form.parse(lang())
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
        let errors = form.parse(lang()).unwrap_err();
        assert!(errors.get("fold").unwrap().contains("happens twice"), "{errors:?}");
        assert_eq!(errors.0.len(), 1);
        let second = ConsultationForm {
            fold: "second".into(),
            ..form
        };
        let (plan, _) = second.parse(lang()).unwrap();
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
        assert!(form.parse(lang()).unwrap_err().get("guest_email").is_some());
        let form = ConsultationForm {
            guest_email: String::new(),
            guest_phone: "+49301234567".into(),
            ..good()
        };
        assert!(form.parse(lang()).is_ok());
    }
}

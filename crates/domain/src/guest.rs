//! A customer in one consultation, and what they may be asked for.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::consultation::State;
use crate::id::{ConsultationId, GuestId};
use crate::time::Zone;
use crate::visit::Role;

pub use crate::contact::{check_email, check_name, check_phone, email_key, phone_tail};

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
}

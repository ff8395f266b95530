//! A customer in one consultation, the host's decision about them, and what their declination means.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::consultation::State;
use crate::id::{ConsultationId, GuestId};
use crate::refusal::GuestRefusal;
use crate::time::Zone;
use crate::value::{EmailAddress, Language, Name, PhoneNumber};
use crate::visit::Role;
use crate::word::into_str;

pub use crate::contact::{email_key, phone_tail};

/// A customer in one consultation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guest {
    /// The guest's id.
    pub id: GuestId,
    /// The consultation that the guest is invited to.
    pub consultation: ConsultationId,
    /// The guest's name, as staff wrote it or as the guest registered.
    pub name: String,
    /// The guest's e-mail address, an [`EmailAddress`]. Empty: none.
    pub email: String,
    /// The guest's telephone number in E.164. Empty: none.
    pub phone: String,
    /// The BCP 47 tag of a language that there was when it was chosen.
    pub language: String,
    /// The zone in which the guest reads times.
    pub zone: Zone,
    /// The host's last decision about the guest.
    pub admission: Admission,
    /// The guest's rating of the consultation: 1 (worst) to 5 stars, given after the end.
    pub rating: Option<u8>,
    /// [`Role::Attendee`] for a view-only guest of a launch, else [`Role::Guest`].
    pub role: Role,
    /// When the guest said that they can't come.
    pub declination_at: Option<Timestamp>,
    /// The note to the host that came with it. Empty: none.
    pub declination_note: String,
}

impl Guest {
    /// Whether the guest is to be expected: neither declined or removed by the host, nor unable to come.
    pub fn is_expected(&self) -> bool {
        !self.admission.keeps_out() && self.declination_at.is_none()
    }
}

/// The consequence of a declination: a guest says that they can't come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Declination {
    /// The appointment is cancelled, because no other guest was expected.
    Cancel,
    /// The others meet without this guest.
    Excuse,
}

impl Declination {
    /// The consequence if `guest`, one of the consultation's `guests`, declines now.
    ///
    /// None if the guest can no longer decline: the consultation is over, the guest is not expected any more, or the
    /// only expected guest would cancel a consultation that has already opened.
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

/// The host's last decision about a guest. It outlives the visit, so that a removed guest who comes back is still
/// removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Admission {
    /// The host has not decided yet, or has taken a decline or removal back. On arrival the guest waits in the lobby.
    Undecided,
    /// The guest was let in, by the host or by a rule.
    Admitted,
    /// The guest was turned away from the lobby.
    Declined,
    /// The guest was sent out of the meeting, or was removed before they came.
    Removed,
}

into_str!(Admission);

impl Admission {
    /// Whether the guest may not come in.
    pub fn keeps_out(self) -> bool {
        matches!(self, Self::Declined | Self::Removed)
    }
}

/// A guest as staff describe them, or as they describe themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuestTerms {
    /// The guest's name.
    pub name: Name,
    /// The guest's e-mail address.
    pub email: Option<EmailAddress>,
    /// The guest's telephone number.
    pub phone: Option<PhoneNumber>,
    /// The guest's language.
    pub language: Language,
    /// The zone in which the guest reads times. None: the one in which the time was agreed.
    pub zone: Option<Zone>,
}

impl GuestTerms {
    /// Refuses a guest who can't be reached.
    pub fn check(&self) -> Result<(), GuestRefusal> {
        if self.email.is_none() && self.phone.is_none() {
            return Err(GuestRefusal::NoContact);
        }
        Ok(())
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

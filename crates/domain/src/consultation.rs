//! A consultation and what may happen to it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::id::{AccountId, BranchId, ConsultationId, ServiceId};
use crate::organisation::Engine;
use crate::teams::link::MeetingLink;
use crate::time::Zone;

/// The longest consultation, and the longest buffer on either side. The overlap rule in the schema relies on their sum.
pub const MAX_MINUTES: u16 = 480;
pub const MAX_BUFFER_MINUTES: u16 = 120;
/// How long before the start a guest may come in.
pub const EARLY_MINUTES: i64 = 15;
/// From how long before the start staff are shown the way in: a click on it days before would be a slip.
pub const OFFERED_MINUTES: i64 = 30;
/// How long after the planned end a consultation that never went live is given before it counts as missed.
pub const MISSED_AFTER_MINUTES: i64 = 15;
/// How long after the planned end it is given while somebody is still in the room or the lobby.
pub const MISSED_PATIENCE_MINUTES: i64 = 60;
/// From when after the start ending it for everyone means that it is missed. Ten minutes is what people commonly wait for
/// somebody who is late; before that, a click ends the room and not the appointment.
pub const GRACE_MINUTES: i64 = 10;
/// How long one side must have been gone from a live consultation, after the planned end, before it has ended. Until the
/// planned end one who is alone may wait for the other.
pub const EMPTY_MINUTES: i64 = 5;
/// The same for a live consultation that nobody is in any more, before its planned end: they are through.
pub const DESERTED_MINUTES: i64 = 10;
/// How long after its end an invitation still says what happened.
pub const INVITATION_DAYS_AFTER: i64 = 30;

/// Which side missed a consultation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Side {
    /// The guest did not come, or came only when nobody was there any more.
    Guest,
    /// The guest was there, and nobody let them in or was in with them.
    Host,
    /// The guest was in while the host side was there, and sound and picture never came about.
    Technical,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum CancelledBy {
    Staff,
    Guest,
}

/// How staff left it, once it was over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Conclusion {
    Settled,
    /// Something is still to be done, or there will be another appointment.
    FollowUp,
    Unsettled,
}

impl Conclusion {
    pub const ALL: [Self; 3] = [Self::Settled, Self::FollowUp, Self::Unsettled];
}

/// `scheduled → open → live → ended`, or `cancelled`, or `missed`. The last three are final.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr)]
#[serde(tag = "state", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum State {
    Scheduled,
    /// Someone has arrived.
    Open,
    /// Both sides are in.
    Live,
    Ended,
    Cancelled {
        by: CancelledBy,
    },
    Missed {
        side: Side,
    },
}

/// That step cannot follow this state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a consultation that is {from} cannot be {step}")]
pub struct InvalidTransition {
    pub from: &'static str,
    pub step: &'static str,
}

impl State {
    pub fn is_final(self) -> bool {
        matches!(self, Self::Ended | Self::Cancelled { .. } | Self::Missed { .. })
    }

    /// Are staff shown the way in? From shortly before the start until it is over; earlier where somebody is there already.
    pub fn offers_room(self, starts_at: Timestamp, now: Timestamp) -> bool {
        match self {
            Self::Open | Self::Live => true,
            Self::Scheduled => starts_at - jiff::SignedDuration::from_mins(OFFERED_MINUTES) <= now,
            Self::Ended | Self::Cancelled { .. } | Self::Missed { .. } => false,
        }
    }

    fn refuse(self, step: &'static str) -> InvalidTransition {
        InvalidTransition {
            from: self.into_str(),
            step,
        }
    }

    /// Someone has arrived. Says nothing new where someone already had.
    pub fn arrive(self) -> Result<Self, InvalidTransition> {
        match self {
            Self::Scheduled | Self::Open => Ok(Self::Open),
            Self::Live => Ok(Self::Live),
            other => Err(other.refuse("opened")),
        }
    }

    /// Both sides are in.
    pub fn go_live(self) -> Result<Self, InvalidTransition> {
        match self {
            Self::Open | Self::Live => Ok(Self::Live),
            other => Err(other.refuse("live")),
        }
    }

    /// It took place and is over.
    pub fn end(self) -> Result<Self, InvalidTransition> {
        match self {
            Self::Live => Ok(Self::Ended),
            other => Err(other.refuse("ended")),
        }
    }

    /// It did not take place.
    pub fn miss(self, side: Side) -> Result<Self, InvalidTransition> {
        match self {
            Self::Scheduled | Self::Open => Ok(Self::Missed { side }),
            other => Err(other.refuse("missed")),
        }
    }

    pub fn cancel(self, by: CancelledBy) -> Result<Self, InvalidTransition> {
        match self {
            Self::Scheduled | Self::Open => Ok(Self::Cancelled { by }),
            other => Err(other.refuse("cancelled")),
        }
    }

    /// Another time, or other particulars. Only while nobody is in the room, which the caller knows.
    pub fn change(self) -> Result<Self, InvalidTransition> {
        match self {
            Self::Scheduled | Self::Open => Ok(Self::Scheduled),
            other => Err(other.refuse("changed")),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consultation {
    pub id: ConsultationId,
    pub service: ServiceId,
    pub branch: BranchId,
    pub host: AccountId,
    pub engine: Engine,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    /// The zone that the time was agreed in.
    pub zone: Zone,
    /// For staff only.
    pub notes: String,
    pub state: State,
    /// What the guest was told when it was cancelled.
    pub cancel_reason: String,
    pub cancelled_at: Option<Timestamp>,
    /// The first arrival.
    pub opened_at: Option<Timestamp>,
    pub live_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    /// Where it was before it was last moved, and when that was done.
    pub moved_from: Option<Timestamp>,
    pub moved_at: Option<Timestamp>,
    pub created_at: Timestamp,
    /// What came of it, noted by the clerk.
    pub outcome: String,
    pub conclusion: Option<Conclusion>,
    /// Where it takes place on Teams. None on other engines, and until Graph has made one.
    pub meeting: Option<ExternalMeeting>,
    /// On Teams: guests only watch and listen.
    pub webinar: bool,
}

/// A consultation's Teams meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExternalMeeting {
    pub link: MeetingLink,
    /// Its id in Graph and the organiser's object id, where we made it: then it follows when the time changes.
    pub provisioned: Option<ProvisionedMeeting>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvisionedMeeting {
    pub organizer: String,
    pub id: String,
}

/// What a guest's link is for at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum Stage {
    TooEarly { opens_at: Timestamp },
    Open,
    Ended,
    Cancelled { by: CancelledBy },
    Missed { side: Side },
}

impl Consultation {
    pub fn opens_at(&self) -> Timestamp {
        self.starts_at - jiff::SignedDuration::from_mins(EARLY_MINUTES)
    }

    /// When a consultation that never went live counts as missed.
    pub fn missed_at(&self) -> Timestamp {
        self.ends_at + jiff::SignedDuration::from_mins(MISSED_AFTER_MINUTES)
    }

    /// From when on ending it for everyone ends the appointment too, where it never went live.
    pub fn grace_until(&self) -> Timestamp {
        self.starts_at + jiff::SignedDuration::from_mins(GRACE_MINUTES)
    }

    pub fn stage(&self, now: Timestamp) -> Stage {
        match self.state {
            State::Cancelled { by } => Stage::Cancelled { by },
            State::Missed { side } => Stage::Missed { side },
            State::Ended => Stage::Ended,
            State::Scheduled | State::Open if now < self.opens_at() => Stage::TooEarly {
                opens_at: self.opens_at(),
            },
            _ => Stage::Open,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [State; 6] = [
        State::Scheduled,
        State::Open,
        State::Live,
        State::Ended,
        State::Cancelled { by: CancelledBy::Guest },
        State::Missed { side: Side::Host },
    ];

    #[test]
    fn a_final_state_refuses_every_step() {
        for state in ALL.into_iter().filter(|s| s.is_final()) {
            assert!(state.arrive().is_err());
            assert!(state.go_live().is_err());
            assert!(state.end().is_err());
            assert!(state.miss(Side::Guest).is_err());
            assert!(state.cancel(CancelledBy::Staff).is_err());
            assert!(state.change().is_err());
        }
    }

    #[test]
    fn the_way_in_is_offered_from_half_an_hour_before_the_start_until_it_is_over() {
        let start: Timestamp = "2027-03-01T10:00:00Z".parse().unwrap();
        let offers =
            |state: State, minutes: i64| state.offers_room(start, start + jiff::SignedDuration::from_mins(minutes));
        assert!(!offers(State::Scheduled, -31));
        assert!(offers(State::Scheduled, -30));
        assert!(offers(State::Scheduled, 500), "until it is missed");
        assert!(offers(State::Open, -500), "somebody is there");
        assert!(offers(State::Live, 500));
        for state in ALL.into_iter().filter(|state| state.is_final()) {
            assert!(!offers(state, 0), "{state:?}");
        }
    }

    #[test]
    fn what_is_live_can_end_and_can_not_be_missed_or_cancelled() {
        assert_eq!(State::Live.end(), Ok(State::Ended));
        assert!(State::Live.miss(Side::Technical).is_err());
        assert!(State::Live.cancel(CancelledBy::Staff).is_err());
        assert_eq!(State::Live.arrive(), Ok(State::Live));
    }

    #[test]
    fn a_refusal_says_what_and_from_where() {
        assert_eq!(
            State::Scheduled.end().unwrap_err().to_string(),
            "a consultation that is scheduled cannot be ended"
        );
    }
}

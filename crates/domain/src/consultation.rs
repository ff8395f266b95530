//! A consultation, its states, and the transitions between them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::id::{AccountId, BranchId, ConsultationId, ServiceId};
use crate::organisation::Engine;
use crate::teams::link::MeetingLink;
use crate::time::Zone;
use crate::value::{Minutes, Notes};
use crate::word::into_str;

/// How many minutes before the start a guest may come in.
pub const EARLY_MINUTES: i64 = 15;
/// How many minutes before the start staff are first offered the way in. A click on it days before would be a slip.
pub const OFFERED_MINUTES: i64 = 30;
/// How many minutes after the planned end a consultation that never went live counts as missed.
pub const MISSED_AFTER_MINUTES: i64 = 15;
/// How many minutes after the planned end that consultation counts as missed if somebody is still in the room or the
/// lobby.
pub const MISSED_PATIENCE_MINUTES: i64 = 60;
/// How many minutes after the start the host's "end for everyone" makes a consultation that never went live missed.
///
/// Ten minutes is what people commonly wait for somebody who is late. Before that, the click closes the room, and the
/// appointment stands.
pub const GRACE_MINUTES: i64 = 10;
/// How many minutes one side of a live consultation must be gone, after the planned end, before the consultation has
/// ended. Before the planned end a participant may wait alone for the other side to come back.
pub const EMPTY_MINUTES: i64 = 5;
/// How many minutes a live consultation must be empty, before its planned end, before it has ended: both sides left
/// early because they were done.
pub const DESERTED_MINUTES: i64 = 10;
/// How many days after the planned end a guest's link still shows what happened. Then the invitation expires.
pub const INVITATION_DAYS_AFTER: i64 = 30;

/// The side that missed a consultation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Side {
    /// The guest did not come, or came only after the last member of staff had left.
    Guest,
    /// The guest came, and no member of staff let them in or was in the meeting with them.
    Host,
    /// The guest was in while a member of staff was there, but sound and picture never came about.
    Technical,
}

/// The side that cancelled a consultation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum CancelledBy {
    /// A member of staff.
    Staff,
    /// The guest, through their own link.
    Guest,
}

/// The clerk's conclusion from a consultation that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Conclusion {
    /// The matter is settled.
    Settled,
    /// Something is still to be done, or there will be another appointment.
    FollowUp,
    /// The matter is not settled.
    Unsettled,
}

impl Conclusion {
    /// All conclusions, in the order in which forms offer them.
    pub const ALL: [Self; 3] = [Self::Settled, Self::FollowUp, Self::Unsettled];
}

/// The state of a consultation: `scheduled → open → live → ended`, or `cancelled`, or `missed`. The last three are
/// final.
///
/// A transition takes the state by value and returns the next one, or refuses with [`InvalidTransition`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr)]
#[serde(tag = "state", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    /// Nobody has arrived yet.
    Scheduled,
    /// Someone has arrived.
    Open,
    /// Both sides are in.
    Live,
    /// The consultation took place and is over.
    Ended,
    /// The consultation was called off before both sides were in.
    Cancelled {
        /// The side that cancelled it.
        by: CancelledBy,
    },
    /// The consultation did not take place.
    Missed {
        /// The side that missed it.
        side: Side,
    },
}

into_str!(Side, CancelledBy, Conclusion, State);

/// When, what, with whom and where a consultation is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsultationPlan {
    /// The service that is consulted on.
    pub service: ServiceId,
    /// The clerk who holds the consultation.
    pub host: AccountId,
    /// The planned start.
    pub starts_at: Timestamp,
    /// The planned length. None: the service's.
    pub length: Option<Minutes>,
    /// The zone in which the time was agreed.
    pub zone: Zone,
    /// Notes for staff.
    pub notes: Notes,
    /// The engine. None: the service's.
    pub engine: Option<Engine>,
    /// The Teams meeting that was pasted.
    pub meeting: Option<MeetingLink>,
    /// Whether guests only watch and listen. Never on the built-in engine.
    pub webinar: bool,
}

/// A transition that the state refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{step:?} is no transition of {from:?}")]
pub struct InvalidTransition {
    /// The state.
    pub from: State,
    /// The transition.
    pub step: Step,
}

/// A transition of a consultation's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// [`State::arrive`].
    Open,
    /// [`State::go_live`].
    GoLive,
    /// [`State::end`].
    End,
    /// [`State::miss`].
    Miss,
    /// [`State::cancel`].
    Cancel,
    /// [`State::change`].
    Change,
}

impl State {
    /// Whether the state refuses every transition.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Ended | Self::Cancelled { .. } | Self::Missed { .. })
    }

    /// Whether staff are offered the way in: from [`OFFERED_MINUTES`] before the start until the consultation is over,
    /// and earlier if somebody has already arrived.
    pub fn offers_room(self, starts_at: Timestamp, now: Timestamp) -> bool {
        match self {
            Self::Open | Self::Live => true,
            Self::Scheduled => starts_at - jiff::SignedDuration::from_mins(OFFERED_MINUTES) <= now,
            Self::Ended | Self::Cancelled { .. } | Self::Missed { .. } => false,
        }
    }

    fn refuse(self, step: Step) -> InvalidTransition {
        InvalidTransition { from: self, step }
    }

    /// A participant has arrived: a scheduled consultation opens, an open or live one stays as it is.
    pub fn arrive(self) -> Result<Self, InvalidTransition> {
        match self {
            Self::Scheduled | Self::Open => Ok(Self::Open),
            Self::Live => Ok(Self::Live),
            other => Err(other.refuse(Step::Open)),
        }
    }

    /// Both sides are in: an open consultation goes live, a live one stays live.
    pub fn go_live(self) -> Result<Self, InvalidTransition> {
        match self {
            Self::Open | Self::Live => Ok(Self::Live),
            other => Err(other.refuse(Step::GoLive)),
        }
    }

    /// The consultation took place and is over. Only a live one can end.
    pub fn end(self) -> Result<Self, InvalidTransition> {
        match self {
            Self::Live => Ok(Self::Ended),
            other => Err(other.refuse(Step::End)),
        }
    }

    /// The consultation did not take place. Only one that never went live can be missed.
    pub fn miss(self, side: Side) -> Result<Self, InvalidTransition> {
        match self {
            Self::Scheduled | Self::Open => Ok(Self::Missed { side }),
            other => Err(other.refuse(Step::Miss)),
        }
    }

    /// The consultation is called off. Only one that never went live can be cancelled.
    pub fn cancel(self, by: CancelledBy) -> Result<Self, InvalidTransition> {
        match self {
            Self::Scheduled | Self::Open => Ok(Self::Cancelled { by }),
            other => Err(other.refuse(Step::Cancel)),
        }
    }

    /// The consultation gets another time or other particulars, and is scheduled again.
    ///
    /// The caller must make sure that nobody is in the room: an open consultation may be occupied or empty again.
    pub fn change(self) -> Result<Self, InvalidTransition> {
        match self {
            Self::Scheduled | Self::Open => Ok(Self::Scheduled),
            other => Err(other.refuse(Step::Change)),
        }
    }
}

/// One scheduled meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consultation {
    /// The consultation's id.
    pub id: ConsultationId,
    /// The service that is consulted on.
    pub service: ServiceId,
    /// The branch of the service. It never changes.
    pub branch: BranchId,
    /// The clerk who holds the consultation.
    pub host: AccountId,
    /// The engine that carries the meeting.
    pub engine: Engine,
    /// The planned start.
    pub starts_at: Timestamp,
    /// The planned end, at most [`MAX_MINUTES`](crate::value::MAX_MINUTES) after the start.
    pub ends_at: Timestamp,
    /// The zone in which the time was agreed.
    pub zone: Zone,
    /// Notes for staff. Guests never see them.
    pub notes: String,
    /// The state.
    pub state: State,
    /// The reason that was given with the cancellation. Empty: none, or not cancelled.
    pub cancel_reason: String,
    /// When the consultation was cancelled.
    pub cancelled_at: Option<Timestamp>,
    /// When the first participant arrived.
    pub opened_at: Option<Timestamp>,
    /// When both sides were first in.
    pub live_at: Option<Timestamp>,
    /// When a consultation that took place ended.
    pub ended_at: Option<Timestamp>,
    /// The start before it was last moved.
    pub moved_from: Option<Timestamp>,
    /// When the start was last moved.
    pub moved_at: Option<Timestamp>,
    /// When the consultation was scheduled.
    pub created_at: Timestamp,
    /// The clerk's note on what came of the consultation.
    pub outcome: String,
    /// The clerk's conclusion, once they have noted one.
    pub conclusion: Option<Conclusion>,
    /// The meeting on Teams. None on other engines, and until Graph has made the meeting.
    pub meeting: Option<ExternalMeeting>,
    /// Whether guests only watch and listen. Only on Teams.
    pub webinar: bool,
}

/// The Teams meeting of a consultation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExternalMeeting {
    /// The link of the meeting, or its ID.
    pub link: MeetingLink,
    /// How Graph names the meeting, if we made it there. Such a meeting is moved along with the consultation. None: a
    /// clerk pasted the link.
    pub provisioned: Option<ProvisionedMeeting>,
}

/// The name of a meeting that we made through Microsoft Graph.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvisionedMeeting {
    /// The object ID of the organiser in Microsoft Entra.
    pub organizer: String,
    /// The meeting's ID in Graph.
    pub id: String,
}

/// The stage of a guest's link: what it offers at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum Stage {
    /// The link shows the appointment, and from when the guest may come in.
    TooEarly {
        /// When the way in opens.
        opens_at: Timestamp,
    },
    /// The link is the way in.
    Open,
    /// The link says that the consultation took place.
    Ended,
    /// The link says that the consultation was cancelled.
    Cancelled {
        /// The side that cancelled it.
        by: CancelledBy,
    },
    /// The link says that the consultation did not take place.
    Missed {
        /// The side that missed it.
        side: Side,
    },
}

impl Consultation {
    /// When guests may first come in: [`EARLY_MINUTES`] before the start.
    pub fn opens_at(&self) -> Timestamp {
        self.starts_at - jiff::SignedDuration::from_mins(EARLY_MINUTES)
    }

    /// When the consultation counts as missed if it never went live: [`MISSED_AFTER_MINUTES`] after the planned end.
    pub fn missed_at(&self) -> Timestamp {
        self.ends_at + jiff::SignedDuration::from_mins(MISSED_AFTER_MINUTES)
    }

    /// When the grace ends: from then on "end for everyone" makes a consultation that never went live missed. It is
    /// [`GRACE_MINUTES`] after the start.
    pub fn grace_until(&self) -> Timestamp {
        self.starts_at + jiff::SignedDuration::from_mins(GRACE_MINUTES)
    }

    /// The stage of a guest's link at `now`.
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
        let refused = State::Scheduled.end().unwrap_err();
        assert_eq!((refused.from, refused.step), (State::Scheduled, Step::End));
    }
}

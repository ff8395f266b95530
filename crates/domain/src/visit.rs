//! A visit: one participant's stay, from arrival to leaving. The figures are computed from visits.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::id::{AccountId, ConsultationId, GuestId, VisitId};
use crate::word::into_str;

/// How many seconds the seat of a visit is kept after its socket is gone. A participant who comes back within this
/// time, after a reload or a network loss, takes the seat again. After it the visit has ended.
pub const RESUME_SECONDS: i64 = 60;

/// A participant's role in a consultation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Role {
    /// The consultation's clerk, or a colleague who steps in.
    Host,
    /// A customer.
    Guest,
    /// A view-only guest of a launch, who hears and sees, and sends only chat.
    Attendee,
}

/// The host's decision about a participant, as the room shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdmissionStatus {
    /// The participant is in the lobby.
    Waiting,
    /// The participant was let in, and is in the meeting or about to be.
    Admitted,
    /// The participant was turned away. The host still sees them, and can take it back.
    Declined,
    /// The participant was in and was removed. The host still sees them, and can take it back.
    Removed,
}

/// A participant's place on Teams, as their own client reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum TeamsPresence {
    /// The participant has credentials and is on the way.
    Joining,
    /// The participant is in Teams' own lobby.
    Lobby,
    /// The participant is in the meeting.
    In,
}

/// The media that a participant may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Publish {
    /// Microphone, camera and screen.
    All,
    /// No media.
    Nothing,
}

/// The cause of a visit's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum EndCause {
    /// The participant left.
    Left,
    /// The connection was gone for longer than [`RESUME_SECONDS`].
    Lost,
    /// The host turned the participant away.
    Declined,
    /// The host removed the participant.
    Removed,
    /// The consultation ended, was missed or was cancelled, or the host closed the room.
    Ended,
    /// The guest joined again through their link, from another tab or device.
    Replaced,
}

into_str!(Role, TeamsPresence, EndCause);

/// One participant's stay in a consultation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// The visit's id.
    pub id: VisitId,
    /// The consultation.
    pub consultation: ConsultationId,
    /// The guest whose visit it is. None for a member of staff: exactly one of `guest` and `account` is set.
    pub guest: Option<GuestId>,
    /// The member of staff whose visit it is.
    pub account: Option<AccountId>,
    /// The participant's role.
    pub role: Role,
    /// The name under which others see the participant.
    pub name: String,
    /// When the participant arrived.
    pub arrived_at: Timestamp,
    /// When the participant was let in, by the host or by a rule.
    pub admitted_at: Option<Timestamp>,
    /// Since when a guest waits to be let in, in our lobby or in Teams'. None if they do not wait.
    pub lobby_since: Option<Timestamp>,
    /// How long the guest waited in lobbies before somebody let them in, in milliseconds. None if nobody has, or if a
    /// rule let them in.
    pub waited: Option<i64>,
    /// When sound and picture could first flow.
    pub media_at: Option<Timestamp>,
    /// When the visit ended.
    pub left_at: Option<Timestamp>,
    /// The cause of the end. Set together with `left_at`.
    pub end_cause: Option<EndCause>,
    /// Since when the participant has no socket. None while it is open.
    pub disconnected_at: Option<Timestamp>,
    /// The stay on Teams, from when the participant has credentials. None on other engines.
    pub teams: Option<TeamsStay>,
}

/// A visit's stay on Teams, as the participant's own client reports it: Microsoft does not tell our server where guests are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TeamsStay {
    /// The participant's place.
    pub presence: TeamsPresence,
    /// When the participant first was in Teams' lobby or meeting. Azure charges from then.
    pub since: Option<Timestamp>,
    /// When the participant's call ended. Azure charges until then.
    pub until: Option<Timestamp>,
    /// Whether the participant was ever in Teams' lobby.
    pub waited: bool,
    /// Whether the participant ever saw somebody of the host's side in the meeting.
    pub hosted: bool,
    /// How many events the participant's client has caused. The number is limited.
    pub reports: i64,
    /// How many chat messages the participant sent into the meeting.
    pub messages: i64,
}

impl TeamsStay {
    /// The participant has credentials and is on the way.
    pub const JOINING: Self = Self {
        presence: TeamsPresence::Joining,
        since: None,
        until: None,
        waited: false,
        hosted: false,
        reports: 0,
        messages: 0,
    };
}

impl Visit {
    /// The host's decision about the participant, as the room shows it.
    pub fn status(&self) -> AdmissionStatus {
        match self.end_cause {
            Some(EndCause::Declined) => AdmissionStatus::Declined,
            Some(EndCause::Removed) => AdmissionStatus::Removed,
            _ if self.admitted_at.is_some() => AdmissionStatus::Admitted,
            _ => AdmissionStatus::Waiting,
        }
    }

    /// Somebody lets the guest in at `at`: the wait ends and is added to `waited`. Does nothing if the guest does not
    /// wait.
    ///
    /// One visit can wait twice: in our lobby, then in Teams'.
    #[must_use]
    pub fn let_in(self, at: Timestamp) -> Self {
        let Some(since) = self.lobby_since else {
            return self;
        };
        let waited = self.waited.unwrap_or(0) + (at.as_millisecond() - since.as_millisecond());
        Self {
            lobby_since: None,
            waited: Some(waited),
            ..self
        }
    }

    /// When the participant left the meeting. On Teams that may be before they left our page.
    pub fn gone_at(&self) -> Option<Timestamp> {
        self.teams.and_then(|stay| stay.until).or(self.left_at)
    }

    /// Whether the participant was ever in Teams' lobby.
    pub fn waited_in_teams(&self) -> bool {
        self.teams.is_some_and(|stay| stay.waited)
    }

    /// Whether the participant ever saw somebody of the host's side on Teams.
    pub fn saw_host_in_teams(&self) -> bool {
        self.teams.is_some_and(|stay| stay.hosted)
    }

    /// Whether the visit has ended.
    pub fn is_over(&self) -> bool {
        self.left_at.is_some()
    }

    /// Whether the participant waits in our lobby.
    pub fn is_waiting(&self) -> bool {
        !self.is_over() && self.admitted_at.is_none()
    }
}

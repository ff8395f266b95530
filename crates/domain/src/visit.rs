//! One participant's stay: arrived, admitted, left. The figures are computed from visits.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::id::{AccountId, ConsultationId, GuestId, VisitId};

/// A visit whose socket is gone for longer than this has ended. A reload or a network loss up to here resumes the seat.
pub const RESUME_SECONDS: i64 = 60;

/// What a participant is in a consultation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Role {
    /// The clerk of this consultation, or a colleague who steps in.
    Host,
    Guest,
    /// A view-only guest of a launch: hears and sees, sends nothing but chat.
    Attendee,
}

/// Whether the host has let a participant in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdmissionStatus {
    /// In the lobby.
    Waiting,
    /// Let in; may be in the meeting or about to be.
    Admitted,
    /// Turned away; kept in the host's view so that it can be taken back.
    Declined,
    /// Removed after having been in; kept in the host's view so that it can be taken back.
    Removed,
}

/// Where a participant's Teams client is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum TeamsPresence {
    /// Has credentials, and is on the way.
    Joining,
    /// In Teams' own lobby.
    Lobby,
    In,
}

/// What a participant may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Publish {
    /// Microphone, camera and screen.
    All,
    /// View-only.
    Nothing,
}

/// Why a visit is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum EndCause {
    /// Of their own will.
    Left,
    /// The connection was gone for longer than a reload or a tunnel takes.
    Lost,
    Declined,
    Removed,
    /// The consultation ended or was cancelled.
    Ended,
    /// The guest joined anew through the link, from another tab or device.
    Replaced,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    pub id: VisitId,
    pub consultation: ConsultationId,
    /// Exactly one of the two.
    pub guest: Option<GuestId>,
    pub account: Option<AccountId>,
    pub role: Role,
    pub name: String,
    pub arrived_at: Timestamp,
    pub admitted_at: Option<Timestamp>,
    /// Since when a guest waits to be let in, in our lobby or in Teams'. None while they don't.
    pub lobby_since: Option<Timestamp>,
    /// How long, in milliseconds, they waited before somebody let them in. None where nobody did, or nobody had to.
    pub waited: Option<i64>,
    /// When sound and picture first could flow.
    pub media_at: Option<Timestamp>,
    pub left_at: Option<Timestamp>,
    pub end_cause: Option<EndCause>,
    /// Since when the socket is gone; None while it is open.
    pub disconnected_at: Option<Timestamp>,
    /// On Teams: where the participant's own client says that it is. None before it has credentials.
    pub teams: Option<TeamsPresence>,
    /// On Teams: since when they are in its lobby or in the meeting. Azure charges from then.
    pub teams_at: Option<Timestamp>,
    /// On Teams: when their client said that it is over.
    pub teams_until: Option<Timestamp>,
    /// On Teams: were in its lobby at some time.
    pub teams_waited: bool,
    /// On Teams: saw somebody of the host's side in the meeting.
    pub teams_hosted: bool,
    /// On Teams: events that their client has caused.
    pub teams_reports: i64,
    /// On Teams: chat messages sent into the meeting.
    pub teams_messages: i64,
}

impl Visit {
    pub fn status(&self) -> AdmissionStatus {
        match self.end_cause {
            Some(EndCause::Declined) => AdmissionStatus::Declined,
            Some(EndCause::Removed) => AdmissionStatus::Removed,
            _ if self.admitted_at.is_some() => AdmissionStatus::Admitted,
            _ => AdmissionStatus::Waiting,
        }
    }

    /// Somebody let them in, after as long as they had waited. The same visit can wait twice: in our lobby, then in Teams'.
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

    /// Since when they are not there any more; on Teams that may be before their page is closed.
    pub fn gone_at(&self) -> Option<Timestamp> {
        self.teams_until.or(self.left_at)
    }

    pub fn is_over(&self) -> bool {
        self.left_at.is_some()
    }

    pub fn is_waiting(&self) -> bool {
        !self.is_over() && self.admitted_at.is_none()
    }
}

//! One participant's stay: arrived, admitted, left. The figures are computed from visits.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{AccountId, ConsultationId, GuestId, VisitId};
use crate::signalling::{Role, Stand, TeamsStand};

/// Why a visit is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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

impl EndCause {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Lost => "lost",
            Self::Declined => "declined",
            Self::Removed => "removed",
            Self::Ended => "ended",
            Self::Replaced => "replaced",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "left" => Some(Self::Left),
            "lost" => Some(Self::Lost),
            "declined" => Some(Self::Declined),
            "removed" => Some(Self::Removed),
            "ended" => Some(Self::Ended),
            "replaced" => Some(Self::Replaced),
            _ => None,
        }
    }
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
    pub teams: Option<TeamsStand>,
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
    pub fn stand(&self) -> Stand {
        match self.end_cause {
            Some(EndCause::Declined) => Stand::Declined,
            Some(EndCause::Removed) => Stand::Removed,
            _ if self.admitted_at.is_some() => Stand::Admitted,
            _ => Stand::Waiting,
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

pub fn role_as_str(role: Role) -> &'static str {
    match role {
        Role::Host => "host",
        Role::Guest => "guest",
        Role::Attendee => "attendee",
    }
}

pub fn parse_role(text: &str) -> Option<Role> {
    match text {
        "host" => Some(Role::Host),
        "guest" => Some(Role::Guest),
        "attendee" => Some(Role::Attendee),
        _ => None,
    }
}

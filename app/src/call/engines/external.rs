//! The capability of engines that enter an external meeting, whose people and rules are not ours.

use anteroom_protocol::media::Source;
use anteroom_protocol::teams::ChatOff;
use serde::Deserialize;

use crate::call::external::{Caption, Permissions};
use crate::call::participant::ExternalId;

/// What only an engine in an external meeting can do. All methods return at once; events say what became of it.
pub trait ExternalCall {
    fn raise_hand(&self, up: bool);
    fn react(&self, kind: &str);
    fn captions(&self, on: bool);
    /// The person agrees to being recorded.
    fn consent(&self);
    /// Writes into the meeting's own chat.
    fn write(&self, text: &str);
    /// The server will not answer what the engine asked: the socket is down, or it refused.
    fn requests_failed(&self, why: &str);
}

/// What only an engine in an external meeting reports.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ExternalEvent {
    /// How much of the engine is loaded, 0 to 1.
    Loading {
        share: f64,
    },
    /// The meeting is over for this participant, by the engine's own codes. No event follows.
    Ended {
        code: i32,
        sub_code: i32,
    },
    /// Everyone who is there.
    People {
        people: Vec<ExternalPerson>,
    },
    Recording {
        on: bool,
    },
    Transcription {
        on: bool,
    },
    /// The meeting demands the person's agreement, or no longer does.
    ConsentRequired {
        on: bool,
    },
    Captions {
        on: bool,
    },
    Caption(Caption),
    Reaction {
        id: ExternalId,
        kind: String,
    },
    /// The person's role in the meeting.
    Role {
        role: String,
    },
    May(Permissions),
    Chat(ExternalMessage),
    /// Messages go into the meeting's own chat from now on.
    ChatOn,
    ChatOff {
        reason: ChatOff,
    },
    /// The meeting's chat has taken a message of ours.
    Wrote,
    /// A message did not reach the meeting's own chat: it must go another way.
    Unsent {
        text: String,
    },
    MutedByOthers,
    /// The meeting did not take this picture of ours.
    Refused {
        source: Source,
    },
}

/// Somebody in an external meeting.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ExternalPerson {
    pub id: ExternalId,
    pub name: String,
    pub muted: bool,
    pub hand: bool,
    /// Is it this participant?
    #[serde(rename = "self")]
    pub own: bool,
}

/// A message of the meeting's own chat.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ExternalMessage {
    pub id: String,
    pub sender: String,
    pub mine: bool,
    pub text: String,
    /// In ms since the Unix epoch.
    pub at: i64,
}

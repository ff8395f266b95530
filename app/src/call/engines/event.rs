//! What an engine reports.

use anteroom_domain::visit::TeamsPresence;
use anteroom_protocol::media::{Quality, Source};
use serde::{Deserialize, Deserializer};

use super::external::ExternalEvent;
use super::told::Told;
use crate::call::participant::{ExternalId, ParticipantId};

/// A stream of the browser's, which the server does not have.
#[cfg(feature = "hydrate")]
pub type Stream = web_sys::MediaStream;
#[cfg(not(feature = "hydrate"))]
pub type Stream = std::convert::Infallible;

/// What an engine reports. The messages of the module for Microsoft Teams (`teams-client/src/contract.ts`) are read straight
/// into it: an event is written there and here, and nowhere in between.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum EngineEvent {
    State {
        state: EngineState,
    },
    /// A participant's stream came, was replaced or (None) went.
    #[serde(alias = "streamGone")]
    Stream {
        #[serde(rename = "id", deserialize_with = "external")]
        of: ParticipantId,
        source: Source,
        /// JSON has no streams: the engine adds it.
        #[serde(skip)]
        stream: Option<Stream>,
    },
    Quality {
        quality: Quality,
    },
    /// Something to tell the person.
    #[serde(rename = "diagnostic")]
    Notice {
        code: Told,
    },
    /// What only an engine with [`ExternalCall`](super::ExternalCall) reports.
    #[serde(untagged)]
    External(ExternalEvent),
}

/// The state of an engine's connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum EngineState {
    Connecting,
    /// The participant waits in the lobby of an external meeting.
    Lobby,
    Connected,
    /// The connection was up and is being mended; the last picture stays.
    Interrupted,
    /// The engine gave up; an [`EngineEvent::Notice`] has told the person.
    Failed,
}

impl EngineState {
    /// What it means for the presence in an external meeting. None: nothing new.
    pub fn presence(self) -> Option<TeamsPresence> {
        match self {
            EngineState::Connecting => Some(TeamsPresence::Joining),
            EngineState::Lobby => Some(TeamsPresence::Lobby),
            EngineState::Connected => Some(TeamsPresence::In),
            EngineState::Interrupted | EngineState::Failed => None,
        }
    }
}

fn external<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ParticipantId, D::Error> {
    ExternalId::deserialize(deserializer).map(ParticipantId::External)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const CONTRACT: &str = include_str!("../../../../teams-client/src/contract.ts");

    /// One message of each type in the contract.
    const MESSAGES: [&str; 23] = [
        r#"{"type":"loading","share":0.5}"#,
        r#"{"type":"state","state":"lobby"}"#,
        r#"{"type":"ended","code":0,"subCode":5854}"#,
        r#"{"type":"people","people":[{"id":"8:acs:1","name":"Ana","muted":true,"hand":false,"speaking":true,"self":true}]}"#,
        r#"{"type":"stream","id":"8:orgid:1","source":"camera","stream":{}}"#,
        r#"{"type":"streamGone","id":"8:orgid:1","source":"screen"}"#,
        r#"{"type":"quality","quality":"poor"}"#,
        r#"{"type":"diagnostic","code":"mutedByHost"}"#,
        r#"{"type":"recording","on":true}"#,
        r#"{"type":"transcription","on":false}"#,
        r#"{"type":"consentRequired","on":true}"#,
        r#"{"type":"captions","on":true}"#,
        r#"{"type":"caption","speaker":"Anna","text":"Good morning","final":true}"#,
        r#"{"type":"reaction","id":"8:orgid:1","kind":"like"}"#,
        r#"{"type":"role","role":"Attendee"}"#,
        r#"{"type":"may","share":false,"camera":true,"microphone":true}"#,
        r#"{"type":"chat","id":"17","sender":"Anna","mine":false,"text":"Hello","at":1795510990000}"#,
        r#"{"type":"chatOn"}"#,
        r#"{"type":"chatOff","reason":"channel"}"#,
        r#"{"type":"wrote"}"#,
        r#"{"type":"unsent","text":"Hello"}"#,
        r#"{"type":"mutedByOthers"}"#,
        r#"{"type":"refused","source":"screen"}"#,
    ];

    fn read(message: &str) -> EngineEvent {
        serde_json::from_str(message).unwrap_or_else(|error| panic!("{message}: {error}"))
    }

    #[test]
    fn every_event_of_the_contract_is_read() {
        let types: BTreeSet<_> = CONTRACT
            .split("{ type: '")
            .skip(1)
            .filter_map(|rest| rest.split('\'').next())
            .collect();
        let read: BTreeSet<_> = MESSAGES
            .iter()
            .map(|message| {
                read(message);
                message.split('"').nth(3).unwrap()
            })
            .collect();
        assert_eq!(read, types);
    }

    #[test]
    fn every_state_of_the_contract_is_read() {
        let states = CONTRACT.split("'state'; state: '").nth(1).unwrap();
        let states = states.split(['}', ';']).next().unwrap();
        let states: Vec<_> = states
            .split('\'')
            .filter(|word| word.chars().all(char::is_alphabetic))
            .collect();
        assert_eq!(states, ["connecting", "lobby", "connected", "interrupted"]);
        for state in states {
            read(&format!(r#"{{"type":"state","state":"{state}"}}"#));
        }
    }

    #[test]
    fn an_event_of_a_newer_module_is_not_read() {
        assert!(serde_json::from_str::<EngineEvent>(r#"{"type":"hologram","on":true}"#).is_err());
    }

    #[test]
    fn what_an_event_says_arrives() {
        let EngineEvent::External(ExternalEvent::Ended {
            code: 0,
            sub_code: 5854,
        }) = read(MESSAGES[2])
        else {
            panic!("not the codes");
        };
        let EngineEvent::Stream {
            of,
            source: Source::Screen,
            stream: None,
        } = read(MESSAGES[5])
        else {
            panic!("not the screen");
        };
        assert_eq!(of, ParticipantId::External(ExternalId::new("8:orgid:1")));
        let EngineEvent::External(ExternalEvent::Caption(caption)) = read(MESSAGES[12]) else {
            panic!("not the caption");
        };
        assert!(caption.last && caption.text == "Good morning");
    }
}

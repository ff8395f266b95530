//! The port between the call screen and what carries sound and picture. One screen, lobby and chat for every engine:
//! the built-in one is [`super::builtin`]; others come as siblings behind the same trait.
//!
//! An engine is handed tracks that the meeting opened (the person chose devices before any engine was known) and reports
//! streams; nothing of its own protocol shows.

use anteroom_domain::id::VisitId;
use anteroom_domain::visit::TeamsPresence;
use anteroom_protocol::credentials::Credentials;
use anteroom_protocol::media::{MediaFromServer, Quality, Source};
use anteroom_protocol::seat::Person;
use anteroom_protocol::teams::TeamsFromServer;
use web_sys::{MediaStream, MediaStreamTrack};

use super::external::{Caption, ExternalCommand, MeetingChat, Permissions};

/// What we send from the start; each may come, go and change later.
#[derive(Clone, Default)]
pub struct Sending {
    pub microphone: Option<MediaStreamTrack>,
    pub camera: Option<MediaStreamTrack>,
    pub screen: Option<MediaStreamTrack>,
}

/// How the engine stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineState {
    Connected,
    /// Was connected, is being mended; the last picture stands.
    Interrupted,
    /// Given up; the person has been told by a [`EngineEvent::Notice`].
    Failed,
}

/// What an engine reports.
pub enum EngineEvent {
    State(EngineState),
    /// Somebody's stream is there, or is another than before.
    Stream {
        visit: VisitId,
        source: Source,
        stream: MediaStream,
    },
    StreamGone {
        visit: VisitId,
        source: Source,
    },
    Quality(Quality),
    /// A sentence for the person.
    Notice(String),

    // What follows comes from a meeting external, whose people and rules are not ours.
    /// So much of the engine is loaded, 0 to 1.
    Loading(f64),
    Stands(TeamsPresence),
    /// Everyone else who is there.
    People(Vec<Person>),
    Recording(bool),
    Transcription(bool),
    /// The meeting asks for the person's agreement, or no longer does.
    ConsentAsked(bool),
    CaptionsOn(bool),
    Caption(Caption),
    Reaction {
        visit: VisitId,
        kind: String,
    },
    Role(String),
    Permissions(Permissions),
    Chat {
        id: String,
        sender: String,
        mine: bool,
        text: String,
        at: i64,
    },
    /// What is written goes into the meeting's own chat from now on, or no longer does.
    Chats(MeetingChat),
    /// What was written did not reach the meeting's own chat: it must go another way.
    Unsent(String),
    /// Our own hand.
    Hand(bool),
    MutedByOthers,
    /// The meeting did not take this picture of ours.
    NotTaken(Source),
    /// It is over, by the engine's own codes. Nothing follows.
    Ended {
        code: i32,
        sub_code: i32,
    },
}

/// What carries a meeting. All methods return at once; results come as events.
pub trait CallEngine {
    /// Enters the meeting. Called again with fresh credentials after a resume: the engine starts anew, without taking
    /// away what is on screen before it has something to replace it.
    fn join(&self, credentials: Credentials, sending: Sending);
    /// Leaves and frees everything; no event follows.
    fn leave(&self);
    /// Sends this track as the microphone from now on; `None` sends nothing.
    fn set_microphone(&self, track: Option<MediaStreamTrack>);
    /// Muting keeps the device open, so that unmuting is instant and "you are muted" can be noticed.
    fn mute(&self, muted: bool);
    fn set_camera(&self, track: Option<MediaStreamTrack>);
    fn set_screen(&self, track: Option<MediaStreamTrack>);
    /// The browser is online again or on another network: mend the connection now rather than after a timeout.
    fn network_changed(&self);
    /// A message of the built-in engine's negotiation, which travels on our own socket. Other engines have their own.
    fn deliver(&self, _message: MediaFromServer) {}
    /// About the credentials of an engine external.
    fn deliver_outside(&self, _message: TeamsFromServer) {}
    /// What was asked of the server gets no answer any more: the socket is down, or it was refused.
    fn give_up_asking(&self, _why: &str) {}
    fn ask_outside(&self, _ask: ExternalCommand) {}
    /// Writes into the meeting's own chat.
    fn write_outside(&self, _text: &str) {}
}

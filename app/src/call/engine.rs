//! The port between the call screen and what carries sound and picture. One screen, lobby and chat for every engine:
//! the built-in one is [`super::builtin`]; others come as siblings behind the same trait.
//!
//! An engine is handed tracks that the meeting opened (the person chose devices before any engine was known) and reports
//! streams; nothing of its own protocol shows.

use anteroom_domain::signalling::{Credentials, MediaFromServer, Quality, Source, VisitId};
use web_sys::{MediaStream, MediaStreamTrack};

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
    fn deliver(&self, message: MediaFromServer);
}

//! The port between the call screen and an engine.
//!
//! The person chooses devices before any engine is known, so an engine is given tracks that the meeting opened. It reports
//! streams; nothing of its own protocol shows.

use anteroom_protocol::credentials::Credentials;
use anteroom_protocol::seat::{FromClient, FromServer};
use futures::channel::mpsc::UnboundedSender;
use web_sys::MediaStreamTrack;

use super::{EngineEvent, ExternalCall};

/// The tracks that are sent; each may come, go and change at any time.
#[derive(Clone, Default)]
pub struct Sending {
    pub microphone: Option<MediaStreamTrack>,
    pub camera: Option<MediaStreamTrack>,
    pub screen: Option<MediaStreamTrack>,
}

/// What an engine starts with.
pub struct Start {
    pub server: ToServer,
    pub events: UnboundedSender<EngineEvent>,
    pub muted: bool,
}

/// An engine's way to our server, over the socket that the seat has at that time.
pub struct ToServer {
    /// Sends now. False: the socket is down.
    pub send: Box<dyn Fn(&FromClient) -> bool>,
    /// Sends now, or when the socket is up again.
    pub report: Box<dyn Fn(FromClient)>,
}

/// An engine. All methods return at once; results come as events.
pub trait CallEngine {
    /// Enters the meeting. Called again with fresh credentials after a resume: the engine starts again, and takes nothing
    /// from the screen before it has something to replace it.
    fn join(&self, credentials: Credentials, sending: Sending);
    /// Leaves and frees everything; no event follows.
    fn leave(&self);
    /// Sends this track as the microphone from now on; `None` sends nothing.
    fn set_microphone(&self, track: Option<MediaStreamTrack>);
    /// Muting keeps the device open: unmuting is instant, and the page can notice that a muted person speaks.
    fn mute(&self, muted: bool);
    fn set_camera(&self, track: Option<MediaStreamTrack>);
    fn set_screen(&self, track: Option<MediaStreamTrack>);
    /// The browser is online again or on another network: mend the connection now rather than after a timeout.
    fn network_changed(&self);
    /// A message of our server for the engine. An engine takes those of its own negotiation.
    fn deliver(&self, message: FromServer);
    /// What only an external meeting has.
    fn external(&self) -> Option<&dyn ExternalCall> {
        None
    }
}

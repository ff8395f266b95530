//! What the socket of a staff page says.

use anteroom_domain::id::EventId;
use anteroom_domain::view::Waiting;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The longest silence of the server, in seconds. A page that hears nothing for longer knows that it is not live.
pub const HEARTBEAT_SECONDS: u64 = 15;

/// Who waits, and how new that is. Sent on connecting, again whenever something changed, and at least every
/// [`HEARTBEAT_SECONDS`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffFeed {
    /// Everyone in a lobby whom this member of staff may see.
    pub waiting: Vec<Waiting>,
    /// The server's clock.
    pub now: Timestamp,
    /// The newest event in the log. A page that was rendered before it may be old.
    pub newest: EventId,
    /// True when nothing changed and the message only keeps the page live.
    pub heartbeat: bool,
}

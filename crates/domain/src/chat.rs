//! Chat between the participants of a consultation.

use serde::{Deserialize, Serialize};

use crate::id::{MessageId, VisitId};
use crate::visit::Role;

/// The longest chat message, in characters.
pub const MAX_CHAT_CHARS: usize = 2_000;

/// One message in the chat of a running meeting. Messages are deleted when the consultation ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatMessage {
    /// The message's id.
    pub id: MessageId,
    /// The writer's visit.
    pub visit: VisitId,
    /// The writer's role. It marks the real host: a guest may choose the host's name.
    pub role: Role,
    /// The writer's name.
    pub name: String,
    /// The message: 1 to [`MAX_CHAT_CHARS`] characters.
    pub text: String,
    /// When the message was written, in milliseconds since the Unix epoch.
    pub at: i64,
}

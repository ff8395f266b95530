//! What participants write to each other.

use serde::{Deserialize, Serialize};

use crate::id::{MessageId, VisitId};
use crate::visit::Role;

/// Characters of one chat message.
pub const MAX_CHAT_CHARS: usize = 2_000;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatMessage {
    pub id: MessageId,
    pub visit: VisitId,
    /// The writer's: anybody can call themselves what the host is called.
    pub role: Role,
    pub name: String,
    pub text: String,
    /// Ms since the Unix epoch.
    pub at: i64,
}

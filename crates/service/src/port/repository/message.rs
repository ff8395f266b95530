//! Storage of chat messages.

use anteroom_domain::chat::ChatMessage;
use anteroom_domain::id::ConsultationId;
use anteroom_domain::visit::Visit;
use async_trait::async_trait;
use jiff::Timestamp;

use crate::port::store::Result;

/// Look-ups of chat messages.
#[async_trait]
pub trait ReadMessages: Send {
    /// The newest messages of the consultation, `most` at most. The oldest of them comes first.
    async fn messages(&mut self, consultation: ConsultationId, most: u32) -> Result<Vec<ChatMessage>>;
}

/// Changes of chat messages.
#[async_trait]
pub trait WriteMessages: Send {
    /// Adds a message of this visit, under the name that it has now. Answers the message as it is shown.
    async fn add_message(&mut self, visit: &Visit, text: &str, at: Timestamp) -> Result<ChatMessage>;
    /// Deletes the messages of the consultation, but for the newest `most`.
    async fn trim_messages(&mut self, consultation: ConsultationId, most: u32) -> Result<()>;
    /// Deletes all messages of the consultation.
    async fn delete_messages(&mut self, consultation: ConsultationId) -> Result<()>;
}

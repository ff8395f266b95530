//! Storage of chat messages.

use anteroom_domain::chat::ChatMessage;
use anteroom_domain::id::ConsultationId;
use anteroom_domain::visit::Visit;
use async_trait::async_trait;
use jiff::Timestamp;

use crate::port::store::Result;

#[async_trait]
pub trait ReadMessages: Send {
    async fn messages(&mut self, consultation: ConsultationId, most: u32) -> Result<Vec<ChatMessage>>;
}

#[async_trait]
pub trait WriteMessages: Send {
    async fn add_message(&mut self, visit: &Visit, text: &str, at: Timestamp) -> Result<ChatMessage>;
    async fn trim_messages(&mut self, consultation: ConsultationId, most: u32) -> Result<()>;
    async fn delete_messages(&mut self, consultation: ConsultationId) -> Result<()>;
}

//! Storage of settings that admins change.

use async_trait::async_trait;

use crate::port::store::Result;

#[async_trait]
pub trait ReadSettings: Send {
    async fn setting(&mut self, name: &str) -> Result<Option<String>>;
}

#[async_trait]
pub trait WriteSettings: Send {
    async fn set_setting(&mut self, name: &str, value: &str) -> Result<()>;
}

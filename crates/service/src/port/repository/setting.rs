//! Storage of settings that admins change.

use async_trait::async_trait;

use crate::port::store::Result;

/// Look-ups of settings.
#[async_trait]
pub trait ReadSettings: Send {
    /// The value of the setting with this name. None: it was never set.
    async fn setting(&mut self, name: &str) -> Result<Option<String>>;
}

/// Changes of settings.
#[async_trait]
pub trait WriteSettings: Send {
    /// Sets the value, in the place of any that was set before.
    async fn set_setting(&mut self, name: &str, value: &str) -> Result<()>;
}

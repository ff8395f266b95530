//! Storage of failed attempts to sign in.

use async_trait::async_trait;
use jiff::Timestamp;

use crate::port::store::Result;

/// The line of an attempt to sign in.
#[derive(Clone, Copy, Debug)]
pub struct Attempt(pub i64);

/// Look-ups of attempts to sign in. A key says whose attempts are counted together; only its SHA-256 is stored.
#[async_trait]
pub trait ReadSignIns: Send {
    /// How many attempts with this key were written down at `since` or later and have not been dropped.
    async fn sign_in_failures(&mut self, key_hash: &[u8; 32], since: Timestamp) -> Result<i64>;
}

/// Changes of attempts to sign in.
#[async_trait]
pub trait WriteSignIns: Send {
    /// Writes an attempt down. It counts as failed until it is dropped.
    async fn add_sign_in_failure(&mut self, key_hash: &[u8; 32], at: Timestamp) -> Result<Attempt>;
    /// The attempt succeeded: it does not count.
    async fn drop_sign_in_failure(&mut self, attempt: Attempt) -> Result<()>;
    /// Deletes all attempts from before `before`, whatever their keys.
    async fn forget_sign_in_failures(&mut self, before: Timestamp) -> Result<()>;
}

//! Storage of failed attempts to sign in.

use async_trait::async_trait;
use jiff::Timestamp;

use crate::port::store::Result;

/// The line of an attempt to sign in.
#[derive(Clone, Copy, Debug)]
pub struct Attempt(pub i64);

#[async_trait]
pub trait ReadSignIns: Send {
    async fn sign_in_failures(&mut self, key_hash: &[u8; 32], since: Timestamp) -> Result<i64>;
}

#[async_trait]
pub trait WriteSignIns: Send {
    async fn add_sign_in_failure(&mut self, key_hash: &[u8; 32], at: Timestamp) -> Result<Attempt>;
    async fn drop_sign_in_failure(&mut self, attempt: Attempt) -> Result<()>;
    async fn forget_sign_in_failures(&mut self, before: Timestamp) -> Result<()>;
}

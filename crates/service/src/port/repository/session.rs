//! Storage of sessions of staff, and the browsers that accounts know.

use anteroom_domain::account::Account;
use anteroom_domain::id::{AccountId, SessionId};
use anteroom_domain::view::OpenSession;
use async_trait::async_trait;
use jiff::Timestamp;

use crate::port::store::Result;

#[derive(Clone, Debug)]
pub struct SessionRow {
    pub id: SessionId,
    pub account: Account,
    pub created_at: Timestamp,
    pub seen_at: Timestamp,
}

/// Which of an account's sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sessions {
    All,
    One(SessionId),
    AllBut(SessionId),
}

#[async_trait]
pub trait ReadSessions: Send {
    async fn session(&mut self, secret_hash: &[u8; 32]) -> Result<Option<SessionRow>>;
    /// The last used first.
    async fn sessions_of(&mut self, account: AccountId) -> Result<Vec<OpenSession>>;
    async fn knows_browser(&mut self, secret_hash: &[u8; 32], account: AccountId) -> Result<bool>;
}

#[async_trait]
pub trait WriteSessions: Send {
    async fn add_session(
        &mut self,
        secret_hash: &[u8; 32],
        account: AccountId,
        browser: &str,
        at: Timestamp,
    ) -> Result<SessionId>;
    async fn touch_session(&mut self, secret_hash: &[u8; 32], at: Timestamp) -> Result<()>;
    async fn end_sessions(&mut self, account: AccountId, sessions: Sessions) -> Result<()>;
    /// What was taken in one session is the other's from now on.
    async fn pass_seats_on(&mut self, from: SessionId, to: SessionId) -> Result<()>;
    async fn forget_sessions_before(&mut self, created: Timestamp, seen: Timestamp) -> Result<()>;
    /// A browser in which this account signs in; one that it knows already is kept from now on for as long again.
    async fn keep_known_browser(&mut self, secret_hash: &[u8; 32], account: AccountId, at: Timestamp) -> Result<()>;
    /// All of them, but for the one that is named.
    async fn forget_browsers_of(&mut self, account: AccountId, but: Option<&[u8; 32]>) -> Result<()>;
    async fn forget_browsers_before(&mut self, before: Timestamp) -> Result<()>;
}

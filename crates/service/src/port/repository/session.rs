//! Storage of sessions of staff, and the browsers that accounts know.

use anteroom_domain::account::Account;
use anteroom_domain::id::{AccountId, SessionId};
use anteroom_domain::view::OpenSession;
use async_trait::async_trait;
use jiff::Timestamp;

use crate::port::store::Result;

/// A session of a member of staff, with their account.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// The session's id.
    pub id: SessionId,
    /// The account, which may be one that is not in use any more.
    pub account: Account,
    /// When the owner signed in.
    pub created_at: Timestamp,
    /// When the session was last used, to within a minute.
    pub seen_at: Timestamp,
}

/// Which of an account's sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sessions {
    /// All of them.
    All,
    /// The one with this id.
    One(SessionId),
}

/// Look-ups of sessions and known browsers.
#[async_trait]
pub trait ReadSessions: Send {
    /// The session with this secret. Whether it is too old, or its account is in use, is for the caller to check.
    async fn session(&mut self, secret_hash: &[u8; 32]) -> Result<Option<SessionRow>>;
    /// The last used first.
    async fn sessions_of(&mut self, account: AccountId) -> Result<Vec<OpenSession>>;
    /// Whether the account knows the browser with this secret: its owner has signed in there.
    async fn knows_browser(&mut self, secret_hash: &[u8; 32], account: AccountId) -> Result<bool>;
}

/// Changes of sessions and known browsers.
#[async_trait]
pub trait WriteSessions: Send {
    /// Adds a session that begins at `at` and answers its id. `browser` is what the browser calls itself, in at most 60
    /// characters; empty if it says nothing.
    async fn add_session(
        &mut self,
        secret_hash: &[u8; 32],
        account: AccountId,
        browser: &str,
        at: Timestamp,
    ) -> Result<SessionId>;
    /// The session with this secret was used at `at`.
    async fn touch_session(&mut self, secret_hash: &[u8; 32], at: Timestamp) -> Result<()>;
    /// Deletes these sessions of the account. Seats that were taken in them are not touched.
    async fn end_sessions(&mut self, account: AccountId, sessions: Sessions) -> Result<()>;
    /// What was taken in one session is the other's from now on.
    async fn pass_seats_on(&mut self, from: SessionId, to: SessionId) -> Result<()>;
    /// Deletes the sessions that began before `created`, and those that were last used before `seen`.
    async fn forget_sessions_before(&mut self, created: Timestamp, seen: Timestamp) -> Result<()>;
    /// A browser in which this account signs in; one that it knows already is kept from now on for as long again.
    async fn keep_known_browser(&mut self, secret_hash: &[u8; 32], account: AccountId, at: Timestamp) -> Result<()>;
    /// All of them, but for the one that is named.
    async fn forget_browsers_of(&mut self, account: AccountId, but: Option<&[u8; 32]>) -> Result<()>;
    /// Deletes the known browsers in which nobody has signed in since `before`.
    async fn forget_browsers_before(&mut self, before: Timestamp) -> Result<()>;
}

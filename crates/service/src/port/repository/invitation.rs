//! Storage of invitations.

use anteroom_domain::consultation::Consultation;
use anteroom_domain::guest::Guest;
use anteroom_domain::id::{ConsultationId, GuestId};
use async_trait::async_trait;
use jiff::Timestamp;

use crate::port::store::Result;

/// What a good invitation leads to.
#[derive(Clone, Debug)]
pub struct Invited {
    pub made_at: Timestamp,
    pub guest: Guest,
    pub consultation: Consultation,
}

#[async_trait]
pub trait ReadInvitations: Send {
    /// None for unknown, expired and revoked alike.
    async fn invitation(&mut self, secret_hash: &[u8; 32], now: Timestamp) -> Result<Option<Invited>>;
    /// Is there a link that lets this guest in?
    async fn holds_link(&mut self, guest: GuestId, now: Timestamp) -> Result<bool>;
    async fn good_invitations(&mut self, consultation: ConsultationId, now: Timestamp) -> Result<i64>;
}

#[async_trait]
pub trait WriteInvitations: Send {
    async fn add_invitation(
        &mut self,
        guest: GuestId,
        secret_hash: &[u8; 32],
        at: Timestamp,
        valid_until: Timestamp,
    ) -> Result<()>;
    async fn extend_invitations(&mut self, consultation: ConsultationId, valid_until: Timestamp) -> Result<()>;
    async fn revoke_invitations(&mut self, guest: GuestId, at: Timestamp) -> Result<()>;
}

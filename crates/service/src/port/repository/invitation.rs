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
    /// When the link was made.
    pub made_at: Timestamp,
    /// The guest whose link it is.
    pub guest: Guest,
    /// The consultation that the guest is invited to.
    pub consultation: Consultation,
}

/// Look-ups of guests' links.
#[async_trait]
pub trait ReadInvitations: Send {
    /// None for unknown, expired and revoked alike.
    async fn invitation(&mut self, secret_hash: &[u8; 32], now: Timestamp) -> Result<Option<Invited>>;
    /// Is there a link that lets this guest in?
    async fn holds_link(&mut self, guest: GuestId, now: Timestamp) -> Result<bool>;
    /// How many good links the guests of the consultation hold together.
    async fn good_invitations(&mut self, consultation: ConsultationId, now: Timestamp) -> Result<i64>;
}

/// Changes of guests' links.
#[async_trait]
pub trait WriteInvitations: Send {
    /// Adds a link for the guest, made at `at`. The guest's other links stay as good as they are.
    async fn add_invitation(
        &mut self,
        guest: GuestId,
        secret_hash: &[u8; 32],
        at: Timestamp,
        valid_until: Timestamp,
    ) -> Result<()>;
    /// Sets the time until which all links of the consultation's guests are good. Those that were revoked stay revoked.
    async fn extend_invitations(&mut self, consultation: ConsultationId, valid_until: Timestamp) -> Result<()>;
    /// Revokes all links of the guest.
    async fn revoke_invitations(&mut self, guest: GuestId, at: Timestamp) -> Result<()>;
}

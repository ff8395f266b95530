//! Storage of registration links of launches.

use anteroom_domain::consultation::Consultation;
use anteroom_domain::id::{ConsultationId, GuestId};
use anteroom_domain::visit::Role;
use async_trait::async_trait;
use jiff::Timestamp;

use crate::port::store::Result;

/// Look-ups of registration links.
#[async_trait]
pub trait ReadRegistrations: Send {
    /// What a good registration link is for; None for unknown, over and revoked alike.
    async fn registration(&mut self, secret_hash: &[u8; 32], now: Timestamp) -> Result<Option<Consultation>>;
    /// Whether the consultation has a good registration link.
    async fn has_registration(&mut self, consultation: ConsultationId, now: Timestamp) -> Result<bool>;
    /// Guests of this role who are expected and hold a good link.
    async fn taken_seats(&mut self, consultation: ConsultationId, role: Role, now: Timestamp) -> Result<i64>;
    /// Did they register when an attendee had been put out, who still is?
    async fn registered_after_a_removal(&mut self, guest: GuestId, consultation: ConsultationId) -> Result<bool>;
}

/// Changes of registration links.
#[async_trait]
pub trait WriteRegistrations: Send {
    /// Adds a registration link, made at `at`. Others of the consultation stay as good as they are.
    async fn add_registration(
        &mut self,
        consultation: ConsultationId,
        secret_hash: &[u8; 32],
        at: Timestamp,
        valid_until: Timestamp,
    ) -> Result<()>;
    /// Revokes all registration links of the consultation. Whoever has registered keeps their own link.
    async fn revoke_registrations(&mut self, consultation: ConsultationId, at: Timestamp) -> Result<()>;
    /// Sets the time until which the consultation's registration links are good. Those that were revoked stay revoked.
    async fn extend_registrations(&mut self, consultation: ConsultationId, valid_until: Timestamp) -> Result<()>;
}

//! Storage of registration links of launches.

use anteroom_domain::consultation::Consultation;
use anteroom_domain::id::{ConsultationId, GuestId};
use anteroom_domain::visit::Role;
use async_trait::async_trait;
use jiff::Timestamp;

use crate::port::store::Result;

#[async_trait]
pub trait ReadRegistrations: Send {
    /// What a good registration link is for; None for unknown, over and revoked alike.
    async fn registration(&mut self, secret_hash: &[u8; 32], now: Timestamp) -> Result<Option<Consultation>>;
    async fn has_registration(&mut self, consultation: ConsultationId, now: Timestamp) -> Result<bool>;
    /// Guests of this role who are expected and hold a good link.
    async fn taken_seats(&mut self, consultation: ConsultationId, role: Role, now: Timestamp) -> Result<i64>;
    /// Did they register when an attendee had been put out, who still is?
    async fn registered_after_a_removal(&mut self, guest: GuestId, consultation: ConsultationId) -> Result<bool>;
}

#[async_trait]
pub trait WriteRegistrations: Send {
    async fn add_registration(
        &mut self,
        consultation: ConsultationId,
        secret_hash: &[u8; 32],
        at: Timestamp,
        valid_until: Timestamp,
    ) -> Result<()>;
    async fn revoke_registrations(&mut self, consultation: ConsultationId, at: Timestamp) -> Result<()>;
    async fn extend_registrations(&mut self, consultation: ConsultationId, valid_until: Timestamp) -> Result<()>;
}

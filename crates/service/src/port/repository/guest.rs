//! Storage of guests.

use anteroom_domain::guest::Guest;
use anteroom_domain::id::{ConsultationId, GuestId};
use anteroom_domain::visit::Role;
use async_trait::async_trait;
use jiff::Timestamp;

use crate::port::store::Result;

#[derive(Clone, Debug)]
pub struct NewGuest {
    pub consultation: ConsultationId,
    pub name: String,
    pub email: String,
    pub phone: String,
    pub language: String,
    pub zone: anteroom_domain::time::Zone,
    pub role: Role,
    pub created_at: Timestamp,
}

#[async_trait]
pub trait ReadGuests: Send {
    async fn guests(&mut self, consultation: ConsultationId) -> Result<Vec<Guest>>;
    async fn guest(&mut self, id: GuestId) -> Result<Option<Guest>>;
}

#[async_trait]
pub trait WriteGuests: Send {
    async fn add_guest(&mut self, new: &NewGuest) -> Result<GuestId>;
    async fn save_guest(&mut self, guest: &Guest) -> Result<()>;
}

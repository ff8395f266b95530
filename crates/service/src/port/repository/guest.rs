//! Storage of guests.

use anteroom_domain::guest::{Guest, GuestTerms};
use anteroom_domain::id::{ConsultationId, GuestId};
use anteroom_domain::time::Zone;
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
    pub zone: Zone,
    pub role: Role,
    pub created_at: Timestamp,
}

impl NewGuest {
    /// A guest whom staff invite. `agreed`: the zone in which the time was agreed.
    pub fn invited(consultation: ConsultationId, terms: GuestTerms, agreed: &Zone, at: Timestamp) -> Self {
        Self {
            consultation,
            name: terms.name.into(),
            email: terms.email.map(String::from).unwrap_or_default(),
            phone: terms.phone.map(String::from).unwrap_or_default(),
            language: terms.language.into(),
            zone: terms.zone.unwrap_or_else(|| agreed.clone()),
            role: Role::Guest,
            created_at: at,
        }
    }
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

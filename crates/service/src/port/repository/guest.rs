//! Storage of guests.

use anteroom_domain::guest::{Guest, GuestTerms};
use anteroom_domain::id::{ConsultationId, GuestId};
use anteroom_domain::time::Zone;
use anteroom_domain::visit::Role;
use async_trait::async_trait;
use jiff::Timestamp;

use crate::port::store::Result;

/// A guest who is to be stored. The host has not decided about them yet.
#[derive(Clone, Debug)]
pub struct NewGuest {
    /// The consultation that the guest is invited to.
    pub consultation: ConsultationId,
    /// The guest's name.
    pub name: String,
    /// The guest's e-mail address. Empty: none.
    pub email: String,
    /// The guest's telephone number in E.164. Empty: none.
    pub phone: String,
    /// The BCP 47 tag of the guest's language.
    pub language: String,
    /// The zone in which the guest reads times.
    pub zone: Zone,
    /// [`Role::Attendee`] for a view-only guest of a launch, else [`Role::Guest`].
    pub role: Role,
    /// When the guest was invited, or registered.
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

/// Look-ups of guests.
#[async_trait]
pub trait ReadGuests: Send {
    /// All guests of the consultation, in the order in which they were added. Those who were declined or removed, or
    /// who said that they can't come, are among them.
    async fn guests(&mut self, consultation: ConsultationId) -> Result<Vec<Guest>>;
    /// The guest with this id.
    async fn guest(&mut self, id: GuestId) -> Result<Option<Guest>>;
}

/// Changes of guests.
#[async_trait]
pub trait WriteGuests: Send {
    /// Adds a guest and answers their id.
    async fn add_guest(&mut self, new: &NewGuest) -> Result<GuestId>;
    /// Stores the guest as they are now, but for their consultation and their role, which stay.
    async fn save_guest(&mut self, guest: &Guest) -> Result<()>;
}

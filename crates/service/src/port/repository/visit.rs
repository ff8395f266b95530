//! Storage of visits.

use anteroom_domain::id::{AccountId, BranchId, ConsultationId, GuestId, SessionId, VisitId};
use anteroom_domain::view::Waiting;
use anteroom_domain::visit::{Role, Visit};
use async_trait::async_trait;
use jiff::Timestamp;

use super::session::Sessions;
use crate::port::store::Result;

#[derive(Clone, Debug)]
pub struct NewVisit {
    pub consultation: ConsultationId,
    pub guest: Option<GuestId>,
    pub account: Option<AccountId>,
    pub role: Role,
    pub name: String,
    pub token_hash: [u8; 32],
    /// In which a member of staff came.
    pub session: Option<SessionId>,
    pub arrived_at: Timestamp,
    pub admitted_at: Option<Timestamp>,
}

/// A visit as a room shows it.
#[derive(Clone, Debug)]
pub struct RoomVisit {
    pub visit: Visit,
    /// The name that the guest was invited by; None for staff.
    pub invited: Option<String>,
    /// Their e-mail address or phone number.
    pub contact: Option<String>,
}

#[async_trait]
pub trait ReadVisits: Send {
    async fn visit(&mut self, id: VisitId) -> Result<Option<Visit>>;
    async fn visit_by_token(&mut self, token_hash: &[u8; 32]) -> Result<Option<Visit>>;
    async fn visits(&mut self, consultation: ConsultationId) -> Result<Vec<Visit>>;
    /// The open ones, and the last one of each guest who was declined or removed and is so still; by id.
    async fn room_visits(&mut self, consultation: ConsultationId) -> Result<Vec<RoomVisit>>;
    /// Of all consultations.
    async fn open_visits(&mut self) -> Result<Vec<VisitId>>;
    /// As staff, taken in these sessions. Where it is one, also what was taken in those that are over.
    async fn open_visits_of(&mut self, account: AccountId, sessions: Sessions) -> Result<Vec<Visit>>;
    /// How many visits of this guest began after `since`.
    async fn arrivals(&mut self, guest: GuestId, since: Timestamp) -> Result<i64>;
    /// Open visits whose socket has been gone since before `before`.
    async fn lost_visits(&mut self, before: Timestamp) -> Result<Vec<Visit>>;
    async fn waiting(&mut self, branch: Option<BranchId>) -> Result<Vec<Waiting>>;
}

#[async_trait]
pub trait WriteVisits: Send {
    async fn add_visit(&mut self, new: &NewVisit) -> Result<VisitId>;
    async fn save_visit(&mut self, visit: &Visit) -> Result<()>;
    /// A new token for an open visit: the old one is worth nothing from now on.
    async fn set_visit_token(
        &mut self,
        visit: VisitId,
        token_hash: &[u8; 32],
        session: Option<SessionId>,
    ) -> Result<()>;
    /// After a restart no socket is open.
    async fn disconnect_all_visits(&mut self, at: Timestamp) -> Result<()>;
}

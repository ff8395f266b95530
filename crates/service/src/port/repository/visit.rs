//! Storage of visits.

use anteroom_domain::id::{AccountId, BranchId, ConsultationId, GuestId, SessionId, VisitId};
use anteroom_domain::view::Waiting;
use anteroom_domain::visit::{Role, Visit};
use async_trait::async_trait;
use jiff::Timestamp;

use super::session::Sessions;
use crate::port::store::Result;

/// A visit that is to be stored. It has no socket yet.
#[derive(Clone, Debug)]
pub struct NewVisit {
    /// The consultation.
    pub consultation: ConsultationId,
    /// The guest who comes. None for a member of staff: exactly one of `guest` and `account` is set.
    pub guest: Option<GuestId>,
    /// The member of staff who comes.
    pub account: Option<AccountId>,
    /// The participant's role.
    pub role: Role,
    /// The name under which others see the participant.
    pub name: String,
    /// The SHA-256 of the seat token.
    pub token_hash: [u8; 32],
    /// In which a member of staff came.
    pub session: Option<SessionId>,
    /// When the participant arrives.
    pub arrived_at: Timestamp,
    /// When the participant was let in. None: they wait in the lobby.
    pub admitted_at: Option<Timestamp>,
}

/// A visit as a room shows it.
#[derive(Clone, Debug)]
pub struct RoomVisit {
    /// The visit.
    pub visit: Visit,
    /// The name that the guest was invited by; None for staff.
    pub invited: Option<String>,
    /// Their e-mail address or phone number.
    pub contact: Option<String>,
}

/// Look-ups of visits.
#[async_trait]
pub trait ReadVisits: Send {
    /// The visit with this id, over or not.
    async fn visit(&mut self, id: VisitId) -> Result<Option<Visit>>;
    /// The visit with this seat token, over or not.
    async fn visit_by_token(&mut self, token_hash: &[u8; 32]) -> Result<Option<Visit>>;
    /// All visits to the consultation, over or not, in the order in which they began.
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
    /// Who waits in the lobbies of this branch, in ours or in Teams', the longest first: at most 200. None: of all
    /// branches.
    async fn waiting(&mut self, branch: Option<BranchId>) -> Result<Vec<Waiting>>;
}

/// Changes of visits.
#[async_trait]
pub trait WriteVisits: Send {
    /// Adds a visit and answers its id. Its time to connect runs from its arrival.
    async fn add_visit(&mut self, new: &NewVisit) -> Result<VisitId>;
    /// Stores the visit as it is now. Whose it is, its consultation, its role and its arrival stay.
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

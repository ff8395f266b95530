//! Storage of identities that were made at a provider, and of what guests used with them.

use anteroom_domain::id::{BranchId, ConsultationId, GuestId, IdentityId, VisitId};
use anteroom_domain::organisation::Engine;
use anteroom_domain::view::OutstandingIdentity;
use async_trait::async_trait;
use jiff::Timestamp;

use crate::port::store::Result;

/// An identity that is to be deleted, with whose it was.
#[derive(Clone, Debug)]
pub struct RetiredIdentity {
    /// The identity, as its provider calls it.
    pub name: String,
    /// The engine whose provider made it.
    pub engine: Engine,
    /// The visit for which it was made.
    pub visit: VisitId,
    /// The consultation of that visit.
    pub consultation: ConsultationId,
    /// The guest whose visit it was.
    pub guest: Option<GuestId>,
}

/// What guests used on Teams.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageRow {
    /// `2026-11`, in UTC, as Azure bills.
    pub month: String,
    /// The branch of the consultations.
    pub branch: BranchId,
    /// How many consultations guests were in on Teams.
    pub consultations: i64,
    /// How long guests were in meetings and in Teams' lobby, in seconds. Who is there still is counted until now.
    pub seconds: i64,
    /// How many chat messages guests sent into meetings on Teams.
    pub messages: i64,
}

/// Look-ups of identities, and of what guests used with them.
#[async_trait]
pub trait ReadIdentities: Send {
    /// The identity that this visit has now.
    async fn identity_of(&mut self, visit: VisitId) -> Result<Option<String>>;
    /// How many identities this guest was given, or may have been given, since then.
    async fn identities_since(&mut self, consultation: ConsultationId, guest: GuestId, since: Timestamp)
    -> Result<i64>;
    /// None where it is deleted already.
    async fn retired_identity(&mut self, id: IdentityId) -> Result<Option<RetiredIdentity>>;
    /// The first of them, by what needs attention, and how many there are in all.
    async fn outstanding_identities(&mut self, branch: Option<BranchId>) -> Result<(Vec<OutstandingIdentity>, i64)>;
    /// The branch of an identity that nobody knows to exist or not, and no admin has taken note of.
    async fn unsure_identity(&mut self, id: IdentityId) -> Result<Option<BranchId>>;
    /// By month, newest first, and branch; of one branch where it is given.
    async fn teams_usage(&mut self, branch: Option<BranchId>, now: Timestamp) -> Result<Vec<UsageRow>>;
    /// By month, newest first, of one consultation.
    async fn teams_usage_of(&mut self, consultation: ConsultationId, now: Timestamp) -> Result<Vec<UsageRow>>;
}

/// Changes of identities.
#[async_trait]
pub trait WriteIdentities: Send {
    /// Writes down that an identity is being asked for.
    async fn begin_identity(&mut self, visit: VisitId, engine: Engine, at: Timestamp) -> Result<IdentityId>;
    /// The identity was made; `identity` is what its provider calls it.
    async fn name_identity(&mut self, id: IdentityId, identity: &str) -> Result<()>;
    /// No answer came that says whether one was made.
    async fn doubt_identity(&mut self, id: IdentityId, at: Timestamp) -> Result<()>;
    /// After a restart no answer comes any more.
    async fn doubt_asked_identities(&mut self, at: Timestamp) -> Result<()>;
    /// An admin has taken note of one that may exist.
    async fn acknowledge_identity(&mut self, id: IdentityId, at: Timestamp) -> Result<()>;
    /// It is known that none was made.
    async fn drop_identity(&mut self, id: IdentityId) -> Result<()>;
    /// The visit is over: what it was given is no longer in use. Answers those that are to be deleted.
    async fn retire_identities(&mut self, visit: VisitId, at: Timestamp) -> Result<Vec<IdentityId>>;
    /// False where it was already: two rounds may have come to it at once.
    async fn identity_deleted(&mut self, id: IdentityId, at: Timestamp) -> Result<bool>;
}

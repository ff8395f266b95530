//! Storage of errands.

use anteroom_domain::consultation::ProvisionedMeeting;
use anteroom_domain::id::{BranchId, ConsultationId};
use anteroom_domain::view::FailedErrand;
use async_trait::async_trait;
use jiff::Timestamp;

use crate::port::store::Result;

/// What is to be done about a meeting outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrandKind {
    /// Make it, or move it to where the consultation is now.
    Prepare,
    Discard(ProvisionedMeeting),
}

#[derive(Clone, Debug)]
pub struct Errand {
    pub row: i64,
    pub kind: ErrandKind,
    pub consultation: ConsultationId,
    pub attempts: i64,
}

#[async_trait]
pub trait ReadErrands: Send {
    async fn due_errands(&mut self, now: Timestamp, most: u32) -> Result<Vec<Errand>>;
    /// The first of them, and how many there are in all.
    async fn failed_errands(&mut self, branch: Option<BranchId>) -> Result<(Vec<FailedErrand>, i64)>;
}

#[async_trait]
pub trait WriteErrands: Send {
    async fn add_errand(&mut self, consultation: ConsultationId, kind: &ErrandKind, due_at: Timestamp) -> Result<()>;
    async fn errand_done(&mut self, row: i64, at: Timestamp) -> Result<()>;
    async fn errand_failed(&mut self, row: i64, why: &str, again_at: Timestamp) -> Result<()>;
}

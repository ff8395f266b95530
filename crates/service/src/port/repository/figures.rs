//! Storage of figures of the dashboard.

use anteroom_domain::figures::{Counts, Outcome, Range, Spread};
use anteroom_domain::id::{AccountId, BranchId, ServiceId};
use anteroom_domain::time::Span;
use async_trait::async_trait;
use jiff::Timestamp;

use crate::port::store::Result;

/// One cell of the dashboard's breakdowns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FiguresRow {
    /// Which of the days asked for, from 0.
    pub day: i64,
    /// The branch.
    pub branch: BranchId,
    /// The service.
    pub service: ServiceId,
    /// The host.
    pub host: AccountId,
    /// The outcome.
    pub outcome: Outcome,
    /// Cancelled when it should have begun already.
    pub late: bool,
    /// How many consultations these are. Other rows may be of the same cell: their numbers are to be added.
    pub count: i64,
}

/// Sums of [`FiguresRow`]s.
impl FiguresRow {
    /// Adds the row's consultations to `counts`.
    pub fn add_to(&self, counts: &mut Counts) {
        counts.add(self.outcome, self.count);
        if self.late {
            counts.cancelled_late += self.count;
        }
    }
}

/// Look-ups of figures. The branch, service and host of a [`Range`] are filters; its days and its zone are not looked
/// at.
#[async_trait]
pub trait ReadFigures: Send {
    /// Counts by day, branch, service, host and outcome. `days` are the boundaries, one more than there are days.
    async fn counts(&mut self, range: &Range, days: &[Timestamp]) -> Result<Vec<FiguresRow>>;
    /// How long guests waited in lobbies until somebody let them in, of consultations that start in `span`. A visit in
    /// which nobody did, or in which a rule did, is not counted.
    async fn waits(&mut self, range: &Range, span: Span) -> Result<Spread>;
    /// How long both sides were in, of consultations that start in `span` and have ended.
    async fn lengths(&mut self, range: &Range, span: Span) -> Result<Spread>;
}

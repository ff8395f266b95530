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
    pub branch: BranchId,
    pub service: ServiceId,
    pub host: AccountId,
    pub outcome: Outcome,
    /// Cancelled when it should have begun already.
    pub late: bool,
    pub count: i64,
}

/// Sums of [`FiguresRow`]s.
impl FiguresRow {
    pub fn add_to(&self, counts: &mut Counts) {
        counts.add(self.outcome, self.count);
        if self.late {
            counts.cancelled_late += self.count;
        }
    }
}

#[async_trait]
pub trait ReadFigures: Send {
    /// Counts by day, branch, service, host and outcome. `days` are the boundaries, one more than there are days.
    async fn counts(&mut self, range: &Range, days: &[Timestamp]) -> Result<Vec<FiguresRow>>;
    async fn waits(&mut self, range: &Range, span: Span) -> Result<Spread>;
    async fn lengths(&mut self, range: &Range, span: Span) -> Result<Spread>;
}

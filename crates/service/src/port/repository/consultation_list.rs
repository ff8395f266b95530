//! Storage of lists of consultations.

use anteroom_domain::consultation::Conclusion;
use anteroom_domain::id::BranchId;
use anteroom_domain::organisation::Engine;
use anteroom_domain::time::Span;
use anteroom_domain::view::{ConsultationPage, ConsultationRow, ListQuery};
use async_trait::async_trait;
use jiff::SignedDuration;

use crate::port::store::Result;

/// A consultation as a file shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportRow {
    /// What lists show of the consultation.
    pub row: ConsultationRow,
    /// The engine that carries the meeting.
    pub engine: Engine,
    /// Of its guests, the longest.
    pub waited: Option<SignedDuration>,
    /// From both sides being in to the end.
    pub length: Option<SignedDuration>,
    /// Of one guest the stars, of several their mean.
    pub rating: Option<f64>,
    /// How staff left it, and what they wrote down as what came of it.
    pub conclusion: Option<Conclusion>,
    /// The clerk's note on what came of it. Empty: none.
    pub outcome_note: String,
}

/// Look-ups of lists of consultations.
#[async_trait]
pub trait ReadConsultationLists: Send {
    /// One page of the list, and how many consultations pass its filters in all. A page below 1 is the first.
    async fn consultations(&mut self, query: &ListQuery) -> Result<ConsultationPage>;
    /// The same without pages, for a file.
    async fn export(&mut self, query: &ListQuery) -> Result<Vec<ExportRow>>;
    /// Everything that starts in the span, by start; not paged: a day is small.
    async fn day(&mut self, branch: Option<BranchId>, span: Span) -> Result<Vec<ConsultationRow>>;
}

//! Storage of the event log.

use anteroom_domain::event::{EventKind, NewEvent};
use anteroom_domain::id::{ConsultationId, EventId, VisitId};
use anteroom_domain::view::HistoryLine;
use async_trait::async_trait;
use jiff::Timestamp;

use crate::port::store::Result;

/// Who changed a consultation last, with what.
#[derive(Clone, Debug)]
pub struct LastChange {
    /// The number of that event.
    pub event: EventId,
    /// None: a guest, or the system.
    pub by: Option<String>,
}

/// Look-ups in the event log.
#[async_trait]
pub trait ReadEvents: Send {
    /// All events of the consultation, the oldest first, with the names of the staff who acted and whom they concern.
    async fn history(&mut self, consultation: ConsultationId) -> Result<Vec<HistoryLine>>;
    /// The start that it had then, where it was moved since.
    async fn start_before(&mut self, consultation: ConsultationId, at: Timestamp) -> Result<Option<Timestamp>>;
    /// The newest event that changed what its form shows.
    async fn last_change(&mut self, consultation: ConsultationId) -> Result<Option<LastChange>>;
    /// Did exactly this happen to this visit since then?
    async fn has_happened(
        &mut self,
        consultation: ConsultationId,
        visit: VisitId,
        kind: &EventKind,
        since: Timestamp,
    ) -> Result<bool>;
    /// The number of the last event of all. 0: there is none yet.
    async fn newest_event(&mut self) -> Result<EventId>;
}

/// Additions to the event log. What is in it stays as it is.
#[async_trait]
pub trait WriteEvents: Send {
    /// Adds an event. It gets a higher number than all before it.
    async fn append(&mut self, event: NewEvent) -> Result<()>;
}

//! Storage of consultations.

use anteroom_domain::consultation::{Consultation, ExternalMeeting};
use anteroom_domain::id::{AccountId, ConsultationId};
use anteroom_domain::organisation::{Engine, Service};
use anteroom_domain::time::Span;
use async_trait::async_trait;
use jiff::Timestamp;

use crate::port::store::Result;

/// A consultation that is to be stored. Its state is scheduled.
#[derive(Clone, Debug)]
pub struct NewConsultation {
    /// Drawn at random: it stands in addresses, and nobody counts through them.
    pub id: ConsultationId,
    /// The service that is consulted on. Its branch is the consultation's.
    pub service: Service,
    /// The clerk who holds the consultation.
    pub host: AccountId,
    /// The planned start.
    pub starts_at: Timestamp,
    /// The planned end.
    pub ends_at: Timestamp,
    /// The stretch that keeps the host busy: from the start to the end, with the service's buffers around them.
    pub busy: Span,
    /// The zone in which the time was agreed.
    pub zone: anteroom_domain::time::Zone,
    /// Notes for staff. Empty: none.
    pub notes: String,
    /// The engine that carries the meeting.
    pub engine: Engine,
    /// The Teams meeting that was pasted. None: on another engine, or where Graph is to make it.
    pub meeting: Option<ExternalMeeting>,
    /// Whether guests only watch and listen. Only on Teams.
    pub webinar: bool,
    /// The member of staff who schedules it.
    pub created_by: AccountId,
    /// When it is scheduled.
    pub created_at: Timestamp,
}

/// What stands in the way of another consultation.
#[derive(Clone, Debug)]
pub struct Clash {
    /// Who was invited first.
    pub guest: String,
    /// The planned start of what stands in the way.
    pub starts_at: Timestamp,
    /// Its planned end.
    pub ends_at: Timestamp,
    /// With what is kept free behind it.
    pub free_at: Timestamp,
}

/// Look-ups of consultations.
#[async_trait]
pub trait ReadConsultations: Send {
    /// How many meetings of this consultation were discarded, or are to be.
    async fn discarded_meetings(&mut self, consultation: ConsultationId) -> Result<i64>;
    /// The consultation with this id.
    async fn consultation(&mut self, id: ConsultationId) -> Result<Option<Consultation>>;
    /// What the host has that keeps them busy in this span, the first of it.
    async fn clash(&mut self, host: AccountId, span: Span, except: Option<ConsultationId>) -> Result<Option<Clash>>;
    /// The stretches that keep the host busy and begin in `span`, `except` those of one consultation.
    async fn busy(&mut self, host: AccountId, span: Span, except: Option<ConsultationId>) -> Result<Vec<Span>>;
    /// Scheduled or open, and past their planned end at `now`: the first 100 by that end.
    async fn overdue(&mut self, now: Timestamp) -> Result<Vec<Consultation>>;
    /// Live, and with no open visit of one of the sides where the planned end has passed at `now`, or of either where
    /// it has not: the first 100 by that end. On Teams only the guests' side is seen, and a guest whose call has ended
    /// is gone.
    async fn one_sided(&mut self, now: Timestamp) -> Result<Vec<Consultation>>;
}

/// Changes of consultations.
#[async_trait]
pub trait WriteConsultations: Send {
    /// One more of its meetings is to be discarded: the next one is called otherwise.
    async fn count_discarded_meeting(&mut self, consultation: ConsultationId) -> Result<()>;
    /// Refused with [`StoreError::HostBusy`](crate::port::StoreError::HostBusy) by the schema, whatever was read
    /// before.
    async fn add_consultation(&mut self, new: &NewConsultation) -> Result<()>;
    /// Stores the consultation as it is now, but for its branch, which stays. `busy` is the host's busy stretch from
    /// now on. None: it stays. Refused with [`StoreError::HostBusy`](crate::port::StoreError::HostBusy) by the schema.
    async fn save_consultation(&mut self, consultation: &Consultation, busy: Option<Span>) -> Result<()>;
}

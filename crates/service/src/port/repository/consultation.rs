//! Storage of consultations.

use anteroom_domain::consultation::{Consultation, ExternalMeeting};
use anteroom_domain::id::{AccountId, ConsultationId};
use anteroom_domain::organisation::{Engine, Service};
use anteroom_domain::time::Span;
use async_trait::async_trait;
use jiff::Timestamp;

use crate::port::store::Result;

#[derive(Clone, Debug)]
pub struct NewConsultation {
    pub service: Service,
    pub host: AccountId,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub busy: Span,
    pub zone: anteroom_domain::time::Zone,
    pub notes: String,
    pub engine: Engine,
    pub meeting: Option<ExternalMeeting>,
    pub webinar: bool,
    pub created_by: AccountId,
    pub created_at: Timestamp,
}

/// What stands in the way of another consultation.
#[derive(Clone, Debug)]
pub struct Clash {
    /// Who was invited first.
    pub guest: String,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    /// With what is kept free behind it.
    pub free_at: Timestamp,
}

#[async_trait]
pub trait ReadConsultations: Send {
    /// How many meetings of this consultation were discarded, or are to be.
    async fn discarded_meetings(&mut self, consultation: ConsultationId) -> Result<i64>;
    async fn consultation(&mut self, id: ConsultationId) -> Result<Option<Consultation>>;
    /// What the host has that keeps them busy in this span, the first of it.
    async fn clash(&mut self, host: AccountId, span: Span, except: Option<ConsultationId>) -> Result<Option<Clash>>;
    /// What keeps the host busy between these instants, `except` one consultation.
    async fn busy(&mut self, host: AccountId, span: Span, except: Option<ConsultationId>) -> Result<Vec<Span>>;
    /// Not yet final and past their end at `now`.
    async fn overdue(&mut self, now: Timestamp) -> Result<Vec<Consultation>>;
    /// Live and past their planned end at `now`, with no open visit of one of the sides.
    async fn one_sided(&mut self, now: Timestamp) -> Result<Vec<Consultation>>;
}

#[async_trait]
pub trait WriteConsultations: Send {
    /// One more of its meetings is to be discarded: the next one is called otherwise.
    async fn count_discarded_meeting(&mut self, consultation: ConsultationId) -> Result<()>;
    /// Refused with [`StoreError::HostBusy`] by the schema, whatever was read before.
    async fn add_consultation(&mut self, new: &NewConsultation) -> Result<ConsultationId>;
    /// The whole row; the host's busy stretch with it.
    async fn save_consultation(&mut self, consultation: &Consultation, busy: Option<Span>) -> Result<()>;
}

use anteroom_domain::consultation::Consultation;
use anteroom_domain::id::{ConsultationId, VisitId};
use anteroom_domain::signalling::{Credentials, Publish, Role};
use async_trait::async_trait;

/// One participant's place in one meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeatId {
    pub consultation: ConsultationId,
    pub visit: VisitId,
    pub role: Role,
}

#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// Try again later; the sentence is for the person who waits.
    #[error("{0}")]
    Unavailable(String),
    #[error("the meeting engine failed")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What carries the meeting, seen from the server. Everything is idempotent and acts with the organisation's own
/// identity. Who may come in is decided by us, not by the engine: credentials are asked for only after an admission.
#[async_trait]
pub trait MeetingEngine: Send + Sync {
    /// Makes the meeting, where the engine needs one made ahead of the first participant.
    async fn prepare(&self, consultation: &Consultation) -> Result<(), EngineError>;
    /// What this participant needs to enter, at this moment.
    async fn credentials(&self, seat: SeatId) -> Result<Credentials, EngineError>;
    /// Puts the participant out, whether or not they have entered.
    async fn remove(&self, seat: SeatId) -> Result<(), EngineError>;
    /// Ends the meeting for everyone.
    async fn end(&self, consultation: ConsultationId) -> Result<(), EngineError>;
    async fn health(&self) -> Result<(), EngineError>;
}

/// An engine that holds no meetings and agrees to everything: where use cases run and nobody is to be seen or heard, as
/// in a history that is written afterwards.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoMeetings;

#[async_trait]
impl MeetingEngine for NoMeetings {
    async fn prepare(&self, _: &Consultation) -> Result<(), EngineError> {
        Ok(())
    }

    async fn credentials(&self, _: SeatId) -> Result<Credentials, EngineError> {
        Ok(Credentials::Builtin {
            publish: Publish::Nothing,
        })
    }

    async fn remove(&self, _: SeatId) -> Result<(), EngineError> {
        Ok(())
    }

    async fn end(&self, _: ConsultationId) -> Result<(), EngineError> {
        Ok(())
    }

    async fn health(&self) -> Result<(), EngineError> {
        Ok(())
    }
}

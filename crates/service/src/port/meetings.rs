//! What carries meetings.

use anteroom_domain::consultation::Consultation;
use anteroom_domain::id::{ConsultationId, VisitId};
use anteroom_domain::refusal::EntryRefusal;
use anteroom_domain::trouble::Trouble;
use anteroom_domain::visit::{Publish, Role, Visit};
use anteroom_protocol::credentials::Credentials;
use async_trait::async_trait;

/// One participant's place in one meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeatId {
    /// The consultation whose meeting it is.
    pub consultation: ConsultationId,
    /// The participant's visit.
    pub visit: VisitId,
    /// The participant's role, which decides what they may send.
    pub role: Role,
}

impl From<&Visit> for SeatId {
    fn from(visit: &Visit) -> Self {
        Self {
            consultation: visit.consultation,
            visit: visit.id,
            role: visit.role,
        }
    }
}

/// What an engine answers instead of what was asked, to each what they need.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{admin:?}")]
pub struct EngineError {
    /// What is known of the provider's side.
    pub effect: Effect,
    /// For the person who waits: a code, so that nothing which only an admin understands, or should know, gets into it.
    pub guest: EntryRefusal,
    /// For an operator or an admin, who can do something about it.
    pub admin: Trouble,
}

/// What is known of the provider's side after a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing was done: it said no, or was not even asked.
    None,
    /// It may have been done: the answer never came, or made no sense.
    Unknown,
    /// What it was about is not there any more.
    Gone,
}

impl EngineError {
    /// With what is known of the provider's side.
    pub fn new(effect: Effect, guest: EntryRefusal, admin: impl Into<Trouble>) -> Self {
        let admin = admin.into();
        Self { effect, guest, admin }
    }

    /// Nothing was done.
    pub fn refused(guest: EntryRefusal, admin: impl Into<Trouble>) -> Self {
        Self::new(Effect::None, guest, admin)
    }
}

/// Called whenever a participant's position in a queue for credentials changes; 1 is next.
pub type OnPosition<'a> = &'a (dyn Fn(u32) + Send + Sync);

/// A participant's ticket in the queue for what a provider makes.
#[async_trait]
pub trait QueueTicket: Send + Sync {
    /// Their position in the queue; 1 is next.
    fn position(&self, position: u32);
    /// The ticket is called: the very next step makes something at the provider, so that it may exist is written down now.
    /// Refused where nobody waits for it any more; then nothing is to be made.
    async fn called(&self) -> Result<(), EngineError>;
}

/// A participant who was let in and asks to enter the meeting.
pub struct JoinRequest<'a> {
    /// Their place.
    pub seat: SeatId,
    /// The consultation, with the meeting that it has at a provider.
    pub consultation: &'a Consultation,
    /// How they want to be called.
    pub name: &'a str,
    /// The identity that this visit was given before, where the engine gives any.
    pub identity: Option<&'a str>,
    /// Their ticket in the queue for what a provider makes.
    pub ticket: &'a dyn QueueTicket,
}

/// What an engine gives to a participant who enters.
#[derive(Debug)]
pub struct Issued {
    /// For the participant's page.
    pub credentials: Credentials,
    /// Made at a provider for this visit, and to be forgotten there afterwards.
    pub identity: Option<String>,
}

impl From<Credentials> for Issued {
    fn from(credentials: Credentials) -> Self {
        Self {
            credentials,
            identity: None,
        }
    }
}

/// What carries meetings, seen from the server. Everything is idempotent and acts with the organisation's own identity. Who
/// may come in is decided by us, not by the engine: credentials are asked for only after an admission.
#[async_trait]
pub trait Meetings: Send + Sync {
    /// What this participant needs to enter, at this moment.
    async fn credentials(&self, request: JoinRequest<'_>) -> Result<Issued, EngineError>;
    /// Puts the participant out, whether or not they have entered.
    async fn remove(&self, seat: SeatId) -> Result<(), EngineError>;
    /// Ends the meeting for everyone.
    async fn end(&self, consultation: ConsultationId) -> Result<(), EngineError>;
    /// Whether meetings can be held.
    async fn health(&self) -> Result<(), EngineError>;
}

/// An engine that holds no meetings and agrees to everything: where use cases run and nobody is to be seen or heard, as
/// in a history that is written afterwards.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoMeetings;

#[async_trait]
impl Meetings for NoMeetings {
    async fn credentials(&self, _: JoinRequest<'_>) -> Result<Issued, EngineError> {
        Ok(Issued::from(Credentials::Builtin {
            publish: Publish::Nothing,
        }))
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

/// An engine that is not set up here. Nothing begins on it; what began before it was switched off stays outstanding.
#[derive(Clone, Debug)]
pub struct EngineOff {
    /// Why.
    pub why: Trouble,
}

impl EngineOff {
    pub(super) fn refuse<T>(&self) -> Result<T, EngineError> {
        let why = self.why.clone();
        Err(EngineError::refused(EntryRefusal::NotNow, why))
    }
}

#[async_trait]
impl Meetings for EngineOff {
    async fn credentials(&self, _: JoinRequest<'_>) -> Result<Issued, EngineError> {
        self.refuse()
    }

    async fn remove(&self, _: SeatId) -> Result<(), EngineError> {
        Ok(())
    }

    async fn end(&self, _: ConsultationId) -> Result<(), EngineError> {
        Ok(())
    }

    async fn health(&self) -> Result<(), EngineError> {
        self.refuse()
    }
}

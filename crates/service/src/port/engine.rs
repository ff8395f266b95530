use anteroom_domain::consultation::{Consultation, ExternalMeeting, ProvisionedMeeting};
use anteroom_domain::id::{ConsultationId, VisitId};
use anteroom_domain::visit::{Publish, Role, Visit};
use anteroom_protocol::credentials::Credentials;
use anteroom_protocol::teams::TeamsToken;
use async_trait::async_trait;

/// One participant's place in one meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeatId {
    pub consultation: ConsultationId,
    pub visit: VisitId,
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

/// What an engine answers instead of what was asked, to each in their own words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{admin}")]
pub struct EngineError {
    pub trouble: Effect,
    /// For the person who waits. One of a few sentences that are written here, so that nothing which only an admin
    /// understands, or should know, gets into it.
    pub guest: &'static str,
    /// For an operator or an admin: what to do, with the names of settings and ids.
    pub admin: String,
}

/// What is known of the provider's side after a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing was done: it said no, or was not even asked.
    Refused,
    /// It may have been done: the answer never came, or made no sense.
    Unsure,
    /// What it was about is not there any more.
    Gone,
}

impl EngineError {
    pub fn new(trouble: Effect, guest: &'static str, admin: impl Into<String>) -> Self {
        let admin = admin.into();
        Self { trouble, guest, admin }
    }

    pub fn refused(guest: &'static str, admin: impl Into<String>) -> Self {
        Self::new(Effect::Refused, guest, admin)
    }
}

/// What a person reads who can do nothing about it but wait.
pub const NOT_NOW: &str = "The meeting can\u{2019}t be entered right now. Try again in a minute.";

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
    pub seat: SeatId,
    pub consultation: &'a Consultation,
    /// How they want to be called.
    pub name: &'a str,
    /// The identity that this visit was given before, where the engine gives any.
    pub identity: Option<&'a str>,
    pub ticket: &'a dyn QueueTicket,
}

/// What an engine gives to a participant who enters.
#[derive(Debug)]
pub struct Issued {
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

/// What carries the meeting, seen from the server. Everything is idempotent and acts with the organisation's own
/// identity. Who may come in is decided by us, not by the engine: credentials are asked for only after an admission.
#[async_trait]
pub trait MeetingEngine: Send + Sync {
    /// Makes the meeting, or moves it to where the consultation is now. Some: where it is, to be kept with the
    /// consultation. `organizer` is the host's id at the provider, and `key` tells this consultation from those of
    /// every other installation. [`Effect::Gone`]: the meeting that it has is not there any more.
    async fn prepare(
        &self,
        consultation: &Consultation,
        organizer: &str,
        key: &str,
    ) -> Result<Option<ExternalMeeting>, EngineError>;
    /// What this participant needs to enter, at this moment.
    async fn credentials(&self, entry: JoinRequest<'_>) -> Result<Issued, EngineError>;
    /// A fresh token for somebody who is in, for as much as they would be given if they entered now.
    async fn refresh(&self, consultation: &Consultation, identity: &str) -> Result<TeamsToken, EngineError>;
    /// Deletes an identity that [`MeetingEngine::credentials`] made. One that is gone already is no error.
    async fn forget(&self, identity: &str) -> Result<(), EngineError>;
    /// Takes back a meeting that [`MeetingEngine::prepare`] made. One that is gone already is no error.
    async fn discard(&self, made: &ProvisionedMeeting) -> Result<(), EngineError>;
    /// Puts the participant out, whether or not they have entered.
    async fn remove(&self, seat: SeatId) -> Result<(), EngineError>;
    /// Ends the meeting for everyone.
    async fn end(&self, consultation: ConsultationId) -> Result<(), EngineError>;
    async fn health(&self) -> Result<(), EngineError>;
    /// In words for an admin: how what it depends on answered last.
    fn condition(&self) -> Vec<String> {
        Vec::new()
    }
}

/// An engine that holds no meetings and agrees to everything: where use cases run and nobody is to be seen or heard, as
/// in a history that is written afterwards.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoMeetings;

#[async_trait]
impl MeetingEngine for NoMeetings {
    async fn prepare(&self, _: &Consultation, _: &str, _: &str) -> Result<Option<ExternalMeeting>, EngineError> {
        Ok(None)
    }

    async fn credentials(&self, _: JoinRequest<'_>) -> Result<Issued, EngineError> {
        Ok(Issued::from(Credentials::Builtin {
            publish: Publish::Nothing,
        }))
    }

    async fn refresh(&self, _: &Consultation, _: &str) -> Result<TeamsToken, EngineError> {
        Err(EngineError::refused(NOT_NOW, "This engine gives no tokens."))
    }

    async fn forget(&self, _: &str) -> Result<(), EngineError> {
        Ok(())
    }

    async fn discard(&self, _: &ProvisionedMeeting) -> Result<(), EngineError> {
        Ok(())
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
    /// Why, as a sentence.
    pub why: String,
}

impl EngineOff {
    fn refuse<T>(&self) -> Result<T, EngineError> {
        Err(EngineError::refused(NOT_NOW, self.why.clone()))
    }
}

#[async_trait]
impl MeetingEngine for EngineOff {
    async fn prepare(&self, _: &Consultation, _: &str, _: &str) -> Result<Option<ExternalMeeting>, EngineError> {
        self.refuse()
    }

    async fn credentials(&self, _: JoinRequest<'_>) -> Result<Issued, EngineError> {
        self.refuse()
    }

    async fn refresh(&self, _: &Consultation, _: &str) -> Result<TeamsToken, EngineError> {
        self.refuse()
    }

    async fn forget(&self, _: &str) -> Result<(), EngineError> {
        self.refuse()
    }

    async fn discard(&self, _: &ProvisionedMeeting) -> Result<(), EngineError> {
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

    fn condition(&self) -> Vec<String> {
        vec![self.why.clone()]
    }
}

use anteroom_domain::consultation::{Consultation, MadeMeeting, OnlineMeeting};
use anteroom_domain::id::{ConsultationId, VisitId};
use anteroom_domain::signalling::{Credentials, Publish, Role, TeamsToken};
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

/// Told whenever a participant's place in a queue for credentials changes; 1 is next.
pub type Queue<'a> = &'a (dyn Fn(u32) + Send + Sync);

/// Who enters.
pub struct Entry<'a> {
    pub seat: SeatId,
    pub consultation: &'a Consultation,
    /// How they want to be called.
    pub name: &'a str,
    /// The identity that this visit was given before, where the engine gives any.
    pub identity: Option<&'a str>,
    pub queue: Queue<'a>,
}

/// What an engine gives to one who enters.
#[derive(Debug)]
pub struct Grant {
    pub credentials: Credentials,
    /// Made at a provider for this visit, and to be forgotten there afterwards.
    pub identity: Option<String>,
}

impl From<Credentials> for Grant {
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
    /// every other installation.
    async fn prepare(
        &self,
        consultation: &Consultation,
        organizer: &str,
        key: &str,
    ) -> Result<Option<OnlineMeeting>, EngineError>;
    /// What this participant needs to enter, at this moment.
    async fn credentials(&self, entry: Entry<'_>) -> Result<Grant, EngineError>;
    /// A fresh token for somebody who is in.
    async fn refresh(&self, identity: &str) -> Result<TeamsToken, EngineError>;
    /// Deletes an identity that [`MeetingEngine::credentials`] made. One that is gone already is no error.
    async fn forget(&self, identity: &str) -> Result<(), EngineError>;
    /// Takes back a meeting that [`MeetingEngine::prepare`] made. One that is gone already is no error.
    async fn discard(&self, made: &MadeMeeting) -> Result<(), EngineError>;
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
    async fn prepare(&self, _: &Consultation, _: &str, _: &str) -> Result<Option<OnlineMeeting>, EngineError> {
        Ok(None)
    }

    async fn credentials(&self, _: Entry<'_>) -> Result<Grant, EngineError> {
        Ok(Grant::from(Credentials::Builtin {
            publish: Publish::Nothing,
        }))
    }

    async fn refresh(&self, _: &str) -> Result<TeamsToken, EngineError> {
        Err(EngineError::Unavailable("This engine gives no tokens.".into()))
    }

    async fn forget(&self, _: &str) -> Result<(), EngineError> {
        Ok(())
    }

    async fn discard(&self, _: &MadeMeeting) -> Result<(), EngineError> {
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
        Err(EngineError::Unavailable(self.why.clone()))
    }
}

#[async_trait]
impl MeetingEngine for EngineOff {
    async fn prepare(&self, _: &Consultation, _: &str, _: &str) -> Result<Option<OnlineMeeting>, EngineError> {
        self.refuse()
    }

    async fn credentials(&self, _: Entry<'_>) -> Result<Grant, EngineError> {
        self.refuse()
    }

    async fn refresh(&self, _: &str) -> Result<TeamsToken, EngineError> {
        self.refuse()
    }

    async fn forget(&self, _: &str) -> Result<(), EngineError> {
        self.refuse()
    }

    async fn discard(&self, _: &MadeMeeting) -> Result<(), EngineError> {
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

use anteroom_domain::consultation::{Consultation, ExternalMeeting, ProvisionedMeeting};
use anteroom_domain::id::ConsultationId;
use anteroom_domain::visit::{Publish, Role};
use anteroom_protocol::credentials::Credentials;
use anteroom_protocol::teams::TeamsToken;
use anteroom_service::port::{EngineError, Issued, JoinRequest, MeetingEngine, NOT_NOW, SeatId};
use anteroom_sfu::{ParticipantId, RoomId, SfuHandle};
use async_trait::async_trait;

/// Our own engine, in this process. A seat's socket carries its negotiation, so its credentials are only what it may
/// send: the socket was opened with a token of this seat, and hears media messages from admitted seats alone.
#[derive(Clone)]
pub struct Builtin {
    sfu: SfuHandle,
}

impl Builtin {
    pub fn new(sfu: SfuHandle) -> Self {
        Self { sfu }
    }
}

/// What a role may send.
pub(crate) fn publish(role: Role) -> Publish {
    match role {
        Role::Host | Role::Guest => Publish::All,
        Role::Attendee => Publish::Nothing,
    }
}

#[async_trait]
impl MeetingEngine for Builtin {
    /// A room comes about with its first participant.
    async fn prepare(&self, _: &Consultation, _: &str, _: &str) -> Result<Option<ExternalMeeting>, EngineError> {
        Ok(None)
    }

    async fn credentials(&self, entry: JoinRequest<'_>) -> Result<Issued, EngineError> {
        Ok(Issued::from(Credentials::Builtin {
            publish: publish(entry.seat.role),
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

    async fn remove(&self, seat: SeatId) -> Result<(), EngineError> {
        self.sfu.leave(RoomId(seat.consultation.0), ParticipantId(seat.visit.0));
        Ok(())
    }

    async fn end(&self, consultation: ConsultationId) -> Result<(), EngineError> {
        self.sfu.close(RoomId(consultation.0));
        Ok(())
    }

    async fn health(&self) -> Result<(), EngineError> {
        let alive = self.sfu.health().await.alive;
        if alive {
            Ok(())
        } else {
            Err(EngineError::refused(NOT_NOW, "The media engine has stopped."))
        }
    }
}

//! The built-in engine: `anteroom-sfu`, in this process.

use anteroom_domain::id::ConsultationId;
use anteroom_domain::refusal::EntryRefusal;
use anteroom_domain::trouble::Trouble;
use anteroom_protocol::credentials::Credentials;
use anteroom_service::port::{EngineError, Issued, JoinRequest, Meetings, SeatId};
use anteroom_sfu::{ParticipantId, RoomId, SfuHandle};
use async_trait::async_trait;

use crate::publish;

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

/// A room comes about with its first participant.
#[async_trait]
impl Meetings for Builtin {
    async fn credentials(&self, request: JoinRequest<'_>) -> Result<Issued, EngineError> {
        Ok(Issued::from(Credentials::Builtin {
            publish: publish(request.seat.role),
        }))
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
            Err(EngineError::refused(EntryRefusal::NotNow, Trouble::EngineStopped))
        }
    }
}

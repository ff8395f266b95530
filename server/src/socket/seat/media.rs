//! Media of the built-in engine: negotiation between the client and the SFU.

use anteroom_i18n::text;
use anteroom_protocol::media::{MediaFromClient, MediaFromServer};
use anteroom_protocol::seat::{FromServer, RefusalCode};
use anteroom_service::Error;
use anteroom_sfu::{Event, ParticipantId, RoomId};
use tokio::sync::mpsc;

use super::session::{End, Session};
use super::wire::send;

/// Media events come a few a second. A socket that is this many behind loses its own media connection, and nobody else's.
const EVENT_BACKLOG: usize = 256;

impl Session<'_> {
    pub(super) async fn negotiate_media(&mut self, message: MediaFromClient) -> Result<(), End> {
        let Some(publish) = self.publish else {
            return self.refuse_for(Error::Forbidden).await;
        };
        let (room, participant) = (RoomId(self.seat.id.consultation.0), ParticipantId(self.seat.id.visit.0));
        if message == MediaFromClient::Join {
            let (events, media) = mpsc::channel(EVENT_BACKLOG);
            self.media = Some(media);
            if let Err(error) = self.app.sfu.enter(room, participant, publish, events).await {
                tracing::warn!(consultation.id = %self.seat.id.consultation, error = &error as &dyn std::error::Error, "a participant of consultation {} found no place", self.seat.id.consultation);
                let sentence = text!(self.lang, guest::refusal::room_full);
                return self.refuse(RefusalCode::RoomFull, sentence).await;
            }
        }
        self.app.sfu.media(room, participant, message);
        Ok(())
    }

    pub(super) async fn send_media(&mut self, event: Event) -> Result<(), End> {
        let Event::Media(media) = event;
        if media == MediaFromServer::Connected
            && let Err(error) = self.app.use_cases.media_joined(&self.actor).await
        {
            self.refuse_for(error).await?;
        }
        Ok(send(self.socket, &FromServer::Media { media }).await?)
    }
}

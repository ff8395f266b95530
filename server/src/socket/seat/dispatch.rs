//! A client's messages to use cases, and their refusals to codes.

use std::time::Duration;

use anteroom_app::words::{Sentence as _, Told};
use anteroom_domain::value::{ChatText, ValueError};
use anteroom_i18n::text;
use anteroom_protocol::seat::{Closed, FromClient, FromServer, RefusalCode};
use anteroom_service::Error;
use tokio::time::Instant;

use super::session::{End, Session};
use super::wire::send;
use crate::hub::{Devices, Traffic};

/// How often the others are told at most which devices somebody shows: each of their sockets reads the room for it.
const ANNOUNCE_INTERVAL: Duration = Duration::from_millis(500);

impl Session<'_> {
    pub(super) async fn dispatch(&mut self, message: FromClient) -> Result<(), End> {
        let use_cases = &self.app.use_cases;
        let result = match message {
            FromClient::Hello { .. } => return Err(End::Closed(Closed::Protocol)),
            FromClient::Ping { n } => return Ok(send(self.socket, &FromServer::Pong { n }).await?),
            FromClient::Admit { visit } => use_cases.admit(&self.actor, visit).await,
            FromClient::Decline { visit } => use_cases.decline(&self.actor, visit).await,
            FromClient::Remove { visit } => use_cases.remove(&self.actor, visit).await,
            FromClient::AllowAgain { guest } => use_cases.allow_again(&self.actor, guest).await,
            FromClient::End => use_cases.end(&self.actor).await,
            FromClient::Leave => use_cases.leave(&self.actor).await,
            FromClient::Chat { text } => return self.chat(&text).await,
            FromClient::Shows {
                microphone,
                camera,
                screen,
            } => {
                self.set_devices(Devices {
                    microphone,
                    camera,
                    screen,
                });
                Ok(())
            }
            FromClient::Media { media } => return self.negotiate_media(media).await,
            FromClient::Teams { teams } => return self.dispatch_teams(teams).await,
        };
        match result {
            Ok(()) => Ok(()),
            Err(Error::Forbidden) if !self.seat.is_host() => {
                let sentence = text!(self.lang, guest::refusal::only_host);
                self.refuse(RefusalCode::NotHost, sentence).await
            }
            Err(error) => self.refuse_for(error).await,
        }
    }

    /// Keeps which devices this participant shows. The others are told only of somebody who is in.
    fn set_devices(&mut self, devices: Devices) {
        if self.app.hub.set_devices(self.seat.id.visit, devices) && self.is_in {
            let due = self.announced_at.map_or_else(Instant::now, |at| at + ANNOUNCE_INTERVAL);
            self.announce_due.get_or_insert(due);
        }
    }

    pub(super) fn announce_devices(&mut self) {
        self.announce_due = None;
        self.announced_at = Some(Instant::now());
        self.app.use_cases.announce_room(self.seat.id.consultation);
    }

    async fn chat(&mut self, text: &str) -> Result<(), End> {
        let text = match text.parse::<ChatText>() {
            Ok(text) => text,
            Err(ValueError::TooLong { most }) => {
                let sentence = text!(self.lang, guest::refusal::message_too_long { count: most });
                return self.refuse(RefusalCode::TooLong, sentence).await;
            }
            Err(wrong) => return self.refuse(RefusalCode::Conflict, wrong.sentence(self.lang)).await,
        };
        let (visit, now) = (self.seat.id.visit, Instant::now().into_std());
        if !self.app.hub.allows(visit, Traffic::Chat, now) {
            let sentence = text!(self.lang, guest::refusal::message_too_soon);
            return self.refuse(RefusalCode::TooFast, sentence).await;
        }
        match self.app.use_cases.chat(&self.actor, text).await {
            Ok(message) => {
                self.app.hub.send_chat(self.seat.id.consultation, message);
                Ok(())
            }
            Err(error) => self.refuse_for(error).await,
        }
    }

    pub(super) async fn refuse(&mut self, code: RefusalCode, sentence: impl Into<String>) -> Result<(), End> {
        let text = sentence.into();
        Ok(send(self.socket, &FromServer::Refused { code, text }).await?)
    }

    pub(super) async fn refuse_for(&mut self, error: Error) -> Result<(), End> {
        match error {
            Error::Forbidden => {
                let sentence = text!(self.lang, guest::refusal::not_in_meeting);
                self.refuse(RefusalCode::NotAdmitted, sentence).await
            }
            Error::NotFound => {
                let sentence = text!(self.lang, guest::refusal::not_here_any_more);
                self.refuse(RefusalCode::NotFound, sentence).await
            }
            error => match Told::of(error.into(), self.lang) {
                Ok(told) => self.refuse(RefusalCode::Conflict, told.text()).await,
                Err(source) => {
                    tracing::error!(visit.id = %self.seat.id.visit, error = &*source as &dyn std::error::Error, "a request of visit {} failed", self.seat.id.visit);
                    let sentence = text!(self.lang, guest::refusal::did_not_work);
                    self.refuse(RefusalCode::Internal, sentence).await
                }
            },
        }
    }
}

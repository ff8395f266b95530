//! The driver's part in an external meeting: what its engine reports, and what the person asks of it.

use anteroom_domain::teams::Announcement;
use anteroom_domain::visit::TeamsPresence;
use anteroom_protocol::media::Source;
use anteroom_protocol::seat::FromClient;
use anteroom_protocol::teams::{ChatOff, TeamsFromClient, TeamsFromServer};
use leptos::prelude::*;

use super::Driver;
use crate::browser::sound;
use crate::call::browser::alert;
use crate::call::engines::{ExternalEntry, ExternalEvent, ExternalMessage};
use crate::call::external::{self, ExternalCommand, ExternalSession, MeetingChat, NOTICE_VERSION};
use crate::call::stage::Transition;

impl Driver {
    pub(super) fn enter_external(&mut self, entry: ExternalEntry) {
        self.change(|external| {
            external.open = Some(entry.open);
            // An open chat is the engine's to report, also after a resume.
            if let Some(why) = entry.chat_off {
                external.chat = MeetingChat::Off(why);
            }
            external.queue = None;
            external.unavailable = None;
        });
    }

    /// What the server says about credentials.
    pub(super) fn external_message(&mut self, message: &TeamsFromServer) {
        match message {
            TeamsFromServer::Queue { position } => self.change(|external| external.queue = Some(*position)),
            TeamsFromServer::Unavailable { text, open } if self.engine.is_none() => self.change(|external| {
                external.queue = None;
                external.unavailable = Some(text.clone());
                external.open.clone_from(open);
            }),
            TeamsFromServer::Token { .. } | TeamsFromServer::Unavailable { .. } => {}
        }
    }

    pub(super) fn external_presence(&mut self, presence: TeamsPresence) {
        let before = self
            .call
            .meeting
            .external
            .with_untracked(|external| external.as_ref()?.presence);
        self.change(|external| external.presence = Some(presence));
        match (before, presence) {
            (_, TeamsPresence::Lobby) => self.call.announce(t!(guest::announce::in_teams_lobby)),
            (Some(TeamsPresence::Lobby), TeamsPresence::In) => {
                sound::chime(sound::CLEAR);
                let body = t!(guest::announce::let_into_teams { meeting: &self.heading });
                alert::notify(t!(guest::announce::you_are_in), &body);
            }
            _ => {}
        }
        self.title();
    }

    pub(super) fn external_event(&mut self, event: ExternalEvent) {
        match event {
            ExternalEvent::Loading { share } => self.change(|external| {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "held between 0 and 100"
                )]
                let hundredths = (share * 100.0).clamp(0.0, 100.0) as u8;
                external.loaded = Some(hundredths);
            }),
            ExternalEvent::People { people } => self.change(|external| {
                if let Some(own) = people.iter().find(|person| person.own) {
                    external.hand = own.hand;
                }
                external.people = people;
            }),
            ExternalEvent::Recording { on } => {
                self.change(|external| external.recording = on);
                self.announced(Announcement::Recording, on);
            }
            ExternalEvent::Transcription { on } => {
                self.change(|external| external.transcription = on);
                self.announced(Announcement::Transcription, on);
            }
            ExternalEvent::ConsentRequired { on } => {
                self.change(|external| external.consent_asked = on);
                self.announced(Announcement::ConsentAsked, on);
            }
            ExternalEvent::Captions { on } => self.change(|external| {
                external.captions_on = on;
                external.captions.clear();
            }),
            ExternalEvent::Caption(caption) => self.change(|external| external.hear(caption)),
            ExternalEvent::Reaction { id, kind } => {
                let name = self.call.meeting.external.with_untracked(|external| {
                    let person = external.as_ref()?.people.iter().find(|person| person.id == id)?;
                    Some(person.name.clone())
                });
                let name = name.unwrap_or_else(|| t!(guest::announce::somebody).to_owned());
                self.toasts.show(&external::reacted(&name, &kind));
            }
            ExternalEvent::Role { role } => self.call.announce(t!(guest::announce::role { role })),
            ExternalEvent::May(permissions) => {
                self.change(|external| external.permissions = Some(permissions));
                // The page must not show a screen as shared that the role no longer permits.
                if !permissions.share && self.call.devices.sharing.get_untracked() {
                    self.local.share(None);
                }
                self.local.show();
            }
            ExternalEvent::MutedByOthers => self.local.set_muted(true),
            // The page shows what is sent, and this is not.
            ExternalEvent::Refused { source } => match source {
                Source::Screen => self.local.share(None),
                Source::Camera => self.local.camera_off(),
                Source::Microphone => {}
            },
            ExternalEvent::Chat(message) => self.external_chat(message),
            ExternalEvent::ChatOn => self.change(|external| external.chat = MeetingChat::On),
            ExternalEvent::ChatOff { reason } => self.external_chat_off(reason),
            ExternalEvent::Wrote => {}
            ExternalEvent::Unsent { text } => self.report(FromClient::Chat { text }),
            ExternalEvent::Ended { code, sub_code } => {
                // The visit ends with the meeting: the server deletes its identity, and a person who joins again is a new
                // visit. While the socket is down, the leave waits in line behind the outbox.
                if !self.outbox.borrow().waits() {
                    let _sent = self.socket.say(&FromClient::Leave);
                }
                self.happen(Transition::ExternalEnded { code, sub_code });
            }
        }
    }

    pub(super) fn external_command(&mut self, command: ExternalCommand) {
        match command {
            ExternalCommand::Retry => {
                self.change(|external| external.unavailable = None);
                self.say(&FromClient::Teams {
                    teams: TeamsFromClient::Again,
                });
            }
            ExternalCommand::Agree => {
                self.change(|external| external.consent_asked = false);
                // Reported, or kept to be reported, before the engine grants anything below.
                self.report(FromClient::Teams {
                    teams: TeamsFromClient::Agreed {
                        version: NOTICE_VERSION,
                    },
                });
            }
            ExternalCommand::RaiseHand(up) => self.change(|external| external.hand = up),
            ExternalCommand::Captions(on) => self.change(|external| external.captions_on = on),
            ExternalCommand::React(_) => {}
        }
        let Some(call) = self.engine.as_ref().and_then(|engine| engine.external()) else {
            return;
        };
        match command {
            ExternalCommand::RaiseHand(up) => call.raise_hand(up),
            ExternalCommand::React(kind) => call.react(kind),
            ExternalCommand::Captions(on) => call.captions(on),
            ExternalCommand::Agree => call.consent(),
            ExternalCommand::Retry => {}
        }
    }

    fn external_chat(&mut self, message: ExternalMessage) {
        let me = untrack(|| self.call.me());
        let log = self.call.chat.log;
        if let Some(message) = log.try_update_untracked(|log| log.external(message, me)) {
            self.chat_message(message);
        }
    }

    fn external_chat_off(&mut self, why: ChatOff) {
        self.change(|external| external.chat = MeetingChat::Off(why));
        self.toasts.show(external::chat_off(why));
    }

    /// Announces a notice to the person, and reports to the server that the page did.
    fn announced(&mut self, notice: Announcement, on: bool) {
        if !on {
            return;
        }
        self.call.announce(external::notice(notice));
        self.report(FromClient::Teams {
            teams: TeamsFromClient::Shown {
                notice,
                version: NOTICE_VERSION,
            },
        });
    }

    fn change(&self, change: impl FnOnce(&mut ExternalSession)) {
        self.call
            .meeting
            .external
            .update(|external| change(external.get_or_insert_default()));
    }
}

//! The driver's part in a meeting on Teams: what its module reports, and what is asked of it.

use anteroom_domain::chat::ChatMessage;
use anteroom_domain::id::{MessageId, VisitId};
use anteroom_domain::teams::Announcement;
use anteroom_domain::teams::link::OpenInTeams;
use anteroom_domain::visit::{Role, TeamsPresence};
use anteroom_protocol::media::Source;
use anteroom_protocol::seat::FromClient;
use anteroom_protocol::teams::{ChatOff, TeamsFromClient, TeamsFromServer};
use leptos::prelude::*;

use super::{Driver, say_on};
use crate::browser::sound;
use crate::call::browser::alert;
use crate::call::engine::EngineEvent;
use crate::call::external::{ExternalCommand, ExternalSession, MeetingChat, NOTICE_VERSION, chat_off};
use crate::call::stage::Transition;
use crate::call::state::Device;

/// Numbers of messages of the meeting's own chat begin here: far above those of ours.
const OUTSIDE: i64 = 1 << 40;

impl Driver {
    /// Are the people of this meeting elsewhere?
    pub(super) fn is_elsewhere(&self) -> bool {
        !self.call.is_host() && self.call.meeting.external.with_untracked(Option::is_some)
    }

    pub(super) fn enter_outside(&mut self, open: Option<OpenInTeams>, chat_off: Option<ChatOff>) {
        self.call.meeting.external.update(|external| {
            let external = external.get_or_insert_default();
            external.open = open;
            // Whether the chat is there is the module's to say, also after a resume.
            if let Some(why) = chat_off {
                external.chat = MeetingChat::Off(why);
            }
            external.queue = None;
            external.unavailable = None;
        });
        // The people of the room are others from now on.
        if let Some(room) = self.call.meeting.room.get_untracked() {
            self.room(room);
        }
    }

    pub(super) fn outside_message(&mut self, message: TeamsFromServer) {
        match &message {
            TeamsFromServer::Queue { position } => self.change(|external| external.queue = Some(*position)),
            TeamsFromServer::Unavailable { text, open } if self.engine.is_none() => self.change(|external| {
                external.queue = None;
                external.unavailable = Some(text.clone());
                external.open.clone_from(open);
            }),
            TeamsFromServer::Token { .. } | TeamsFromServer::Unavailable { .. } => {}
        }
        if let Some(engine) = &self.engine {
            engine.deliver_outside(message);
        }
    }

    pub(super) fn outside_event(&mut self, event: EngineEvent) {
        match event {
            EngineEvent::Loading(share) => self.change(|external| {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "held between 0 and 100"
                )]
                let hundredths = (share * 100.0).clamp(0.0, 100.0) as u8;
                external.loaded = Some(hundredths);
            }),
            EngineEvent::Stands(stand) => {
                let before = self
                    .call
                    .meeting
                    .external
                    .with_untracked(|external| external.as_ref()?.presence);
                self.change(|external| external.presence = Some(stand));
                match (before, stand) {
                    (_, TeamsPresence::Lobby) => self
                        .call
                        .announce("You are in the lobby of the Teams meeting. The host has been told."),
                    (Some(TeamsPresence::Lobby), TeamsPresence::In) => {
                        sound::chime(sound::CLEAR);
                        alert::notify(
                            "You are in",
                            &format!("{}: you have been let into the Teams meeting.", self.heading),
                        );
                    }
                    _ => {}
                }
                self.title();
            }
            EngineEvent::People(people) => {
                self.people_outside = people;
                if let Some(room) = self.call.meeting.room.get_untracked() {
                    self.room(room);
                }
            }
            EngineEvent::Recording(on) => {
                self.change(|external| external.recording = on);
                self.shown(Announcement::Recording, on);
            }
            EngineEvent::Transcription(on) => {
                self.change(|external| external.transcription = on);
                self.shown(Announcement::Transcription, on);
            }
            EngineEvent::ConsentAsked(on) => {
                self.change(|external| external.consent_asked = on);
                self.shown(Announcement::ConsentAsked, on);
            }
            EngineEvent::CaptionsOn(on) => self.change(|external| {
                external.captions_on = on;
                external.captions.clear();
            }),
            EngineEvent::Caption(caption) => self.change(|external| external.hear(caption)),
            EngineEvent::Reaction { visit, kind } => {
                let name = self.people_outside.iter().find(|person| person.visit == visit);
                let name = name.map_or("Somebody", |person| person.name.as_str()).to_owned();
                self.toast(&format!("{name} reacted: {kind}"));
            }
            EngineEvent::Role(role) => self.call.announce(format!("Your role in the meeting: {role}.")),
            EngineEvent::Permissions(may) => {
                self.change(|external| external.permissions = Some(may));
                // A screen that may no longer be shown is not shown as if it were.
                if !may.share && self.call.devices.sharing.get_untracked() {
                    self.share(None);
                }
                self.show();
            }
            EngineEvent::Hand(up) => {
                let was = self
                    .call
                    .meeting
                    .external
                    .with_untracked(|external| external.as_ref().is_some_and(|external| external.hand));
                if was != up {
                    self.change(|external| external.hand = up);
                }
            }
            EngineEvent::MutedByOthers => self.set_muted(true),
            EngineEvent::NotTaken(source) => self.not_taken(source),
            EngineEvent::Chat {
                id,
                sender,
                mine,
                text,
                at,
            } => self.chat_outside(id, sender, mine, text, at),
            EngineEvent::Chats(chat) => {
                self.change(|external| external.chat = chat);
                if let MeetingChat::Off(why) = chat {
                    self.toast(chat_off(why));
                }
            }
            EngineEvent::Unsent(text) => self.report(FromClient::Chat { text }),
            EngineEvent::Ended { code, sub_code } => {
                // The visit is over with the meeting: its identity goes, and who joins again is a new visit. While the
                // socket is down it is said when it is up again.
                if !self.outbox.borrow().waits() {
                    let _told = say_on(&self.socket, &FromClient::Leave);
                }
                self.happen(Transition::ExternalEnded { code, sub_code });
            }
            EngineEvent::State(_)
            | EngineEvent::Stream { .. }
            | EngineEvent::StreamGone { .. }
            | EngineEvent::Quality(_)
            | EngineEvent::Notice(_) => {}
        }
    }

    pub(super) fn ask_outside(&mut self, ask: ExternalCommand) {
        match ask {
            ExternalCommand::Retry => {
                self.change(|external| external.unavailable = None);
                self.say(&FromClient::Teams {
                    teams: TeamsFromClient::Again,
                });
            }
            ExternalCommand::Agree => {
                self.change(|external| external.consent_asked = false);
                // Said, or kept to be said, before anything is granted below.
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
        if let Some(engine) = &self.engine {
            engine.ask_outside(ask);
        }
    }

    /// Into the meeting's own chat where it has one for us, else to the host's page.
    pub(super) fn write(&mut self, text: String) {
        let is_outside = self.call.meeting.external.with_untracked(|external| {
            external
                .as_ref()
                .is_some_and(|external| external.chat == MeetingChat::On)
        });
        match (&self.engine, is_outside) {
            (Some(engine), true) => {
                engine.write_outside(&text);
                // Nobody tells us what became of it.
                self.call.chat.draft.update(crate::call::draft::Draft::arrived);
            }
            _ => self.say(&FromClient::Chat { text }),
        }
    }

    fn chat_outside(&mut self, id: String, sender: String, mine: bool, text: String, at: i64) {
        let next = OUTSIDE + i64::try_from(self.chat_outside.len()).unwrap_or_default();
        let number = *self.chat_outside.entry(id).or_insert(next);
        let me = untrack(|| self.call.me());
        let message = ChatMessage {
            id: MessageId(number),
            visit: if mine { me } else { VisitId(-number) },
            // Nobody here vouches for who writes there.
            role: Role::Guest,
            name: sender,
            text,
            at,
        };
        self.message(anteroom_protocol::seat::FromServer::Chat(message));
    }

    /// Told to the person, and noted that they were.
    fn shown(&mut self, notice: Announcement, on: bool) {
        if !on {
            return;
        }
        self.call.announce(crate::call::external::notice(notice));
        self.report(FromClient::Teams {
            teams: TeamsFromClient::Shown {
                notice,
                version: NOTICE_VERSION,
            },
        });
    }

    /// Said to the server now, or as soon as it hears us again.
    fn report(&self, message: FromClient) {
        let socket = &self.socket;
        self.outbox.borrow_mut().say(message, |message| say_on(socket, message));
    }

    /// What a role forbids is said where a key asks for it: the button is off.
    pub(super) fn may_send(&mut self, source: Source) -> bool {
        let may = untrack(|| self.call.may_send(source));
        if !may
            && let Some(sentence) = self
                .call
                .meeting
                .external
                .with_untracked(|external| external.as_ref().and_then(ExternalSession::forbidden))
        {
            self.toast(sentence);
        }
        may
    }

    /// The page shows what is sent, and this is not.
    fn not_taken(&mut self, source: Source) {
        match source {
            Source::Screen => self.share(None),
            Source::Camera => {
                self.set_camera(None);
                self.call.devices.camera.set(Device::Off);
                self.show();
            }
            Source::Microphone => {}
        }
    }

    fn change(&self, change: impl FnOnce(&mut ExternalSession)) {
        self.call
            .meeting
            .external
            .update(|external| change(external.get_or_insert_default()));
    }
}

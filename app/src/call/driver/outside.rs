//! The driver's part in a meeting on Teams: what its module reports, and what is asked of it.

use anteroom_domain::signalling::{ChatMessage, FromClient, TeamsFromClient, TeamsFromServer, TeamsNotice, TeamsStand};
use anteroom_domain::teams::link::OpenInTeams;
use leptos::prelude::*;

use super::Driver;
use crate::call::browser::devices;
use crate::call::engine::EngineEvent;
use crate::call::outside::{Ask, NOTICE_VERSION, Outside};
use crate::call::stage::Happening;

/// Numbers of messages of the meeting's own chat begin here: far above those of ours.
const OUTSIDE: i64 = 1 << 40;

impl Driver {
    /// Are the people of this meeting elsewhere?
    pub(super) fn is_elsewhere(&self) -> bool {
        !self.call.is_host() && self.call.outside.with_untracked(Option::is_some)
    }

    pub(super) fn enter_outside(&mut self, open: Option<OpenInTeams>, chat: bool) {
        self.call.outside.update(|outside| {
            let outside = outside.get_or_insert_default();
            outside.open = open;
            outside.chat = chat;
            outside.queue = None;
            outside.unavailable = None;
        });
        // The people of the room are others from now on.
        if let Some(room) = self.call.room.get_untracked() {
            self.room(room);
        }
    }

    pub(super) fn outside_message(&mut self, message: TeamsFromServer) {
        match &message {
            TeamsFromServer::Queue { place } => self.change(|outside| outside.queue = Some(*place)),
            TeamsFromServer::Unavailable { text, open } if self.engine.is_none() => self.change(|outside| {
                outside.queue = None;
                outside.unavailable = Some(text.clone());
                outside.open.clone_from(open);
            }),
            TeamsFromServer::Token { .. } | TeamsFromServer::Unavailable { .. } => {}
        }
        if let Some(engine) = &self.engine {
            engine.deliver_outside(message);
        }
    }

    pub(super) fn outside_event(&mut self, event: EngineEvent) {
        match event {
            EngineEvent::Loading(share) => self.change(|outside| {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "held between 0 and 100"
                )]
                let hundredths = (share * 100.0).clamp(0.0, 100.0) as u8;
                outside.loaded = Some(hundredths);
            }),
            EngineEvent::Stands(stand) => {
                self.change(|outside| outside.stand = Some(stand));
                if stand == TeamsStand::Lobby {
                    self.call
                        .announcement
                        .set("You are in the lobby of the Teams meeting. The host has been told.".into());
                }
            }
            EngineEvent::People(people) => {
                self.people_outside = people;
                if let Some(room) = self.call.room.get_untracked() {
                    self.room(room);
                }
            }
            EngineEvent::Recording(on) => {
                self.change(|outside| outside.recording = on);
                self.shown(TeamsNotice::Recording, on);
            }
            EngineEvent::Transcription(on) => {
                self.change(|outside| outside.transcription = on);
                self.shown(TeamsNotice::Transcription, on);
            }
            EngineEvent::ConsentAsked => {
                self.change(|outside| outside.consent_asked = true);
                self.shown(TeamsNotice::ConsentAsked, true);
            }
            EngineEvent::CaptionsOn(on) => self.change(|outside| {
                outside.captions_on = on;
                outside.captions.clear();
            }),
            EngineEvent::Caption(caption) => self.change(|outside| outside.hear(caption)),
            EngineEvent::Reaction { visit, kind } => {
                let name = self.people_outside.iter().find(|person| person.visit == visit);
                let name = name.map_or("Somebody", |person| person.name.as_str()).to_owned();
                self.toast(&format!("{name} reacted: {kind}"));
            }
            EngineEvent::Role(role) => self.call.announcement.set(format!("Your role in the meeting: {role}.")),
            EngineEvent::May(may) => {
                self.change(|outside| outside.may = Some(may));
                self.call.can_share.set(may.share && devices::can_share());
            }
            EngineEvent::Chat {
                id,
                sender,
                mine,
                text,
                at,
            } => self.chat_outside(id, sender, mine, text, at),
            EngineEvent::ChatOff(reason) => {
                self.change(|outside| outside.chat = false);
                self.toast(match reason.as_str() {
                    "channel" => "This meeting has no chat for guests. What you write reaches the host on this site.",
                    "ended" => "The chat of the meeting is over. What you write reaches the host on this site.",
                    _ => "The chat of the meeting is not open to you. What you write reaches the host on this site.",
                });
            }
            EngineEvent::Ended { code, sub_code } => {
                // The visit is over with the meeting: its identity goes, and who joins again is a new visit.
                self.say(&FromClient::Leave);
                self.happen(Happening::EndedOutside { code, sub_code });
            }
            EngineEvent::State(_)
            | EngineEvent::Stream { .. }
            | EngineEvent::StreamGone { .. }
            | EngineEvent::Quality(_)
            | EngineEvent::Notice(_) => {}
        }
    }

    pub(super) fn ask_outside(&mut self, ask: Ask) {
        match ask {
            Ask::Again => {
                self.change(|outside| outside.unavailable = None);
                self.say(&FromClient::Teams {
                    teams: TeamsFromClient::Again,
                });
            }
            Ask::Agree => {
                self.change(|outside| outside.consent_asked = false);
                self.say(&FromClient::Teams {
                    teams: TeamsFromClient::Agreed {
                        version: NOTICE_VERSION,
                    },
                });
            }
            Ask::Hand(up) => self.change(|outside| outside.hand = up),
            Ask::Captions(on) => self.change(|outside| outside.captions_on = on),
            Ask::React(_) => {}
        }
        if let Some(engine) = &self.engine {
            engine.ask_outside(ask);
        }
    }

    /// Into the meeting's own chat where it has one for us, else to the host's page.
    pub(super) fn write(&mut self, text: String) {
        let is_outside = self
            .call
            .outside
            .with_untracked(|outside| outside.as_ref().is_some_and(|outside| outside.chat));
        match (&self.engine, is_outside) {
            (Some(engine), true) => engine.write_outside(&text),
            _ => self.say(&FromClient::Chat { text }),
        }
    }

    fn chat_outside(&mut self, id: String, sender: String, mine: bool, text: String, at: i64) {
        let next = OUTSIDE + i64::try_from(self.chat_outside.len()).unwrap_or_default();
        let number = *self.chat_outside.entry(id).or_insert(next);
        let me = untrack(|| self.call.me());
        let message = ChatMessage {
            id: number,
            visit: if mine { me } else { -number },
            name: sender,
            text,
            at,
        };
        self.message(anteroom_domain::signalling::FromServer::Chat(message));
    }

    /// Told to the person, and noted that they were.
    fn shown(&mut self, notice: TeamsNotice, on: bool) {
        if !on {
            return;
        }
        self.call
            .announcement
            .set(crate::call::outside::notice(notice).to_owned());
        self.say(&FromClient::Teams {
            teams: TeamsFromClient::Shown {
                notice,
                version: NOTICE_VERSION,
            },
        });
    }

    fn change(&self, change: impl FnOnce(&mut Outside)) {
        self.call
            .outside
            .update(|outside| change(outside.get_or_insert_default()));
    }
}

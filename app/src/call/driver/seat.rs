use std::collections::BTreeSet;

use anteroom_domain::id::VisitId;
use anteroom_domain::visit::{AdmissionStatus, TeamsPresence};
use anteroom_protocol::seat::{FromClient, FromServer, RefusalCode, RoomView};
use leptos::prelude::*;

use super::{Driver, Input};
use crate::browser::sound;
use crate::call::browser::{alert, clock::ServerClock};
use crate::call::chat_log::Message;
use crate::call::draft::Draft;
use crate::call::messages::{self, LobbyKind};
use crate::call::socket::{Socket, SocketEvent};
use crate::call::stage::{CallStage, SocketState, Transition};
use crate::call::state::Panel;

impl Driver {
    pub(super) fn open_socket(&mut self) {
        let Some(token) = self.session.memory().token else {
            return;
        };
        self.socket_generation += 1;
        let (generation, inbox) = (self.socket_generation, self.inbox.clone());
        self.socket.set(Socket::open(token, move |event| {
            let _over = inbox.unbounded_send(Input::Socket(generation, event));
        }));
    }

    pub(super) fn socket_event(&mut self, event: SocketEvent) {
        match event {
            SocketEvent::Up => {
                if self.call.socket.get_untracked() == SocketState::Reconnecting && self.in_room() {
                    self.call.announce(t!(guest::announce::connected_again));
                }
                self.call.socket.set(SocketState::Connected);
                let socket = &self.socket;
                self.outbox.borrow_mut().up(|message| socket.say(message));
                self.local.show();
            }
            SocketEvent::Down => {
                if self.call.socket.get_untracked() == SocketState::Connected {
                    self.call.announce(t!(guest::banner::reconnecting));
                }
                self.call.socket.set(SocketState::Reconnecting);
                self.requests_failed("offline");
                self.call.chat.draft.update(Draft::refused);
            }
            SocketEvent::GaveUp => self.happen(Transition::GaveUp),
            SocketEvent::Message(message) => self.message(*message),
        }
    }

    fn message(&mut self, message: FromServer) {
        match message {
            FromServer::Room(room) => self.room(room),
            FromServer::Credentials { credentials } => self.join_engine(credentials),
            FromServer::Chat(message) => self.chat_message(message.into()),
            FromServer::Pong { .. } => self.outbox.borrow_mut().answered(),
            FromServer::Closed { why } => {
                let asks_again = self.call.stage.get_untracked() == CallStage::Rejoining;
                self.happen(Transition::Closed(why));
                if asks_again && self.call.stage.get_untracked() == CallStage::Joining {
                    self.session.forget_seat();
                    self.ask_for_seat(self.session.memory().name);
                }
            }
            FromServer::Refused {
                code: RefusalCode::RoomFull,
                text,
            } => {
                // A visit without a place in the meeting is of no use to anybody.
                let _sent = self.socket.say(&FromClient::Leave);
                self.happen(Transition::NoPlace(text));
            }
            FromServer::Refused { text, .. } => {
                self.call.chat.draft.update(Draft::refused);
                self.requests_failed(&text);
                self.toasts.show(&text);
            }
            // The rest is an engine's negotiation.
            message => {
                if let FromServer::Teams { teams } = &message {
                    self.external_message(teams);
                }
                if let Some(engine) = &self.engine {
                    engine.deliver(message);
                }
            }
        }
    }

    fn requests_failed(&self, why: &str) {
        if let Some(external) = self.engine.as_ref().and_then(|engine| engine.external()) {
            external.requests_failed(why);
        }
    }

    pub(super) fn chat_message(&mut self, message: Message) {
        let me = untrack(|| self.call.me());
        let log = self.call.chat.log;
        let open = self.call.panel.get_untracked() == Panel::Chat;
        let mine = message.is_by(me);
        let news = log.with_untracked(|log| log.is_news(&message, me));
        let said = t!(guest::announce::chat_message {
            name: &message.name,
            text: &message.text
        });
        let new = log.try_update(|log| log.take(message)).unwrap_or(false);
        if new && mine {
            self.call.chat.draft.update(Draft::arrived);
        }
        if new && news && !open {
            self.call.announce(said);
        }
    }

    /// Sends the outbox of a visit that is over, then closes its socket.
    pub(super) fn part(&mut self, event: &SocketEvent) {
        let over = match (event, &self.parting) {
            (SocketEvent::Up, Some((_, socket))) => {
                let mut outbox = self.outbox.borrow_mut();
                outbox.up(|message| socket.say(message));
                socket.say(&FromClient::Leave);
                true
            }
            (SocketEvent::GaveUp, _) => true,
            _ => false,
        };
        if over {
            self.parting = None;
            self.outbox.borrow_mut().clear();
        }
    }

    /// Sends now, or when the socket is up again.
    pub(super) fn report(&self, message: FromClient) {
        let socket = &self.socket;
        self.outbox.borrow_mut().say(message, |message| socket.say(message));
    }

    fn room(&mut self, room: RoomView) {
        self.clock = ServerClock::at(room.now);
        self.call.meeting.now.set(room.now);
        if self.call.is_host() {
            self.notice_arrivals(&room);
        }
        let status = room.you.status;
        if status == AdmissionStatus::Admitted {
            self.call.chat.log.update(|log| log.entered(room.now));
        }
        if status == AdmissionStatus::Admitted && self.admits {
            self.admits = false;
            let waits = room
                .people
                .iter()
                .filter(|person| person.status == AdmissionStatus::Waiting);
            if let Some(first) = waits.min_by_key(|person| person.arrived_at) {
                self.say(&FromClient::Admit { visit: first.visit });
            }
        }
        self.call.meeting.room.set(Some(room));
        self.happen(Transition::Status(status));
        self.title();
    }

    /// Sound, title and notification for a guest who has just come into the lobby, here or in the external meeting.
    fn notice_arrivals(&mut self, room: &RoomView) {
        let waiting: BTreeSet<_> = room
            .people
            .iter()
            .filter_map(|person| Some((person.visit, messages::lobby_of(person)?)))
            .collect();
        let is_new = |one: &(VisitId, LobbyKind)| self.waiting.as_ref().is_none_or(|before| !before.contains(one));
        let new: Vec<(String, LobbyKind)> = room
            .people
            .iter()
            .filter_map(|person| {
                let lobby = messages::lobby_of(person)?;
                is_new(&(person.visit, lobby)).then(|| (person.name.clone(), lobby))
            })
            .collect();
        let in_all = waiting.len();
        // Guests who waited when the host came in are announced without a bell: the host is looking.
        let came_while_here = self.waiting.replace(waiting).is_some();
        if new.is_empty() {
            return;
        }
        self.call.announce(messages::arrivals(&new, in_all));
        if came_while_here {
            sound::chime(sound::CLEAR);
            let body = messages::arrived(&self.heading, new.len());
            alert::notify(t!(guest::announce::somebody_waits), &body);
        }
    }

    /// Sets the note before the title of the tab.
    pub(super) fn title(&self) {
        let meeting = self.call.meeting;
        let in_external_lobby = meeting.external.with_untracked(|external| {
            external
                .as_ref()
                .is_some_and(|external| external.presence == Some(TeamsPresence::Lobby))
        });
        let note = meeting.room.with_untracked(|room| {
            let waiting = room.as_ref().filter(|_| self.call.is_host()).map_or(0, |room| {
                room.people
                    .iter()
                    .filter(|person| messages::lobby_of(person).is_some())
                    .count()
            });
            self.call
                .stage
                .with_untracked(|stage| messages::title_note(stage, waiting, room.as_ref(), in_external_lobby))
        });
        self.title.set(note);
    }
}

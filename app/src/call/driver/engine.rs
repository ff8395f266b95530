use std::rc::Rc;

use anteroom_protocol::credentials::Credentials;
use anteroom_protocol::media::Quality;
use futures::{StreamExt, channel::mpsc::unbounded};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{Driver, Input};
use crate::call::draft::Draft;
use crate::call::engines::{self, CallEngine, Choice, EngineEvent, EngineState, ToServer, sentence};
use crate::call::layout::StreamId;
use crate::call::messages;
use crate::call::participant::TileId;
use crate::call::stage::Transition;

impl Driver {
    pub(super) fn join_engine(&mut self, credentials: Credentials) {
        let Choice { start, external } = engines::choose(&credentials);
        match external {
            Some(entry) => self.enter_external(entry),
            None => self.call.meeting.external.set(None),
        }
        let Some(start) = start else {
            // Sound and picture are in a client of the external meeting.
            self.happen(Transition::MediaUp);
            return;
        };
        let engine = if let Some(engine) = self.engine.clone() {
            engine
        } else {
            let engine = self.start_engine(start);
            self.engine = Some(Rc::clone(&engine));
            self.local.connect(Some(Rc::clone(&engine)));
            engine
        };
        engine.join(credentials, self.local.tracks());
    }

    fn start_engine(&mut self, start: fn(engines::Start) -> Rc<dyn CallEngine>) -> Rc<dyn CallEngine> {
        self.engine_generation += 1;
        let (generation, inbox) = (self.engine_generation, self.inbox.clone());
        let (events, mut reported) = unbounded();
        spawn_local(async move {
            while let Some(event) = reported.next().await {
                if inbox.unbounded_send(Input::Engine(generation, event)).is_err() {
                    return;
                }
            }
        });
        let (socket, kept_by) = (self.socket.clone(), self.socket.clone());
        let outbox = Rc::clone(&self.outbox);
        start(engines::Start {
            server: ToServer {
                send: Box::new(move |message| socket.say(message)),
                report: Box::new(move |message| {
                    outbox.borrow_mut().say(message, |message| kept_by.say(message));
                }),
            },
            events,
            muted: self.call.devices.muted.get_untracked(),
        })
    }

    pub(super) fn leave_engine(&mut self) {
        if let Some(engine) = self.engine.take() {
            engine.leave();
        }
        self.local.connect(None);
        self.engine_generation += 1;
        self.call.meeting.external.update(|external| {
            if let Some(external) = external {
                external.leave();
            }
        });
        self.call.media.clear();
    }

    pub(super) fn engine_event(&mut self, event: EngineEvent) {
        match event {
            EngineEvent::State { state } => self.engine_state(state),
            EngineEvent::Stream { of, source, stream } => {
                self.call.media.put(StreamId::Tile(TileId { of, source }), stream);
            }
            EngineEvent::Quality { quality } => self.quality(quality),
            EngineEvent::Notice { code } => {
                self.call.chat.draft.update(Draft::refused);
                self.toasts.show(sentence(code));
            }
            EngineEvent::External(event) => self.external_event(event),
        }
    }

    fn engine_state(&mut self, state: EngineState) {
        let is_external = self.engine.as_ref().is_some_and(|engine| engine.external().is_some());
        if let Some(presence) = state.presence().filter(|_| is_external) {
            self.external_presence(presence);
        }
        match state {
            EngineState::Connecting | EngineState::Lobby => {}
            EngineState::Connected => {
                if self.call.media.quality.get_untracked() == Quality::Lost {
                    self.call.media.quality.set(Quality::Good);
                }
                self.happen(Transition::MediaUp);
            }
            EngineState::Interrupted | EngineState::Failed => self.quality(Quality::Lost),
        }
    }

    /// Shows the quality, and announces one that is poor and worse than before.
    fn quality(&self, quality: Quality) {
        let before = self.call.media.quality.get_untracked();
        if quality < before && quality <= Quality::Poor {
            self.call.announce(messages::quality(quality));
        }
        self.call.media.quality.set(quality);
    }
}

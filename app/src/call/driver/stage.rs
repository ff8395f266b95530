use anteroom_protocol::media::Source;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{Driver, Input};
use crate::browser::{has_global, notification, sound};
use crate::call::browser::{alert, devices, preference::Preference, wake};
use crate::call::chat_log::ChatLog;
use crate::call::draft::Draft;
use crate::call::messages;
use crate::call::stage::{CallStage, EndReason, SocketState, Transition};
use crate::call::state::{Command, Panel};

impl Driver {
    /// A tab that holds a seat goes straight back to it. Any other shows the form, with the devices on if they are allowed
    /// already.
    pub(super) fn begin(&mut self) {
        let call = self.call;
        let memory = self.session.memory();
        call.meeting.was_in.set(memory.was_in);
        call.notices.may_ask_notifications.set(notification::may_ask());
        call.preferences.keys.set(Preference::Keys.is_on());
        call.preferences.labels.set(Preference::Labels.is_on());
        // Lockdown Mode, extensions and policies take WebRTC away. A person must learn that before they wait in the lobby.
        if !has_global("RTCPeerConnection") {
            call.can_meet.set(false);
            return;
        }
        if memory.token.is_some() {
            self.happen(Transition::Joins);
            self.open_socket();
            self.local.open_remembered();
        } else if call.publishes() {
            let inbox = self.inbox.clone();
            let admits = self.admits;
            spawn_local(async move {
                let microphone = devices::granted(Source::Microphone).await;
                let camera = devices::granted(Source::Camera).await;
                if microphone || camera {
                    let _over = inbox.unbounded_send(Input::Command(Command::OpenDevices { microphone, camera }));
                }
                // The name is that of their account, which the server knows.
                if microphone && admits {
                    let join = Command::Join {
                        name: String::new(),
                        consent: None,
                    };
                    let _over = inbox.unbounded_send(Input::Command(join));
                }
            });
        }
    }

    pub(super) fn in_room(&self) -> bool {
        self.call.stage.with_untracked(CallStage::in_room)
    }

    pub(super) fn happen(&mut self, transition: Transition) {
        if let Ok(next) = self.call.stage.get_untracked().next(transition) {
            self.enter(next);
        }
    }

    pub(super) fn enter(&mut self, stage: CallStage) {
        let call = self.call;
        match &stage {
            CallStage::Prejoin { .. } => {
                self.session.forget_seat();
                self.drop_seat();
            }
            CallStage::Joining | CallStage::Rejoining => {}
            CallStage::Lobby => self.leave_engine(),
            CallStage::Connecting => {
                if call.stage.with_untracked(|before| *before == CallStage::Lobby) {
                    sound::chime(sound::CLEAR);
                    let body = t!(guest::announce::let_in { meeting: &self.heading });
                    alert::notify(t!(guest::announce::you_are_in), &body);
                }
            }
            CallStage::InCall => {
                if !call.meeting.was_in.get_untracked() {
                    call.meeting.was_in.set(true);
                    self.session.update(|memory| memory.was_in = true);
                }
                wake::hold();
            }
            CallStage::Over(why) => {
                if !why.seat_survives() {
                    self.session.forget_seat();
                }
                self.tear_down();
                if *why == EndReason::Left || *why == EndReason::Ended {
                    call.chat.log.set(ChatLog::default());
                    call.chat.draft.set(Draft::default());
                }
            }
        }
        let before = call.stage.get_untracked();
        if let Some(sentence) = messages::stage_announcement(&before, &stage) {
            call.announce(sentence);
        }
        call.stage.set(stage);
        self.title();
    }

    /// Drops the socket, the engine and everything that came by them; the person's own devices stay on.
    fn drop_seat(&mut self) {
        self.leave_engine();
        self.local.share(None);
        let socket = self.socket.take();
        self.parting = socket
            .filter(|_| self.outbox.borrow().waits())
            .map(|socket| (self.socket_generation, socket));
        self.socket_generation += 1;
        self.waiting = None;
        let call = self.call;
        call.socket.set(SocketState::Connected);
        call.panel.set(Panel::None);
        wake::release();
    }

    /// Drops the seat, and turns the person's devices off.
    pub(super) fn tear_down(&mut self) {
        self.drop_seat();
        self.local.close();
    }
}

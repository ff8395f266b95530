use anteroom_protocol::seat::FromClient;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{Driver, Input, later};
use crate::browser::{notification, sound};
use crate::call::browser::preference::Preference;
use crate::call::draft::Draft;
use crate::call::external::MeetingChat;
use crate::call::join::JoinRequest;
use crate::call::stage::Transition;
use crate::call::state::Command;

impl Driver {
    pub(super) fn command(&mut self, command: Command) {
        match command {
            Command::OpenDevices { microphone, camera } => self.local.open(microphone, camera),
            Command::ChooseMicrophone(id) => self.local.choose_microphone(id),
            Command::ChooseCamera(id) => self.local.choose_camera(id),
            Command::ToggleMicrophone => self.local.toggle_microphone(),
            Command::ToggleCamera => self.local.toggle_camera(),
            Command::ToggleScreen => self.local.toggle_screen(),
            Command::TestSpeaker => {
                sound::chime(sound::CLEAR);
                self.call.devices.speaker_testing.set(true);
                later(&self.inbox, sound::CHIME_MS, Input::SpeakerTested);
            }
            Command::Join { name, consent } => {
                self.session.update(|memory| memory.consent = consent);
                self.ask_to_join(name, Transition::Joins);
            }
            Command::Again => {
                let memory = self.session.memory();
                if memory.token.is_some() {
                    self.happen(Transition::TakesUp);
                    self.open_socket();
                } else {
                    self.ask_to_join(memory.name, Transition::Again);
                }
                self.local.open_remembered();
            }
            Command::Chat(text) => self.write(text),
            Command::External(command) => self.external_command(command),
            Command::Admit(visit) => self.say(&FromClient::Admit { visit }),
            Command::Decline(visit) => self.say(&FromClient::Decline { visit }),
            Command::Remove(visit) => self.say(&FromClient::Remove { visit }),
            Command::AllowAgain(guest) => self.say(&FromClient::AllowAgain { guest }),
            Command::UseKeys(on) => {
                Preference::Keys.set(on);
                self.call.preferences.keys.set(on);
            }
            Command::ShowLabels(on) => {
                Preference::Labels.set(on);
                self.call.preferences.labels.set(on);
            }
            Command::AllowNotifications => {
                let inbox = self.inbox.clone();
                spawn_local(async move {
                    notification::ask().await;
                    let _over = inbox.unbounded_send(Input::NotificationsAnswered);
                });
            }
            Command::Leave => {
                // Offline, the visit ends by itself when the server no longer keeps the seat.
                let _sent = self.socket.say(&FromClient::Leave);
                self.happen(Transition::Leaves);
            }
            Command::End => self.say(&FromClient::End),
        }
    }

    fn ask_to_join(&mut self, name: String, transition: Transition) {
        let Ok(next) = self.call.stage.get_untracked().next(transition) else {
            return;
        };
        self.enter(next);
        self.ask_for_seat(name);
    }

    pub(super) fn ask_for_seat(&mut self, name: String) {
        self.session.update(|memory| memory.name.clone_from(&name));
        let (join, inbox) = (self.join.clone(), self.inbox.clone());
        let consent = self.session.memory().consent;
        spawn_local(async move {
            let answer = join.ask(JoinRequest { name, consent }).await;
            let _over = inbox.unbounded_send(Input::Granted(answer));
        });
    }

    /// Writes into the external meeting's own chat where that is open to this participant, else to the host's page.
    fn write(&mut self, text: String) {
        let is_open = self.call.meeting.external.with_untracked(|external| {
            external
                .as_ref()
                .is_some_and(|external| external.chat == MeetingChat::On)
        });
        let external = self.engine.as_ref().and_then(|engine| engine.external());
        if let Some(external) = external.filter(|_| is_open) {
            external.write(&text);
            // No message confirms that it arrived.
            self.call.chat.draft.update(Draft::arrived);
        } else {
            self.say(&FromClient::Chat { text });
        }
    }

    pub(super) fn say(&mut self, message: &FromClient) {
        if !self.socket.say(message) {
            self.toasts.show(t!(guest::announce::offline));
        }
    }
}

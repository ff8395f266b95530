//! The state of one meeting in one tab. Views read its signals and send [`Command`]s; the driver (browser only) carries
//! commands out and writes the signals. Nothing else connects the two, so the server renders the same views without a
//! browser.

use std::collections::HashMap;

use anteroom_domain::id::{ConsentId, GuestId, VisitId};
use anteroom_domain::visit::{AdmissionStatus, Role};
use anteroom_protocol::media::{Quality, Source};
use anteroom_protocol::seat::{Person, RoomView};
use futures::channel::mpsc::UnboundedSender;
use leptos::prelude::*;

use super::{
    announcements::Announcements,
    chat_log::ChatLog,
    device_error::DeviceError,
    draft::Draft,
    external::{ExternalCommand, ExternalSession},
    layout::StreamId,
    participant::{Participant, ParticipantId, TileId, participants},
    stage::{CallStage, SocketState},
};

/// What a person asks for by a button or a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Ask the browser for the devices (on the pre-join screen, after a click).
    OpenDevices {
        microphone: bool,
        camera: bool,
    },
    ChooseMicrophone(String),
    ChooseCamera(String),
    TestSpeaker,
    Join {
        name: String,
        consent: Option<ConsentId>,
    },
    Again,
    ToggleMicrophone,
    ToggleCamera,
    ToggleScreen,
    Chat(String),
    Admit(VisitId),
    Decline(VisitId),
    Remove(VisitId),
    AllowAgain(GuestId),
    /// Turn the keyboard shortcuts on or off; the browser remembers it for later meetings.
    UseKeys(bool),
    /// Show or hide the labels of the buttons; the browser remembers it for later meetings.
    ShowLabels(bool),
    /// Ask the browser for permission to notify when a guest arrives while this tab is hidden.
    AllowNotifications,
    /// A command that only an external meeting has.
    External(ExternalCommand),
    Leave,
    End,
}

/// The state of one of the person's own devices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Device {
    #[default]
    Off,
    /// The browser is asking the person.
    Asking,
    On,
    Failed(DeviceError),
}

impl Device {
    pub fn error(self) -> Option<DeviceError> {
        if let Device::Failed(error) = self {
            Some(error)
        } else {
            None
        }
    }
}

/// One entry of a device list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DeviceChoice {
    pub id: String,
    pub label: String,
}

/// The side panel of the call screen: one at a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Panel {
    #[default]
    None,
    Chat,
    People,
    Settings,
    Help,
}

/// The state of one meeting in one tab. Copy: views get it from the context.
#[derive(Clone, Copy)]
pub struct Call {
    pub role: Role,
    pub stage: RwSignal<CallStage>,
    /// The driver runs: buttons work. False in the server's markup and until hydration.
    pub ready: RwSignal<bool>,
    /// Has this browser what a meeting needs? True until it is known.
    pub can_meet: RwSignal<bool>,
    pub socket: RwSignal<SocketState>,
    pub meeting: Meeting,
    /// Everyone who is in the call.
    pub participants: Memo<Vec<Participant>>,
    pub devices: Devices,
    pub media: Media,
    pub chat: Chat,
    pub panel: RwSignal<Panel>,
    pub preferences: Preferences,
    pub notices: Notices,
    commands: StoredValue<Option<UnboundedSender<Command>>>,
}

/// The meeting, as the server and the external meeting tell of it.
#[derive(Clone, Copy)]
pub struct Meeting {
    pub room: RwSignal<Option<RoomView>>,
    /// The server's clock, in ms since the Unix epoch, advanced every second.
    pub now: RwSignal<i64>,
    /// Has this tab been in the call? Survives a reload.
    pub was_in: RwSignal<bool>,
    /// This participant's session in the external meeting; None where the meeting takes place here.
    pub external: RwSignal<Option<ExternalSession>>,
    /// Notes of staff from when they scheduled the meeting. The host's only.
    pub notes: StoredValue<String>,
}

/// The person's own devices.
#[derive(Clone, Copy)]
pub struct Devices {
    pub microphone: RwSignal<Device>,
    pub camera: RwSignal<Device>,
    pub muted: RwSignal<bool>,
    /// The system has taken the microphone, most often for a phone call: no sound comes from it.
    pub interrupted: RwSignal<bool>,
    pub sharing: RwSignal<bool>,
    /// Phones' browsers have no screen sharing.
    pub can_share: RwSignal<bool>,
    pub microphones: RwSignal<Vec<DeviceChoice>>,
    pub cameras: RwSignal<Vec<DeviceChoice>>,
    pub chosen_microphone: RwSignal<Option<String>>,
    pub chosen_camera: RwSignal<Option<String>>,
    /// Loudness of the own microphone, 0..=100.
    pub level: RwSignal<u8>,
    /// The person speaks while muted.
    pub muted_speech: RwSignal<bool>,
    /// The test sound is playing.
    pub speaker_testing: RwSignal<bool>,
}

/// Pictures and sounds, and how well they arrive.
#[derive(Clone, Copy)]
pub struct Media {
    /// Which pictures and sounds there are; the number changes when the stream behind one does.
    pub streams: RwSignal<HashMap<StreamId, u32>>,
    /// The streams themselves, which only a browser has.
    #[cfg(feature = "hydrate")]
    pub handles: StoredValue<HashMap<StreamId, web_sys::MediaStream>, LocalStorage>,
    pub quality: RwSignal<Quality>,
    /// The browser blocks remote sound until a click.
    pub sound_blocked: RwSignal<bool>,
}

/// The messages, and the one that is being written.
#[derive(Clone, Copy)]
pub struct Chat {
    pub log: RwSignal<ChatLog>,
    pub draft: RwSignal<Draft>,
}

/// Choices that the browser remembers for later meetings.
#[derive(Clone, Copy)]
pub struct Preferences {
    /// Keyboard shortcuts of one letter. Speech input types letters by accident, so a person can switch them off.
    pub keys: RwSignal<bool>,
    /// Labels under the buttons. People who know the icons have more room without.
    pub labels: RwSignal<bool>,
}

/// Short messages to the person.
#[derive(Clone, Copy)]
pub struct Notices {
    /// A sentence that is shown for a while.
    pub toast: RwSignal<Option<String>>,
    /// What screen readers are told politely.
    pub announcements: RwSignal<Announcements>,
    /// Can the page ask for permission to notify? (Neither granted nor refused so far.)
    pub may_ask_notifications: RwSignal<bool>,
}

impl Meeting {
    fn new() -> Self {
        Self {
            room: RwSignal::new(None),
            now: RwSignal::new(0),
            was_in: RwSignal::new(false),
            external: RwSignal::new(None),
            notes: StoredValue::new(String::new()),
        }
    }

    /// The clerk sees the visits of this site beside an external meeting; everyone else is in it.
    fn participants(self, role: Role, media: Media) -> Vec<Participant> {
        self.room.with(|room| {
            let Some(room) = room else { return Vec::new() };
            self.external.with(|external| {
                let there = external.as_ref().filter(|_| role != Role::Host);
                let people = there.map(|external| external.people.as_slice());
                participants(room, people, |tile| media.has(tile))
            })
        })
    }
}

impl Devices {
    fn new() -> Self {
        Self {
            microphone: RwSignal::new(Device::Off),
            camera: RwSignal::new(Device::Off),
            muted: RwSignal::new(false),
            interrupted: RwSignal::new(false),
            sharing: RwSignal::new(false),
            can_share: RwSignal::new(false),
            microphones: RwSignal::new(Vec::new()),
            cameras: RwSignal::new(Vec::new()),
            chosen_microphone: RwSignal::new(None),
            chosen_camera: RwSignal::new(None),
            level: RwSignal::new(0),
            muted_speech: RwSignal::new(false),
            speaker_testing: RwSignal::new(false),
        }
    }
}

impl Media {
    fn new() -> Self {
        Self {
            streams: RwSignal::new(HashMap::new()),
            #[cfg(feature = "hydrate")]
            handles: StoredValue::new_local(HashMap::new()),
            quality: RwSignal::new(Quality::Good),
            sound_blocked: RwSignal::new(false),
        }
    }

    /// Shows or plays this stream from now on; None takes it away.
    #[cfg(feature = "hydrate")]
    pub fn put(self, id: StreamId, stream: Option<web_sys::MediaStream>) {
        let is_there = stream.is_some();
        self.handles.update_value(|handles| match stream {
            Some(stream) => {
                handles.insert(id, stream);
            }
            None => {
                handles.remove(&id);
            }
        });
        self.streams.update(|streams| {
            if is_there {
                *streams.entry(id).or_insert(0) += 1;
            } else {
                streams.remove(&id);
            }
        });
    }

    /// Takes everything away that came by an engine.
    #[cfg(feature = "hydrate")]
    pub fn clear(self) {
        let stays = |id: &StreamId| *id == StreamId::OwnCamera;
        self.handles.update_value(|handles| handles.retain(|id, _| stays(id)));
        self.streams.update(|streams| streams.retain(|id, _| stays(id)));
        self.sound_blocked.set(false);
        self.quality.set(Quality::Good);
    }

    /// Is there a stream for this tile?
    pub fn has(self, tile: TileId) -> bool {
        self.streams.with(|streams| streams.contains_key(&StreamId::Tile(tile)))
    }
}

impl Call {
    pub fn new(role: Role) -> Self {
        let (meeting, media) = (Meeting::new(), Media::new());
        Self {
            role,
            stage: RwSignal::new(CallStage::Prejoin { notice: None }),
            ready: RwSignal::new(false),
            can_meet: RwSignal::new(true),
            socket: RwSignal::new(SocketState::default()),
            meeting,
            participants: Memo::new(move |_| meeting.participants(role, media)),
            devices: Devices::new(),
            media,
            chat: Chat {
                log: RwSignal::new(ChatLog::default()),
                draft: RwSignal::new(Draft::default()),
            },
            panel: RwSignal::new(Panel::None),
            preferences: Preferences {
                keys: RwSignal::new(true),
                labels: RwSignal::new(true),
            },
            notices: Notices {
                toast: RwSignal::new(None),
                announcements: RwSignal::new(Announcements::default()),
                may_ask_notifications: RwSignal::new(false),
            },
            commands: StoredValue::new(None),
        }
    }

    /// The call that this view is part of. A view outside of [`super::Meeting`] gets one that does nothing, rather than a
    /// panic in a customer's browser.
    pub fn here() -> Self {
        use_context::<Call>().unwrap_or_else(|| Call::new(Role::Guest))
    }

    /// Sends a command to the driver; without one (the server's markup) nothing happens.
    pub fn ask(self, command: Command) {
        self.commands.with_value(|commands| {
            if let Some(commands) = commands {
                // The receiver is gone only when the page is being left.
                let _gone = commands.unbounded_send(command);
            }
        });
    }

    /// Connects the driver.
    pub fn listen(self, commands: UnboundedSender<Command>) {
        self.commands.set_value(Some(commands));
        self.ready.set(true);
    }

    /// Tells screen readers, which speak when they have finished what they are saying.
    pub fn announce(self, sentence: impl Into<String>) {
        self.notices
            .announcements
            .update(|announcements| announcements.say(sentence.into()));
    }

    pub fn is_host(self) -> bool {
        self.role == Role::Host
    }

    /// May this participant send sound and picture?
    pub fn publishes(self) -> bool {
        self.role != Role::Attendee
    }

    /// The own visit; None before the server has said it.
    pub fn me(self) -> Option<VisitId> {
        self.meeting.room.with(|room| room.as_ref().map(|room| room.you.visit))
    }

    /// Is this our own visit?
    pub fn is_me(self, id: ParticipantId) -> bool {
        self.me().map(ParticipantId::Visit) == Some(id)
    }

    /// A participant, followed as it changes.
    pub fn participant(self, id: ParticipantId) -> Memo<Option<Participant>> {
        Memo::new(move |_| {
            self.participants
                .with(|people| people.iter().find(|person| person.id == id).cloned())
        })
    }

    /// A person of the room, followed as it changes.
    pub fn person(self, visit: VisitId) -> Memo<Option<Person>> {
        Memo::new(move |_| {
            self.meeting.room.with(|room| {
                room.as_ref()
                    .and_then(|room| room.people.iter().find(|person| person.visit == visit).cloned())
            })
        })
    }

    /// The people of the room with this admission status.
    pub fn people(self, status: AdmissionStatus) -> Vec<Person> {
        self.meeting.room.with(|room| {
            room.iter()
                .flat_map(|room| &room.people)
                .filter(|person| person.status == status)
                .cloned()
                .collect()
        })
    }

    /// Opens a side panel, or closes it if it is open.
    pub fn toggle_panel(self, panel: Panel) {
        self.panel
            .update(|open| *open = if *open == panel { Panel::None } else { panel });
    }

    /// Is there such a stream?
    pub fn has_stream(self, id: StreamId) -> bool {
        self.media.streams.with(|streams| streams.contains_key(&id))
    }

    /// Does the own microphone reach the others?
    pub fn heard(self) -> bool {
        let devices = self.devices;
        devices.microphone.get() == Device::On
            && !devices.muted.get()
            && !devices.interrupted.get()
            && self.may_send(Source::Microphone)
    }

    /// Does the role in an external meeting permit this source?
    pub fn may_send(self, source: Source) -> bool {
        self.meeting
            .external
            .with(|external| external.as_ref()?.permissions)
            .is_none_or(|permissions| permissions.send(source))
    }

    /// The state of the device behind a source.
    pub fn device(self, source: Source) -> Device {
        match source {
            Source::Microphone => self.devices.microphone.get(),
            Source::Camera => self.devices.camera.get(),
            Source::Screen => {
                if self.devices.sharing.get() {
                    Device::On
                } else {
                    Device::Off
                }
            }
        }
    }
}

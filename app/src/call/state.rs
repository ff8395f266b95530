//! What the screens show and what they can ask for. Views read signals and send [`Command`]s; the driver (browser only)
//! carries commands out and writes the signals. Nothing else connects the two, so that the server can render the same
//! views without a browser.

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
    layout::TileId,
    outside::{Ask, Outside},
    stage::{Link, Stage},
};

/// Our own picture, under a visit id that the server never gives: it is there before it gave us one.
pub const OWN_CAMERA: TileId = TileId {
    visit: VisitId(0),
    source: Source::Camera,
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
    /// Whether single keys do something; remembered for the meetings to come.
    UseKeys(bool),
    /// Whether the buttons say what they do; remembered for the meetings to come.
    ShowLabels(bool),
    /// Ask the browser whether we may show a notification when a guest arrives while this tab is hidden.
    AllowNotifications,
    /// What only a meeting outside has.
    Outside(Ask),
    Leave,
    End,
}

/// A device of ours.
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
    pub fn trouble(self) -> Option<DeviceError> {
        if let Device::Failed(trouble) = self {
            Some(trouble)
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

/// The state of one meeting in one tab. Copy: it is handed around by context.
#[derive(Clone, Copy)]
pub struct Call {
    pub role: Role,
    pub stage: RwSignal<Stage>,
    /// The driver runs: buttons work. False in the server's markup and until hydration.
    pub ready: RwSignal<bool>,
    /// Has this browser what a meeting needs? True until it is known.
    pub can_meet: RwSignal<bool>,
    pub link: RwSignal<Link>,
    pub room: RwSignal<Option<RoomView>>,
    /// The server's clock, in ms since the Unix epoch, advanced every second.
    pub now: RwSignal<i64>,
    /// Has this tab been in the call? Survives a reload.
    pub was_in: RwSignal<bool>,

    pub microphone: RwSignal<Device>,
    pub camera: RwSignal<Device>,
    pub muted: RwSignal<bool>,
    /// The system has taken the microphone, for a phone call most of all: no sound comes from it.
    pub interrupted: RwSignal<bool>,
    pub sharing: RwSignal<bool>,
    /// Phones' browsers have no screen sharing.
    pub can_share: RwSignal<bool>,
    pub microphones: RwSignal<Vec<DeviceChoice>>,
    pub cameras: RwSignal<Vec<DeviceChoice>>,
    pub chosen_microphone: RwSignal<Option<String>>,
    pub chosen_camera: RwSignal<Option<String>>,
    /// Loudness of our own microphone, 0..=100.
    pub level: RwSignal<u8>,
    /// Something was said while muted, just now.
    pub muted_speech: RwSignal<bool>,
    /// The test sound is being played.
    pub speaker_testing: RwSignal<bool>,

    /// The meeting takes place on Microsoft Teams. None: here.
    pub outside: RwSignal<Option<Outside>>,
    pub chat: RwSignal<ChatLog>,
    pub draft: RwSignal<Draft>,
    pub panel: RwSignal<Panel>,
    pub quality: RwSignal<Quality>,
    /// Remote sound is blocked until a click.
    pub sound_blocked: RwSignal<bool>,
    /// May notifications be asked for? (Not yet granted, not yet refused.)
    pub may_ask_notifications: RwSignal<bool>,
    /// A sentence that is shown for a while.
    pub toast: RwSignal<Option<String>>,
    /// What screen readers are told politely.
    pub announcements: RwSignal<Announcements>,
    /// Do single keys do something? Speech input types letters by accident, so that this can be switched off.
    pub keys: RwSignal<bool>,
    /// Does it stand under each button what it does? Who knows the signs has more room without.
    pub labels: RwSignal<bool>,
    /// What staff noted for themselves when they scheduled it. The host's only.
    pub notes: StoredValue<String>,
    /// Which pictures and sounds there are; the number changes when the stream behind one does.
    pub streams: RwSignal<HashMap<TileId, u32>>,
    /// The streams themselves, which only a browser has.
    #[cfg(feature = "hydrate")]
    pub media: StoredValue<HashMap<TileId, web_sys::MediaStream>, LocalStorage>,
    commands: StoredValue<Option<UnboundedSender<Command>>>,
}

impl Call {
    pub fn new(role: Role) -> Self {
        Self {
            role,
            stage: RwSignal::new(Stage::Prejoin { notice: None }),
            ready: RwSignal::new(false),
            can_meet: RwSignal::new(true),
            link: RwSignal::new(Link::Up),
            room: RwSignal::new(None),
            now: RwSignal::new(0),
            was_in: RwSignal::new(false),
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
            outside: RwSignal::new(None),
            chat: RwSignal::new(ChatLog::default()),
            draft: RwSignal::new(Draft::default()),
            panel: RwSignal::new(Panel::None),
            quality: RwSignal::new(Quality::Good),
            sound_blocked: RwSignal::new(false),
            may_ask_notifications: RwSignal::new(false),
            toast: RwSignal::new(None),
            announcements: RwSignal::new(Announcements::default()),
            keys: RwSignal::new(true),
            labels: RwSignal::new(true),
            notes: StoredValue::new(String::new()),
            streams: RwSignal::new(HashMap::new()),
            #[cfg(feature = "hydrate")]
            media: StoredValue::new_local(HashMap::new()),
            commands: StoredValue::new(None),
        }
    }

    /// The meeting that this view is part of. A view of this module outside of [`super::Meeting`] gets one that does
    /// nothing, rather than a panic in a customer's browser.
    pub fn here() -> Self {
        use_context::<Call>().unwrap_or_else(|| Call::new(Role::Guest))
    }

    /// Asks the driver; without one (the server's markup) nothing happens.
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

    /// Has it said by screen readers, when they have finished what they are saying.
    pub fn announce(self, sentence: impl Into<String>) {
        self.announcements
            .update(|announcements| announcements.say(sentence.into()));
    }

    pub fn is_host(self) -> bool {
        self.role == Role::Host
    }

    /// May this participant send sound and picture?
    pub fn publishes(self) -> bool {
        self.role != Role::Attendee
    }

    /// Our visit; 0 before the server told us.
    pub fn me(self) -> VisitId {
        self.room
            .with(|room| room.as_ref().map_or(VisitId(0), |room| room.you.visit))
    }

    /// A person of the room, followed as it changes.
    pub fn person(self, visit: VisitId) -> Memo<Option<Person>> {
        Memo::new(move |_| {
            self.room.with(|room| {
                room.as_ref()
                    .and_then(|room| room.people.iter().find(|person| person.visit == visit).cloned())
            })
        })
    }

    /// Everyone who stands so.
    pub fn people(self, stand: AdmissionStatus) -> Vec<Person> {
        self.room.with(|room| {
            room.iter()
                .flat_map(|room| &room.people)
                .filter(|person| person.status == stand)
                .cloned()
                .collect()
        })
    }

    /// Opens a side panel, or closes it if it is open.
    pub fn toggle_panel(self, panel: Panel) {
        self.panel
            .update(|open| *open = if *open == panel { Panel::None } else { panel });
    }

    /// Is there a stream of this source?
    pub fn has_stream(self, id: TileId) -> bool {
        self.streams.with(|streams| streams.contains_key(&id))
    }

    /// Does our own microphone really reach the others?
    pub fn heard(self) -> bool {
        self.microphone.get() == Device::On
            && !self.muted.get()
            && !self.interrupted.get()
            && self.may_send(Source::Microphone)
    }

    /// Does a meeting outside let us send this?
    pub fn may_send(self, source: Source) -> bool {
        self.outside
            .with(|outside| outside.as_ref()?.may)
            .is_none_or(|may| may.send(source))
    }

    /// What a device of ours is doing.
    pub fn device(self, source: Source) -> Device {
        match source {
            Source::Microphone => self.microphone.get(),
            Source::Camera => self.camera.get(),
            Source::Screen => {
                if self.sharing.get() {
                    Device::On
                } else {
                    Device::Off
                }
            }
        }
    }
}

//! The person's own devices: opened, muted, shared, watched, and remembered.

use std::rc::Rc;

use anteroom_protocol::media::Source;
use anteroom_protocol::seat::FromClient;
use futures::channel::mpsc::UnboundedSender;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::MediaStreamTrack;

use super::{Input, toasts::Toasts};
use crate::call::{
    browser::{
        devices::{self, Opened, Wish, stream_of},
        meter::Meter,
        preference::{remember_camera, remember_microphone},
        session::Session,
    },
    device_error::DeviceError,
    engines::{CallEngine, Sending},
    external::ExternalSession,
    layout::StreamId,
    socket::SeatSocket,
    speech::SpeechGate,
    stage::CallStage,
    state::{Call, Device, DeviceChoice},
};

/// What happened to the devices.
pub enum DeviceEvent {
    Opened(Vec<Opened>),
    ScreenOpened(Result<MediaStreamTrack, DeviceError>),
    /// Somebody unplugged a device, or stopped sharing in the browser's own bar. Names the track.
    TrackEnded(Source, String),
    /// The system holds back the sound of this microphone track, or gives it again.
    Interrupted(String, bool),
    /// The microphones and cameras of this machine.
    List(Vec<DeviceChoice>, Vec<DeviceChoice>),
    /// Something was plugged in or unplugged.
    Changed,
}

/// The tracks of the person's devices. They go to the preview, to the engine (once there is one) and to the meter.
pub struct LocalMedia {
    call: Call,
    inbox: UnboundedSender<Input>,
    session: Rc<Session>,
    socket: SeatSocket,
    toasts: Toasts,
    engine: Option<Rc<dyn CallEngine>>,
    tracks: Sending,
    meter: Option<Meter>,
    gate: SpeechGate,
}

impl LocalMedia {
    /// Starts with the choices that this tab remembers.
    pub fn new(
        call: Call,
        inbox: UnboundedSender<Input>,
        session: Rc<Session>,
        socket: SeatSocket,
        toasts: Toasts,
    ) -> Self {
        let memory = session.memory();
        call.devices.muted.set(memory.muted);
        call.devices.chosen_microphone.set(memory.microphone_id);
        call.devices.chosen_camera.set(memory.camera_id);
        call.devices.can_share.set(devices::can_share());
        Self {
            call,
            inbox,
            session,
            socket,
            toasts,
            engine: None,
            tracks: Sending::default(),
            meter: None,
            gate: SpeechGate::default(),
        }
    }

    pub fn tracks(&self) -> Sending {
        self.tracks.clone()
    }

    /// Sends later changes of the tracks to this engine.
    pub fn connect(&mut self, engine: Option<Rc<dyn CallEngine>>) {
        self.engine = engine;
    }

    /// Tells the others what to show for this participant. A loss heals itself: it is said again after every resume.
    pub fn show(&self) {
        let devices = self.call.devices;
        let _heard = self.socket.say(&FromClient::Shows {
            microphone: devices.microphone.get_untracked() == Device::On
                && !devices.muted.get_untracked()
                && !devices.interrupted.get_untracked(),
            camera: devices.camera.get_untracked() == Device::On,
            screen: devices.sharing.get_untracked(),
        });
    }

    pub fn take(&mut self, event: DeviceEvent) {
        match event {
            DeviceEvent::Opened(opened) => self.opened(opened),
            DeviceEvent::ScreenOpened(Ok(track)) => self.share(Some(track)),
            DeviceEvent::ScreenOpened(Err(error)) => self.toasts.show(error.advice(Source::Screen)),
            DeviceEvent::TrackEnded(source, id) => self.track_ended(source, &id),
            DeviceEvent::Interrupted(id, is_so) => self.interrupted(&id, is_so),
            DeviceEvent::List(microphones, cameras) => {
                self.call.devices.microphones.set(microphones);
                self.call.devices.cameras.set(cameras);
            }
            DeviceEvent::Changed => self.list(),
        }
    }

    /// Opens the devices that were on before a reload.
    pub fn open_remembered(&mut self) {
        let memory = self.session.memory();
        self.open(memory.microphone, memory.camera);
    }

    pub fn open(&mut self, microphone: bool, camera: bool) {
        if !self.call.publishes() || !(microphone || camera) {
            return;
        }
        let mut wishes = Vec::new();
        if microphone {
            // Closed first: some phones and browsers open only one of a kind.
            self.set_microphone(None);
            self.call.devices.microphone.set(Device::Asking);
            wishes.push(Wish {
                source: Source::Microphone,
                device: self.call.devices.chosen_microphone.get_untracked(),
            });
        }
        if camera {
            self.set_camera(None);
            self.call.devices.camera.set(Device::Asking);
            wishes.push(Wish {
                source: Source::Camera,
                device: self.call.devices.chosen_camera.get_untracked(),
            });
        }
        let inbox = self.inbox.clone();
        spawn_local(async move {
            let opened = devices::open(&wishes).await;
            let _over = inbox.unbounded_send(Input::Device(DeviceEvent::Opened(opened)));
        });
    }

    pub fn choose_microphone(&mut self, id: String) {
        self.call.devices.chosen_microphone.set(Some(id.clone()));
        remember_microphone(&id);
        self.session.update(|memory| memory.microphone_id = Some(id));
        if self.call.devices.microphone.get_untracked() != Device::Asking {
            self.open(true, false);
        }
    }

    pub fn choose_camera(&mut self, id: String) {
        self.call.devices.chosen_camera.set(Some(id.clone()));
        remember_camera(&id);
        self.session.update(|memory| memory.camera_id = Some(id));
        if self.call.devices.camera.get_untracked() != Device::Asking {
            self.open(false, true);
        }
    }

    fn opened(&mut self, opened: Vec<Opened>) {
        let (in_room, over) = self
            .call
            .stage
            .with_untracked(|stage| (stage.in_room(), matches!(stage, CallStage::Over(_))));
        for Opened { source, track } in opened {
            if over {
                if let Ok(track) = track {
                    track.stop();
                }
                continue;
            }
            let device = match &track {
                Ok(_) => Device::On,
                Err(error) => Device::Failed(*error),
            };
            let track = track.ok();
            let (on, id) = (track.is_some(), track.as_ref().and_then(devices::device_of));
            if let Some(track) = &track {
                self.watch(track, source);
            }
            if source == Source::Microphone {
                self.set_microphone(track);
                self.call.devices.microphone.set(device);
                if on {
                    self.call.devices.chosen_microphone.set(id);
                }
                self.session.update(|memory| memory.microphone = on);
            } else {
                self.set_camera(track);
                self.call.devices.camera.set(device);
                if on {
                    self.call.devices.chosen_camera.set(id);
                }
                self.session.update(|memory| memory.camera = on);
            }
            if in_room && let Device::Failed(error) = device {
                self.toasts.show(error.advice(source));
            }
        }
        self.list();
        self.show();
    }

    fn set_microphone(&mut self, track: Option<MediaStreamTrack>) {
        if let Some(old) = self.tracks.microphone.take() {
            old.stop();
        }
        let devices = self.call.devices;
        if let Some(track) = &track {
            track.set_enabled(!devices.muted.get_untracked());
        }
        self.meter = track.as_ref().and_then(Meter::new);
        self.gate = SpeechGate::default();
        if self.meter.is_none() {
            devices.level.set(0);
            devices.muted_speech.set(false);
        }
        devices
            .interrupted
            .set(track.as_ref().is_some_and(MediaStreamTrack::muted));
        self.tracks.microphone.clone_from(&track);
        if let Some(engine) = &self.engine {
            engine.set_microphone(track);
        }
    }

    fn set_camera(&mut self, track: Option<MediaStreamTrack>) {
        if let Some(old) = self.tracks.camera.take() {
            old.stop();
        }
        let preview = track.as_ref().and_then(stream_of);
        self.call.media.put(StreamId::OwnCamera, preview);
        self.tracks.camera.clone_from(&track);
        if let Some(engine) = &self.engine {
            engine.set_camera(track);
        }
    }

    /// Shares a screen; None stops sharing.
    pub fn share(&mut self, track: Option<MediaStreamTrack>) {
        if let Some(old) = self.tracks.screen.take() {
            old.stop();
        } else if track.is_none() {
            return;
        }
        if let Some(track) = &track {
            self.watch(track, Source::Screen);
        }
        self.call.devices.sharing.set(track.is_some());
        self.call.announce(if track.is_some() {
            t!(guest::banner::sharing)
        } else {
            t!(guest::announce::sharing_stopped)
        });
        self.tracks.screen.clone_from(&track);
        if let Some(engine) = &self.engine {
            engine.set_screen(track);
        }
        self.show();
    }

    pub fn toggle_microphone(&mut self) {
        if !self.call.publishes() {
            return;
        }
        match self.call.devices.microphone.get_untracked() {
            Device::On => {
                let muted = !self.call.devices.muted.get_untracked();
                self.set_muted(muted);
            }
            Device::Asking => {}
            Device::Off | Device::Failed(_) => {
                self.set_muted(false);
                self.open(true, false);
            }
        }
    }

    pub fn set_muted(&mut self, muted: bool) {
        self.call.devices.muted.set(muted);
        self.call.devices.muted_speech.set(false);
        self.gate = SpeechGate::default();
        self.session.update(|memory| memory.muted = muted);
        if let Some(track) = &self.tracks.microphone {
            track.set_enabled(!muted);
        }
        if let Some(engine) = &self.engine {
            engine.mute(muted);
        }
        self.show();
    }

    pub fn toggle_camera(&mut self) {
        match self.call.devices.camera.get_untracked() {
            Device::On => {
                self.camera_off();
                self.session.update(|memory| memory.camera = false);
            }
            Device::Asking => {}
            Device::Off | Device::Failed(_) => {
                if self.may_send(Source::Camera) {
                    self.open(false, true);
                }
            }
        }
    }

    /// Stops the camera and does not only disable it: its light goes out, which is what "off" means to people.
    pub fn camera_off(&mut self) {
        self.set_camera(None);
        self.call.devices.camera.set(Device::Off);
        self.show();
    }

    pub fn toggle_screen(&mut self) {
        if self.call.devices.sharing.get_untracked() {
            self.share(None);
        } else if self.call.stage.with_untracked(CallStage::in_room)
            && self.call.publishes()
            && self.may_send(Source::Screen)
        {
            let inbox = self.inbox.clone();
            spawn_local(async move {
                let opened = devices::open_screen().await;
                let _over = inbox.unbounded_send(Input::Device(DeviceEvent::ScreenOpened(opened)));
            });
        }
    }

    /// Asks whether the role permits this source. The button of a forbidden one is off; the answer to its key is a sentence.
    fn may_send(&self, source: Source) -> bool {
        let may = untrack(|| self.call.may_send(source));
        if !may
            && let Some(sentence) = self
                .call
                .meeting
                .external
                .with_untracked(|external| external.as_ref().and_then(ExternalSession::forbidden))
        {
            self.toasts.show(sentence);
        }
        may
    }

    /// Turns microphone and camera off: their lights go out.
    pub fn close(&mut self) {
        self.set_microphone(None);
        self.set_camera(None);
        self.call.devices.microphone.set(Device::Off);
        self.call.devices.camera.set(Device::Off);
    }

    fn watch(&self, track: &MediaStreamTrack, source: Source) {
        let (inbox, id) = (self.inbox.clone(), track.id());
        let ended = Closure::once_into_js(move || {
            let _over = inbox.unbounded_send(Input::Device(DeviceEvent::TrackEnded(source, id)));
        });
        track.set_onended(ended.dyn_ref());
        if source == Source::Microphone {
            let tell = |is_so: bool| {
                let (inbox, id) = (self.inbox.clone(), track.id());
                Closure::<dyn FnMut()>::new(move || {
                    let event = DeviceEvent::Interrupted(id.clone(), is_so);
                    let _over = inbox.unbounded_send(Input::Device(event));
                })
                .into_js_value()
            };
            track.set_onmute(tell(true).dyn_ref());
            track.set_onunmute(tell(false).dyn_ref());
        }
    }

    fn interrupted(&mut self, id: &str, is_so: bool) {
        let interrupted = self.call.devices.interrupted;
        if is(self.tracks.microphone.as_ref(), id) && interrupted.get_untracked() != is_so {
            interrupted.set(is_so);
            self.call.announce(if is_so {
                t!(guest::banner::microphone_taken)
            } else {
                t!(guest::announce::heard_again)
            });
            self.show();
        }
    }

    fn track_ended(&mut self, source: Source, id: &str) {
        match source {
            Source::Screen if is(self.tracks.screen.as_ref(), id) => self.share(None),
            Source::Microphone if is(self.tracks.microphone.as_ref(), id) => {
                // Unplugged: there may be another one (the laptop's own, behind the headset).
                self.call.devices.chosen_microphone.set(None);
                self.open(true, false);
                self.toasts.show(t!(guest::announce::microphone_gone));
            }
            Source::Camera if is(self.tracks.camera.as_ref(), id) => {
                self.set_camera(None);
                self.call.devices.camera.set(Device::Failed(DeviceError::Missing));
                self.toasts.show(t!(guest::announce::camera_gone));
                self.show();
            }
            _ => {}
        }
    }

    fn list(&self) {
        let inbox = self.inbox.clone();
        spawn_local(async move {
            let (microphones, cameras) = devices::list().await;
            let _over = inbox.unbounded_send(Input::Device(DeviceEvent::List(microphones, cameras)));
        });
    }

    /// Measures the loudness, ten times a second.
    pub fn tick(&mut self) {
        let Some(meter) = &self.meter else { return };
        let devices = self.call.devices;
        let level = meter.level();
        if devices.level.get_untracked() != level {
            devices.level.set(level);
        }
        let in_room = self.call.stage.with_untracked(CallStage::in_room);
        let speaking = self.gate.sample(level) && devices.muted.get_untracked() && in_room;
        if devices.muted_speech.get_untracked() != speaking {
            devices.muted_speech.set(speaking);
            if speaking {
                self.call.announce(t!(guest::banner::muted_speech));
            }
        }
    }
}

fn is(track: Option<&MediaStreamTrack>, id: &str) -> bool {
    track.is_some_and(|track| track.id() == id)
}

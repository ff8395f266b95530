//! The one task that runs a meeting in this tab. Everything that happens (a button, a message, a device, the clock)
//! comes in as an [`Input`], one after the other; only this task changes the state, so no two things ever race for it.

mod external;

use std::{
    cell::RefCell,
    collections::{BTreeSet, HashMap},
    rc::Rc,
};

use anteroom_domain::id::VisitId;
use anteroom_domain::visit::{AdmissionStatus, TeamsPresence};
use anteroom_protocol::credentials::Credentials;
use anteroom_protocol::media::{Quality, Source};
use anteroom_protocol::seat::{FromClient, FromServer, Person, RefusalCode, RoomView, SeatToken};
use anteroom_protocol::teams::TeamsFromClient;
use futures::{
    StreamExt,
    channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded},
};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::{EventTarget, MediaStreamTrack};

use crate::browser::{has_global, notification, sound};
use crate::components::TitleNote;

use super::{
    browser::{
        alert,
        clock::ServerClock,
        devices::{self, Opened, Wish, same, stream_of},
        meter::Meter,
        preference::{Preference, remember_camera, remember_microphone},
        session::Session,
        wake,
    },
    builtin::Builtin,
    device_error::DeviceError,
    engine::{CallEngine, EngineEvent, EngineState, Sending},
    join::{Join, JoinRequest},
    layout::TileId,
    messages::{self, Lobby},
    outbox::Outbox,
    socket::{Socket, SocketEvent},
    speech::SpeechGate,
    stage::{CallStage, EndReason, SocketState, Transition},
    state::{Call, Command, Device, DeviceChoice, OWN_CAMERA},
    teams::Teams,
};

/// What a meeting is started with.
pub struct Start {
    pub call: Call,
    pub join: Join,
    pub heading: String,
    pub storage_key: String,
    pub title: TitleNote,
    /// Goes in at once where the devices are allowed, and lets in who has waited longest.
    pub admits: bool,
}

/// Something that happened.
enum Input {
    Command(Command),
    Socket(u32, SocketEvent),
    Engine(u32, EngineEvent),
    Granted(Result<SeatToken, String>),
    Opened(Vec<Opened>),
    ScreenOpened(Result<MediaStreamTrack, DeviceError>),
    /// A device was unplugged, or sharing was stopped in the browser's own bar.
    TrackEnded(Source, String),
    /// The system holds back the sound of this microphone, or gives it again.
    Interrupted(String, bool),
    DeviceList(Vec<DeviceChoice>, Vec<DeviceChoice>),
    DevicesChanged,
    /// A tenth of a second has passed.
    Tick,
    Online,
    Visible,
    ToastOver(u32),
    SpeakerTested,
    NotificationsAnswered,
    /// The page goes on to something else.
    Gone,
}

/// How long a toast stands: long enough for two sentences.
const TOAST_MS: u32 = 7_000;

/// A meeting that runs; dropping it ends its task. The seat is kept, as with a reload.
pub struct Running(UnboundedSender<Input>);

impl Drop for Running {
    fn drop(&mut self) {
        let _already = self.0.unbounded_send(Input::Gone);
    }
}

/// Starts the task of a meeting.
pub fn start(start: Start) -> Running {
    let Start {
        call,
        join,
        heading,
        storage_key,
        title,
        admits,
    } = start;
    let (inbox, inputs) = unbounded();

    let (commands, mut asked) = unbounded();
    let to_inbox = inbox.clone();
    spawn_local(async move {
        while let Some(command) = asked.next().await {
            if to_inbox.unbounded_send(Input::Command(command)).is_err() {
                return;
            }
        }
    });

    let driver = Driver {
        call,
        join,
        heading,
        title,
        admits,
        inbox: inbox.clone(),
        session: Session::recall(storage_key),
        socket: Rc::default(),
        socket_generation: 0,
        outbox: Rc::default(),
        parting: None,
        engine: None,
        engine_generation: 0,
        local: Sending::default(),
        meter: None,
        gate: SpeechGate::default(),
        clock: ServerClock::default(),
        waiting: None,
        ticks: 0,
        toasts: 0,
        people_outside: Vec::new(),
        chat_outside: HashMap::new(),
        _listeners: listen(&inbox),
    };
    spawn_local(driver.run(inputs));
    call.listen(commands);
    Running(inbox)
}

struct Driver {
    call: Call,
    join: Join,
    heading: String,
    title: TitleNote,
    /// Still to be done, of [`Start::admits`].
    admits: bool,
    inbox: UnboundedSender<Input>,
    session: Session,
    socket: Rc<RefCell<Option<Socket>>>,
    /// Which socket an event belongs to: one that was dropped may still have events under way.
    socket_generation: u32,
    /// What must reach the server, of this seat.
    outbox: Rc<RefCell<Outbox>>,
    /// The socket of a stay that ended while it was down, kept until it has said so; and which one it was.
    parting: Option<(u32, Socket)>,
    engine: Option<Rc<dyn CallEngine>>,
    engine_generation: u32,
    local: Sending,
    meter: Option<Meter>,
    gate: SpeechGate,
    clock: ServerClock,
    /// Who waited in the last room view; None before the first one.
    waiting: Option<BTreeSet<(VisitId, Lobby)>>,
    ticks: u32,
    toasts: u32,
    /// Who is in the meeting external, but us.
    people_outside: Vec<Person>,
    /// Numbers for messages of the meeting's own chat, which has other ones.
    chat_outside: HashMap<String, i64>,
    _listeners: Vec<Listener>,
}

impl Driver {
    async fn run(mut self, mut inputs: UnboundedReceiver<Input>) {
        self.begin();
        while let Some(input) = inputs.next().await {
            if matches!(input, Input::Gone) {
                self.tear_down();
                return;
            }
            self.take(input);
        }
    }

    /// A tab that holds a seat goes straight back to it; another one shows the form, with the devices on if they are
    /// allowed already.
    fn begin(&mut self) {
        let call = self.call;
        call.devices.muted.set(self.session.memory.muted);
        call.devices
            .chosen_microphone
            .set(self.session.memory.microphone_id.clone());
        call.devices.chosen_camera.set(self.session.memory.camera_id.clone());
        call.meeting.was_in.set(self.session.memory.was_in);
        call.notices.may_ask_notifications.set(notification::may_ask());
        call.devices.can_share.set(devices::can_share());
        call.preferences.keys.set(Preference::Keys.is_on());
        call.preferences.labels.set(Preference::Labels.is_on());
        // Lockdown Mode, extensions and policies take it away. Who learns it only after having been let in has waited in vain.
        if !has_global("RTCPeerConnection") {
            call.can_meet.set(false);
            return;
        }
        if self.session.memory.token.is_some() {
            self.happen(Transition::Joins);
            self.open_socket();
            self.open_remembered();
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

    fn take(&mut self, input: Input) {
        match input {
            Input::Command(command) => self.command(command),
            Input::Socket(generation, event) if generation == self.socket_generation => self.socket_event(event),
            Input::Socket(generation, event)
                if self.parting.as_ref().is_some_and(|(parting, _)| *parting == generation) =>
            {
                self.part(&event);
            }
            Input::Engine(generation, event) if generation == self.engine_generation => self.engine_event(event),
            Input::Socket(..) | Input::Engine(..) | Input::Gone => {}
            Input::Granted(Ok(grant)) if self.call.stage.get_untracked() == CallStage::Joining => {
                self.parting = None;
                self.outbox.borrow_mut().clear();
                self.session.update(|memory| memory.token = Some(grant.token));
                self.open_socket();
            }
            // They have thought better of it meanwhile: nobody is to see them wait.
            Input::Granted(Ok(grant)) => Socket::give_up(grant.token),
            Input::Granted(Err(sentence)) => self.happen(Transition::JoinRefused(sentence)),
            Input::Opened(opened) => self.opened(opened),
            Input::ScreenOpened(Ok(track)) => self.share(Some(track)),
            Input::ScreenOpened(Err(trouble)) => self.toast(trouble.advice(Source::Screen)),
            Input::TrackEnded(source, id) => self.track_ended(source, &id),
            Input::Interrupted(id, is_so) if self.local.microphone.as_ref().is_some_and(|own| own.id() == id) => {
                self.interrupted(is_so);
            }
            Input::Interrupted(..) => {}
            Input::DeviceList(microphones, cameras) => {
                self.call.devices.microphones.set(microphones);
                self.call.devices.cameras.set(cameras);
            }
            Input::DevicesChanged => self.list_devices(),
            Input::Tick => self.tick(),
            Input::Online => {
                self.nudge();
                if let Some(engine) = &self.engine {
                    engine.network_changed();
                }
            }
            Input::Visible => {
                self.nudge();
                if self.in_room() {
                    wake::hold();
                }
            }
            Input::ToastOver(toast) if toast == self.toasts => self.call.notices.toast.set(None),
            Input::ToastOver(_) => {}
            Input::SpeakerTested => self.call.devices.speaker_testing.set(false),
            Input::NotificationsAnswered => self.call.notices.may_ask_notifications.set(notification::may_ask()),
        }
    }

    // --- what people ask for ---

    fn command(&mut self, command: Command) {
        match command {
            Command::OpenDevices { microphone, camera } => self.open_devices(microphone, camera),
            Command::ChooseMicrophone(id) => {
                self.call.devices.chosen_microphone.set(Some(id.clone()));
                remember_microphone(&id);
                self.session.update(|memory| memory.microphone_id = Some(id));
                if self.call.devices.microphone.get_untracked() != Device::Asking {
                    self.open_devices(true, false);
                }
            }
            Command::ChooseCamera(id) => {
                self.call.devices.chosen_camera.set(Some(id.clone()));
                remember_camera(&id);
                self.session.update(|memory| memory.camera_id = Some(id));
                if self.call.devices.camera.get_untracked() != Device::Asking {
                    self.open_devices(false, true);
                }
            }
            Command::TestSpeaker => {
                sound::chime(sound::CLEAR);
                self.call.devices.speaker_testing.set(true);
                self.later(sound::CHIME_MS, Input::SpeakerTested);
            }
            Command::Join { name, consent } => {
                self.session.update(|memory| memory.consent = consent);
                self.ask_to_join(name, Transition::Joins);
            }
            Command::Again => {
                let name = self.session.memory.name.clone();
                if self.session.memory.token.is_some() {
                    self.happen(Transition::TakesUp);
                    self.open_socket();
                } else {
                    self.ask_to_join(name, Transition::Again);
                }
                self.open_remembered();
            }
            Command::ToggleMicrophone => self.toggle_microphone(),
            Command::ToggleCamera => self.toggle_camera(),
            Command::ToggleScreen => self.toggle_screen(),
            Command::Chat(text) => self.write(text),
            Command::External(ask) => self.ask_outside(ask),
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
                // Offline the visit ends by itself when the seat is no longer kept.
                let _told = say_on(&self.socket, &FromClient::Leave);
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

    fn ask_for_seat(&mut self, name: String) {
        self.session.update(|memory| memory.name.clone_from(&name));
        let (join, inbox) = (self.join.clone(), self.inbox.clone());
        let consent = self.session.memory.consent;
        spawn_local(async move {
            let answer = join.ask(JoinRequest { name, consent }).await;
            let _over = inbox.unbounded_send(Input::Granted(answer));
        });
    }

    fn say(&mut self, message: &FromClient) {
        if !say_on(&self.socket, message) {
            self.toast("You are offline at the moment, so that was not done. Please try again when you are back.");
        }
    }

    /// Tells the others what to show for us.
    fn show(&self) {
        let call = self.call;
        let message = FromClient::Shows {
            microphone: call.devices.microphone.get_untracked() == Device::On
                && !call.devices.muted.get_untracked()
                && !call.devices.interrupted.get_untracked(),
            camera: call.devices.camera.get_untracked() == Device::On,
            screen: call.devices.sharing.get_untracked(),
        };
        // Said again after every resume, so a loss here heals itself.
        let _heard = say_on(&self.socket, &message);
    }

    fn nudge(&self) {
        if let Some(socket) = self.socket.borrow().as_ref() {
            socket.nudge();
        }
    }

    // --- the seat ---

    fn open_socket(&mut self) {
        let Some(token) = self.session.memory.token.clone() else {
            return;
        };
        self.socket_generation += 1;
        let (generation, inbox) = (self.socket_generation, self.inbox.clone());
        let socket = Socket::open(token, move |event| {
            let _over = inbox.unbounded_send(Input::Socket(generation, event));
        });
        self.socket.replace(Some(socket));
    }

    fn socket_event(&mut self, event: SocketEvent) {
        match event {
            SocketEvent::Up => {
                if self.call.socket.get_untracked() == SocketState::Reconnecting && self.in_room() {
                    self.call.announce("You are connected again.");
                }
                self.call.socket.set(SocketState::Connected);
                let socket = &self.socket;
                self.outbox.borrow_mut().up(|message| say_on(socket, message));
                self.show();
            }
            SocketEvent::Down => {
                if self.call.socket.get_untracked() == SocketState::Connected {
                    self.call.announce(messages::RECONNECTING);
                }
                self.call.socket.set(SocketState::Reconnecting);
                if let Some(engine) = &self.engine {
                    engine.give_up_asking("The connection to the server is down.");
                }
                self.call.chat.draft.update(super::draft::Draft::refused);
            }
            SocketEvent::GaveUp => self.happen(Transition::GaveUp),
            SocketEvent::Message(message) => self.message(*message),
        }
    }

    fn message(&mut self, message: FromServer) {
        match message {
            FromServer::Room(room) => self.room(room),
            FromServer::Credentials { credentials } => self.join_engine(credentials),
            FromServer::Media { media } => {
                if let Some(engine) = &self.engine {
                    engine.deliver(media);
                }
            }
            FromServer::Chat(message) => {
                let me = untrack(|| self.call.me());
                let open = self.call.panel.get_untracked() == super::state::Panel::Chat;
                let mine = message.visit == me;
                let news = self.call.chat.log.with_untracked(|log| log.is_news(&message, me));
                let said = format!("{}: {}", message.name, message.text);
                let new = self.call.chat.log.try_update(|log| log.take(message)).unwrap_or(false);
                if new && mine {
                    self.call.chat.draft.update(super::draft::Draft::arrived);
                }
                if new && news && !open {
                    self.call.announce(said);
                }
            }
            FromServer::Teams { teams } => self.outside_message(teams),
            FromServer::Pong { .. } => self.outbox.borrow_mut().answered(),
            FromServer::Closed { why } => {
                let asks_anew = self.call.stage.get_untracked() == CallStage::Rejoining;
                self.happen(Transition::Closed(why));
                if asks_anew && self.call.stage.get_untracked() == CallStage::Joining {
                    self.session.forget_seat();
                    self.ask_for_seat(self.session.memory.name.clone());
                }
            }
            FromServer::Refused {
                code: RefusalCode::RoomFull,
                text,
            } => {
                // A visit without a place in the meeting is of no use to anybody.
                let _told = say_on(&self.socket, &FromClient::Leave);
                self.happen(Transition::NoPlace(text));
            }
            FromServer::Refused { text, .. } => {
                self.call.chat.draft.update(super::draft::Draft::refused);
                if let Some(engine) = &self.engine {
                    engine.give_up_asking(&text);
                }
                self.toast(&text);
            }
        }
    }

    /// Of a stay that is over: its last messages, and its socket is done.
    fn part(&mut self, event: &SocketEvent) {
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

    fn room(&mut self, mut room: RoomView) {
        if self.is_elsewhere() {
            let me = room.you.visit;
            room.people.retain(|person| person.visit == me);
            room.people.extend(self.people_outside.iter().cloned());
        }
        self.clock = ServerClock::told(room.now);
        self.call.meeting.now.set(room.now);
        if self.call.is_host() {
            self.notice_arrivals(&room);
        }
        let stand = room.you.status;
        if stand == AdmissionStatus::Admitted {
            self.call.chat.log.update(|log| log.entered(room.now));
        }
        if stand == AdmissionStatus::Admitted && self.admits {
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
        self.happen(Transition::Status(stand));
        self.title();
    }

    /// Sound, title and notification for a guest who has just come into the lobby, here or in Teams.
    fn notice_arrivals(&mut self, room: &RoomView) {
        let waiting: BTreeSet<_> = room
            .people
            .iter()
            .filter_map(|person| Some((person.visit, messages::lobby_of(person)?)))
            .collect();
        let is_new = |one: &(VisitId, Lobby)| self.waiting.as_ref().is_none_or(|before| !before.contains(one));
        let new: Vec<(String, Lobby)> = room
            .people
            .iter()
            .filter_map(|person| {
                let lobby = messages::lobby_of(person)?;
                is_new(&(person.visit, lobby)).then(|| (person.name.clone(), lobby))
            })
            .collect();
        let in_all = waiting.len();
        // Those who waited when the host came in are announced, but ring no bell: the host is looking.
        let came_while_here = self.waiting.replace(waiting).is_some();
        if new.is_empty() {
            return;
        }
        self.call.announce(messages::arrivals(&new, in_all));
        if came_while_here {
            sound::chime(sound::CLEAR);
            alert::notify(
                "Somebody is waiting",
                &format!("{}: {}", self.heading, messages::arrived(new.len())),
            );
        }
    }

    fn title(&self) {
        let in_teams_lobby = self.call.meeting.external.with_untracked(|external| {
            external
                .as_ref()
                .is_some_and(|external| external.presence == Some(TeamsPresence::Lobby))
        });
        let note = self.call.meeting.room.with_untracked(|room| {
            let waiting = room.as_ref().filter(|_| self.call.is_host()).map_or(0, |room| {
                room.people
                    .iter()
                    .filter(|person| messages::lobby_of(person).is_some())
                    .count()
            });
            self.call
                .stage
                .with_untracked(|stage| messages::title_note(stage, waiting, room.as_ref(), in_teams_lobby))
        });
        self.title.set(note);
    }

    // --- stages ---

    fn in_room(&self) -> bool {
        self.call.stage.with_untracked(CallStage::in_room)
    }

    fn happen(&mut self, transition: Transition) {
        if let Ok(next) = self.call.stage.get_untracked().next(transition) {
            self.enter(next);
        }
    }

    fn enter(&mut self, stage: CallStage) {
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
                    alert::notify("You are in", &format!("{}: you have been let in.", self.heading));
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
                    call.chat.log.set(super::chat_log::ChatLog::default());
                    call.chat.draft.set(super::draft::Draft::default());
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

    /// Socket, engine and everything that came by them; our own devices stay.
    fn drop_seat(&mut self) {
        self.leave_engine();
        self.share(None);
        let socket = self.socket.take();
        self.parting = socket
            .filter(|_| self.outbox.borrow().waits())
            .map(|socket| (self.socket_generation, socket));
        self.socket_generation += 1;
        self.waiting = None;
        let call = self.call;
        call.socket.set(SocketState::Connected);
        call.panel.set(super::state::Panel::None);
        wake::release();
    }

    /// And our devices too: their lights go out when it is over.
    fn tear_down(&mut self) {
        self.drop_seat();
        self.set_microphone(None);
        self.set_camera(None);
        self.call.devices.microphone.set(Device::Off);
        self.call.devices.camera.set(Device::Off);
    }

    // --- the engine ---

    fn join_engine(&mut self, credentials: Credentials) {
        match &credentials {
            Credentials::Builtin { .. } => self.call.meeting.external.set(None),
            Credentials::Teams(teams) => self.enter_outside(Some(teams.open.clone()), teams.chat_off),
            // Sound and picture are in the clerk's own Teams client.
            Credentials::TeamsHost { open } => {
                self.enter_outside(Some(open.clone()), None);
                self.happen(Transition::MediaUp);
                return;
            }
        }
        let engine = match self.engine.clone() {
            Some(engine) => engine,
            None => {
                let engine = self.new_engine(&credentials);
                self.engine = Some(Rc::clone(&engine));
                engine
            }
        };
        engine.join(credentials, self.local.clone());
    }

    fn new_engine(&mut self, credentials: &Credentials) -> Rc<dyn CallEngine> {
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
        // The engine speaks through whatever socket this seat has at that time.
        let socket = Rc::clone(&self.socket);
        let muted = self.call.devices.muted.get_untracked();
        if let Credentials::Builtin { .. } = credentials {
            let say = move |media| say_on(&socket, &FromClient::Media { media });
            Rc::new(Builtin::new(say, events, muted))
        } else {
            let outbox = Rc::clone(&self.outbox);
            let say = move |teams| {
                let message = FromClient::Teams { teams };
                let send = |message: &FromClient| say_on(&socket, message);
                match message {
                    // A question is of now: the module asks anew, and a token comes with the credentials of a resume.
                    FromClient::Teams {
                        teams: TeamsFromClient::Refresh,
                    } => send(&message),
                    message => outbox.borrow_mut().say(message, send),
                }
            };
            Rc::new(Teams::new(say, events, muted))
        }
    }

    fn leave_engine(&mut self) {
        if let Some(engine) = self.engine.take() {
            engine.leave();
        }
        self.engine_generation += 1;
        self.people_outside.clear();
        self.call.meeting.external.update(|external| {
            if let Some(external) = external {
                external.leave();
            }
        });
        self.call
            .media
            .handles
            .update_value(|media| media.retain(|id, _| *id == OWN_CAMERA));
        self.call
            .media
            .streams
            .update(|streams| streams.retain(|id, _| *id == OWN_CAMERA));
        self.call.media.sound_blocked.set(false);
        self.call.media.quality.set(Quality::Good);
    }

    fn engine_event(&mut self, event: EngineEvent) {
        match event {
            EngineEvent::State(EngineState::Connected) => {
                if self.call.media.quality.get_untracked() == Quality::Lost {
                    self.call.media.quality.set(Quality::Good);
                }
                self.happen(Transition::MediaUp);
            }
            EngineEvent::State(EngineState::Interrupted | EngineState::Failed) => self.quality(Quality::Lost),
            EngineEvent::Stream { visit, source, stream } => self.put_stream(TileId { visit, source }, Some(stream)),
            EngineEvent::StreamGone { visit, source } => self.put_stream(TileId { visit, source }, None),
            EngineEvent::Quality(quality) => self.quality(quality),
            EngineEvent::Notice(sentence) => {
                self.call.chat.draft.update(super::draft::Draft::refused);
                self.toast(&sentence);
            }
            external => self.outside_event(external),
        }
    }

    /// Only what is worse than before and shown is said.
    fn quality(&self, quality: Quality) {
        let before = self.call.media.quality.get_untracked();
        if quality < before && quality <= Quality::Poor {
            self.call.announce(messages::quality(quality));
        }
        self.call.media.quality.set(quality);
    }

    fn put_stream(&self, id: TileId, stream: Option<web_sys::MediaStream>) {
        let there = stream.is_some();
        self.call.media.handles.update_value(|media| match stream {
            Some(stream) => {
                media.insert(id, stream);
            }
            None => {
                media.remove(&id);
            }
        });
        self.call.media.streams.update(|streams| {
            if there {
                *streams.entry(id).or_insert(0) += 1;
            } else {
                streams.remove(&id);
            }
        });
    }

    // --- devices ---

    fn open_remembered(&mut self) {
        let (microphone, camera) = (self.session.memory.microphone, self.session.memory.camera);
        self.open_devices(microphone, camera);
    }

    fn open_devices(&mut self, microphone: bool, camera: bool) {
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
            let _over = inbox.unbounded_send(Input::Opened(opened));
        });
    }

    fn opened(&mut self, opened: Vec<Opened>) {
        let over = matches!(self.call.stage.get_untracked(), CallStage::Over(_));
        for Opened { source, track } in opened {
            if over {
                if let Ok(track) = track {
                    track.stop();
                }
                continue;
            }
            let device = match &track {
                Ok(_) => Device::On,
                Err(trouble) => Device::Failed(*trouble),
            };
            let (on, id) = (track.is_ok(), track.as_ref().ok().and_then(devices::device_of));
            let track = track.ok();
            if let Some(track) = &track {
                self.watch_end(track, source);
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
            if self.in_room()
                && let Device::Failed(trouble) = device
            {
                self.toast(trouble.advice(source));
            }
        }
        self.list_devices();
        self.show();
    }

    fn set_microphone(&mut self, track: Option<MediaStreamTrack>) {
        if let Some(old) = self.local.microphone.take() {
            old.stop();
        }
        if let Some(track) = &track {
            track.set_enabled(!self.call.devices.muted.get_untracked());
        }
        self.meter = track.as_ref().and_then(Meter::new);
        self.gate = SpeechGate::default();
        if self.meter.is_none() {
            self.call.devices.level.set(0);
            self.call.devices.muted_speech.set(false);
        }
        self.call
            .devices
            .interrupted
            .set(track.as_ref().is_some_and(MediaStreamTrack::muted));
        self.local.microphone.clone_from(&track);
        if let Some(engine) = &self.engine {
            engine.set_microphone(track);
        }
    }

    fn set_camera(&mut self, track: Option<MediaStreamTrack>) {
        if let Some(old) = self.local.camera.take() {
            old.stop();
        }
        self.put_stream(OWN_CAMERA, track.as_ref().and_then(stream_of));
        self.local.camera.clone_from(&track);
        if let Some(engine) = &self.engine {
            engine.set_camera(track);
        }
    }

    fn share(&mut self, track: Option<MediaStreamTrack>) {
        if let Some(old) = self.local.screen.take() {
            old.stop();
        } else if track.is_none() {
            return;
        }
        if let Some(track) = &track {
            self.watch_end(track, Source::Screen);
        }
        self.call.devices.sharing.set(track.is_some());
        self.call.announce(if track.is_some() {
            messages::SHARING
        } else {
            "You stopped sharing your screen."
        });
        self.local.screen.clone_from(&track);
        if let Some(engine) = &self.engine {
            engine.set_screen(track);
        }
        self.show();
    }

    fn toggle_microphone(&mut self) {
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
                self.open_devices(true, false);
            }
        }
    }

    fn set_muted(&mut self, muted: bool) {
        self.call.devices.muted.set(muted);
        self.call.devices.muted_speech.set(false);
        self.gate = SpeechGate::default();
        self.session.update(|memory| memory.muted = muted);
        if let Some(track) = &self.local.microphone {
            track.set_enabled(!muted);
        }
        if let Some(engine) = &self.engine {
            engine.mute(muted);
        }
        self.show();
    }

    fn toggle_camera(&mut self) {
        match self.call.devices.camera.get_untracked() {
            Device::On => {
                // Stopped, not only disabled: the light at the camera goes out, which is what "off" means to people.
                self.set_camera(None);
                self.call.devices.camera.set(Device::Off);
                self.session.update(|memory| memory.camera = false);
                self.show();
            }
            Device::Asking => {}
            Device::Off | Device::Failed(_) => {
                if self.may_send(Source::Camera) {
                    self.open_devices(false, true);
                }
            }
        }
    }

    fn toggle_screen(&mut self) {
        if self.call.devices.sharing.get_untracked() {
            self.share(None);
        } else if self.in_room() && self.call.publishes() && self.may_send(Source::Screen) {
            let inbox = self.inbox.clone();
            spawn_local(async move {
                let opened = devices::open_screen().await;
                let _over = inbox.unbounded_send(Input::ScreenOpened(opened));
            });
        }
    }

    fn watch_end(&self, track: &MediaStreamTrack, source: Source) {
        let (inbox, id) = (self.inbox.clone(), track.id());
        let ended = Closure::once_into_js(move || {
            let _over = inbox.unbounded_send(Input::TrackEnded(source, id));
        });
        track.set_onended(ended.dyn_ref());
        if source == Source::Microphone {
            let tell = |is_so: bool| {
                let (inbox, id) = (self.inbox.clone(), track.id());
                Closure::<dyn FnMut()>::new(move || {
                    let _over = inbox.unbounded_send(Input::Interrupted(id.clone(), is_so));
                })
                .into_js_value()
            };
            track.set_onmute(tell(true).dyn_ref());
            track.set_onunmute(tell(false).dyn_ref());
        }
    }

    fn interrupted(&mut self, is_so: bool) {
        if self.call.devices.interrupted.get_untracked() != is_so {
            self.call.devices.interrupted.set(is_so);
            self.call.announce(match is_so {
                true => messages::INTERRUPTED,
                false => "The others can hear you again.",
            });
            self.show();
        }
    }

    fn track_ended(&mut self, source: Source, id: &str) {
        let is = |track: &Option<MediaStreamTrack>| track.as_ref().is_some_and(|track| track.id() == id);
        match source {
            Source::Screen if is(&self.local.screen) => self.share(None),
            Source::Microphone if is(&self.local.microphone) => {
                // Unplugged: there may be another one (the laptop's own, behind the headset).
                self.call.devices.chosen_microphone.set(None);
                self.open_devices(true, false);
                self.toast("Your microphone was disconnected. Trying another one.");
            }
            Source::Camera if is(&self.local.camera) => {
                self.set_camera(None);
                self.call.devices.camera.set(Device::Failed(DeviceError::Missing));
                self.toast("Your camera was disconnected.");
                self.show();
            }
            _ => {}
        }
    }

    fn list_devices(&self) {
        let inbox = self.inbox.clone();
        spawn_local(async move {
            let (microphones, cameras) = devices::list().await;
            let _over = inbox.unbounded_send(Input::DeviceList(microphones, cameras));
        });
    }

    // --- time ---

    fn tick(&mut self) {
        if let Some(meter) = &self.meter {
            let level = meter.level();
            if self.call.devices.level.get_untracked() != level {
                self.call.devices.level.set(level);
            }
            let speaking = self.gate.sample(level) && self.call.devices.muted.get_untracked() && self.in_room();
            if self.call.devices.muted_speech.get_untracked() != speaking {
                self.call.devices.muted_speech.set(speaking);
                if speaking {
                    self.call.announce(messages::MUTED_SPEECH);
                }
            }
        }
        self.ticks = self.ticks.wrapping_add(1);
        if self.ticks.is_multiple_of(10) && self.clock.now() != 0 {
            self.call.meeting.now.set(self.clock.now());
        }
    }

    fn toast(&mut self, sentence: &str) {
        self.toasts += 1;
        self.call.notices.toast.set(Some(sentence.to_owned()));
        self.call.announce(sentence);
        self.later(TOAST_MS, Input::ToastOver(self.toasts));
    }

    fn later(&self, ms: u32, input: Input) {
        let inbox = self.inbox.clone();
        spawn_local(async move {
            TimeoutFuture::new(ms).await;
            let _over = inbox.unbounded_send(input);
        });
    }
}

fn say_on(socket: &RefCell<Option<Socket>>, message: &FromClient) -> bool {
    socket.borrow().as_ref().is_some_and(|socket| socket.say(message))
}

/// A listener of the window or the document, taken off when dropped.
struct Listener {
    target: EventTarget,
    name: &'static str,
    closure: Closure<dyn FnMut()>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _was_there = self
            .target
            .remove_event_listener_with_callback(self.name, self.closure.as_ref().unchecked_ref());
    }
}

fn listen(inbox: &UnboundedSender<Input>) -> Vec<Listener> {
    let Some(window) = web_sys::window() else {
        return Vec::new();
    };
    let mut listeners = Vec::new();
    let mut on = |target: EventTarget, name: &'static str, what: fn() -> Option<Input>| {
        let inbox = inbox.clone();
        let closure = Closure::<dyn FnMut()>::new(move || {
            if let Some(input) = what() {
                let _over = inbox.unbounded_send(input);
            }
        });
        if target
            .add_event_listener_with_callback(name, closure.as_ref().unchecked_ref())
            .is_ok()
        {
            listeners.push(Listener { target, name, closure });
        }
    };
    on(same(window.as_ref()), "online", || Some(Input::Online));
    if let Some(document) = window.document() {
        on(document.into(), "visibilitychange", || {
            let hidden = web_sys::window()?.document()?.hidden();
            (!hidden).then_some(Input::Visible)
        });
    }
    if let Ok(devices) = window.navigator().media_devices()
        && !devices.is_undefined()
    {
        on(devices.into(), "devicechange", || Some(Input::DevicesChanged));
    }

    // The tenth-of-a-second clock; it ends when the driver is gone.
    let ticks = inbox.clone();
    spawn_local(async move {
        while ticks.unbounded_send(Input::Tick).is_ok() {
            TimeoutFuture::new(100).await;
        }
    });
    listeners
}

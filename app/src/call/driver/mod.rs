//! The one task that runs a meeting in this tab. Everything that happens (a button, a message, a device, the clock) comes in
//! as an [`Input`], one after the other. Only this task changes the state, so no two changes race.
//!
//! * `commands`: what the person asks for.
//! * `seat`: the socket to the server, and the room that it tells of.
//! * `stage`: from one screen to the next.
//! * `engine`, `external`: sound and picture, and what an external meeting adds.
//! * `local_media`: the person's own devices.
//! * `page_events`: what the browser reports to the page.

mod commands;
mod engine;
mod external;
mod local_media;
mod page_events;
mod seat;
mod stage;
mod toasts;

use std::{cell::RefCell, collections::BTreeSet, rc::Rc};

use anteroom_domain::id::VisitId;
use anteroom_protocol::seat::SeatToken;
use futures::{
    StreamExt,
    channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded},
};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use self::local_media::{DeviceEvent, LocalMedia};
use self::page_events::Listener;
use self::toasts::Toasts;
use super::{
    browser::{clock::ServerClock, session::Session, wake},
    engines::{CallEngine, EngineEvent},
    join::Join,
    messages::LobbyKind,
    outbox::Outbox,
    socket::{SeatSocket, Socket, SocketEvent},
    stage::{CallStage, Transition},
    state::{Call, Command},
};
use crate::browser::notification;
use crate::components::TitleNote;

/// What a meeting starts with.
pub struct Start {
    pub call: Call,
    pub join: Join,
    pub heading: String,
    pub storage_key: String,
    pub title: TitleNote,
    /// Joins at once where the devices are allowed, and admits the guest who has waited longest.
    pub admits: bool,
}

/// Something that happened.
enum Input {
    Command(Command),
    /// The number says which socket reports: one that was dropped may still have events under way.
    Socket(u32, SocketEvent),
    /// The number says which engine reports.
    Engine(u32, EngineEvent),
    /// The server's answer to a request for a seat.
    Granted(Result<SeatToken, String>),
    Device(DeviceEvent),
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

    let session = Rc::new(Session::recall(storage_key));
    let socket = SeatSocket::default();
    let toasts = Toasts::new(call, inbox.clone());
    let local = LocalMedia::new(call, inbox.clone(), Rc::clone(&session), socket.clone(), toasts.clone());
    let driver = Driver {
        call,
        join,
        heading,
        title,
        admits,
        inbox: inbox.clone(),
        session,
        socket,
        socket_generation: 0,
        outbox: Rc::default(),
        parting: None,
        engine: None,
        engine_generation: 0,
        local,
        clock: ServerClock::default(),
        waiting: None,
        ticks: 0,
        toasts,
        _listeners: page_events::listen(&inbox),
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
    /// What of [`Start::admits`] is still to be done.
    admits: bool,
    inbox: UnboundedSender<Input>,
    session: Rc<Session>,
    socket: SeatSocket,
    socket_generation: u32,
    /// This seat's messages that must reach the server.
    outbox: Rc<RefCell<Outbox>>,
    /// The socket of a visit that ended while it was down, kept until it has sent its outbox; and its generation.
    parting: Option<(u32, Socket)>,
    engine: Option<Rc<dyn CallEngine>>,
    engine_generation: u32,
    local: LocalMedia,
    clock: ServerClock,
    /// The guests who waited in the last room view; None before the first one.
    waiting: Option<BTreeSet<(VisitId, LobbyKind)>>,
    ticks: u32,
    toasts: Toasts,
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
            // The person cancelled meanwhile: the host must not see them wait.
            Input::Granted(Ok(grant)) => Socket::give_up(grant.token),
            Input::Granted(Err(sentence)) => self.happen(Transition::JoinRefused(sentence)),
            Input::Device(event) => self.local.take(event),
            Input::Tick => self.tick(),
            Input::Online => {
                self.socket.nudge();
                if let Some(engine) = &self.engine {
                    engine.network_changed();
                }
            }
            Input::Visible => {
                self.socket.nudge();
                if self.in_room() {
                    wake::hold();
                }
            }
            Input::ToastOver(toast) => self.toasts.over(toast),
            Input::SpeakerTested => self.call.devices.speaker_testing.set(false),
            Input::NotificationsAnswered => self.call.notices.may_ask_notifications.set(notification::may_ask()),
        }
    }

    fn tick(&mut self) {
        self.local.tick();
        self.ticks = self.ticks.wrapping_add(1);
        if self.ticks.is_multiple_of(10)
            && let Some(now) = self.clock.now()
        {
            self.call.meeting.now.set(now);
        }
    }
}

/// Sends an input after a while.
fn later(inbox: &UnboundedSender<Input>, ms: u32, input: Input) {
    let inbox = inbox.clone();
    spawn_local(async move {
        TimeoutFuture::new(ms).await;
        let _over = inbox.unbounded_send(input);
    });
}

//! The client of the signalling socket: says hello, keeps the seat by pings, and comes back by itself after a loss, as
//! `docs/SIGNALLING.md` asks.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use anteroom_protocol::seat::{Closed, FromClient, FromServer, PING_SECONDS};
use futures::{
    FutureExt, StreamExt,
    channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded},
    select_biased,
};
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::{MessageEvent, WebSocket};

use super::backoff::Backoff;
use crate::browser::{socket_address, steady_ms};
use crate::paths::SEAT_SOCKET;

/// An event of the socket.
pub enum SocketEvent {
    /// The socket is (re)connected; the server's first message follows.
    Up,
    Message(Box<FromServer>),
    /// The connection is lost; the socket reconnects.
    Down,
    /// The socket could not reconnect in time; no event follows.
    GaveUp,
}

/// One seat's socket. Dropping it closes it without a message; a caller who leaves says [`FromClient::Leave`] first.
pub struct Socket(Rc<Shared>);

struct Shared {
    token: String,
    socket: RefCell<Option<WebSocket>>,
    /// The server has answered our hello on this very connection.
    up: Cell<bool>,
    done: Cell<bool>,
    nudge: UnboundedSender<()>,
}

/// A server that is silent for this long is dead: it answers each ping, so three unanswered ones are enough.
const SILENCE_MS: f64 = PING_SECONDS as f64 * 3_000.0;

/// After a change of network an unanswered ping ends the connection this soon.
const PROBE_MS: u32 = 2_500;

impl Socket {
    /// Opens and keeps the socket of this seat; events go to `report` until the socket is dropped.
    pub fn open(token: String, report: impl Fn(SocketEvent) + 'static) -> Self {
        let (nudge, nudges) = unbounded();
        let shared = Rc::new(Shared {
            token,
            socket: RefCell::new(None),
            up: Cell::new(false),
            done: Cell::new(false),
            nudge,
        });
        spawn_local(keep(Rc::clone(&shared), nudges, report));
        Self(shared)
    }

    /// Gives up a seat that the person no longer wants: says hello, leaves, and closes.
    pub fn give_up(token: String) {
        let shared = Rc::new(Shared {
            token,
            socket: RefCell::new(None),
            up: Cell::new(false),
            done: Cell::new(false),
            nudge: unbounded().0,
        });
        spawn_local(async move {
            let (raw, mut raws) = unbounded();
            let Some(_handlers) = connect(&shared, &raw) else {
                return;
            };
            loop {
                match raws.next().await {
                    Some(Raw::Open) => {
                        shared.say(&FromClient::Hello {
                            token: shared.token.clone(),
                        });
                        shared.say(&FromClient::Leave);
                    }
                    Some(Raw::Text(_)) => {}
                    Some(Raw::Closed) | None => break,
                }
            }
            shared.close();
        });
    }

    /// Sends a message; false when the socket is down. Nothing is queued: after a resume the server sends the whole state, and
    /// a person may no longer want what they asked for a minute ago.
    pub fn say(&self, message: &FromClient) -> bool {
        self.0.up.get() && self.0.say(message)
    }

    /// Reconnects or probes now rather than at the end of the current wait.
    pub fn nudge(&self) {
        let _already_closing = self.0.nudge.unbounded_send(());
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.0.done.set(true);
        self.0.close();
        self.nudge();
    }
}

/// The socket of a tab's seat, shared by everything that sends on it; there is none between two seats.
#[derive(Clone, Default)]
pub struct SeatSocket(Rc<RefCell<Option<Socket>>>);

impl SeatSocket {
    pub fn set(&self, socket: Socket) {
        self.0.replace(Some(socket));
    }

    pub fn take(&self) -> Option<Socket> {
        self.0.take()
    }

    /// Sends a message; false when there is no socket, or it is down.
    pub fn say(&self, message: &FromClient) -> bool {
        self.0.borrow().as_ref().is_some_and(|socket| socket.say(message))
    }

    pub fn nudge(&self) {
        if let Some(socket) = self.0.borrow().as_ref() {
            socket.nudge();
        }
    }
}

impl Shared {
    fn say(&self, message: &FromClient) -> bool {
        let socket = self.socket.borrow();
        match (socket.as_ref(), serde_json::to_string(message)) {
            (Some(socket), Ok(text)) => socket.ready_state() == WebSocket::OPEN && socket.send_with_str(&text).is_ok(),
            _ => false,
        }
    }

    fn close(&self) {
        self.up.set(false);
        if let Some(socket) = self.socket.borrow_mut().take() {
            // The closures of this connection go with its task; the browser must not call them after that.
            socket.set_onopen(None);
            socket.set_onmessage(None);
            socket.set_onclose(None);
            let _closing = socket.close();
        }
    }
}

/// Connects again and again until the seat is done or its time is over.
async fn keep(shared: Rc<Shared>, mut nudges: UnboundedReceiver<()>, report: impl Fn(SocketEvent)) {
    let mut backoff: Option<Backoff> = None;
    let mut tried_hidden = false;
    loop {
        let (served, finished) = serve(&shared, &mut nudges, &report).await;
        shared.close();
        if finished || shared.done.get() {
            return;
        }
        if served || backoff.is_none() {
            backoff = Some(Backoff::lost_at(steady_ms()));
            tried_hidden = false;
            report(SocketEvent::Down);
        }
        let Some(wait) = backoff.as_mut().and_then(|backoff| backoff.next_wait(steady_ms())) else {
            report(SocketEvent::GaveUp);
            return;
        };
        // Browsers delay the timers of hidden tabs by up to a minute, which is as long as the seat is kept: a waiting
        // guest who looks elsewhere must not lose it, so the first attempt there does not wait.
        let at_once = !std::mem::replace(&mut tried_hidden, true) && hidden();
        if !at_once {
            select_biased! {
                _ = nudges.next() => {}
                () = TimeoutFuture::new(wait).fuse() => {}
            }
        }
        if shared.done.get() {
            return;
        }
    }
}

enum Raw {
    Open,
    Text(String),
    Closed,
}

/// One connection, from its opening to its end: (was the server heard, is it over for good).
async fn serve(shared: &Rc<Shared>, nudges: &mut UnboundedReceiver<()>, report: &impl Fn(SocketEvent)) -> (bool, bool) {
    let (raw, mut raws) = unbounded();
    let Some(_handlers) = connect(shared, &raw) else {
        return (false, false);
    };
    let mut heard_at = steady_ms();
    let mut ticked_at = heard_at;
    let mut probed_at = None;
    let mut pings = 0_u32;
    let mut served = false;
    let mut tick = TimeoutFuture::new(PING_SECONDS * 1_000).fuse();
    loop {
        let event = select_biased! {
            raw = raws.next() => raw.unwrap_or(Raw::Closed),
            // A nudge means that the network changed: find out at once whether this connection still lives.
            _ = nudges.next() => {
                if shared.done.get() {
                    return (served, true);
                }
                shared.say(&FromClient::Ping { n: pings });
                probed_at = Some(steady_ms());
                tick = TimeoutFuture::new(PROBE_MS).fuse();
                continue;
            }
            () = tick => {
                let now = steady_ms();
                let unanswered = probed_at.take().is_some_and(|at| heard_at < at);
                // A tick that came late (a hidden tab, a laptop that slept) has pinged nobody meanwhile, so silence
                // proves nothing yet: ask first, judge at the next tick.
                let late = now - std::mem::replace(&mut ticked_at, now) > SILENCE_MS;
                if late {
                    probed_at = Some(now);
                } else if unanswered || now - heard_at > SILENCE_MS {
                    return (served, false);
                }
                pings = pings.wrapping_add(1);
                if served {
                    shared.say(&FromClient::Ping { n: pings });
                }
                tick = TimeoutFuture::new(PING_SECONDS * 1_000).fuse();
                continue;
            }
        };
        match event {
            Raw::Open => {
                shared.say(&FromClient::Hello {
                    token: shared.token.clone(),
                });
            }
            Raw::Closed => return (served, false),
            Raw::Text(text) => {
                heard_at = steady_ms();
                // A newer server may send a message that this page does not know: the rest still makes sense.
                let Ok(message) = serde_json::from_str::<FromServer>(&text) else {
                    continue;
                };
                let closed = if let FromServer::Closed { why } = &message {
                    Some(*why)
                } else {
                    None
                };
                if !served && matches!(message, FromServer::Room(_)) {
                    served = true;
                    shared.up.set(true);
                    report(SocketEvent::Up);
                }
                report(SocketEvent::Message(Box::new(message)));
                match closed {
                    None => {}
                    Some(Closed::Restarting) => return (served, false),
                    Some(_) => return (served, true),
                }
            }
        }
    }
}

/// The closures of one connection; they live as long as it does.
struct Handlers {
    _open: Closure<dyn FnMut()>,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _close: Closure<dyn FnMut()>,
}

fn connect(shared: &Rc<Shared>, raw: &UnboundedSender<Raw>) -> Option<Handlers> {
    let socket = WebSocket::new(&socket_address(SEAT_SOCKET)?).ok()?;
    let tell = |what: fn() -> Raw| {
        let raw = raw.clone();
        Closure::<dyn FnMut()>::new(move || {
            let _over = raw.unbounded_send(what());
        })
    };
    let open = tell(|| Raw::Open);
    let close = tell(|| Raw::Closed);
    let texts = raw.clone();
    let message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(text) = event.data().as_string() {
            let _over = texts.unbounded_send(Raw::Text(text));
        }
    });
    socket.set_onopen(Some(open.as_ref().unchecked_ref()));
    socket.set_onmessage(Some(message.as_ref().unchecked_ref()));
    socket.set_onclose(Some(close.as_ref().unchecked_ref()));
    *shared.socket.borrow_mut() = Some(socket);
    Some(Handlers {
        _open: open,
        _message: message,
        _close: close,
    })
}

fn hidden() -> bool {
    web_sys::window()
        .and_then(|window| window.document())
        .is_some_and(|document| document.hidden())
}

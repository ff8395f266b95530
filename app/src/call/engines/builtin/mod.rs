//! The built-in engine: one peer connection, for which the server makes the offers. Nothing of `RTCPeerConnection` leaves
//! this folder.
//!
//! * Offers are answered one after the other: an answer belongs to the offer before it.
//! * Tracks go into slots that the server offers, by `replaceTrack` and the direction `sendonly`. Turning a camera on or off
//!   or changing a device therefore negotiates nothing; muting is `track.enabled`.
//! * A connection that breaks first gets new ICE credentials (`restart`), then a new peer connection (`join`).

mod peer;

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::Rc,
};

use anteroom_domain::visit::Publish;
use anteroom_protocol::credentials::Credentials;
use anteroom_protocol::media::{MediaFromClient, MediaFromServer, Quality, Source};
use anteroom_protocol::seat::{FromClient, FromServer};
use futures::{
    StreamExt,
    channel::mpsc::{UnboundedSender, unbounded},
};
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{MediaStreamTrack, RtcPeerConnectionState};

use self::peer::{Offer, Peer};
use super::{CallEngine, EngineEvent, EngineState, Sending, Start, Stream, ToServer, Told};
use crate::call::browser::devices::stream_of;
use crate::call::participant::TileId;

/// A peer connection that is not up after this is replaced: ICE, with a TCP candidate as its last resort, needs two to
/// three seconds on a slow network.
const CONNECT_MS: u32 = 12_000;
/// "Disconnected" often heals by itself (a phone between two cells): wait this long before asking for a restart.
const HEAL_MS: u32 = 2_000;
/// New peer connections in a row before the person reads that this network lets no sound and picture through.
const ATTEMPTS: u32 = 5;

struct Builtin(Rc<Inner>);

struct Inner {
    server: ToServer,
    events: UnboundedSender<EngineEvent>,
    offers: UnboundedSender<Offer>,
    peer: RefCell<Option<Rc<Peer>>>,
    /// The previous peer connection: its pictures stay until the new one has some.
    before: RefCell<Option<Rc<Peer>>>,
    publish: Cell<Publish>,
    sending: RefCell<Sending>,
    muted: Cell<bool>,
    /// Has the server been asked for a slot for the screen?
    screen_asked: Cell<bool>,
    /// The track behind each tile.
    receiving: RefCell<HashMap<TileId, String>>,
    attempts: Cell<u32>,
}

pub fn start(start: Start) -> Rc<dyn CallEngine> {
    let (offers, mut queue) = unbounded();
    let inner = Rc::new(Inner {
        server: start.server,
        events: start.events,
        offers,
        peer: RefCell::default(),
        before: RefCell::default(),
        publish: Cell::new(Publish::Nothing),
        sending: RefCell::default(),
        muted: Cell::new(start.muted),
        screen_asked: Cell::new(false),
        receiving: RefCell::default(),
        attempts: Cell::new(0),
    });
    let weak = Rc::downgrade(&inner);
    spawn_local(async move {
        while let Some(offer) = queue.next().await {
            let Some(inner) = weak.upgrade() else { return };
            inner.answer(offer).await;
        }
    });
    Rc::new(Builtin(inner))
}

impl CallEngine for Builtin {
    fn join(&self, credentials: Credentials, sending: Sending) {
        let Credentials::Builtin { publish } = credentials else {
            return;
        };
        self.0.publish.set(publish);
        *self.0.sending.borrow_mut() = if publish == Publish::All {
            sending
        } else {
            Sending::default()
        };
        self.0.apply_mute();
        self.0.attempts.set(0);
        self.0.connect();
    }

    fn leave(&self) {
        self.0.peer.take();
        self.0.before.take();
        self.0.receiving.borrow_mut().clear();
        *self.0.sending.borrow_mut() = Sending::default();
    }

    fn set_microphone(&self, track: Option<MediaStreamTrack>) {
        self.0.sending.borrow_mut().microphone = track;
        self.0.apply_mute();
        self.0.replace(Source::Microphone);
    }

    fn mute(&self, muted: bool) {
        self.0.muted.set(muted);
        self.0.apply_mute();
    }

    fn set_camera(&self, track: Option<MediaStreamTrack>) {
        self.0.sending.borrow_mut().camera = track;
        self.0.replace(Source::Camera);
    }

    fn set_screen(&self, track: Option<MediaStreamTrack>) {
        self.0.sending.borrow_mut().screen = track;
        self.0.replace(Source::Screen);
        self.0.ask_for_screen();
    }

    fn network_changed(&self) {
        if let Some(peer) = self.0.peer() {
            Inner::mend(&self.0, &peer, 0);
        }
    }

    fn deliver(&self, message: FromServer) {
        let FromServer::Media { media } = message else { return };
        match media {
            MediaFromServer::Offer { n, sdp, slots } => {
                let _ending = self.0.offers.unbounded_send(Offer { n, sdp, slots });
            }
            MediaFromServer::Connected => self.0.is_up(),
            MediaFromServer::Quality { quality } => self.0.tell(EngineEvent::Quality { quality }),
            MediaFromServer::Gone { .. } => Inner::reconnect(&self.0),
        }
    }
}

impl Inner {
    fn peer(&self) -> Option<Rc<Peer>> {
        self.peer.borrow().clone()
    }

    fn tell(&self, event: EngineEvent) {
        let _ending = self.events.unbounded_send(event);
    }

    /// Sends to the server. False: the socket is down, and the server will give fresh credentials when it is up again.
    fn say(&self, media: MediaFromClient) -> bool {
        (self.server.send)(&FromClient::Media { media })
    }

    /// Is this still the peer connection of the meeting?
    fn is_current(&self, peer: &Rc<Peer>) -> bool {
        self.peer
            .borrow()
            .as_ref()
            .is_some_and(|current| Rc::ptr_eq(current, peer))
    }

    fn is_up(&self) {
        self.attempts.set(0);
        self.tell(EngineEvent::State {
            state: EngineState::Connected,
        });
    }

    /// Makes a new peer connection, and asks the server for an offer.
    fn connect(self: &Rc<Self>) {
        let Ok(peer) = Peer::new() else {
            self.fail(Told::BrowserTooOld);
            return;
        };
        let peer = Rc::new(peer);
        let (engine, weak) = (Rc::downgrade(self), Rc::downgrade(&peer));
        let on_state = Closure::<dyn FnMut()>::new(move || {
            if let (Some(engine), Some(peer)) = (engine.upgrade(), weak.upgrade()) {
                engine.state_changed(&peer);
            }
        });
        peer.pc
            .set_onconnectionstatechange(Some(on_state.as_ref().unchecked_ref()));
        *peer.on_state.borrow_mut() = Some(on_state);

        let old = self.peer.replace(Some(Rc::clone(&peer)));
        if old.is_some() {
            *self.before.borrow_mut() = old;
        }
        self.screen_asked.set(false);
        self.say(MediaFromClient::Join);
        self.ask_for_screen();
        self.watch(peer);
    }

    /// Replaces this peer connection if it does not come up.
    fn watch(self: &Rc<Self>, peer: Rc<Peer>) {
        let engine = Rc::downgrade(self);
        spawn_local(async move {
            TimeoutFuture::new(CONNECT_MS).await;
            if let Some(engine) = engine.upgrade()
                && engine.is_current(&peer)
                && peer.pc.connection_state() != RtcPeerConnectionState::Connected
                && !peer.has_nothing_to_connect()
            {
                Inner::reconnect(&engine);
            }
        });
    }

    fn reconnect(engine: &Rc<Inner>) {
        let attempt = engine.attempts.get() + 1;
        engine.attempts.set(attempt);
        if attempt > ATTEMPTS {
            engine.fail(Told::Blocked);
            return;
        }
        engine.tell(EngineEvent::State {
            state: EngineState::Interrupted,
        });
        let Some(gone) = engine.peer() else { return };
        let engine = Rc::downgrade(engine);
        spawn_local(async move {
            TimeoutFuture::new(500 * attempt * attempt).await;
            if let Some(engine) = engine.upgrade()
                && engine.is_current(&gone)
            {
                engine.connect();
            }
        });
    }

    fn fail(&self, code: Told) {
        self.tell(EngineEvent::Notice { code });
        self.tell(EngineEvent::State {
            state: EngineState::Failed,
        });
    }

    fn state_changed(self: &Rc<Self>, peer: &Rc<Peer>) {
        if !self.is_current(peer) {
            return;
        }
        match peer.pc.connection_state() {
            RtcPeerConnectionState::Connected => self.is_up(),
            RtcPeerConnectionState::Disconnected => Inner::mend(self, peer, HEAL_MS),
            RtcPeerConnectionState::Failed => Inner::mend(self, peer, 0),
            _ => {}
        }
    }

    /// Asks for new ICE credentials unless the connection heals within `patience`; if those do not help either, replaces the
    /// peer connection. One mending at a time.
    fn mend(engine: &Rc<Inner>, peer: &Rc<Peer>, patience: u32) {
        if peer.mending.replace(true) {
            return;
        }
        let interrupted = !peer.connected();
        if interrupted {
            engine.tell(EngineEvent::State {
                state: EngineState::Interrupted,
            });
            engine.tell(EngineEvent::Quality { quality: Quality::Lost });
        }
        let (engine, peer) = (Rc::downgrade(engine), Rc::clone(peer));
        spawn_local(async move {
            TimeoutFuture::new(patience).await;
            let healed = |engine: &Rc<Inner>| !engine.is_current(&peer) || (interrupted && peer.connected());
            if engine.upgrade().is_none_or(|engine| healed(&engine)) {
                peer.mending.set(false);
                return;
            }
            if let Some(engine) = engine.upgrade() {
                engine.say(MediaFromClient::Restart);
            }
            TimeoutFuture::new(CONNECT_MS / 2).await;
            peer.mending.set(false);
            if let Some(engine) = engine.upgrade()
                && engine.is_current(&peer)
                && !peer.connected()
            {
                Inner::reconnect(&engine);
            }
        });
    }

    async fn answer(self: &Rc<Self>, offer: Offer) {
        let Some(peer) = self.peer() else { return };
        let n = offer.n;
        let answer = peer.answer(&offer, |source| self.track(source)).await;
        if !self.is_current(&peer) {
            return;
        }
        let Ok(sdp) = answer else {
            // An offer that this browser refuses leaves the connection in an unknown state; a new one has a known one.
            Inner::reconnect(self);
            return;
        };
        self.say(MediaFromClient::Answer { n, sdp });
        self.receive(&peer, &offer);
        self.before.take();
        if peer.has_nothing_to_connect() {
            self.is_up();
        }
    }

    /// Reports which streams the slots of the offer bring now.
    fn receive(&self, peer: &Peer, offer: &Offer) {
        let mut now = HashMap::new();
        for (tile, track) in peer.received(offer) {
            let id = track.id();
            let known = self.receiving.borrow().get(&tile) == Some(&id);
            if !known && let Some(stream) = stream_of(&track) {
                self.tell_stream(tile, Some(stream));
            }
            now.insert(tile, id);
        }
        let before = self.receiving.replace(now.clone());
        for tile in before.into_keys().filter(|tile| !now.contains_key(tile)) {
            self.tell_stream(tile, None);
        }
    }

    fn tell_stream(&self, TileId { of, source }: TileId, stream: Option<Stream>) {
        self.tell(EngineEvent::Stream { of, source, stream });
    }

    fn track(&self, source: Source) -> Option<MediaStreamTrack> {
        let sending = self.sending.borrow();
        match source {
            Source::Microphone => sending.microphone.clone(),
            Source::Camera => sending.camera.clone(),
            Source::Screen => sending.screen.clone(),
        }
    }

    fn replace(&self, source: Source) {
        let Some(peer) = self.peer() else { return };
        let track = self.track(source);
        if let Some(sender) = peer.senders.borrow().get(&source) {
            let promise = sender.replace_track(track.as_ref());
            spawn_local(async move {
                // Only a closed connection refuses, and that one sends nothing.
                let _closed = JsFuture::from(promise).await;
            });
        }
    }

    fn apply_mute(&self) {
        if let Some(microphone) = self.track(Source::Microphone) {
            microphone.set_enabled(!self.muted.get());
        }
    }

    /// The screen has no slot until the engine asks for one.
    fn ask_for_screen(&self) {
        if self.publish.get() == Publish::Nothing {
            return;
        }
        let wanted = self.sending.borrow().screen.is_some();
        if wanted == self.screen_asked.get() {
            return;
        }
        let message = if wanted {
            MediaFromClient::Publish { source: Source::Screen }
        } else {
            MediaFromClient::Unpublish { source: Source::Screen }
        };
        if self.say(message) {
            self.screen_asked.set(wanted);
        }
    }
}

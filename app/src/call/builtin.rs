//! The built-in engine as the browser sees it: one peer connection; the server offers, we answer. Nothing of
//! `RTCPeerConnection` leaves this file.
//!
//! * Offers are answered one after the other: an answer belongs to the offer before it.
//! * What we send goes into places that the server offers: `replaceTrack` and the direction `sendonly`. Turning a camera
//!   on or off or changing a device therefore negotiates nothing; muting is `track.enabled`.
//! * A connection that breaks is first given new ICE credentials (`restart`), then a new peer connection (`join`).

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::Rc,
};

use anteroom_domain::id::VisitId;
use anteroom_domain::visit::Publish;
use anteroom_protocol::credentials::Credentials;
use anteroom_protocol::media::{MediaFromClient, MediaFromServer, Quality, Slot, SlotDirection, Source};
use futures::{
    StreamExt,
    channel::mpsc::{UnboundedSender, unbounded},
};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, future_to_promise, spawn_local};
use web_sys::{
    MediaStreamTrack, RtcConfiguration, RtcPeerConnection, RtcPeerConnectionState, RtcRtpSender, RtcRtpTransceiver,
    RtcRtpTransceiverDirection, RtcSdpType, RtcSessionDescriptionInit,
};

use super::{
    browser::devices::{same, stream_of},
    engine::{CallEngine, EngineEvent, EngineState, Sending},
};

/// A peer connection that is not up after this is tried anew: ICE, with a TCP candidate as its last resort, needs two
/// to three seconds on a slow network.
const CONNECT_MS: u32 = 12_000;
/// "Disconnected" often heals by itself (a phone between two cells): wait this long before asking for a restart.
const HEAL_MS: u32 = 2_000;
/// New peer connections in a row before we tell the person that this network does not let sound and picture through.
const ATTEMPTS: u32 = 5;

/// The built-in engine.
pub struct Builtin(Rc<Inner>);

struct Inner {
    /// Says something on the signalling socket; false when it is down (it will give fresh credentials when up again).
    say: Box<dyn Fn(MediaFromClient) -> bool>,
    events: UnboundedSender<EngineEvent>,
    offers: UnboundedSender<Offer>,
    peer: RefCell<Option<Rc<Peer>>>,
    /// The peer connection before this one: its pictures stand until there are new ones.
    before: RefCell<Option<Rc<Peer>>>,
    publish: Cell<Publish>,
    sending: RefCell<Sending>,
    muted: Cell<bool>,
    /// Is the screen's place asked for?
    screen_asked: Cell<bool>,
    receiving: RefCell<HashMap<(VisitId, Source), String>>,
    attempts: Cell<u32>,
}

struct Peer {
    pc: RtcPeerConnection,
    mending: Cell<bool>,
    /// The senders of our places in the last offer.
    senders: RefCell<HashMap<Source, RtcRtpSender>>,
    on_state: RefCell<Option<Closure<dyn FnMut()>>>,
}

struct Offer {
    n: u32,
    sdp: String,
    slots: Vec<Slot>,
}

impl Peer {
    fn connected(&self) -> bool {
        self.pc.connection_state() == RtcPeerConnectionState::Connected
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.pc.set_onconnectionstatechange(None);
        self.pc.close();
    }
}

impl Builtin {
    /// `say` sends on the signalling socket; what happens goes to `events`.
    pub fn new(
        say: impl Fn(MediaFromClient) -> bool + 'static,
        events: UnboundedSender<EngineEvent>,
        muted: bool,
    ) -> Self {
        let (offers, mut queue) = unbounded();
        let inner = Rc::new(Inner {
            say: Box::new(say),
            events,
            offers,
            peer: RefCell::default(),
            before: RefCell::default(),
            publish: Cell::new(Publish::Nothing),
            sending: RefCell::default(),
            muted: Cell::new(muted),
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
        Self(inner)
    }
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

    fn deliver(&self, message: MediaFromServer) {
        match message {
            MediaFromServer::Offer { n, sdp, slots } => {
                let _ending = self.0.offers.unbounded_send(Offer { n, sdp, slots });
            }
            MediaFromServer::Connected => self.0.is_up(),
            MediaFromServer::Quality { quality } => self.0.tell(EngineEvent::Quality(quality)),
            MediaFromServer::Gone { .. } => Inner::start_anew(&self.0),
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

    /// Is this still the peer connection of the meeting?
    fn is_current(&self, peer: &Rc<Peer>) -> bool {
        self.peer
            .borrow()
            .as_ref()
            .is_some_and(|current| Rc::ptr_eq(current, peer))
    }

    fn is_up(&self) {
        self.attempts.set(0);
        self.tell(EngineEvent::State(EngineState::Connected));
    }

    /// A new peer connection, and the word to the server that starts it.
    fn connect(self: &Rc<Self>) {
        let peer = match new_peer() {
            Ok(peer) => Rc::new(peer),
            Err(_) => {
                self.fail("This browser cannot carry a call. Please use a current Firefox, Chrome, Edge or Safari.");
                return;
            }
        };
        let (engine, weak) = (Rc::downgrade(self), Rc::downgrade(&peer));
        let on_state = Closure::<dyn FnMut()>::new(move || {
            if let (Some(engine), Some(peer)) = (engine.upgrade(), weak.upgrade()) {
                engine.state_changed(&peer);
            }
        });
        peer.pc
            .set_onconnectionstatechange(Some(on_state.as_ref().unchecked_ref()));
        *peer.on_state.borrow_mut() = Some(on_state);
        expose(&peer.pc);

        let old = self.peer.replace(Some(Rc::clone(&peer)));
        if old.is_some() {
            *self.before.borrow_mut() = old;
        }
        self.screen_asked.set(false);
        (self.say)(MediaFromClient::Join);
        self.ask_for_screen();
        self.watch(peer);
    }

    /// Starts anew if this peer connection does not come up.
    fn watch(self: &Rc<Self>, peer: Rc<Peer>) {
        let engine = Rc::downgrade(self);
        spawn_local(async move {
            TimeoutFuture::new(CONNECT_MS).await;
            if let Some(engine) = engine.upgrade()
                && engine.is_current(&peer)
                && peer.pc.connection_state() != RtcPeerConnectionState::Connected
                && !engine.has_nothing_to_connect(&peer)
            {
                Inner::start_anew(&engine);
            }
        });
    }

    /// A viewer alone in a launch has no m-line and therefore no connection yet: that is not a failure.
    fn has_nothing_to_connect(&self, peer: &Peer) -> bool {
        peer.pc.remote_description().is_some() && peer.pc.get_transceivers().length() == 0
    }

    fn start_anew(engine: &Rc<Inner>) {
        let attempt = engine.attempts.get() + 1;
        engine.attempts.set(attempt);
        if attempt > ATTEMPTS {
            engine.fail(
                "Sound and picture do not get through. A firewall on this network may block them: try another network \
                 (a phone's, for example), then reload this page.",
            );
            return;
        }
        engine.tell(EngineEvent::State(EngineState::Interrupted));
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

    fn fail(&self, sentence: &str) {
        self.tell(EngineEvent::Notice(sentence.into()));
        self.tell(EngineEvent::State(EngineState::Failed));
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

    /// Asks for new ICE credentials unless the connection heals within `patience`; if those don't help either, starts
    /// anew. One mending at a time.
    fn mend(engine: &Rc<Inner>, peer: &Rc<Peer>, patience: u32) {
        if peer.mending.replace(true) {
            return;
        }
        let interrupted = !peer.connected();
        if interrupted {
            engine.tell(EngineEvent::State(EngineState::Interrupted));
            engine.tell(EngineEvent::Quality(Quality::Lost));
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
                (engine.say)(MediaFromClient::Restart);
            }
            TimeoutFuture::new(CONNECT_MS / 2).await;
            peer.mending.set(false);
            if let Some(engine) = engine.upgrade()
                && engine.is_current(&peer)
                && !peer.connected()
            {
                Inner::start_anew(&engine);
            }
        });
    }

    async fn answer(self: &Rc<Self>, offer: Offer) {
        let Some(peer) = self.peer() else { return };
        let n = offer.n;
        match negotiate(self, &peer, &offer).await {
            Ok(sdp) if self.is_current(&peer) => {
                (self.say)(MediaFromClient::Answer { n, sdp });
                self.receive(&peer, &offer.slots);
                self.before.take();
                if self.has_nothing_to_connect(&peer) {
                    self.is_up();
                }
            }
            Ok(_) => {}
            // An offer that this browser refuses leaves the connection in no known state: a new one does not.
            Err(_) if self.is_current(&peer) => Inner::start_anew(self),
            Err(_) => {}
        }
    }

    /// Reports what the places of the offer now bring.
    fn receive(&self, peer: &Peer, slots: &[Slot]) {
        let mut now = HashMap::new();
        for slot in slots {
            let SlotDirection::Receive { visit } = slot.direction else {
                continue;
            };
            let Some(transceiver) = transceiver(&peer.pc, &slot.mid) else {
                continue;
            };
            let track = transceiver.receiver().track();
            let key = (visit, slot.source);
            let id = track.id();
            let known = self.receiving.borrow().get(&key) == Some(&id);
            if !known && let Some(stream) = stream_of(&track) {
                self.tell(EngineEvent::Stream {
                    visit,
                    source: slot.source,
                    stream,
                });
            }
            now.insert(key, id);
        }
        let before = self.receiving.replace(now.clone());
        for (visit, source) in before.into_keys().filter(|key| !now.contains_key(key)) {
            self.tell(EngineEvent::StreamGone { visit, source });
        }
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
                // Only a closed connection refuses, and then there is nobody to send to.
                let _closed = JsFuture::from(promise).await;
            });
        }
    }

    fn apply_mute(&self) {
        if let Some(microphone) = self.track(Source::Microphone) {
            microphone.set_enabled(!self.muted.get());
        }
    }

    /// The screen has no place until we ask for one.
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
        if (self.say)(message) {
            self.screen_asked.set(wanted);
        }
    }
}

/// Sets the offer, puts our tracks into their places, and makes the answer.
async fn negotiate(engine: &Inner, peer: &Peer, offer: &Offer) -> Result<String, JsValue> {
    let pc = &peer.pc;
    let remote = RtcSessionDescriptionInit::new(RtcSdpType::Offer);
    remote.set_sdp(&offer.sdp);
    JsFuture::from(pc.set_remote_description(&remote)).await?;

    let mut senders = HashMap::new();
    for slot in offer.slots.iter().filter(|slot| slot.direction == SlotDirection::Send) {
        let Some(place) = transceiver(pc, &slot.mid) else {
            continue;
        };
        // Also without a track: turning it on later then needs no negotiation.
        place.set_direction(RtcRtpTransceiverDirection::Sendonly);
        senders.insert(slot.source, place.sender());
    }
    // Known before the first wait: a device that opens meanwhile finds its place, and its track comes after ours.
    peer.senders.replace(senders.clone());
    for (source, sender) in senders {
        let track = engine.track(source);
        JsFuture::from(sender.replace_track(track.as_ref())).await?;
    }

    let answer = JsFuture::from(pc.create_answer()).await?;
    JsFuture::from(pc.set_local_description(answer.unchecked_ref::<RtcSessionDescriptionInit>())).await?;
    pc.local_description()
        .map(|local| local.sdp())
        .ok_or(JsValue::UNDEFINED)
}

fn transceiver(pc: &RtcPeerConnection, mid: &str) -> Option<RtcRtpTransceiver> {
    pc.get_transceivers()
        .iter()
        .filter_map(|transceiver| transceiver.dyn_into::<RtcRtpTransceiver>().ok())
        .find(|transceiver| transceiver.mid().as_deref() == Some(mid))
}

fn new_peer() -> Result<Peer, JsValue> {
    let configuration = RtcConfiguration::new();
    // One transport for everything, as the server answers on one port.
    Reflect::set(&configuration, &"bundlePolicy".into(), &"max-bundle".into())?;
    let pc = RtcPeerConnection::new_with_configuration(&configuration)?;
    Ok(Peer {
        pc,
        mending: Cell::new(false),
        senders: RefCell::default(),
        on_state: RefCell::default(),
    })
}

/// For browser tests and for whoever looks into a bad call with the developer tools: `anteroomStats()` gives the
/// connection's statistics as an array.
fn expose(pc: &RtcPeerConnection) {
    let Some(window) = web_sys::window() else { return };
    let inspected = same(pc);
    let stats = Closure::<dyn FnMut() -> Promise>::new(move || {
        let pending = inspected.get_stats();
        future_to_promise(async move {
            let report = JsFuture::from(pending).await?;
            let list = Array::new();
            let collect = {
                let list = same(&list);
                Closure::<dyn FnMut(JsValue)>::new(move |entry: JsValue| {
                    list.push(&entry);
                })
            };
            let for_each: js_sys::Function = Reflect::get(&report, &"forEach".into())?.dyn_into()?;
            for_each.call1(&report, collect.as_ref())?;
            Ok(list.into())
        })
    });
    let _read_only = Reflect::set(&window, &"__anteroom_pc".into(), pc);
    let _read_only = Reflect::set(&window, &"anteroomStats".into(), stats.as_ref());
    // It lives as long as the page, one per peer connection: a few bytes.
    stats.forget();
}

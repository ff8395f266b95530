//! Teams as the browser sees it: the module over Microsoft's Calling SDK, which is loaded only now, behind the port of
//! every engine. Nothing of the SDK leaves that module (`teams-client/`), and nothing of JavaScript leaves this file.

use std::{
    cell::{Cell, RefCell},
    collections::{HashMap, HashSet},
    rc::Rc,
};

use anteroom_domain::id::VisitId;
use anteroom_domain::visit::{AdmissionStatus, Publish, Role, TeamsPresence};
use anteroom_protocol::credentials::{Credentials, TeamsCredentials};
use anteroom_protocol::media::{Quality, Source};
use anteroom_protocol::seat::Person;
use anteroom_protocol::teams::{ChatOff, TeamsFromClient, TeamsFromServer, TeamsToken};
use futures::channel::mpsc::UnboundedSender;
use js_sys::{Function, Object, Promise, Reflect};
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{MediaStream, MediaStreamTrack};

use super::{
    engine::{CallEngine, EngineEvent, EngineState, Sending},
    external::{Caption, ExternalCommand, MeetingChat, Permissions},
};

#[wasm_bindgen]
extern "C" {
    /// The dynamic import of modules.
    #[wasm_bindgen(js_name = "import", catch)]
    fn import(path: &str) -> Result<Promise, JsValue>;
}

/// Our own codes, beside Microsoft's: the module could not be loaded.
const NOT_LOADED: (i32, i32) = (-1, 1);

pub struct Teams(Rc<Inner>);

struct Inner {
    /// False: nobody heard it yet.
    say: Box<dyn Fn(TeamsFromClient) -> bool>,
    events: UnboundedSender<EngineEvent>,
    engine: RefCell<Option<Object>>,
    /// The engine is there, or on its way: a second one would be a second participant.
    started: Cell<bool>,
    /// What waits for a fresh token: the promise's two ends.
    refreshing: RefCell<Vec<(Function, Function)>>,
    /// The SDK knows people by long names; the screens by numbers, which here are below zero.
    numbers: RefCell<HashMap<String, VisitId>>,
    people: RefCell<Vec<Participant>>,
    /// Whose picture or screen is there: the screens show a person's picture when the person says that there is one.
    streams: RefCell<HashSet<(VisitId, Source)>>,
    sending: RefCell<Sending>,
    muted: RefCell<bool>,
    left: RefCell<bool>,
    stand: Cell<Option<TeamsPresence>>,
    /// Where the server was told that we are, and whether somebody of the host's side is there.
    told: Cell<Option<(TeamsPresence, bool)>>,
    _closures: RefCell<Vec<JsValue>>,
}

/// What the module is given.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Given<'a> {
    token: &'a str,
    expires_on: &'a str,
    user: &'a str,
    name: &'a str,
    meeting: &'a anteroom_protocol::teams::MeetingLocator,
    publish: Publish,
    chat: Option<Endpoint<'a>>,
}

#[derive(Serialize)]
struct Endpoint<'a> {
    endpoint: &'a str,
}

/// What the module reports; streams are taken out of the object itself.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum Event {
    Loading {
        share: f64,
    },
    State {
        state: String,
    },
    Ended {
        code: i32,
        sub_code: i32,
    },
    People {
        people: Vec<Participant>,
    },
    Stream {
        id: String,
        source: String,
    },
    StreamGone {
        id: String,
        source: String,
    },
    Quality {
        quality: Quality,
    },
    Diagnostic {
        text: String,
    },
    Recording {
        on: bool,
    },
    Transcription {
        on: bool,
    },
    ConsentRequired {
        on: bool,
    },
    Captions {
        on: bool,
    },
    Caption {
        speaker: String,
        text: String,
        #[serde(rename = "final")]
        last: bool,
    },
    Reaction {
        id: String,
        kind: String,
    },
    Role {
        role: String,
    },
    May {
        share: bool,
        camera: bool,
        microphone: bool,
    },
    Chat {
        id: String,
        sender: String,
        mine: bool,
        text: String,
        at: f64,
    },
    ChatOn,
    ChatOff {
        reason: String,
    },
    Wrote,
    Unsent {
        text: String,
    },
    MutedByOthers,
    Refused {
        source: String,
    },
}

#[derive(Deserialize)]
struct Participant {
    id: String,
    name: String,
    muted: bool,
    hand: bool,
    #[serde(rename = "self")]
    own: bool,
}

thread_local! {
    /// How often the module could not be loaded.
    static FAILURES: Cell<u32> = const { Cell::new(0) };
}

/// Imports the module. A browser may remember that an address failed and answer so without asking, so that each new try
/// goes by another one.
async fn load(path: &str) -> Result<JsValue, JsValue> {
    let loaded = async {
        let module = match FAILURES.get() {
            0 => import(path)?,
            failures => import(&format!("{path}?retry={failures}"))?,
        };
        JsFuture::from(module).await
    };
    let loaded = loaded.await;
    if loaded.is_err() {
        FAILURES.set(FAILURES.get() + 1);
    }
    loaded
}

impl Teams {
    pub fn new(
        say: impl Fn(TeamsFromClient) -> bool + 'static,
        events: UnboundedSender<EngineEvent>,
        muted: bool,
    ) -> Self {
        Self(Rc::new(Inner {
            say: Box::new(say),
            events,
            engine: RefCell::default(),
            started: Cell::default(),
            refreshing: RefCell::default(),
            numbers: RefCell::default(),
            people: RefCell::default(),
            streams: RefCell::default(),
            sending: RefCell::default(),
            muted: RefCell::new(muted),
            left: RefCell::new(false),
            stand: Cell::default(),
            told: Cell::default(),
            _closures: RefCell::default(),
        }))
    }
}

impl Inner {
    fn tell(&self, event: EngineEvent) {
        // The receiver is gone only when the meeting is being left.
        let _over = self.events.unbounded_send(event);
    }

    /// Again only where it is news: people come and go all the time.
    fn report_stand(&self) {
        let Some(stand) = self.stand.get() else { return };
        let with_host = self.people.borrow().iter().any(|one| !one.own && is_of_host(&one.id));
        let news = Some((stand, with_host));
        if self.told.replace(news) != news {
            self.report(TeamsFromClient::Presence {
                presence: stand,
                with_host,
            });
        }
    }

    fn report(&self, message: TeamsFromClient) {
        // What can't be said now is kept, and said when the socket is up again.
        let _now = (self.say)(message);
    }

    /// Calls a method of the module's engine. One that throws must not take the page with it.
    fn call(&self, method: &str, arguments: &[JsValue]) {
        let engine = self.engine.borrow().clone();
        let Some(engine) = engine else { return };
        let Ok(function) = Reflect::get(&engine, &method.into()).and_then(JsCast::dyn_into::<Function>) else {
            return;
        };
        let arguments: js_sys::Array = arguments.iter().collect();
        if let Err(error) = function.apply(&engine, &arguments) {
            web_sys::console::warn_2(&format!("The Teams client failed at {method}.").into(), &error);
        }
    }

    fn number(&self, id: &str) -> VisitId {
        let mut numbers = self.numbers.borrow_mut();
        let next = VisitId(-1 - i64::try_from(numbers.len()).unwrap_or_default());
        *numbers.entry(id.to_owned()).or_insert(next)
    }

    async fn start(self: Rc<Self>, credentials: TeamsCredentials) {
        let loaded = load(&credentials.client).await;
        if *self.left.borrow() {
            return;
        }
        let Ok(module) = loaded else {
            self.ended(NOT_LOADED);
            return;
        };
        let made = Reflect::get(&module, &"createEngine".into())
            .and_then(JsCast::dyn_into::<Function>)
            .and_then(|create| create.call1(&JsValue::UNDEFINED, &self.host()))
            .and_then(JsCast::dyn_into::<Object>);
        let Ok(engine) = made else {
            self.ended(NOT_LOADED);
            return;
        };
        self.engine.replace(Some(engine));
        self.enter(&credentials);
    }

    fn enter(&self, credentials: &TeamsCredentials) {
        let given = Given {
            token: &credentials.token.token,
            expires_on: &credentials.token.expires_on,
            user: &credentials.user,
            name: &credentials.name,
            meeting: &credentials.locator,
            publish: credentials.publish,
            chat: credentials.chat.as_deref().map(|endpoint| Endpoint { endpoint }),
        };
        let Some(given) = serde_json::to_string(&given)
            .ok()
            .and_then(|text| js_sys::JSON::parse(&text).ok())
        else {
            return;
        };
        let sending = Object::new();
        if credentials.publish == Publish::All {
            let tracks = self.sending.borrow();
            for (name, track) in [
                ("microphone", &tracks.microphone),
                ("camera", &tracks.camera),
                ("screen", &tracks.screen),
            ] {
                if let Some(track) = track {
                    let _set = Reflect::set(&sending, &name.into(), track);
                }
            }
        }
        let _set = Reflect::set(&sending, &"muted".into(), &(*self.muted.borrow()).into());
        self.call("join", &[given, sending.into()]);
    }

    /// What the module may call: `report(event)` and `refresh()`.
    fn host(self: &Rc<Self>) -> Object {
        let host = Object::new();
        let weak = Rc::downgrade(self);
        let report = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            if let Some(inner) = weak.upgrade() {
                inner.hear(&event);
            }
        })
        .into_js_value();
        let weak = Rc::downgrade(self);
        let refresh = Closure::<dyn FnMut() -> Promise>::new(move || {
            let weak = weak.clone();
            Promise::new(&mut |resolve, reject| {
                let Some(inner) = weak.upgrade() else { return };
                // What can't be asked now is asked again by the module, which waits a little after a refusal.
                match (inner.say)(TeamsFromClient::Refresh) {
                    true => inner.refreshing.borrow_mut().push((resolve, reject)),
                    false => refuse(&reject, "The connection to the server is down."),
                }
            })
        })
        .into_js_value();
        let _set = Reflect::set(&host, &"report".into(), &report);
        let _set = Reflect::set(&host, &"refresh".into(), &refresh);
        self._closures.borrow_mut().extend([report, refresh]);
        host
    }

    fn refreshed(&self, token: &TeamsToken) {
        let fresh = Object::new();
        let _set = Reflect::set(&fresh, &"token".into(), &token.token.as_str().into());
        let _set = Reflect::set(&fresh, &"expiresOn".into(), &token.expires_on.as_str().into());
        for (resolve, _) in self.refreshing.take() {
            let _settled = resolve.call1(&JsValue::UNDEFINED, &fresh);
        }
    }

    fn give_up_refreshing(&self, why: &str) {
        for (_, reject) in self.refreshing.take() {
            refuse(&reject, why);
        }
    }

    fn ended(&self, (code, sub_code): (i32, i32)) {
        self.report(TeamsFromClient::Ended { code, sub_code });
        self.tell(EngineEvent::Ended { code, sub_code });
    }

    fn hear(&self, event: &JsValue) {
        if *self.left.borrow() {
            return;
        }
        let Some(text) = js_sys::JSON::stringify(event).ok().and_then(|text| text.as_string()) else {
            return;
        };
        // A module that is newer than this page may say what we do not know.
        let Ok(heard) = serde_json::from_str::<Event>(&text) else {
            return;
        };
        match heard {
            Event::Loading { share } => self.tell(EngineEvent::Loading(share)),
            Event::State { state } => self.state(&state),
            Event::Ended { code, sub_code } => self.ended((code, sub_code)),
            Event::People { people } => {
                self.people.replace(people);
                self.report_stand();
                self.show_people();
            }
            Event::Stream { id, source } => {
                let stream = Reflect::get(event, &"stream".into());
                if let (Some(source), Ok(Ok(stream))) =
                    (source_of(&source), stream.map(JsCast::dyn_into::<MediaStream>))
                {
                    let visit = self.number(&id);
                    self.streams.borrow_mut().insert((visit, source));
                    self.tell(EngineEvent::Stream { visit, source, stream });
                    self.show_people();
                }
            }
            Event::StreamGone { id, source } => {
                if let Some(source) = source_of(&source) {
                    let visit = self.number(&id);
                    self.streams.borrow_mut().remove(&(visit, source));
                    self.tell(EngineEvent::StreamGone { visit, source });
                    self.show_people();
                }
            }
            Event::Quality { quality } => self.tell(EngineEvent::Quality(quality)),
            Event::Diagnostic { text } => self.tell(EngineEvent::Notice(text)),
            Event::Recording { on } => self.tell(EngineEvent::Recording(on)),
            Event::Transcription { on } => self.tell(EngineEvent::Transcription(on)),
            Event::ConsentRequired { on } => self.tell(EngineEvent::ConsentAsked(on)),
            Event::Captions { on } => self.tell(EngineEvent::CaptionsOn(on)),
            Event::Caption { speaker, text, last } => self.tell(EngineEvent::Caption(Caption { speaker, text, last })),
            Event::Reaction { id, kind } => self.tell(EngineEvent::Reaction {
                visit: self.number(&id),
                kind,
            }),
            Event::Role { role } => self.tell(EngineEvent::Role(role)),
            Event::May {
                share,
                camera,
                microphone,
            } => self.tell(EngineEvent::Permissions(Permissions {
                share,
                camera,
                microphone,
            })),
            Event::Chat {
                id,
                sender,
                mine,
                text,
                at,
            } => self.tell(EngineEvent::Chat {
                id,
                sender,
                mine,
                text,
                #[expect(clippy::cast_possible_truncation, reason = "milliseconds of this century fit")]
                at: at as i64,
            }),
            Event::ChatOn => self.tell(EngineEvent::Chats(MeetingChat::On)),
            Event::ChatOff { reason } => self.tell(EngineEvent::Chats(MeetingChat::Off(match reason.as_str() {
                "channel" => ChatOff::Channel,
                "ended" => ChatOff::Ended,
                "forbidden" => ChatOff::Forbidden,
                _ => ChatOff::Failed,
            }))),
            Event::Wrote => self.report(TeamsFromClient::Wrote),
            Event::Unsent { text } => self.tell(EngineEvent::Unsent(text)),
            Event::MutedByOthers => self.tell(EngineEvent::MutedByOthers),
            Event::Refused { source } => {
                if let Some(source) = source_of(&source) {
                    self.tell(EngineEvent::NotTaken(source));
                }
            }
        }
    }

    fn state(&self, state: &str) {
        let (stand, event) = match state {
            "connecting" => (Some(TeamsPresence::Joining), None),
            "lobby" => (Some(TeamsPresence::Lobby), None),
            "connected" => (Some(TeamsPresence::In), Some(EngineState::Connected)),
            "interrupted" => (None, Some(EngineState::Interrupted)),
            _ => return,
        };
        if let Some(stand) = stand {
            self.stand.set(Some(stand));
            self.report_stand();
            self.tell(EngineEvent::Stands(stand));
        }
        if let Some(event) = event {
            self.tell(EngineEvent::State(event));
        }
    }

    fn show_people(&self) {
        let streams = self.streams.borrow();
        let person = |one: &Participant| {
            let visit = self.number(&one.id);
            Person {
                visit,
                guest: None,
                name: match one.hand {
                    true => format!("{} ✋", one.name),
                    false => one.name.clone(),
                },
                invited: None,
                contact: None,
                role: Role::Guest,
                status: AdmissionStatus::Admitted,
                arrived_at: 0,
                connected: true,
                media: true,
                microphone: !one.muted,
                camera: streams.contains(&(visit, Source::Camera)),
                screen: streams.contains(&(visit, Source::Screen)),
                teams: None,
            }
        };
        let people = self.people.borrow();
        if let Some(own) = people.iter().find(|one| one.own) {
            self.tell(EngineEvent::Hand(own.hand));
        }
        let people = people.iter().filter(|one| !one.own).map(person).collect();
        self.tell(EngineEvent::People(people));
    }
}

/// Who is signed in to Teams, by how Microsoft's names of identities begin in its clouds. Anonymous guests of Teams and
/// those who come as ours do have other names.
fn is_of_host(id: &str) -> bool {
    ["8:orgid:", "8:gcch:", "8:dod:"]
        .iter()
        .any(|kind| id.starts_with(kind))
}

fn source_of(word: &str) -> Option<Source> {
    match word {
        "camera" => Some(Source::Camera),
        "screen" => Some(Source::Screen),
        _ => None,
    }
}

fn refuse(reject: &Function, why: &str) {
    let _settled = reject.call1(&JsValue::UNDEFINED, &js_sys::Error::new(why));
}

fn or_undefined(track: Option<MediaStreamTrack>) -> JsValue {
    track.map_or(JsValue::UNDEFINED, JsValue::from)
}

impl CallEngine for Teams {
    fn join(&self, credentials: Credentials, sending: Sending) {
        let Credentials::Teams(credentials) = credentials else {
            return;
        };
        *self.0.sending.borrow_mut() = sending;
        // After a resume of the socket the meeting itself has gone on; what it was waiting for may be lost.
        if self.0.started.replace(true) {
            self.0.refreshed(&credentials.token);
            self.0.report_stand();
            return;
        }
        spawn_local(Rc::clone(&self.0).start(*credentials));
    }

    fn leave(&self) {
        self.0.left.replace(true);
        self.0.call("leave", &[]);
        self.0.engine.take();
    }

    fn set_microphone(&self, track: Option<MediaStreamTrack>) {
        self.0.sending.borrow_mut().microphone.clone_from(&track);
        self.0.call("setMicrophone", &[or_undefined(track)]);
    }

    fn mute(&self, muted: bool) {
        self.0.muted.replace(muted);
        self.0.call("mute", &[muted.into()]);
    }

    fn set_camera(&self, track: Option<MediaStreamTrack>) {
        self.0.sending.borrow_mut().camera.clone_from(&track);
        self.0.call("setCamera", &[or_undefined(track)]);
    }

    fn set_screen(&self, track: Option<MediaStreamTrack>) {
        self.0.sending.borrow_mut().screen.clone_from(&track);
        self.0.call("setScreen", &[or_undefined(track)]);
    }

    fn network_changed(&self) {
        self.0.call("networkChanged", &[]);
    }

    fn deliver_outside(&self, message: TeamsFromServer) {
        match message {
            TeamsFromServer::Token { token } => self.0.refreshed(&token),
            TeamsFromServer::Unavailable { text, .. } => self.0.give_up_refreshing(&text),
            TeamsFromServer::Queue { .. } => {}
        }
    }

    fn give_up_asking(&self, why: &str) {
        self.0.give_up_refreshing(why);
    }

    fn ask_outside(&self, ask: ExternalCommand) {
        match ask {
            ExternalCommand::RaiseHand(up) => self.0.call("raiseHand", &[up.into()]),
            ExternalCommand::React(kind) => self.0.call("react", &[kind.into()]),
            ExternalCommand::Captions(on) => self.0.call("captions", &[on.into()]),
            ExternalCommand::Agree => self.0.call("consent", &[]),
            ExternalCommand::Retry => {}
        }
    }

    fn write_outside(&self, text: &str) {
        // The module says what became of it.
        self.0.call("say", &[text.into()]);
    }
}

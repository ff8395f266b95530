//! Microsoft Teams: the engine over the module in `teams-client/`, which the browser loads only when a meeting needs it.

mod module;

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use anteroom_domain::visit::TeamsPresence;
use anteroom_protocol::credentials::{Credentials, TeamsCredentials};
use anteroom_protocol::seat::{FromClient, FromServer};
use anteroom_protocol::teams::{TeamsFromClient, TeamsFromServer, TeamsToken};
use futures::channel::mpsc::UnboundedSender;
use wasm_bindgen_futures::spawn_local;
use web_sys::MediaStreamTrack;

use self::module::{Module, TokenRequest};
use super::{CallEngine, EngineEvent, ExternalCall, ExternalEvent, Sending, Start, ToServer};
use crate::call::participant::ExternalId;

/// Our own codes beside Microsoft's: the module could not be loaded.
const NOT_LOADED: (i32, i32) = (-1, 1);

struct Teams(Rc<Inner>);

struct Inner {
    server: ToServer,
    events: UnboundedSender<EngineEvent>,
    module: Module,
    /// The module's engine is there or on its way: a second one would be a second participant.
    started: Cell<bool>,
    left: Cell<bool>,
    token_requests: RefCell<Vec<TokenRequest>>,
    sending: RefCell<Sending>,
    muted: Cell<bool>,
    presence: Cell<Option<TeamsPresence>>,
    /// Is somebody of the host's side in the meeting?
    with_host: Cell<bool>,
    /// The presence and `with_host` that the server knows.
    reported: Cell<Option<(TeamsPresence, bool)>>,
}

pub fn start(start: Start) -> Rc<dyn CallEngine> {
    Rc::new(Teams(Rc::new(Inner {
        server: start.server,
        events: start.events,
        module: Module::default(),
        started: Cell::default(),
        left: Cell::default(),
        token_requests: RefCell::default(),
        sending: RefCell::default(),
        muted: Cell::new(start.muted),
        presence: Cell::default(),
        with_host: Cell::default(),
        reported: Cell::default(),
    })))
}

impl Inner {
    async fn start(self: Rc<Self>, credentials: TeamsCredentials) {
        let weak = Rc::downgrade(&self);
        let report = move |event| {
            if let Some(inner) = weak.upgrade() {
                inner.hear(event);
            }
        };
        let weak = Rc::downgrade(&self);
        let refresh = move |request| {
            if let Some(inner) = weak.upgrade() {
                inner.request_token(request);
            }
        };
        let engine = self.module.load(&credentials.client, report, refresh).await;
        if self.left.get() {
            return;
        }
        let Ok(engine) = engine else {
            let (code, sub_code) = NOT_LOADED;
            self.hear(EngineEvent::External(ExternalEvent::Ended { code, sub_code }));
            return;
        };
        self.module.set(engine);
        self.module.join(&credentials, &self.sending.borrow(), self.muted.get());
    }

    /// Passes an event on, and reports to the server what concerns it.
    fn hear(&self, event: EngineEvent) {
        if self.left.get() {
            return;
        }
        match &event {
            EngineEvent::State { state } => {
                if let Some(presence) = state.presence() {
                    self.presence.set(Some(presence));
                    self.report_presence();
                }
            }
            EngineEvent::External(ExternalEvent::People { people }) => {
                let with_host = people.iter().any(|one| !one.own && is_of_host(one.id));
                self.with_host.set(with_host);
                self.report_presence();
            }
            EngineEvent::External(ExternalEvent::Ended { code, sub_code }) => {
                let (code, sub_code) = (*code, *sub_code);
                self.report(TeamsFromClient::Ended { code, sub_code });
            }
            EngineEvent::External(ExternalEvent::Wrote) => self.report(TeamsFromClient::Wrote),
            _ => {}
        }
        // The receiver is gone only when the meeting is being left.
        let _over = self.events.unbounded_send(event);
    }

    /// Only news: people come and go all the time.
    fn report_presence(&self) {
        let Some(presence) = self.presence.get() else { return };
        let with_host = self.with_host.get();
        let news = Some((presence, with_host));
        if self.reported.replace(news) != news {
            self.report(TeamsFromClient::Presence { presence, with_host });
        }
    }

    fn report(&self, teams: TeamsFromClient) {
        (self.server.report)(FromClient::Teams { teams });
    }

    fn request_token(&self, request: TokenRequest) {
        // A refused module asks again after a while. A request that waits for the socket would be older than the token
        // that comes with the credentials of a resume.
        let teams = TeamsFromClient::Refresh;
        if (self.server.send)(&FromClient::Teams { teams }) {
            self.token_requests.borrow_mut().push(request);
        } else {
            request.refuse("offline");
        }
    }

    fn answer_token_requests(&self, token: &TeamsToken) {
        for request in self.token_requests.take() {
            request.answer(token);
        }
    }
}

/// Is this somebody who is signed in to Teams? Microsoft's ids of identities begin so in its clouds; those of anonymous
/// guests of Teams and of our own guests do not.
fn is_of_host(id: ExternalId) -> bool {
    let id = id.name();
    ["8:orgid:", "8:gcch:", "8:dod:"]
        .iter()
        .any(|kind| id.starts_with(kind))
}

impl CallEngine for Teams {
    fn join(&self, credentials: Credentials, sending: Sending) {
        let Credentials::Teams(credentials) = credentials else {
            return;
        };
        *self.0.sending.borrow_mut() = sending;
        // The meeting itself goes on while the socket is away; the answer to a request may be lost.
        if self.0.started.replace(true) {
            self.0.answer_token_requests(&credentials.token);
            self.0.report_presence();
            return;
        }
        spawn_local(Rc::clone(&self.0).start(*credentials));
    }

    fn leave(&self) {
        self.0.left.set(true);
        self.0.module.call("leave", &[]);
        self.0.module.free();
    }

    fn set_microphone(&self, track: Option<MediaStreamTrack>) {
        self.0.sending.borrow_mut().microphone.clone_from(&track);
        self.0.module.call_with_track("setMicrophone", track);
    }

    fn mute(&self, muted: bool) {
        self.0.muted.set(muted);
        self.0.module.call("mute", &[muted.into()]);
    }

    fn set_camera(&self, track: Option<MediaStreamTrack>) {
        self.0.sending.borrow_mut().camera.clone_from(&track);
        self.0.module.call_with_track("setCamera", track);
    }

    fn set_screen(&self, track: Option<MediaStreamTrack>) {
        self.0.sending.borrow_mut().screen.clone_from(&track);
        self.0.module.call_with_track("setScreen", track);
    }

    fn network_changed(&self) {
        self.0.module.call("networkChanged", &[]);
    }

    fn deliver(&self, message: FromServer) {
        let FromServer::Teams { teams } = message else { return };
        match teams {
            TeamsFromServer::Token { token } => self.0.answer_token_requests(&token),
            TeamsFromServer::Unavailable { text, .. } => self.requests_failed(&text),
            TeamsFromServer::Queue { .. } => {}
        }
    }

    fn external(&self) -> Option<&dyn ExternalCall> {
        Some(self)
    }
}

impl ExternalCall for Teams {
    fn raise_hand(&self, up: bool) {
        self.0.module.call("raiseHand", &[up.into()]);
    }

    fn react(&self, kind: &str) {
        self.0.module.call("react", &[kind.into()]);
    }

    fn captions(&self, on: bool) {
        self.0.module.call("captions", &[on.into()]);
    }

    fn consent(&self) {
        self.0.module.call("consent", &[]);
    }

    fn write(&self, text: &str) {
        self.0.module.call("say", &[text.into()]);
    }

    fn requests_failed(&self, why: &str) {
        for request in self.0.token_requests.take() {
            request.refuse(why);
        }
    }
}

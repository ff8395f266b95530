//! The module over Microsoft's Calling SDK (`teams-client/`). Nothing of the SDK leaves that module, and nothing of
//! JavaScript leaves this file.

use std::cell::{Cell, RefCell};

use anteroom_domain::visit::Publish;
use anteroom_protocol::credentials::TeamsCredentials;
use anteroom_protocol::teams::{MeetingLocator, TeamsToken};
use js_sys::{Function, Object, Promise, Reflect};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::MediaStreamTrack;

use crate::call::engines::{EngineEvent, Sending};

#[wasm_bindgen]
extern "C" {
    /// The dynamic import of modules.
    #[wasm_bindgen(js_name = "import", catch)]
    fn import(path: &str) -> Result<Promise, JsValue>;
}

thread_local! {
    /// How often the module could not be loaded.
    static FAILURES: Cell<u32> = const { Cell::new(0) };
}

/// `Credentials` of the contract.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Given<'a> {
    token: &'a str,
    expires_on: &'a str,
    user: &'a str,
    name: &'a str,
    meeting: &'a MeetingLocator,
    publish: Publish,
    chat: Option<Endpoint<'a>>,
}

#[derive(Serialize)]
struct Endpoint<'a> {
    endpoint: &'a str,
}

/// The module's engine, once it is loaded.
#[derive(Default)]
pub struct Module {
    engine: RefCell<Option<Object>>,
    /// They live as long as the engine that calls them.
    closures: RefCell<Vec<JsValue>>,
}

/// A token that the module waits for: the two ends of its promise.
pub struct TokenRequest {
    resolve: Function,
    reject: Function,
}

impl Module {
    /// Loads the module and makes its engine, which reports to `report` and asks for tokens by `refresh`. The error says
    /// that either failed.
    pub async fn load(
        &self,
        path: &str,
        report: impl Fn(EngineEvent) + 'static,
        refresh: impl Fn(TokenRequest) + Clone + 'static,
    ) -> Result<Object, JsValue> {
        let module = load(path).await?;
        let create: Function = Reflect::get(&module, &"createEngine".into())?.dyn_into()?;
        create
            .call1(&JsValue::UNDEFINED, &self.host(report, refresh))?
            .dyn_into()
    }

    pub fn set(&self, engine: Object) {
        self.engine.replace(Some(engine));
    }

    pub fn free(&self) {
        self.engine.take();
    }

    pub fn join(&self, credentials: &TeamsCredentials, tracks: &Sending, muted: bool) {
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
        let _set = Reflect::set(&sending, &"muted".into(), &muted.into());
        self.call("join", &[given, sending.into()]);
    }

    /// Calls a method of the module's engine. One that throws must not take the page with it.
    pub fn call(&self, method: &str, arguments: &[JsValue]) {
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

    pub fn call_with_track(&self, method: &str, track: Option<MediaStreamTrack>) {
        self.call(method, &[track.map_or(JsValue::UNDEFINED, JsValue::from)]);
    }

    /// `Host` of the contract.
    fn host(&self, report: impl Fn(EngineEvent) + 'static, refresh: impl Fn(TokenRequest) + Clone + 'static) -> Object {
        let report = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            // A module that is newer than this page may report what the page does not know.
            if let Some(event) = read(&event) {
                report(event);
            }
        })
        .into_js_value();
        let refresh = Closure::<dyn FnMut() -> Promise>::new(move || {
            let refresh = refresh.clone();
            Promise::new(&mut |resolve, reject| refresh(TokenRequest { resolve, reject }))
        })
        .into_js_value();
        let host = Object::new();
        let _set = Reflect::set(&host, &"report".into(), &report);
        let _set = Reflect::set(&host, &"refresh".into(), &refresh);
        self.closures.borrow_mut().extend([report, refresh]);
        host
    }
}

impl TokenRequest {
    pub fn answer(&self, token: &TeamsToken) {
        let fresh = Object::new();
        let _set = Reflect::set(&fresh, &"token".into(), &token.token.as_str().into());
        let _set = Reflect::set(&fresh, &"expiresOn".into(), &token.expires_on.as_str().into());
        let _settled = self.resolve.call1(&JsValue::UNDEFINED, &fresh);
    }

    pub fn refuse(&self, why: &str) {
        let _settled = self.reject.call1(&JsValue::UNDEFINED, &js_sys::Error::new(why));
    }
}

/// Imports the module. A browser may remember that an address failed and say so without asking again, so each new attempt
/// has an address of its own.
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

/// Reads an event; its stream, which JSON has none for, comes out of the object itself.
fn read(event: &JsValue) -> Option<EngineEvent> {
    let text = js_sys::JSON::stringify(event).ok()?.as_string()?;
    let mut read: EngineEvent = serde_json::from_str(&text).ok()?;
    if let EngineEvent::Stream { stream, .. } = &mut read {
        *stream = Reflect::get(event, &"stream".into())
            .ok()
            .and_then(|stream| stream.dyn_into().ok());
    }
    Some(read)
}

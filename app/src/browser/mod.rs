//! What a browser may have and may lack. Each is looked for before it is used: what is missing costs a convenience, and
//! never the page. Compiled for the browser only.

pub mod admit;
pub mod clipboard;
pub mod focus;
pub mod notification;
pub mod sound;

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::language::lang;

/// Is there a global of this name that can be called or constructed?
pub fn has_global(name: &str) -> bool {
    let found = Reflect::get(&js_sys::global(), &name.into());
    found.is_ok_and(|value| value.is_function())
}

/// The method of an object, where both are there.
pub fn method(of: &JsValue, name: &str) -> Option<Function> {
    if of.is_undefined() || of.is_null() {
        return None;
    }
    Reflect::get(of, &name.into()).ok()?.dyn_into().ok()
}

/// Lets a promise end as it likes. Dropping one instead would make its failure an "uncaught" error of the page.
pub fn let_be(promise: js_sys::Promise) {
    wasm_bindgen_futures::spawn_local(async move {
        let _outcome = wasm_bindgen_futures::JsFuture::from(promise).await;
    });
}

/// Milliseconds of a steady clock: for waits and silences.
pub fn steady_ms() -> f64 {
    web_sys::window()
        .and_then(|window| window.performance())
        .map_or_else(js_sys::Date::now, |clock| clock.now())
}

/// Where a socket of this site is, and in which language it is to answer: that of the page.
pub fn socket_address(path: &str) -> Option<String> {
    let location = web_sys::window()?.location();
    let scheme = if location.protocol().ok()? == "https:" {
        "wss"
    } else {
        "ws"
    };
    let (host, language) = (location.host().ok()?, lang().tag());
    Some(format!("{scheme}://{host}{path}?language={language}"))
}

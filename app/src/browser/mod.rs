//! What a browser may have and may lack. Each is looked for before it is used: what is missing costs a convenience, and
//! never the page. Compiled for the browser only.

pub mod clipboard;
pub mod notification;

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};

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

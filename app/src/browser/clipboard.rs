//! The clipboard: absent without TLS and in the browsers that apps bring along, and refused by others.

use js_sys::{Promise, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::method;

/// Whether the text is there now.
pub async fn write(text: &str) -> bool {
    let Some(writing) = begin(text) else { return false };
    JsFuture::from(writing).await.is_ok()
}

fn begin(text: &str) -> Option<Promise> {
    let navigator = web_sys::window()?.navigator();
    let clipboard = Reflect::get(&navigator, &"clipboard".into()).ok()?;
    method(&clipboard, "writeText")?
        .call1(&clipboard, &text.into())
        .ok()?
        .dyn_into()
        .ok()
}

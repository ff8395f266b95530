//! Where the keyboard and a screen reader go on when what had the focus is gone.

use leptos::prelude::request_animation_frame;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

pub fn to(element: &HtmlElement) {
    // An element that is not shown does not take the focus; nothing to do then.
    let _shown = element.focus();
}

/// Once the page shows what has changed: what is to have the focus may only then be there.
pub fn soon(id: impl Into<String>) {
    let id = id.into();
    request_animation_frame(move || {
        let element = web_sys::window()
            .and_then(|window| window.document())
            .and_then(|document| document.get_element_by_id(&id))
            .and_then(|element| element.dyn_into::<HtmlElement>().ok());
        if let Some(element) = element {
            to(&element);
        }
    });
}

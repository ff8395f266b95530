//! The browser entry: hydrates what the server rendered.
#![cfg(target_arch = "wasm32")]
// The types of views nest deeply.
#![recursion_limit = "512"]

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the one script tag of the shell as soon as the module has loaded.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(anteroom_app::App);
}

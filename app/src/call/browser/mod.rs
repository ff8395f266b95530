//! What the meeting needs of a browser: thin wrappers, each of one thing. Compiled for the browser only.

pub mod alert;
pub mod clock;
pub mod devices;
pub mod meter;
pub mod preference;
pub mod reach;
pub mod session;
pub mod wake;

/// Lets a promise end as it likes. Dropping one instead would make its failure an "uncaught" error of the page.
pub fn let_be(promise: js_sys::Promise) {
    wasm_bindgen_futures::spawn_local(async move {
        let _outcome = wasm_bindgen_futures::JsFuture::from(promise).await;
    });
}

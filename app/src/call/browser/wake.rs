//! Keeps the screen of a phone on during a call. By reflection: the binding for it is not stable yet.

use js_sys::{Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::browser::let_be;
use crate::browser::method;

/// Asks for a wake lock. The browser takes it back when the tab is hidden, so the driver asks again when it is shown; it ends
/// with the page or with [`release`]. A browser without it, or with a low battery, refuses: nothing depends on it.
pub fn hold() {
    spawn_local(async {
        if let Some(promise) = request()
            && let Ok(lock) = JsFuture::from(promise).await
        {
            HELD.with(|held| *held.borrow_mut() = Some(lock));
        }
    });
}

/// Lets the screen go dark again.
pub fn release() {
    let lock = HELD.with(|held| held.borrow_mut().take());
    if let Some(lock) = lock
        && let Some(release) = method(&lock, "release")
        && let Ok(released) = release.call0(&lock)
        && let Ok(promise) = released.dyn_into::<Promise>()
    {
        let_be(promise);
    }
}

thread_local! {
    static HELD: std::cell::RefCell<Option<JsValue>> = const { std::cell::RefCell::new(None) };
}

fn request() -> Option<Promise> {
    let navigator = web_sys::window()?.navigator();
    let wake_lock = Reflect::get(&navigator, &"wakeLock".into()).ok()?;
    method(&wake_lock, "request")?
        .call1(&wake_lock, &"screen".into())
        .ok()?
        .dyn_into()
        .ok()
}

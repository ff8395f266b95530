//! The browser entry. `start.js` decides which of the two functions a page needs, and what follows when one fails.
#![cfg(target_arch = "wasm32")]
// The types of views nest deeply.
#![recursion_limit = "512"]

use std::cell::RefCell;
use std::sync::Arc;

use anteroom_app::App;
use anteroom_i18n::Lang;
use any_spawner::Executor;
use hydration_context::{HydrateSharedContext, SharedContext as _};
use js_sys::Function;
use leptos::mount::hydrate_from;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::HtmlElement;

/// Takes over the markup that the server rendered into `root`. `text` has the sentences of its language.
#[wasm_bindgen]
pub fn hydrate(root: HtmlElement, text: &str, on_panic: Function) -> Result<(), JsValue> {
    tell_of_panics(on_panic);
    Lang::install(text)?;
    hydrate_from(root, App).forget();
    Ok(())
}

/// The router builds a page in a few steps, each a task of its own.
const STEPS: u32 = 100;

/// Builds the page into `root`, which is empty, from the data that the server sent with it. Returns when it is there, before
/// the browser has painted.
#[wasm_bindgen]
pub async fn build(root: HtmlElement, text: String, on_panic: Function) -> Result<(), JsValue> {
    tell_of_panics(on_panic);
    Lang::install(&text)?;
    // It is there already where an instance before this one has begun.
    let _ = Executor::init_wasm_bindgen();
    let data = Arc::new(HydrateSharedContext::new());
    let owner = Owner::new_root(Some(data.clone()));
    let mut page = owner.with(|| App().into_view().build());
    page.mount(&root, None);
    for _ in 0..STEPS {
        if root.query_selector("main").is_ok_and(|main| main.is_some()) {
            break;
        }
        Executor::tick().await;
    }
    // What is fetched from here on is not the data of the page.
    data.hydration_complete();
    // They live as long as the page.
    std::mem::forget((page, owner));
    Ok(())
}

thread_local! {
    static ON_PANIC: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// A panic ends this instance for good: the page hears of it at once, wherever it happens.
fn tell_of_panics(on_panic: Function) {
    ON_PANIC.set(Some(on_panic));
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        if let Some(on_panic) = ON_PANIC.take() {
            // Nobody is left who could do something about its failure.
            let _ = on_panic.call0(&JsValue::NULL);
        }
    }));
}

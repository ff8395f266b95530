//! Notifications outside of the page. iPhones have none for pages that are not installed.

use js_sys::Promise;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Notification, NotificationOptions, NotificationPermission};

use super::has_global;

/// May we still ask for them?
pub fn may_ask() -> bool {
    permission() == Some(NotificationPermission::Default)
}

/// Asks, right after a click. The answer is read when it is needed.
pub async fn ask() {
    if permission().is_some()
        && let Ok(asked) = Notification::request_permission()
        // Older Safaris call back and promise nothing.
        && asked.has_type::<Promise>()
    {
        let _answer = JsFuture::from(asked).await;
    }
}

/// Shows one, where we may. One of the same tag takes the place of the one before.
pub fn show(title: &str, body: &str, tag: &str) {
    if permission() == Some(NotificationPermission::Granted) {
        let options = NotificationOptions::new();
        options.set_body(body);
        options.set_tag(tag);
        // Some phones allow them to service workers only.
        let _unsupported = Notification::new_with_options(title, &options);
    }
}

fn permission() -> Option<NotificationPermission> {
    has_global("Notification").then(Notification::permission)
}

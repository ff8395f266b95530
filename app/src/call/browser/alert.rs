use crate::browser::notification;

/// Shows a notification if the tab is hidden and the person permits it. It names nobody: it may show on a locked screen.
pub fn notify(title: &str, body: &str) {
    let hidden = web_sys::window()
        .and_then(|window| window.document())
        .is_some_and(|document| document.hidden());
    if hidden {
        notification::show(title, body, "anteroom-lobby");
    }
}

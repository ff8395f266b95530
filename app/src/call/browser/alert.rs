//! Tells a person who looks elsewhere: a sound, the title of the tab, a notification.

use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AudioContext, Notification, NotificationOptions, NotificationPermission};

use super::let_be;

/// How long [`chime`] sounds.
pub const CHIME_MS: u32 = 900;

/// Two soft tones. Nothing is heard where the browser blocks sound before the first click.
pub fn chime() {
    // Nothing to do about a browser without sound.
    let _silent = play();
}

fn play() -> Result<(), JsValue> {
    let context = AudioContext::new()?;
    let_be(context.resume()?);
    let start = context.current_time() + 0.02;
    for (frequency, at) in [(659.25_f32, 0.0), (880.0, 0.22)] {
        let tone = context.create_oscillator()?;
        let volume = context.create_gain()?;
        tone.frequency().set_value(frequency);
        // A bell: quick up, slow down.
        volume.gain().set_value_at_time(0.000_1, start + at)?;
        volume
            .gain()
            .exponential_ramp_to_value_at_time(0.25, start + at + 0.03)?;
        volume
            .gain()
            .exponential_ramp_to_value_at_time(0.000_1, start + at + 0.6)?;
        tone.connect_with_audio_node(&volume)?;
        volume.connect_with_audio_node(&context.destination())?;
        tone.start_with_when(start + at)?;
        tone.stop_with_when(start + at + 0.65)?;
    }
    wasm_bindgen_futures::spawn_local(async move {
        gloo_timers::future::TimeoutFuture::new(CHIME_MS + 200).await;
        if let Ok(closing) = context.close() {
            let_be(closing);
        }
    });
    Ok(())
}

/// May we still ask for notifications?
pub fn may_ask() -> bool {
    supported() && Notification::permission() == NotificationPermission::Default
}

/// Asks, right after a click.
pub async fn ask() {
    if supported()
        && let Ok(promise) = Notification::request_permission()
    {
        let _answer = JsFuture::from(promise).await;
    }
}

/// Shows a notification if the tab is hidden and we may. It says that somebody waits, not who: it may show on a locked
/// screen.
pub fn notify(title: &str, body: &str) {
    let hidden = web_sys::window()
        .and_then(|window| window.document())
        .is_some_and(|document| document.hidden());
    if hidden && supported() && Notification::permission() == NotificationPermission::Granted {
        let options = NotificationOptions::new();
        options.set_body(body);
        options.set_tag("anteroom-lobby");
        // Some phones only allow notifications from a service worker.
        let _unsupported = Notification::new_with_options(title, &options);
    }
}

pub fn set_title(title: &str) {
    if let Some(document) = web_sys::window().and_then(|window| window.document())
        && document.title() != title
    {
        document.set_title(title);
    }
}

fn supported() -> bool {
    web_sys::window().is_some_and(|window| js_sys::Reflect::has(&window, &"Notification".into()).unwrap_or(false))
}

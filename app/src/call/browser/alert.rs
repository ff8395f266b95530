//! Tells a person who looks elsewhere: a sound, the title of the tab, a notification.

use wasm_bindgen::JsValue;
use web_sys::AudioContext;

use super::let_be;
use crate::browser::notification;

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

/// Shows a notification if the tab is hidden and we may. It says that somebody waits, not who: it may show on a locked
/// screen.
pub fn notify(title: &str, body: &str) {
    let hidden = web_sys::window()
        .and_then(|window| window.document())
        .is_some_and(|document| document.hidden());
    if hidden {
        notification::show(title, body, "anteroom-lobby");
    }
}

pub fn set_title(title: &str) {
    if let Some(document) = web_sys::window().and_then(|window| window.document())
        && document.title() != title
    {
        document.set_title(title);
    }
}

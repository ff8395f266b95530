//! Two soft tones. Nothing is heard before the person has clicked or typed something on the page: browsers refuse it.

use std::cell::RefCell;

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use web_sys::AudioContext;

use super::let_be;

/// How long [`chime`] sounds.
pub const CHIME_MS: u32 = 900;
/// To be heard across a room.
pub const CLEAR: f32 = 0.22;
/// Hardly to be heard in a call.
pub const SOFT: f32 = 0.03;

thread_local! {
    /// Browsers allow a page a few of these: one is kept.
    static CONTEXT: RefCell<Option<AudioContext>> = const { RefCell::new(None) };
}

/// Nothing to do about a browser without sound.
pub fn chime(volume: f32) {
    let _silent = play(volume);
}

/// Would nothing be heard now, because nobody has touched this page yet? Browsers that do not say are believed to play.
pub fn is_blocked() -> bool {
    let touched = || {
        let navigator = web_sys::window()?.navigator();
        let activation = Reflect::get(&navigator, &"userActivation".into()).ok()?;
        Reflect::get(&activation, &"hasBeenActive".into()).ok()?.as_bool()
    };
    touched() == Some(false)
}

fn context() -> Result<AudioContext, JsValue> {
    CONTEXT.with_borrow_mut(|kept| match kept {
        Some(context) => Ok(context.clone()),
        None => AudioContext::new().inspect(|context| *kept = Some(context.clone())),
    })
}

fn play(volume: f32) -> Result<(), JsValue> {
    let context = context()?;
    let_be(context.resume()?);
    let start = context.current_time() + 0.02;
    for (frequency, at) in [(659.25_f32, 0.0), (880.0, 0.22)] {
        let tone = context.create_oscillator()?;
        let gain = context.create_gain()?;
        tone.frequency().set_value(frequency);
        // A bell: quick up, slow down.
        gain.gain().set_value_at_time(0.000_1, start + at)?;
        gain.gain()
            .exponential_ramp_to_value_at_time(volume, start + at + 0.03)?;
        gain.gain()
            .exponential_ramp_to_value_at_time(0.000_1, start + at + 0.6)?;
        tone.connect_with_audio_node(&gain)?;
        gain.connect_with_audio_node(&context.destination())?;
        tone.start_with_when(start + at)?;
        tone.stop_with_when(start + at + 0.65)?;
    }
    Ok(())
}

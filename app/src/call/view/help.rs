use leptos::prelude::*;

use super::switch::Switch;
use crate::call::{
    shortcuts::SHORTCUTS,
    state::{Call, Command},
};

/// The keys, and what to try when something does not work.
#[component]
pub fn Help() -> impl IntoView {
    let call = Call::here();
    let keys = SHORTCUTS
        .into_iter()
        .map(|(key, _, what)| {
            view! {
                <div class="help__key">
                    <dt>
                        <kbd>{key}</kbd>
                    </dt>
                    <dd>{what}</dd>
                </div>
            }
        })
        .collect_view();
    view! {
        <div class="help">
            <h3>"Keys"</h3>
            <p>"They work while you are not writing in a field."</p>
            <Switch on=call.preferences.keys set=Command::UseKeys test="keys" label="Use these keys" />
            <dl class="help__keys">{keys}</dl>
            <Troubles />
        </div>
    }
    .into_any()
}

/// What to try when something does not work.
#[component]
pub fn Troubles() -> impl IntoView {
    view! {
        <div class="help">
            <h3>"If something does not work"</h3>
            <ul>
                <li>"You hear nothing: check the volume of your device, then play the test sound under “Devices”."</li>
                <li>"Nobody hears you: look at your microphone button, then at the bar under “Devices”."</li>
                <li>"The picture stands still: turn your camera off, or move closer to your router."</li>
                <li>"Anything else: reload this page. You keep your place for a minute."</li>
            </ul>
        </div>
    }
    .into_any()
}

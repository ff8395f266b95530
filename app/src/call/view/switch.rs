use leptos::prelude::*;

use crate::call::state::{Call, Command};

/// A switch in a side panel; the browser remembers its state.
#[component]
pub fn Switch(on: RwSignal<bool>, set: fn(bool) -> Command, test: &'static str, label: &'static str) -> impl IntoView {
    let call = Call::here();
    view! {
        <label class="side__switch">
            <input
                type="checkbox"
                data-test=test
                prop:checked=move || on.get()
                on:change=move |event| call.ask(set(event_target_checked(&event)))
            />
            {label}
        </label>
    }
}

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
        .map(|(key, shortcut)| {
            view! {
                <div class="help__key">
                    <dt>
                        <kbd>{key}</kbd>
                    </dt>
                    <dd>{shortcut.what()}</dd>
                </div>
            }
        })
        .collect_view();
    view! {
        <div class="help">
            <h3>{t!(guest::help::keys)}</h3>
            <p>{t!(guest::help::keys_work)}</p>
            <Switch on=call.preferences.keys set=Command::UseKeys test="keys" label=t!(guest::help::use_keys) />
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
            <h3>{t!(guest::help::troubles)}</h3>
            <ul>
                <li>{t!(guest::help::hear_nothing)}</li>
                <li>{t!(guest::help::not_heard)}</li>
                <li>{t!(guest::help::picture_stands)}</li>
                <li>{t!(guest::help::anything_else)}</li>
            </ul>
        </div>
    }
    .into_any()
}

use anteroom_domain::consultation::{CancelledBy, Side, State};
use leptos::prelude::*;

use super::Tone;

/// A short word about a thing, in a tone.
#[component]
pub fn Badge(#[prop(optional)] tone: Tone, #[prop(into)] label: String) -> impl IntoView {
    view! { <span class=format!("badge badge--{}", tone.as_str())>{label}</span> }
}

/// The state of a consultation, in the words that people use for it.
#[component]
pub fn StateBadge(state: State) -> impl IntoView {
    let label = match state {
        State::Scheduled => "Scheduled",
        State::Open => "Open",
        State::Live => "Live",
        State::Ended => "Ended",
        State::Cancelled { by: CancelledBy::Guest } => "Cancelled by guest",
        State::Cancelled { by: CancelledBy::Staff } => "Cancelled",
        State::Missed { side: Side::Guest } => "Missed by guest",
        State::Missed { side: Side::Host } => "Missed by host",
        State::Missed { side: Side::Technical } => "Technical failure",
    };
    view! { <span class=format!("badge badge--{}", state.as_str())>{label}</span> }
}

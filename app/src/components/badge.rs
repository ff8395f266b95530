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
pub fn StateBadge(
    state: State,
    /// Whether anybody is in the room, or in its lobby.
    occupied: bool,
) -> impl IntoView {
    let label = match state {
        State::Live if !occupied => "Nobody in",
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
    let look = match state {
        State::Live if !occupied => State::Open,
        state => state,
    };
    view! { <span class=format!("badge badge--{}", look.into_str())>{label}</span> }
}

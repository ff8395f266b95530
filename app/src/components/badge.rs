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
        State::Live if !occupied => t!(guest::badge::nobody_in),
        State::Scheduled => t!(guest::badge::scheduled),
        State::Open => t!(guest::badge::open),
        State::Live => t!(guest::badge::live),
        State::Ended => t!(guest::badge::ended),
        State::Cancelled { by: CancelledBy::Guest } => t!(guest::badge::cancelled_by_guest),
        State::Cancelled { by: CancelledBy::Staff } => t!(guest::badge::cancelled),
        State::Missed { side: Side::Guest } => t!(guest::badge::missed_by_guest),
        State::Missed { side: Side::Host } => t!(guest::badge::missed_by_host),
        State::Missed { side: Side::Technical } => t!(guest::badge::technical_failure),
    };
    let look = match state {
        State::Live if !occupied => State::Open,
        state => state,
    };
    view! { <span class=format!("badge badge--{}", look.into_str())>{label}</span> }
}

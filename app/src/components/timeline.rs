use anteroom_domain::time::Zone;
use jiff::Timestamp;
use leptos::prelude::*;

use super::{LocalTime, Tone};

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    pub at: Timestamp,
    /// What happened: "Admitted".
    pub title: String,
    /// Who did it, or more about it.
    pub detail: String,
    pub tone: Tone,
}

/// What happened, in its order.
#[component]
pub fn Timeline(zone: Zone, moments: Vec<Moment>) -> impl IntoView {
    view! {
        <ol class="timeline">
            {moments
                .into_iter()
                .map(|moment| {
                    let at = view! { <LocalTime at=moment.at zone=zone.clone() /> };
                    let when = if moment.detail.is_empty() {
                        at.into_any()
                    } else {
                        t_view!(staff::timeline::when_and_detail { when: at, detail: moment.detail }).into_any()
                    };
                    view! {
                        <li class=format!("timeline__moment timeline__moment--{}", moment.tone.as_str())>
                            <p class="timeline__title">{moment.title}</p>
                            <p class="timeline__detail">{when}</p>
                        </li>
                    }
                })
                .collect_view()}
        </ol>
    }
}

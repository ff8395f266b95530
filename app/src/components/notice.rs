use leptos::prelude::*;

use super::{Icon, IconName, Tone};

/// A message on the page: what happened, and what can be done.
#[component]
pub fn Notice(
    #[prop(optional)] tone: Tone,
    #[prop(optional, into)] title: String,
    /// Read out at once by screen readers: for the answer to what was just done.
    #[prop(optional)]
    live: bool,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let role = live.then_some(if tone == Tone::Danger { "alert" } else { "status" });
    let icon = match tone {
        Tone::Neutral | Tone::Info => IconName::Info,
        Tone::Success => IconName::Success,
        Tone::Warning => IconName::Warning,
        Tone::Danger => IconName::Danger,
    };
    view! {
        <div class=format!("notice notice--{}", tone.as_str()) role=role>
            <Icon name=icon />
            <div class="notice__body">
                {(!title.is_empty()).then(|| view! { <p class="notice__title">{title}</p> })}
                {children.map(|children| view! { <div class="notice__text">{children()}</div> })}
            </div>
        </div>
    }
}

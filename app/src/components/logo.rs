use leptos::prelude::*;

use crate::branding::Branding;

/// The organisation: its logo where there is one, else our mark and its name.
#[component]
pub fn Logo() -> impl IntoView {
    let branding = use_context::<Branding>().unwrap_or_default();
    match branding.logo_url {
        Some(url) => view! { <img class="logo__image" src=url alt=branding.organisation /> }.into_any(),
        // A door that stands open: the anteroom.
        None => view! {
            <span class="logo">
                <svg class="logo__mark" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
                    <rect class="logo__frame" x="1" y="1" width="22" height="22" rx="6" />
                    <path class="logo__door" d="M8 19V6.6a.8.8 0 0 1 .98-.78l6.4 1.5a.8.8 0 0 1 .62.78V19" />
                    <circle class="logo__knob" cx="13.4" cy="12.8" r="1" />
                </svg>
                <span class="logo__name">{branding.organisation}</span>
            </span>
        }
        .into_any(),
    }
}

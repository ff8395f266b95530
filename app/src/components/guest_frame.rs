use leptos::prelude::*;

use super::Logo;

/// What stands around every page of a guest: whose page it is, and nothing that leads away from it.
#[component]
pub fn GuestFrame(
    /// Whom to turn to, or what is done with the data.
    #[prop(optional)]
    footer: Option<AnyView>,
    children: Children,
) -> impl IntoView {
    view! {
        <a class="skip-link" href="#content">
            "Skip to content"
        </a>
        <div class="guest-frame">
            <header class="guest-frame__header">
                <Logo />
            </header>
            {children()}
            {footer.map(|footer| view! { <footer class="guest-frame__footer">{footer}</footer> })}
        </div>
    }
}

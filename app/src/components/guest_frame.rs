use leptos::prelude::*;

use super::{Contact, LanguageSwitch, Logo};
use crate::branding::Branding;
use crate::paths;

/// What stands around every page of a guest: whose page it is, whom to turn to, and nothing else that leads away from it.
#[component]
pub fn GuestFrame(
    /// How the guest reaches their branch; without one, the organisation.
    #[prop(optional)]
    contact: Option<AnyView>,
    children: Children,
) -> impl IntoView {
    let Branding {
        organisation,
        contact: general,
        privacy_url,
        imprint_url,
        ..
    } = use_context().unwrap_or_default();
    let contact = contact.unwrap_or_else(|| view! { <Contact of=organisation contact=general /> }.into_any());
    let link = |label: &'static str, url: Option<String>| {
        url.map(|url| view! { <li><a href=url target="_blank" rel="external noopener">{label}</a></li> })
    };
    view! {
        <a class="skip-link" href="#content">
            {t!(guest::frame::skip_to_content)}
        </a>
        <div class="guest-frame">
            <header class="guest-frame__header">
                <Logo />
                <LanguageSwitch />
            </header>
            {children()}
            <footer class="guest-frame__footer">
                {contact}
                <ul class="guest-frame__links">
                    {link(t!(guest::frame::privacy), privacy_url)} {link(t!(guest::frame::imprint), imprint_url)}
                    <li>
                        <a href=paths::ABOUT rel="external">
                            {t!(guest::about::link)}
                        </a>
                    </li>
                </ul>
            </footer>
        </div>
    }
}

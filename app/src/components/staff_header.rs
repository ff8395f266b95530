use leptos::prelude::*;

use super::{Icon, IconName, Logo};

/// A link of the staff navigation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavLink {
    pub label: String,
    pub href: String,
    /// Is this the page, or the area, that is shown?
    pub current: bool,
}

impl NavLink {
    pub fn new(label: impl Into<String>, href: impl Into<String>, current: bool) -> Self {
        Self {
            label: label.into(),
            href: href.into(),
            current,
        }
    }
}

/// The head of every staff page: the way past it, the brand, the navigation, who waits, and the account.
#[component]
pub fn StaffHeader(
    /// Where the brand leads: the clerk's day.
    #[prop(into)]
    home: String,
    links: Vec<NavLink>,
    /// The administration's pages; none for a clerk.
    #[prop(optional)]
    admin_links: Vec<NavLink>,
    /// The live count of who waits in a lobby.
    #[prop(optional)]
    waiting: Option<AnyView>,
    #[prop(into)] account_name: String,
    /// Links in the account menu, above signing out.
    #[prop(optional)]
    account_links: Vec<NavLink>,
    /// Where the sign-out form posts to.
    #[prop(into)]
    sign_out: String,
) -> impl IntoView {
    let narrow_links = links.clone();
    let narrow_admin = admin_links.clone();
    let admin_current = admin_links.iter().any(|link| link.current);
    view! {
        <a class="skip-link" href="#content">
            {t!(staff::header::skip)}
        </a>
        <header class="staff-header">
            <div class="staff-header__inner">
                <a class="staff-header__brand" href=home>
                    <Logo />
                </a>
                <nav class="staff-header__nav" aria-label=t!(staff::header::main)>
                    <NavLinks links />
                    {(!admin_links.is_empty())
                        .then(|| {
                            view! {
                                <details class="menu" name="staff-menu" on:keydown=close_on_escape>
                                    <summary class="menu__button" class:is-current=admin_current>
                                        {t!(staff::header::admin)}
                                        <Icon name=IconName::Down />
                                    </summary>
                                    <div class="menu__panel">
                                        <NavLinks links=admin_links />
                                    </div>
                                </details>
                            }
                        })}
                </nav>
                <div class="staff-header__end">
                    {waiting.map(|waiting| view! { <div class="staff-header__waiting">{waiting}</div> })}
                    <details class="menu menu--end staff-header__account" name="staff-menu" on:keydown=close_on_escape>
                        <summary class="menu__button" aria-label=t!(staff::header::account_of { name: &account_name })>
                            <Icon name=IconName::Person />
                            <span class="menu__text" aria-hidden="true">{account_name.clone()}</span>
                        </summary>
                        <div class="menu__panel">
                            <p class="menu__title">{account_name.clone()}</p>
                            <NavLinks links=account_links.clone() />
                            <SignOut action=sign_out.clone() />
                        </div>
                    </details>
                    <details class="menu menu--end staff-header__narrow" name="staff-menu" on:keydown=close_on_escape>
                        <summary class="menu__button">
                            <Icon name=IconName::Menu />
                            {t!(staff::header::menu)}
                        </summary>
                        <div class="menu__panel">
                            <nav aria-label=t!(staff::header::menu)>
                                <NavLinks links=narrow_links />
                                {(!narrow_admin.is_empty())
                                    .then(|| {
                                        view! {
                                            <p class="menu__title">{t!(staff::header::admin)}</p>
                                            <NavLinks links=narrow_admin />
                                        }
                                    })}
                            </nav>
                            <p class="menu__title">{account_name}</p>
                            <NavLinks links=account_links />
                            <SignOut action=sign_out />
                        </div>
                    </details>
                </div>
            </div>
        </header>
    }
}

#[component]
fn NavLinks(links: Vec<NavLink>) -> impl IntoView {
    (!links.is_empty()).then(|| {
        view! {
            <ul class="nav-links">
                {links
                    .into_iter()
                    .map(|link| {
                        view! {
                            <li>
                                <a class="nav-link" href=link.href aria-current=link.current.then_some("page")>
                                    {link.label}
                                </a>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        }
    })
}

#[component]
fn SignOut(action: String) -> impl IntoView {
    view! {
        <form method="post" action=action>
            <button class="menu__action" type="submit">
                {t!(staff::header::sign_out)}
            </button>
        </form>
    }
}

/// Escape closes a menu and gives the keyboard back to its button.
pub fn close_on_escape(event: leptos::ev::KeyboardEvent) {
    #[cfg(feature = "hydrate")]
    if event.key() == "Escape" {
        use wasm_bindgen::JsCast as _;
        let menu = event
            .current_target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if let Some(menu) = menu.filter(|menu| menu.has_attribute("open")) {
            let _ = menu.remove_attribute("open");
            let button = menu
                .first_element_child()
                .and_then(|button| button.dyn_into::<web_sys::HtmlElement>().ok());
            let _ = button.map(|button| button.focus());
        }
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = event;
}

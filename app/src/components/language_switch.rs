use anteroom_i18n::KNOWN;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{Icon, IconName};
use crate::language::lang;
use crate::paths;

/// Another language for this page and those that follow. Each calls itself by its own name, so that whoever can't read the
/// page finds theirs.
#[component]
pub fn LanguageSwitch() -> impl IntoView {
    let lang = lang();
    let own = KNOWN.iter().find(|known| known.tag == lang.tag());
    view! {
        <details class="menu menu--end language-switch" on:keydown=super::close_on_escape>
            <summary class="menu__button">
                <Icon name=IconName::Globe />
                <span class="visually-hidden">{t!(guest::language::label)}</span>
                <span class="menu__text">{own.map(|known| known.name)}</span>
            </summary>
            <div class="menu__panel">
                <LanguageChoices />
            </div>
        </details>
    }
}

/// A button for each language. It is kept, and the same page follows in it.
#[component]
pub fn LanguageChoices() -> impl IntoView {
    let lang = lang();
    let location = use_location();
    let back = move || format!("{}{}", location.pathname.get(), location.search.get());
    let choices = KNOWN.iter().map(|known| {
        let (tag, name) = (known.tag, known.name);
        let current = (tag == lang.tag()).then_some("true");
        view! {
            <li>
                <button class="menu__action" name="language" value=tag lang=tag aria-current=current>
                    {name}
                </button>
            </li>
        }
    });
    view! {
        <form method="post" action=paths::LANGUAGE>
            <input type="hidden" name="back" value=back />
            <ul class="language-switch__choices">{choices.collect_view()}</ul>
        </form>
    }
}

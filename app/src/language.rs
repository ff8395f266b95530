//! The language of the page that is being shown, and sentences in it.

use anteroom_i18n::{Lang, Part};
use leptos::prelude::*;

/// The language of the page: on the server that of whoever asked, in a browser the one that came with the page.
pub fn lang() -> Lang {
    #[cfg(feature = "ssr")]
    return use_context::<Lang>().unwrap_or_default();
    #[cfg(not(feature = "ssr"))]
    Lang::of_page().unwrap_or_else(|| unreachable!("a page is started with its language"))
}

/// A sentence in the language of the page: `t!(guest::landing::add_to_calendar)`, with arguments
/// `t!(guest::landing::heading { service: &service, host: &host })`.
#[macro_export]
macro_rules! t {
    ($($sentence:tt)+) => { ::anteroom_i18n::text!($crate::language::lang(), $($sentence)+) };
}

/// A sentence with pieces of the page in it: `t_view!(guest::landing::opens { time: view! { … } })`. One that agrees with a
/// number has that first: `t_view!(guest::lobby::before(count: n) { host: view! { … } })`.
#[macro_export]
macro_rules! t_view {
    ($($key:ident)::+ { $($slot:ident $(: $view:expr)?),* $(,)? }) => {
        $crate::language::joined(
            ::anteroom_i18n::$($key)::+ { $($slot: $crate::t_view!(@slot $slot $(: $view)?)),* }
                .parts($crate::language::lang()),
        )
    };
    ($($key:ident)::+ (count: $count:expr) { $($slot:ident $(: $view:expr)?),* $(,)? }) => {
        $crate::language::joined(
            ::anteroom_i18n::$($key)::+ { count: $count, $($slot: $crate::t_view!(@slot $slot $(: $view)?)),* }
                .parts($crate::language::lang()),
        )
    };
    (@slot $slot:ident) => { ::leptos::prelude::IntoAny::into_any($slot) };
    (@slot $slot:ident: $view:expr) => { ::leptos::prelude::IntoAny::into_any($view) };
}

/// The pieces of a sentence, one after the other.
pub fn joined(parts: Vec<Part<AnyView>>) -> Vec<AnyView> {
    parts
        .into_iter()
        .map(|part| match part {
            Part::Text(text) => text.into_any(),
            Part::Slot(view) => view,
        })
        .collect()
}

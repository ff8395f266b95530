//! The screens of Anteroom. Compiled twice: for the server (`ssr`), which renders them, and for the browser (`hydrate`),
//! which takes them over. Everything here works as plain HTML first.
#![recursion_limit = "256"]
#![expect(clippy::needless_pass_by_value, reason = "the props of a component are its own")]

#[macro_use]
pub mod language;
pub mod api;
pub mod branding;
#[cfg(feature = "hydrate")]
mod browser;
pub mod call;
pub mod components;
pub mod escape;
pub mod forms;
pub mod pages;
pub mod paths;
pub mod routes;
pub mod shell;
pub mod words;

use leptos::prelude::*;
use leptos_meta::provide_meta_context;

use crate::branding::Branding;
use crate::components::TitleNote;

/// The whole application: what the server renders into the body and the browser hydrates.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    // The server provides it from its configuration; the browser finds what it needs of it in the document.
    if use_context::<Branding>().is_none() {
        provide_context(Branding::of_document());
    }
    provide_context(TitleNote::default());
    provide_context(pages::ZoneOptions::default());
    view! { <routes::AppRoutes /> }
}

//! The HTML document around the application.

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;

use crate::App;
use crate::branding::Branding;

/// Where the built files of the browser part are, content hash included. Empty addresses mean that this build has no
/// browser part: the pages then work as plain HTML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assets {
    pub script: String,
    pub wasm: String,
    pub stylesheet: String,
}

/// Renders the document. Expects [`Branding`] in the context; falls back to the product's own.
pub fn shell(assets: Assets) -> impl IntoView {
    let branding = use_context::<Branding>().unwrap_or_default();
    let Assets {
        script,
        wasm,
        stylesheet,
    } = assets;
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                <meta name="color-scheme" content="light dark" />
                <meta name="theme-color" media="(prefers-color-scheme: light)" content="#ffffff" />
                <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#182023" />
                // A page about one person's appointment is nobody else's business, and a phone number in it is no link.
                <meta name="robots" content="noindex, nofollow" />
                <meta name="format-detection" content="telephone=no" />
                <meta name="application-name" content=branding.organisation.clone() />
                {branding.logo_url.clone().map(|url| view! { <meta name="anteroom-logo" content=url /> })}
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                {(!stylesheet.is_empty()).then(|| view! { <link rel="stylesheet" href=stylesheet /> })}
                <link rel="stylesheet" href=branding.stylesheet_path() />
                {(!script.is_empty()).then(|| view! { <Hydration script wasm /> })}
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Loads the browser part behind the page, without competing with it.
///
/// These are the three tags of Leptos' own `HydrationScripts`, written out because version 0.8 writes the nonce into
/// `crossorigin` of the wasm preload; Firefox then aborts that request and never hydrates (leptos issue 4843).
#[component]
fn Hydration(script: String, wasm: String) -> impl IntoView {
    // Both addresses are made by our own build out of letters, digits, `-`, `_`, `.` and `/`.
    let start = format!(
        "import start, {{ hydrate }} from {script:?}; {}start({{ module_or_path: {wasm:?} }}).then(hydrate);",
        shown_at()
    );
    view! {
        <link rel="modulepreload" href=script fetchpriority="low" />
        <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous" fetchpriority="low" />
        <script type="module" nonce=use_nonce()>
            {start}
        </script>
    }
}

/// Puts the address of this page into the bar where the browser sent a form to another one: the router goes by it.
fn shown_at() -> String {
    #[cfg(feature = "ssr")]
    if let Some(address) = use_context::<crate::api::ShownAt>()
        && let Ok(address) = serde_json::to_string(&address.0)
    {
        return format!("history.replaceState(null, '', {}); ", address.replace('<', "\\u003c"));
    }
    String::new()
}

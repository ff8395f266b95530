//! The HTML document around the application.

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;

use crate::App;
use crate::branding::Branding;
use crate::components::StartTrouble;
use crate::language::lang;

/// The element that holds the application, and nothing else. What extensions put into the document stands outside of it, or
/// is noticed (`src/start.js`).
pub const ROOT: &str = "app";

/// Where the built files of the browser part are, content hash included. Empty addresses mean that this build has no
/// browser part: the pages then work as plain HTML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assets {
    pub start: String,
    pub bindings: String,
    pub wasm: String,
    pub stylesheet: String,
    /// The folder of the files with the sentences of a language, with a slash at its end.
    pub texts: String,
}

/// Renders the document. Expects [`Branding`] in the context; falls back to the product's own.
pub fn shell(assets: Assets) -> impl IntoView {
    let branding = use_context::<Branding>().unwrap_or_default();
    let stylesheet = assets.stylesheet.clone();
    let starts = !assets.start.is_empty();
    let lang = lang();
    view! {
        <!DOCTYPE html>
        <html lang=lang.tag() dir=lang.direction().as_str()>
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
                {for_browser(&branding)}
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                {(!stylesheet.is_empty()).then(|| view! { <link rel="stylesheet" href=stylesheet /> })}
                <link rel="stylesheet" href=branding.stylesheet_path() />
                {starts.then(|| view! { <BrowserPart assets /> })}
                <MetaTags />
            </head>
            <body>
                <div id=ROOT>
                    <App />
                </div>
                {starts.then(|| view! { <StartTrouble /> })}
            </body>
        </html>
    }
}

/// What [`Branding::of_document`] reads.
fn for_browser(branding: &Branding) -> impl IntoView + use<> {
    let Branding {
        logo_url,
        contact,
        privacy_url,
        imprint_url,
        ..
    } = branding.clone();
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    [
        ("anteroom-logo", logo_url),
        ("anteroom-phone", some(contact.phone)),
        ("anteroom-email", some(contact.email)),
        ("anteroom-privacy", privacy_url),
        ("anteroom-imprint", imprint_url),
    ]
    .map(|(name, content)| content.map(|content| view! { <meta name=name content=content /> }))
    .collect_view()
}

/// How long a page may take before it says that it is late.
const LATE_MS: u32 = 12_000;

/// A page that is being left fails to load as well, and is gone by then.
const LEFT_MS: u32 = 1_000;

/// Loads the browser part behind the page, without competing with it.
///
/// The first script is for browsers that understand nothing of the second: it shows what is the matter in the page
/// (`components/start_trouble.rs`), and is written for the oldest of them. The tags are written out because those of
/// Leptos 0.8 put the nonce into `crossorigin` of the wasm preload; Firefox then aborts that request (leptos issue 4843).
#[component]
fn BrowserPart(assets: Assets) -> impl IntoView {
    let Assets {
        start, bindings, wasm, ..
    } = assets;
    let text = format!("{}{}", assets.texts, text_file());
    let watch = format!(
        "(function (page) {{ \
           var root = document.documentElement; \
           page.say = function (word) {{ clearTimeout(late); root.setAttribute('data-start', word); }}; \
           var late = setTimeout(page.say, {LATE_MS}, 'slow'); \
           if (typeof WebAssembly !== 'object' || !('noModule' in document.createElement('script'))) page.say('unsupported'); \
         }})(window.anteroom = {{}});"
    );
    // The addresses are made by our own build out of letters, digits, `-`, `_`, `.` and `/`.
    let begin = format!(
        "{}if (document.documentElement.dataset.start !== 'unsupported') \
         import({start:?}).then((page) => page.begin({bindings:?}, {wasm:?}, {text:?})).catch((error) => \
         setTimeout(() => {{ console.error(error); anteroom.say('failed'); }}, {LEFT_MS}));",
        shown_at()
    );
    view! {
        <script nonce=use_nonce()>{watch}</script>
        <link rel="modulepreload" href=start fetchpriority="low" />
        <link rel="modulepreload" href=bindings fetchpriority="low" />
        <link rel="preload" href=text r#as="fetch" r#type="application/json" crossorigin="anonymous" fetchpriority="low" />
        <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous" fetchpriority="low" />
        <script type="module" nonce=use_nonce()>
            {begin}
        </script>
    }
}

/// The sentences that this page and those that it leads to are made of.
fn text_file() -> String {
    #[cfg(feature = "ssr")]
    {
        use anteroom_i18n::{Audience, find};

        let audience = if is_guests() { Audience::Guest } else { Audience::Staff };
        find(lang().tag()).map_or_else(String::new, |language| language.file_name(audience).to_owned())
    }
    #[cfg(not(feature = "ssr"))]
    String::new()
}

/// Is this a page behind a guest's link?
pub(crate) fn is_guests() -> bool {
    #[cfg(feature = "ssr")]
    if let Some(parts) = use_context::<http::request::Parts>() {
        return ["/j/", "/r/"].iter().any(|prefix| parts.uri.path().starts_with(prefix));
    }
    false
}

/// Puts the address of this page into the bar where the browser sent a form to another one: the router goes by it.
fn shown_at() -> String {
    #[cfg(feature = "ssr")]
    if let Some(address) = use_context::<crate::api::CanonicalPath>()
        && let Ok(address) = serde_json::to_string(&address.0)
    {
        return format!("history.replaceState(null, '', {}); ", address.replace('<', "\\u003c"));
    }
    String::new()
}

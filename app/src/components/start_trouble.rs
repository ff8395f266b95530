use leptos::prelude::*;

use super::{Notice, Tone};

/// What is shown above a page whose browser part is late, can't run here, or failed: nothing, until the document's first
/// script says which of them it is. Part of the document and not of the application, which is what may be missing.
#[component]
pub fn StartTrouble() -> impl IntoView {
    let [unsupported, failed] = if is_guests() {
        [
            "You can read this page, but this browser can't carry a video meeting: it is too old, or WebAssembly is switched \
             off, as Lockdown Mode on an iPhone and some employers do. Open your link in another browser or on another \
             device. If you have no other, call the branch that you have the appointment with.",
            "Reload the page. If that does not help, open your link in another browser or on another device, or call the branch \
             that you have the appointment with.",
        ]
    } else {
        [
            "Lists and forms work, but nothing here updates by itself, and you can't join a meeting: this browser is too \
             old, or WebAssembly is switched off in it. Use another browser, or ask whoever looks after your computer.",
            "Lists and forms work, but nothing here updates by itself. Reload the page. If that does not help, use \
             another browser, or ask whoever looks after your computer.",
        ]
    };
    view! {
        <Trouble when="slow" title="This page is still getting ready.">
            "On a slow connection that can take a minute. If it does not go on, "
            <a href="" rel="external">"reload the page"</a>
            "."
        </Trouble>
        <Trouble when="unsupported" title="This browser can't run the whole of this page.">
            {unsupported}
        </Trouble>
        <Trouble when="failed" title="A part of this page does not work.">
            {failed}
            " "
            <a href="" rel="external">"Reload the page"</a>
        </Trouble>
    }
}

/// Shown by the stylesheet alone, and then read out.
#[component]
fn Trouble(when: &'static str, title: &'static str, children: Children) -> impl IntoView {
    view! {
        <div class=format!("start-trouble start-trouble--{when}") role="alert" data-test=format!("start-{when}")>
            <Notice tone=Tone::Warning title>
                {children()}
            </Notice>
        </div>
    }
}

/// Is this a page behind a guest's link?
fn is_guests() -> bool {
    #[cfg(feature = "ssr")]
    if let Some(parts) = use_context::<http::request::Parts>() {
        return ["/j/", "/r/"].iter().any(|prefix| parts.uri.path().starts_with(prefix));
    }
    false
}

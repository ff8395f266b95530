//! How a clerk who looks elsewhere hears that somebody waits.

use leptos::prelude::*;

/// Offers to tell of arrivals outside of this page, where the browser can and has not been asked.
#[component]
pub fn NotifyMe() -> impl IntoView {
    let offered = RwSignal::new(false);
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| offered.set(crate::browser::notification::may_ask()));
    let ask = move |_| {
        offered.set(false);
        #[cfg(feature = "hydrate")]
        leptos::task::spawn_local(crate::browser::notification::ask());
    };
    view! {
        <Show when=move || offered.get()>
            <button class="button button--quiet" type="button" on:click=ask data-test="notify-me">
                {t!(staff::alerts::notify_me)}
            </button>
        </Show>
    }
}

/// For where clerks are at rest: what would be heard and seen of an arrival, before the first one comes. One line in either
/// case: what is below does not move once the browser has said which it is.
#[component]
pub fn Alerts() -> impl IntoView {
    let silent = RwSignal::new(false);
    #[cfg(feature = "hydrate")]
    {
        use crate::browser::sound;

        Effect::new(move |_| silent.set(sound::is_blocked()));
        // After the click itself has been counted.
        let look = move |_| {
            leptos::task::spawn_local(async move {
                gloo_timers::future::TimeoutFuture::new(0).await;
                let _left = silent.try_set(sound::is_blocked());
            });
        };
        let listeners = ["pointerup", "keyup"].map(|event| window_event_listener_untyped(event, look));
        on_cleanup(move || listeners.into_iter().for_each(WindowListenerHandle::remove));
    }
    view! {
        <div class="alerts" data-test="alerts">
            <p class="alerts__sound" role="status">
                {move || {
                    if silent.get() {
                        t!(staff::alerts::silent)
                    } else {
                        t!(staff::alerts::sound)
                    }
                }}
            </p>
            <NotifyMe />
        </div>
    }
}

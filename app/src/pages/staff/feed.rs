//! The live feed of a staff page: who waits, and that something changed. Falls silent without the browser part; the
//! page then shows what it was sent.

use anteroom_domain::view::Waiting;
use leptos::prelude::*;

/// What a page follows. In the context of every staff page.
#[derive(Clone, Copy)]
pub struct Feed {
    pub waiting: RwSignal<Vec<Waiting>>,
    /// Counts changes: a page that depends on it reads its data anew.
    pub changes: RwSignal<u32>,
}

impl Default for Feed {
    fn default() -> Self {
        Self {
            waiting: RwSignal::new(Vec::new()),
            changes: RwSignal::new(0),
        }
    }
}

#[cfg(feature = "hydrate")]
pub use browser::follow;

#[cfg(feature = "hydrate")]
mod browser {
    use anteroom_domain::view::{StaffFeed, Waiting};
    use leptos::prelude::*;
    use wasm_bindgen::JsCast;
    use wasm_bindgen::closure::Closure;
    use web_sys::{CloseEvent, MessageEvent, WebSocket};

    use super::Feed;

    /// The sockets of a page come back by themselves, a little later each time.
    const FIRST_RETRY_MS: u32 = 500;
    const LAST_RETRY_MS: u32 = 10_000;

    /// Follows the feed until the page is left, and tells the person of new arrivals.
    pub fn follow(feed: Feed) {
        let alive = StoredValue::new(true);
        on_cleanup(move || alive.set_value(false));
        leptos::task::spawn_local(async move {
            // After hydration: news that changed the page before the browser has taken it over would break that.
            gloo_timers::future::TimeoutFuture::new(0).await;
            let mut wait = FIRST_RETRY_MS;
            let mut first = true;
            while alive.try_get_value() == Some(true) {
                let heard = listen(feed, alive, first).await;
                first = false;
                wait = if heard {
                    FIRST_RETRY_MS
                } else {
                    (wait * 2).min(LAST_RETRY_MS)
                };
                gloo_timers::future::TimeoutFuture::new(wait).await;
            }
        });
    }

    /// One socket, until it closes. Answers whether it ever said anything.
    async fn listen(feed: Feed, alive: StoredValue<bool>, first: bool) -> bool {
        let Some(address) = address() else { return false };
        let Ok(socket) = WebSocket::new(&address) else {
            return false;
        };
        let (closed, is_closed) = futures::channel::oneshot::channel::<()>();
        let heard = StoredValue::new(false);
        let quiet = StoredValue::new(first);
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let Some(text) = event.data().as_string() else { return };
            let Ok(news) = serde_json::from_str::<StaffFeed>(&text) else {
                return;
            };
            if alive.try_get_value() != Some(true) {
                return;
            }
            heard.set_value(true);
            let before = feed.waiting.get_untracked();
            let arrived: Vec<Waiting> = news
                .waiting
                .iter()
                .filter(|now| !before.iter().any(|old| old.visit == now.visit))
                .cloned()
                .collect();
            if before != news.waiting {
                feed.waiting.set(news.waiting);
            }
            // The first word says what the page shows already.
            if !quiet.get_value() {
                feed.changes.update(|n| *n = n.wrapping_add(1));
            }
            quiet.set_value(false);
            if !arrived.is_empty() {
                super::super::frame::alarm::ring(&arrived);
            }
        });
        let mut closed = Some(closed);
        let on_close = Closure::<dyn FnMut(CloseEvent)>::new(move |_| {
            if let Some(closed) = closed.take() {
                let _ = closed.send(());
            }
        });
        socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        let _ = is_closed.await;
        socket.set_onmessage(None);
        socket.set_onclose(None);
        heard.get_value()
    }

    fn address() -> Option<String> {
        let location = web_sys::window()?.location();
        let scheme = if location.protocol().ok()? == "https:" {
            "wss"
        } else {
            "ws"
        };
        Some(format!(
            "{scheme}://{}{}",
            location.host().ok()?,
            crate::paths::STAFF_SOCKET
        ))
    }
}

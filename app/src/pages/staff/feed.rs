//! The live feed of a staff page: who waits, that something changed, and whether it is live at all. Falls silent without
//! the browser part; the page then shows what it was sent.

use anteroom_domain::id::ConsultationId;
use anteroom_domain::view::Waiting;
use jiff::Timestamp;
use leptos::prelude::*;

use crate::api::LinkOf;
use crate::components::ServerTime;

/// What a page follows. In the context of every staff page.
#[derive(Clone, Copy)]
pub struct Feed {
    pub waiting: RwSignal<Vec<Waiting>>,
    /// Counts changes: a page that depends on it reads its data anew.
    pub changes: RwSignal<u32>,
    /// What time it is there, each time it is heard.
    pub server_time: ServerTime,
    /// When the server was heard last, once that is too long ago.
    pub silent_since: RwSignal<Option<Timestamp>>,
    /// Asked anew, the server does not know any more who this is.
    pub signed_out: RwSignal<bool>,
    /// There are changes that are not shown, because somebody is typing.
    pub held: RwSignal<bool>,
    /// Links that were made on this page, by whose they are. They are shown once, and outlive what is read anew.
    pub links: RwSignal<Vec<(Whose, String)>>,
    /// Whose link was copied last.
    pub copied: RwSignal<Option<Whose>>,
}

/// Whom a link is for, of which consultation.
pub type Whose = (ConsultationId, LinkOf);

impl Feed {
    pub fn keep_link(self, whose: Whose, url: String) {
        let _left = self.links.try_update(|links| {
            links.retain(|(other, _)| *other != whose);
            links.push((whose, url));
        });
    }

    pub fn say_copied(self, whose: Whose, is_copied: bool) {
        let _left = self.copied.try_set(is_copied.then_some(whose));
    }

    pub fn link(self, whose: Whose) -> Option<String> {
        self.links.with(|links| {
            let mut links = links.iter();
            links.find(|(other, _)| *other == whose).map(|(_, url)| url.clone())
        })
    }
}

impl Default for Feed {
    fn default() -> Self {
        Self {
            waiting: RwSignal::new(Vec::new()),
            changes: RwSignal::new(0),
            server_time: ServerTime::default(),
            silent_since: RwSignal::new(None),
            signed_out: RwSignal::new(false),
            held: RwSignal::new(false),
            links: RwSignal::new(Vec::new()),
            copied: RwSignal::new(None),
        }
    }
}

#[cfg(feature = "hydrate")]
pub use browser::follow;

#[cfg(feature = "hydrate")]
mod browser {
    use std::cell::{Cell, RefCell};
    use std::rc::Rc;
    use std::time::Duration;

    use anteroom_domain::id::EventId;
    use anteroom_domain::view::Waiting;
    use anteroom_protocol::staff_feed::{HEARTBEAT_SECONDS, StaffFeed};
    use jiff::Timestamp;
    use leptos::prelude::*;
    use wasm_bindgen::JsCast;
    use wasm_bindgen::closure::Closure;
    use web_sys::{CloseEvent, MessageEvent, WebSocket};

    use super::super::alarm::{self, Loudness};
    use super::Feed;
    use crate::api::ApiError;
    use crate::api::session::frame::show_frame;
    use crate::browser::socket_address;
    use crate::paths::STAFF_SOCKET;

    /// How often the line is looked after.
    const LOOK: Duration = Duration::from_secs(1);
    /// The socket comes back by itself, a little later each time.
    const FIRST_RETRY_MS: f64 = 500.0;
    const LAST_RETRY_MS: f64 = 10_000.0;
    #[expect(clippy::cast_precision_loss, reason = "some seconds")]
    const BEAT_MS: f64 = 1_000.0 * HEARTBEAT_SECONDS as f64;
    /// So long without a word, and the socket is dead, whatever it says of itself.
    const DEAD_MS: f64 = 3.0 * BEAT_MS;
    /// So long without a socket, and a person is told.
    const TOLD_MS: f64 = 5_000.0;

    /// Follows the feed until the page is left, and tells the person of new arrivals. Begins as soon as it is known what
    /// the page shows already, or at once where it shows nothing.
    pub fn follow(feed: Feed, loudness: Loudness, shown: Option<Signal<Option<StaffFeed>>>) {
        let line = Rc::new(Line::new(feed, loudness));
        let kept = StoredValue::new_local(line);
        on_cleanup(move || {
            let _ = kept.try_with_value(|line| line.end());
        });
        Effect::new(move |begun: Option<bool>| {
            if begun == Some(true) {
                return true;
            }
            let shown = match shown {
                Some(shown) => match shown.get() {
                    Some(shown) => Some(shown),
                    None => return false,
                },
                None => None,
            };
            let Some(line) = kept.try_get_value() else { return true };
            leptos::task::spawn_local(async move {
                // After hydration: news that changed the page before the browser has taken it over would break that.
                gloo_timers::future::TimeoutFuture::new(0).await;
                line.begin(shown);
            });
            true
        });
    }

    struct Line {
        feed: Feed,
        loudness: Loudness,
        ended: Cell<bool>,
        open: RefCell<Option<Open>>,
        watch: RefCell<Option<Watch>>,
        /// The newest event that this page knows of; None where it shows nothing yet.
        seen: Cell<Option<EventId>>,
        /// Has this socket said anything?
        greeted: Cell<bool>,
        heard_ms: Cell<f64>,
        heard_at: Cell<Timestamp>,
        wait_ms: Cell<f64>,
        retry_ms: Cell<f64>,
    }

    /// A socket, and what hears it.
    struct Open {
        socket: WebSocket,
        _message: Closure<dyn FnMut(MessageEvent)>,
        _close: Closure<dyn FnMut(CloseEvent)>,
    }

    impl Drop for Open {
        fn drop(&mut self) {
            self.socket.set_onmessage(None);
            self.socket.set_onclose(None);
            // One that is closed already does not mind.
            let _ = self.socket.close();
        }
    }

    struct Watch {
        look: IntervalHandle,
        listeners: Vec<WindowListenerHandle>,
    }

    impl Line {
        fn new(feed: Feed, loudness: Loudness) -> Self {
            Self {
                feed,
                loudness,
                ended: Cell::new(false),
                open: RefCell::new(None),
                watch: RefCell::new(None),
                seen: Cell::new(None),
                greeted: Cell::new(false),
                heard_ms: Cell::new(js_sys::Date::now()),
                heard_at: Cell::new(Timestamp::UNIX_EPOCH),
                wait_ms: Cell::new(FIRST_RETRY_MS),
                retry_ms: Cell::new(0.0),
            }
        }

        fn begin(self: &Rc<Self>, shown: Option<StaffFeed>) {
            if self.ended.get() {
                return;
            }
            if let Some(shown) = shown {
                self.seen.set(Some(shown.newest));
                self.heard_at.set(shown.now);
            }
            let look = |line: &Rc<Self>, hurry: bool| {
                let line = line.clone();
                move || line.look(hurry)
            };
            let on = |event: &'static str| {
                let look = look(self, true);
                window_event_listener_untyped(event, move |_| look())
            };
            if let Ok(interval) = set_interval_with_handle(look(self, false), LOOK) {
                *self.watch.borrow_mut() = Some(Watch {
                    look: interval,
                    // A machine that slept, a network that was away, a page that comes out of the browser's own cache.
                    listeners: ["online", "visibilitychange", "pageshow"].into_iter().map(on).collect(),
                });
            }
            self.connect();
        }

        fn end(&self) {
            self.ended.set(true);
            self.open.borrow_mut().take();
            if let Some(watch) = self.watch.borrow_mut().take() {
                watch.look.clear();
                for listener in watch.listeners {
                    listener.remove();
                }
            }
        }

        /// Is the line good? In a hurry, a little silence is enough to try another one.
        fn look(self: &Rc<Self>, hurry: bool) {
            if self.ended.get() {
                return;
            }
            let now = js_sys::Date::now();
            let silence = now - self.heard_ms.get();
            let is_open = self.open.borrow().is_some();
            let patience = if hurry { BEAT_MS + TOLD_MS } else { DEAD_MS };
            if (is_open && patience < silence) || (!is_open && (hurry || self.retry_ms.get() <= now)) {
                self.connect();
            }
            let told_after = if is_open { DEAD_MS } else { TOLD_MS };
            if told_after < silence && self.feed.silent_since.get_untracked().is_none() {
                self.feed.silent_since.set(Some(self.heard_at.get()));
            }
        }

        fn later(&self) {
            let wait = self.wait_ms.get();
            self.retry_ms.set(js_sys::Date::now() + wait);
            self.wait_ms.set((wait * 2.0).min(LAST_RETRY_MS));
        }

        fn connect(self: &Rc<Self>) {
            self.open.borrow_mut().take();
            self.greeted.set(false);
            let socket = socket_address(STAFF_SOCKET).and_then(|address| WebSocket::new(&address).ok());
            let Some(socket) = socket else {
                self.later();
                return;
            };
            // The new one has its time to speak.
            self.retry_ms.set(f64::INFINITY);
            let line = Rc::downgrade(self);
            let message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                let news = event.data().as_string();
                let news = news.and_then(|text| serde_json::from_str::<StaffFeed>(&text).ok());
                if let (Some(line), Some(news)) = (line.upgrade(), news) {
                    line.heard(news);
                }
            });
            let line = Rc::downgrade(self);
            let close = Closure::<dyn FnMut(CloseEvent)>::new(move |_| {
                let Some(line) = line.upgrade() else { return };
                let refused = !line.greeted.get();
                line.later();
                // Not from within its own closure.
                leptos::task::spawn_local(async move {
                    line.open.borrow_mut().take();
                    if refused {
                        line.ask_why().await;
                    }
                });
            });
            socket.set_onmessage(Some(message.as_ref().unchecked_ref()));
            socket.set_onclose(Some(close.as_ref().unchecked_ref()));
            *self.open.borrow_mut() = Some(Open {
                socket,
                _message: message,
                _close: close,
            });
        }

        /// A socket that was refused does not say why: the session may be over.
        async fn ask_why(&self) {
            let answer = show_frame().await;
            if !self.ended.get() && matches!(answer, Err(ApiError::SignedOut)) {
                self.feed.signed_out.set(true);
            }
        }

        fn heard(&self, news: StaffFeed) {
            if self.ended.get() {
                return;
            }
            self.heard_ms.set(js_sys::Date::now());
            self.heard_at.set(news.now);
            self.feed.server_time.0.set(Some(news.now));
            self.wait_ms.set(FIRST_RETRY_MS);
            if self.feed.silent_since.get_untracked().is_some() {
                self.feed.silent_since.set(None);
            }
            if self.feed.signed_out.get_untracked() {
                self.feed.signed_out.set(false);
            }
            let before = self.feed.waiting.get_untracked();
            let arrived: Vec<Waiting> = news
                .waiting
                .iter()
                .filter(|now| !before.iter().any(|old| old.visit == now.visit))
                .cloned()
                .collect();
            let differs = before != news.waiting;
            if differs {
                self.feed.waiting.set(news.waiting);
            }
            let seen = self.seen.replace(Some(news.newest));
            // The first word of a socket says what the page shows already, unless something happened in between.
            let is_news = if self.greeted.replace(true) {
                !news.heartbeat
            } else {
                seen.is_some_and(|seen| seen != news.newest)
            };
            if is_news || (differs && seen.is_some()) {
                self.feed.changes.update(|n| *n = n.wrapping_add(1));
            }
            if !arrived.is_empty() && seen.is_some() {
                alarm::ring(&arrived, self.loudness);
            }
        }
    }
}

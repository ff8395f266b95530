//! Pages that follow what happens: what they show is read anew, without taking anything from under a person's hands.

use std::future::Future;

use leptos::prelude::*;

use crate::api::ApiError;
#[cfg(feature = "hydrate")]
use crate::pages::staff::Feed;

/// Reads what `data` shows anew whenever the feed tells of a change. While somebody types on the page, or reads what was
/// wrong with what they typed, it stays, and the head says that there is more. A failure changes nothing: the page shows
/// what it knew.
pub fn live<K, T, A>(data: Resource<Result<T, ApiError>>, key: Memo<K>, fetch: fn(K) -> A)
where
    K: Clone + PartialEq + Send + Sync + 'static,
    T: Send + Sync + 'static,
    A: Future<Output = Result<T, ApiError>> + 'static,
{
    #[cfg(feature = "hydrate")]
    {
        let feed = expect_context::<Feed>();
        Effect::new(move |before: Option<u32>| {
            let now = feed.changes.get();
            if before.is_none_or(|before| before == now) {
                return now;
            }
            if hands_are_full() {
                feed.held.set(true);
                return now;
            }
            let asked = key.get_untracked();
            leptos::task::spawn_local(async move {
                let answer = fetch(asked.clone()).await;
                // Somebody may have gone elsewhere, or begun to type, meanwhile.
                if key.try_get_untracked() != Some(asked) {
                    return;
                }
                match answer {
                    Ok(_) if hands_are_full() => {
                        let _ = feed.held.try_set(true);
                    }
                    Ok(new) => {
                        let keyboard = keyboard::FocusPlace::now();
                        let _ = data.try_set(Some(Ok(new)));
                        let _ = feed.held.try_set(false);
                        if let Some(keyboard) = keyboard {
                            keyboard.keep().await;
                        }
                    }
                    Err(ApiError::SignedOut) => {
                        let _ = feed.signed_out.try_set(true);
                    }
                    Err(_) => {}
                }
            });
            now
        });
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (data, key, fetch);
}

#[cfg(feature = "hydrate")]
pub(crate) use hands::are_full as hands_are_full;

#[cfg(feature = "hydrate")]
mod hands {
    use wasm_bindgen::JsCast;
    use web_sys::{Element, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};

    /// Does a form on the page hold something that was typed, or a sentence about it?
    pub fn are_full() -> bool {
        let Some(document) = web_sys::window().and_then(|window| window.document()) else {
            return false;
        };
        if document.get_element_by_id("form-errors").is_some() {
            return true;
        }
        let Ok(controls) = document.query_selector_all("main form :is(input, textarea, select)") else {
            return false;
        };
        (0..controls.length())
            .filter_map(|n| controls.get(n))
            .filter_map(|node| node.dyn_into::<Element>().ok())
            .any(|control| is_changed(&control))
    }

    fn is_changed(control: &Element) -> bool {
        if let Some(input) = control.dyn_ref::<HtmlInputElement>() {
            return input.value() != input.default_value() || input.checked() != input.default_checked();
        }
        if let Some(area) = control.dyn_ref::<HtmlTextAreaElement>() {
            return area.default_value().is_ok_and(|before| before != area.value());
        }
        // Of a list, what is chosen by the markup; where it chooses nothing, the first.
        control.dyn_ref::<HtmlSelectElement>().is_some_and(|list| {
            let chosen = list.query_selector("option[selected]").ok().flatten();
            let chosen = chosen.or_else(|| list.query_selector("option").ok().flatten());
            chosen.is_some_and(|option| option.get_attribute("value").unwrap_or_default() != list.value())
        })
    }
}

/// What is read anew is partly made anew. What had the focus may be gone then, with the keyboard's and a screen reader's
/// place on the page; the same thing is looked for, and has it again.
#[cfg(feature = "hydrate")]
mod keyboard {
    use gloo_timers::future::TimeoutFuture;
    use leptos::prelude::document;
    use wasm_bindgen::JsCast;
    use web_sys::{Element, HtmlElement};

    /// After so many milliseconds each it is looked whether the page has changed.
    const LOOKS_MS: [u32; 4] = [0, 20, 50, 150];

    pub struct FocusPlace {
        element: Element,
        looks_like: Likeness,
    }

    /// What makes a thing on a page the same thing as before.
    #[derive(PartialEq)]
    struct Likeness {
        tag: String,
        id: String,
        leads_to: Option<String>,
        text: Option<String>,
    }

    impl FocusPlace {
        /// None where nothing has the focus.
        pub fn now() -> Option<Self> {
            let element = document().active_element()?;
            (Some(&element) != document().body().as_deref()).then(|| Self {
                looks_like: Likeness::of(&element),
                element,
            })
        }

        /// Until the page has changed, or did not have to.
        pub async fn keep(self) {
            for wait in LOOKS_MS {
                TimeoutFuture::new(wait).await;
                if self.element.is_connected() {
                    continue;
                }
                self.restore();
                return;
            }
        }

        fn restore(&self) -> Option<()> {
            // Somebody, or something, has gone on meanwhile.
            if document().active_element().as_ref() != document().body().as_deref() {
                return None;
            }
            let alike = document().query_selector_all(&self.looks_like.tag).ok()?;
            let mut alike = (0..alike.length()).filter_map(|n| alike.get(n)?.dyn_into::<HtmlElement>().ok());
            let same = alike.find(|element| Likeness::of(element) == self.looks_like)?;
            crate::browser::focus::to(&same);
            Some(())
        }
    }

    impl Likeness {
        fn of(element: &Element) -> Self {
            Self {
                tag: element.tag_name(),
                id: element.id(),
                leads_to: element.get_attribute("href"),
                text: element.text_content(),
            }
        }
    }
}

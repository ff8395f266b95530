use leptos::{html, prelude::*};

/// Headings that take the focus when the element that had it is gone.
pub const CALL_TITLE: &str = "call-title";
pub const SIDE_TITLE: &str = "side-title";
pub const WAITING_TITLE: &str = "waiting-title";

/// A heading that takes the focus when its screen comes up, so that keyboard and screen reader start on this screen, and not
/// at a button that is gone.
#[component]
pub fn StageHeading(
    #[prop(into)] text: Signal<String>,
    #[prop(optional)] class: &'static str,
    #[prop(optional)] id: Option<&'static str>,
) -> impl IntoView {
    let node = NodeRef::<html::H1>::new();
    Effect::new(move |_| {
        if let Some(heading) = node.get() {
            focus(&heading);
        }
    });
    view! {
        <h1 class=class id=id tabindex="-1" node_ref=node>
            {move || text.get()}
        </h1>
    }
}

#[cfg(feature = "hydrate")]
pub use crate::browser::focus::{soon as focus_soon, to as focus};

#[cfg(not(feature = "hydrate"))]
pub fn focus<E>(_element: &E) {}

#[cfg(not(feature = "hydrate"))]
pub fn focus_soon(_id: impl Into<String>) {}

/// Moves the focus after an answer that takes its own row away. The click calls [`Answered::now`]; when the list changes, the
/// focus goes to a heading, and not to the next row's button, where a second press would answer for somebody else.
#[derive(Clone, Copy)]
pub struct Answered(StoredValue<bool>);

impl Answered {
    /// Follows `list`; `heading` says where the focus goes.
    pub fn follow<T: Send + Sync + PartialEq + 'static>(
        list: Memo<Vec<T>>,
        heading: impl Fn() -> &'static str + 'static,
    ) -> Self {
        let answered = StoredValue::new(false);
        Effect::new(move |before: Option<usize>| {
            let now = list.with(Vec::len);
            if before.is_some_and(|before| now < before) && answered.get_value() {
                answered.set_value(false);
                focus_soon(heading());
            }
            now
        });
        Self(answered)
    }

    pub fn now(self) {
        self.0.set_value(true);
    }
}

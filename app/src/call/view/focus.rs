use leptos::{html, prelude::*};

/// A heading that takes the focus when its screen comes up, so that keyboard and screen reader start where the person
/// now is and not at a button that is gone.
#[component]
pub fn StageHeading(#[prop(into)] text: Signal<String>, #[prop(optional)] class: &'static str) -> impl IntoView {
    let node = NodeRef::<html::H1>::new();
    Effect::new(move |_| {
        if let Some(heading) = node.get() {
            focus(&heading);
        }
    });
    view! {
        <h1 class=class tabindex="-1" node_ref=node>
            {move || text.get()}
        </h1>
    }
}

#[cfg(feature = "hydrate")]
pub fn focus(element: &web_sys::HtmlElement) {
    // An element that is not shown does not take the focus; nothing to do then.
    let _shown = element.focus();
}

#[cfg(not(feature = "hydrate"))]
pub fn focus<E>(_element: &E) {}

#[cfg(feature = "hydrate")]
pub fn focus_by_id(id: &str) {
    use wasm_bindgen::JsCast;
    let element = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.get_element_by_id(id))
        .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(element) = element {
        focus(&element);
    }
}

#[cfg(not(feature = "hydrate"))]
pub fn focus_by_id(_id: &str) {}

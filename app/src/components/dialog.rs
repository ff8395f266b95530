use leptos::html;
use leptos::prelude::*;

/// A question that must be answered first, in the browser's own modal dialog: focus, Escape and the backdrop are its
/// business. It needs the browser part; a page that must work without has a page of its own for the question.
#[component]
pub fn Dialog(
    #[prop(into)] id: String,
    #[prop(into)] title: String,
    /// Opens and closes it, and follows when a person closes it.
    open: RwSignal<bool>,
    children: Children,
) -> impl IntoView {
    let element = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        let (Some(dialog), wanted) = (element.get(), open.get()) else {
            return;
        };
        if wanted == dialog.open() {
            return;
        }
        if wanted {
            // Fails only where the dialog is not in the document; there is nothing to show then.
            let _ = dialog.show_modal();
        } else {
            dialog.close();
        }
    });
    let title_id = format!("{id}-title");
    let labelled_by = title_id.clone();
    view! {
        <dialog class="dialog" id=id node_ref=element aria-labelledby=labelled_by on:close=move |_| open.set(false)>
            <h2 class="dialog__title" id=title_id>
                {title}
            </h2>
            {children()}
        </dialog>
    }
}

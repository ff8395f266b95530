use leptos::{html, prelude::*};

use crate::call::{
    messages,
    state::{Call, Command},
};

/// Asks before the meeting ends for everybody, which nobody can undo.
#[component]
pub fn EndDialog(open: RwSignal<bool>) -> impl IntoView {
    let call = Call::here();
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let open = open.get();
        if let Some(dialog) = node.get() {
            show(&dialog, open);
        }
    });
    view! {
        <dialog class="end-dialog" node_ref=node aria-labelledby="end-title" on:close=move |_| open.set(false)>
            <h2 id="end-title">{t!(guest::controls::end_question)}</h2>
            <p>{move || call.meeting.room.with(|room| messages::ending(messages::closes_room_only(room.as_ref(), call.meeting.now.get())))}</p>
            <p class="end-dialog__ways">
                <button type="button" class="button" data-test="end-cancel" autofocus on:click=move |_| open.set(false)>
                    {t!(guest::controls::end_not)}
                </button>
                <button
                    type="button"
                    class="button button--danger"
                    data-test="end-confirm"
                    on:click=move |_| {
                        open.set(false);
                        call.ask(Command::End);
                    }
                >
                    {t!(guest::controls::end_confirm)}
                </button>
            </p>
        </dialog>
    }
    .into_any()
}

#[cfg(feature = "hydrate")]
fn show(dialog: &web_sys::HtmlDialogElement, open: bool) {
    if open && !dialog.open() {
        // Fails only for a dialog outside of the document, which shows nothing anyway.
        let _shown = dialog.show_modal();
    } else if !open && dialog.open() {
        dialog.close();
    }
}

#[cfg(not(feature = "hydrate"))]
fn show<E>(_dialog: &E, _open: bool) {}

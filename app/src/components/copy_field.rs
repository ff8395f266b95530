use leptos::html;
use leptos::prelude::*;

use super::field_id;

/// A text to take away, such as a guest's link. It can always be selected; the button is there when it works.
#[component]
pub fn CopyField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(into)] value: String,
    #[prop(optional, into)] hint: String,
) -> impl IntoView {
    let id = field_id(&name);
    let hint_id = format!("{id}-hint");
    let described = (!hint.is_empty()).then(|| hint_id.clone());
    let input = NodeRef::<html::Input>::new();
    let ready = RwSignal::new(false);
    let said = RwSignal::new("");
    // Effects run in the browser only.
    Effect::new(move || ready.set(true));
    let on_click = move |_| {
        #[cfg(feature = "hydrate")]
        if let Some(input) = input.get_untracked() {
            leptos::task::spawn_local(async move {
                said.set(if browser::copy(&input).await {
                    t!(guest::copy::copied)
                } else {
                    t!(guest::copy::selected)
                });
                gloo_timers::future::TimeoutFuture::new(4_000).await;
                // The page may have gone meanwhile.
                let _ = said.try_set("");
            });
        }
    };
    view! {
        <div class="field copy-field">
            <label class="field__label" for=id.clone()>
                {label.clone()}
            </label>
            {(!hint.is_empty())
                .then(|| {
                    view! {
                        <p class="field__hint" id=hint_id>
                            {hint}
                        </p>
                    }
                })}
            <div class="copy-field__row">
                <input
                    class="field__control copy-field__text"
                    type="text"
                    id=id
                    value=value
                    readonly
                    spellcheck="false"
                    aria-describedby=described
                    node_ref=input
                    on:focus=move |_| {
                        #[cfg(feature = "hydrate")]
                        if let Some(input) = input.get_untracked() {
                            input.select();
                        }
                    }
                />
                <button
                    class="button copy-field__button"
                    type="button"
                    hidden=move || !ready.get()
                    aria-label=t!(guest::copy::button_label { field: &label })
                    on:click=on_click
                >
                    {t!(guest::copy::button)}
                </button>
            </div>
            <p class="copy-field__said" role="status">
                {move || said.get()}
            </p>
        </div>
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use web_sys::HtmlInputElement;

    use crate::browser::clipboard;

    /// Copies, or leaves the text selected where the browser gives pages no clipboard.
    pub async fn copy(input: &HtmlInputElement) -> bool {
        input.select();
        clipboard::write(&input.value()).await
    }
}

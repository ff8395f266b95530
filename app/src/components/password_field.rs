use leptos::html;
use leptos::prelude::*;

use super::field::{Frame, described_by};
use super::field_id;

/// A password, which nobody else should read. With scripts a button shows what was typed, until the form is sent: what the
/// browser keeps, and offers to others later, is then a password again.
#[component]
pub fn PasswordField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional_no_strip, into)] error: Option<String>,
    /// `current-password` or `new-password`.
    autocomplete: &'static str,
    #[prop(optional)] maxlength: Option<u32>,
    #[prop(optional)] required: bool,
    #[prop(optional)] optional: bool,
) -> impl IntoView {
    let described = described_by(&name, &hint, error.as_deref());
    let invalid = error.is_some();
    let input = NodeRef::<html::Input>::new();
    let (ready, shown) = (RwSignal::new(false), RwSignal::new(false));
    // Effects run in the browser only.
    Effect::new(move || ready.set(true));
    let toggle = move |_| {
        shown.update(|shown| *shown = !*shown);
        #[cfg(feature = "hydrate")]
        browser::set_shown(input, shown.get_untracked());
    };
    #[cfg(feature = "hydrate")]
    {
        let hide = move |_| {
            let _ = shown.try_set(false);
            browser::set_shown(input, false);
        };
        let sent = window_event_listener_untyped("submit", hide);
        on_cleanup(move || sent.remove());
    }
    let said = t!(staff::password::show_whose { password: &label });
    view! {
        <Frame name=name.clone() label hint error optional>
            <div class="password-field">
                <input
                    class="field__control password-field__input"
                    type="password"
                    id=field_id(&name)
                    name=name
                    autocomplete=autocomplete
                    maxlength=maxlength
                    required=required
                    autofocus=invalid
                    autocapitalize="none"
                    spellcheck="false"
                    aria-invalid=invalid.then_some("true")
                    aria-describedby=described
                    node_ref=input
                />
                <button
                    class="password-field__show"
                    type="button"
                    hidden=move || !ready.get()
                    aria-label=said
                    aria-pressed=move || if shown.get() { "true" } else { "false" }
                    // A click on it takes the cursor out of nothing.
                    on:mousedown=|event| event.prevent_default()
                    on:click=toggle
                    data-test="show-password"
                >
                    {t!(staff::password::show)}
                </button>
            </div>
        </Frame>
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::html;
    use leptos::prelude::*;

    /// The cursor stays where it is: some browsers put it elsewhere when the kind of a field changes.
    pub fn set_shown(input: NodeRef<html::Input>, shown: bool) {
        let Some(input) = input.try_get_untracked().flatten() else {
            return;
        };
        let at = (
            input.selection_start().ok().flatten(),
            input.selection_end().ok().flatten(),
        );
        input.set_type(if shown { "text" } else { "password" });
        if let (Some(start), Some(end)) = at {
            // It fails where the field shows no cursor at all.
            let _ = input.set_selection_range(start, end);
        }
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn without_scripts_it_is_a_password_and_no_more() {
        Owner::new().with(|| {
            let html = view! { <PasswordField name="new" label="New password" autocomplete="new-password" error="Use more.".to_owned() /> }
                .to_html();
            assert!(html.contains(r#"type="password""#), "{html}");
            assert!(html.contains(r#"aria-describedby="f-new-error""#), "{html}");
            let (_, button) = html.split_once("<button").unwrap();
            assert!(button.split('>').next().unwrap().contains(" hidden"), "{html}");
            assert!(!html.contains(" value="), "{html}");
        });
    }
}

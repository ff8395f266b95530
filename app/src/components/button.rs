use leptos::ev::MouseEvent;
use leptos::prelude::*;

/// How loudly a button speaks. One primary button a view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    Primary,
    #[default]
    Secondary,
    /// For what is rarely needed: looks like a link with room around it.
    Quiet,
    /// For what cannot be undone.
    Danger,
    /// The same where it is rarely needed, beside others.
    QuietDanger,
}

impl ButtonKind {
    fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button--primary",
            Self::Secondary => "button",
            Self::Quiet => "button button--quiet",
            Self::Danger => "button button--danger",
            Self::QuietDanger => "button button--quiet button--quiet-danger",
        }
    }
}

/// A button. In a form it submits it, unless `on_click` is given.
#[component]
pub fn Button(
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] large: bool,
    /// What is submitted with the form when this button was the one.
    #[prop(optional, into)]
    name: Option<String>,
    #[prop(optional, into)] value: Option<String>,
    /// Submits to another address than its form's.
    #[prop(optional, into)]
    action: Option<String>,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// Makes it a plain button that works once the page is taken over by the browser part.
    #[prop(optional, into)]
    on_click: Option<Callback<MouseEvent>>,
    children: Children,
) -> impl IntoView {
    let plain = on_click.is_some();
    view! {
        <button
            class=kind.class()
            class:button--large=large
            type=if plain { "button" } else { "submit" }
            name=name
            value=value
            formaction=action
            disabled=move || disabled.get()
            on:click=move |event| {
                if let Some(on_click) = on_click {
                    on_click.run(event);
                }
            }
        >
            {children()}
        </button>
    }
}

/// A link that looks like a button: it goes somewhere, and changes nothing.
#[component]
pub fn ButtonLink(
    #[prop(into)] href: String,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] large: bool,
    /// Is a file to be kept, such as a calendar entry.
    #[prop(optional)]
    download: bool,
    children: Children,
) -> impl IntoView {
    // `rel="external"` keeps the router's hands off what is no page.
    view! {
        <a
            class=kind.class()
            class:button--large=large
            href=href
            download=download.then_some("")
            rel=download.then_some("external")
        >
            {children()}
        </a>
    }
}

use leptos::prelude::*;
use leptos_meta::Title;

use super::{FormErrors, Notice, Tone};
use crate::api::{Flash, RefusedHere};
use crate::branding::Branding;

/// How wide the content may become.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PageWidth {
    /// For forms and text: a comfortable line.
    Narrow,
    #[default]
    Normal,
    /// For tables and dashboards.
    Wide,
}

impl PageWidth {
    fn class(self) -> &'static str {
        match self {
            Self::Narrow => "page page--narrow",
            Self::Normal => "page",
            Self::Wide => "page page--wide",
        }
    }
}

/// A page: its heading, a sentence under it, its actions, and the main landmark around the content. Sets the title of
/// the document. Exactly one per route.
#[component]
pub fn Page(
    #[prop(into)] title: String,
    /// One or two sentences that say what this page is for.
    #[prop(optional, into)]
    lead: String,
    /// What can be done here, beside the heading.
    #[prop(optional)]
    actions: Option<AnyView>,
    /// Stands above the heading: a link back, a state.
    #[prop(optional)]
    above: Option<AnyView>,
    #[prop(optional)] width: PageWidth,
    children: Children,
) -> impl IntoView {
    let done = use_context::<Option<Flash>>().flatten();
    let RefusedHere(refused) = use_context().unwrap_or_default();
    view! {
        <DocumentTitle text=title.clone() />
        <main class=width.class() id="content" tabindex="-1">
            <header class="page__header">
                <div class="page__headings">
                    {above.map(|above| view! { <div class="page__above">{above}</div> })}
                    <h1 class="page__title">{title}</h1>
                    {(!lead.is_empty()).then(|| view! { <p class="page__lead">{lead}</p> })}
                </div>
                {actions.map(|actions| view! { <div class="page__actions">{actions}</div> })}
            </header>
            {done.map(|done| view! { <Notice tone=Tone::Success title=done.sentence(crate::language::lang()) live=true /> })}
            <FormErrors errors=refused />
            {children()}
        </main>
    }
}

/// What stands before the title of the document while it matters, such as "(2 waiting) ". One for the whole application:
/// whoever has something to say sets it, and nobody else writes the title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TitleNote(RwSignal<String>);

impl Default for TitleNote {
    fn default() -> Self {
        Self(RwSignal::new(String::new()))
    }
}

impl TitleNote {
    pub fn set(self, note: String) {
        if self.0.try_get_untracked().is_some_and(|before| before != note) {
            self.0.set(note);
        }
    }
}

/// The title of the document, with the organisation's name behind it.
///
/// Use this and never `leptos_meta::Title`: version 0.8 renders the text of a title on the server as it is, so that a
/// guest's name could close the element. In the browser it becomes `document.title`, which takes text.
#[component]
pub fn DocumentTitle(#[prop(into)] text: String) -> impl IntoView {
    let organisation = use_context::<Branding>().unwrap_or_default().organisation;
    // The server reads the title when the page's signals are gone; there is nothing to note yet.
    #[cfg(feature = "ssr")]
    return view! { <Title text=title_text(&text, &organisation) /> };
    #[cfg(not(feature = "ssr"))]
    {
        let TitleNote(note) = use_context().unwrap_or_default();
        let title = move || note.with(|note| title_text(&format!("{note}{text}"), &organisation));
        view! { <Title text=title /> }
    }
}

fn title_text(text: &str, organisation: &str) -> String {
    let full = if text.is_empty() {
        organisation.to_owned()
    } else {
        format!("{text} · {organisation}")
    };
    if cfg!(feature = "ssr") {
        crate::escape::escape(&full).into_owned()
    } else {
        full
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use leptos::prelude::*;

    use super::*;

    #[test]
    fn a_title_cannot_leave_its_element() {
        assert_eq!(
            title_text("</title><b>", "Cole & Sons"),
            "&lt;/title&gt;&lt;b&gt; · Cole &amp; Sons"
        );
        assert_eq!(title_text("", "Anteroom"), "Anteroom");
    }

    #[test]
    fn a_page_has_one_main_landmark_one_heading() {
        Owner::new().with(|| {
            leptos_meta::provide_meta_context();
            let html = view! { <Page title="</title><script>alert(1)</script>">"Body"</Page> }.to_html();
            assert_eq!(html.matches("<main").count(), 1);
            assert_eq!(html.matches("<h1").count(), 1);
            assert!(!html.contains("<script>"), "{html}");
        });
    }
}

use leptos::prelude::*;

use super::field::{Frame, described_by};
use super::field_id;

/// Several lines of text.
///
/// The only `<textarea>` in the application: Leptos 0.8 renders the children of one on the server without escaping
/// them, so that stored text could close it and go on as markup. Here the text is escaped by us and set as inner HTML,
/// which hydration leaves alone: what a person typed before the browser part arrived stays.
#[component]
pub fn TextArea(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional_no_strip, into)] error: Option<String>,
    #[prop(default = 4)] rows: u32,
    #[prop(optional)] maxlength: Option<u32>,
    #[prop(optional)] required: bool,
    #[prop(optional)] optional: bool,
) -> impl IntoView {
    let described = described_by(&name, &hint, error.as_deref());
    let invalid = error.is_some();
    view! {
        <Frame name=name.clone() label hint error optional>
            <textarea
                class="field__control field__control--area"
                id=field_id(&name)
                name=name
                rows=rows
                maxlength=maxlength
                required=required
                autofocus=invalid
                aria-invalid=invalid.then_some("true")
                aria-describedby=described
                inner_html=content(&value)
            ></textarea>
        </Frame>
    }
}

/// The text as the content of the element.
fn content(value: &str) -> String {
    let escaped = crate::escape::escape(value);
    // A parser drops one line break right after the start tag, but not one that is set through a property.
    if cfg!(feature = "ssr") {
        format!("\n{escaped}")
    } else {
        escaped.into_owned()
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn stored_text_cannot_leave_the_element() {
        Owner::new().with(|| {
            let value = "\nNotes</textarea><script>alert(1)</script> & <b>more</b>";
            let html = view! { <TextArea name="notes" label="Notes" value=value /> }.to_html();
            assert!(!html.contains("<script>"), "{html}");
            assert_eq!(html.matches("</textarea>").count(), 1, "{html}");
            assert!(
                html.contains(">\n\nNotes&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;more"),
                "{html}"
            );
        });
    }
}

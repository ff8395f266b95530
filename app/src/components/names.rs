use leptos::prelude::*;

/// Names side by side, as a list of consultations has them: with commas in between. Each is read in its own direction, so
/// that one from right to left does not turn the others around. (A comma within a name parts nothing that can be seen.)
#[component]
pub fn Names(#[prop(into)] names: String) -> impl IntoView {
    names
        .split(", ")
        .enumerate()
        .map(|(n, name)| {
            view! {
                {(0 < n).then_some(", ")}
                <bdi>{name.to_owned()}</bdi>
            }
        })
        .collect_view()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn each_name_stands_alone_and_no_markup_comes_from_one() {
        // Without what parts the pieces of a text for the browser’s own part.
        let html = view! { <Names names="Ana <b>Moreno, محمد" /> }
            .to_html()
            .replace("<!>", "");
        assert_eq!(html.matches("<bdi>").count(), 2, "{html}");
        assert!(html.contains("<bdi>محمد</bdi>"), "{html}");
        assert!(!html.contains("<b>"), "{html}");
    }
}

use leptos::prelude::*;

/// Whom to name of those who come, and how many are left: a launch has a hundred.
fn few<T>(names: &[T]) -> (&[T], Option<String>) {
    match names.split_at_checked(2) {
        Some((first, others)) if 1 < others.len() => (first, Some(format!(" and {} others", others.len()))),
        _ => (names, None),
    }
}

/// Names side by side, as a list of consultations has them: with commas in between, and of many the first two. Each is read
/// in its own direction, so that one from right to left does not turn the others around. (A comma within a name parts
/// nothing that can be seen.)
#[component]
pub fn Names(#[prop(into)] names: String) -> impl IntoView {
    let names: Vec<&str> = names.split(", ").collect();
    let (first, others) = few(&names);
    let first = first.iter().enumerate().map(|(n, name)| {
        view! {
            {(0 < n).then_some(", ")}
            <bdi>{(*name).to_owned()}</bdi>
        }
    });
    view! {
        {first.collect_view()}
        {others}
    }
}

/// The same in one text, for what only a screen reader says.
pub fn names_text(names: &str) -> String {
    few_text(&names.split(", ").collect::<Vec<_>>())
}

/// Names in a sentence that can hold no elements.
pub fn few_text<T: AsRef<str>>(names: &[T]) -> String {
    let (first, others) = few(names);
    let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
    format!("{}{}", first.join(", "), others.unwrap_or_default())
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

    #[test]
    fn of_many_the_first_two_are_named() {
        assert_eq!(names_text("Ana, Ben, Cem"), "Ana, Ben, Cem");
        assert_eq!(names_text("Ana, Ben, Cem, Dora"), "Ana, Ben and 2 others");
        let html = view! { <Names names="Ana, Ben, Cem, Dora" /> }
            .to_html()
            .replace("<!>", "");
        assert!(html.ends_with("<bdi>Ana</bdi>, <bdi>Ben</bdi> and 2 others"), "{html}");
    }
}

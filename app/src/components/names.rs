use leptos::prelude::*;

/// Names side by side, as a list of consultations has them: with commas in between, and of many the first two: a launch
/// has a hundred. Each is read in its own direction, so that one from right to left does not turn the others around. (A comma
/// within a name parts nothing that can be seen.)
#[component]
pub fn Names(#[prop(into)] names: String) -> impl IntoView {
    let names: Vec<&str> = names.split(", ").collect();
    let own = |name: &str| view! { <bdi>{name.to_owned()}</bdi> };
    match *names.as_slice() {
        [] => Vec::new(),
        [only] => vec![own(only).into_any()],
        [first, second] => t_view!(guest::names::pair {
            first: own(first),
            second: own(second)
        }),
        [first, second, third] => {
            t_view!(guest::names::three {
                first: own(first),
                second: own(second),
                third: own(third)
            })
        }
        [first, second, ref others @ ..] => {
            t_view!(guest::names::with_others(count: others.len()) { first: own(first), second: own(second) })
        }
    }
}

/// The same in one text, for what only a screen reader says.
pub fn names_text(names: &str) -> String {
    few_text(&names.split(", ").collect::<Vec<_>>())
}

/// Names in a sentence that can hold no elements.
pub fn few_text<T: AsRef<str>>(names: &[T]) -> String {
    match names {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [first, second] => t!(guest::names::pair {
            first: first.as_ref(),
            second: second.as_ref()
        }),
        [first, second, third] => {
            t!(guest::names::three {
                first: first.as_ref(),
                second: second.as_ref(),
                third: third.as_ref()
            })
        }
        [first, second, others @ ..] => {
            t!(guest::names::with_others {
                count: others.len(),
                first: first.as_ref(),
                second: second.as_ref()
            })
        }
    }
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

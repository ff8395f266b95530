use leptos::prelude::*;

/// A number to call, as it is written; a phone dials it.
#[component]
pub fn CallNumber(#[prop(into)] number: String) -> impl IntoView {
    let dialled: String = number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    view! {
        <a class="call-number" href=format!("tel:{dialled}")>
            // Its groups stay in their order where people read from right to left.
            <bdi dir="ltr">{number}</bdi>
        </a>
    }
}

use leptos::prelude::*;

/// A sheet that holds one matter, under a heading of the second level.
#[component]
pub fn Card(
    #[prop(optional, into)] title: String,
    #[prop(optional)] actions: Option<AnyView>,
    children: Children,
) -> impl IntoView {
    let head = !title.is_empty() || actions.is_some();
    view! {
        <section class="card">
            {head
                .then(|| {
                    view! {
                        <header class="card__header">
                            {(!title.is_empty()).then(|| view! { <h2 class="card__title">{title}</h2> })}
                            {actions.map(|actions| view! { <div class="card__actions">{actions}</div> })}
                        </header>
                    }
                })}
            {children()}
        </section>
    }
}

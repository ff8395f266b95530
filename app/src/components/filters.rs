use leptos::prelude::*;

use super::{Button, ButtonKind, ButtonLink};

/// The filters of a list: a form that puts what was chosen into the address.
#[component]
pub fn Filters(
    /// The address of the list.
    #[prop(into)]
    action: String,
    /// Is anything filtered now? Then there is a way to see everything again.
    #[prop(optional)]
    active: bool,
    /// Parameters to keep that are no filters, such as the order.
    #[prop(optional)]
    keep: Vec<(String, String)>,
    #[prop(optional, into, default = t!(guest::filters::apply).into())] submit: String,
    /// The fields.
    children: Children,
) -> impl IntoView {
    let everything = action.clone();
    view! {
        <form class="filters" method="get" action=action role="search">
            {keep
                .into_iter()
                .filter(|(_, value)| !value.is_empty())
                .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
                .collect_view()} <div class="filters__fields">{children()}</div> <div class="filters__actions">
                <Button>{submit}</Button>
                {active
                    .then(|| {
                        view! {
                            <ButtonLink kind=ButtonKind::Quiet href=everything>
                                {t!(guest::filters::clear)}
                            </ButtonLink>
                        }
                    })}
            </div>
        </form>
    }
}

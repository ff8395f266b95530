use leptos::prelude::*;

/// A row of figures.
#[component]
pub fn Stats(children: Children) -> impl IntoView {
    view! { <div class="stats">{children()}</div> }
}

/// A figure, what it counts, and how exactly it is counted.
#[component]
pub fn Stat(
    #[prop(into)] label: String,
    #[prop(into)] figure: String,
    /// A share or a unit, smaller beside the figure.
    #[prop(optional, into)]
    note: String,
    /// Exactly what is counted.
    #[prop(optional, into)]
    definition: String,
    /// Leads to what is behind the figure.
    #[prop(optional, into)]
    href: Option<String>,
) -> impl IntoView {
    let value = match href {
        Some(href) => {
            let accessible = t!(admin::figure::show {
                label: &label,
                figure: &figure,
            });
            view! {
                <a class="stat__figure" href=href aria-label=accessible>
                    {figure}
                </a>
            }
            .into_any()
        }
        None => view! { <span class="stat__figure">{figure}</span> }.into_any(),
    };
    view! {
        <div class="stat">
            <p class="stat__label">{label.clone()}</p>
            <p class="stat__value">
                {value} {(!note.is_empty()).then(|| view! { <span class="stat__note">{note}</span> })}
            </p>
            {(!definition.is_empty())
                .then(|| {
                    let called = t!(admin::figure::what_is_counted_as { label });
                    view! {
                        <details class="stat__definition">
                            <summary aria-label=called>{t!(admin::figure::what_is_counted)}</summary>
                            <p>{definition}</p>
                        </details>
                    }
                })}
        </div>
    }
}

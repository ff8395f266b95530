use leptos::html;
use leptos::prelude::*;

use super::{Icon, IconName, with_query};

/// How the rows are ordered by a column now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Ascending,
    Descending,
}

/// The head of a column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    pub label: String,
    /// Figures, flush right.
    pub numeric: bool,
    /// Where the head leads, and the order by this column now.
    sort: Option<(String, Option<Order>)>,
    /// Holds actions: its head is for screen readers only.
    quiet: bool,
}

impl Column {
    pub fn new(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            ..Self::default()
        }
    }

    pub fn numeric(label: impl Into<String>) -> Self {
        Self {
            numeric: true,
            ..Self::new(label)
        }
    }

    /// A column of actions.
    pub fn actions(label: impl Into<String>) -> Self {
        Self {
            quiet: true,
            ..Self::new(label)
        }
    }

    /// Makes the head a link that sorts by this column: upwards, or downwards when it is upwards already. Uses the
    /// parameters `sort` and `desc` (`1`), and leaves the others but `page`.
    #[must_use]
    pub fn sortable(mut self, path: &str, query: &[(String, String)], key: &str, now: Option<Order>) -> Self {
        let rest: Vec<_> = query
            .iter()
            .filter(|(name, _)| !matches!(name.as_str(), "page" | "desc"))
            .cloned()
            .collect();
        let sorted = with_query(path, &rest, "sort", key);
        let href = if now == Some(Order::Ascending) {
            let separator = if sorted.contains('?') { '&' } else { '?' };
            format!("{sorted}{separator}desc=1")
        } else {
            sorted
        };
        self.sort = Some((href, now));
        self
    }
}

/// A table. On a phone every row becomes a card, with the column's label beside each value; the roles are written out
/// because a browser forgets that a table is one when its display changes.
#[component]
pub fn DataTable(
    /// What the table shows. Read by screen readers; seen where `show_caption` is set.
    #[prop(into)]
    caption: String,
    #[prop(optional)] show_caption: bool,
    columns: Vec<Column>,
    /// Keeps the table a table on a phone, and lets it scroll sideways: for figures that are compared by column.
    #[prop(optional)]
    scroll: bool,
    /// The rows: [`Row`]s of [`Cell`]s.
    children: Children,
) -> impl IntoView {
    let label = caption.clone();
    let region = NodeRef::<html::Div>::new();
    // Whether there is more than fits, only the browser can tell.
    let scrolls = RwSignal::new(scroll);
    #[cfg(feature = "hydrate")]
    if scroll {
        overflow::watch(region, scrolls);
    }
    view! {
        <div
            class=if scroll { "table-region table-region--scroll scroll-region" } else { "table-region" }
            // What scrolls must be reachable by keyboard, and have a name then.
            role=move || scrolls.get().then_some("region")
            aria-label=move || scrolls.get().then(|| label.clone())
            tabindex=move || scrolls.get().then_some("0")
            node_ref=region
        >
            <table class=if scroll { "table" } else { "table table--cards" } role="table">
                <caption class=if show_caption { "table__caption" } else { "visually-hidden" }>{caption}</caption>
                <thead role="rowgroup">
                    <tr role="row">
                        {columns.into_iter().map(|column| view! { <Head column /> }).collect_view()}
                    </tr>
                </thead>
                <tbody role="rowgroup">{children()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Head(column: Column) -> impl IntoView {
    let Column {
        label,
        numeric,
        sort,
        quiet,
    } = column;
    let order = sort.as_ref().map(|(_, order)| match order {
        Some(Order::Ascending) => "ascending",
        Some(Order::Descending) => "descending",
        None => "none",
    });
    let content = match sort {
        Some((href, now)) => view! {
            <a class="table__sort" href=href>
                {label}
                {now
                    .map(|now| {
                        let icon = if now == Order::Ascending { IconName::Up } else { IconName::Down };
                        view! { <Icon name=icon /> }
                    })}
            </a>
        }
        .into_any(),
        None if quiet => view! { <span class="visually-hidden">{label}</span> }.into_any(),
        None => label.into_any(),
    };
    view! {
        <th scope="col" role="columnheader" class:is-numeric=numeric aria-sort=order>
            {content}
        </th>
    }
}

/// A row of a table.
#[component]
pub fn Row(
    /// Stands out: someone waits, this is now.
    #[prop(optional)]
    highlight: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <tr role="row" class:is-highlighted=highlight>
            {children()}
        </tr>
    }
}

/// A cell of a row.
#[component]
pub fn Cell(
    /// The label of its column, shown beside the value on a phone. Empty for actions.
    #[prop(optional, into)]
    label: String,
    #[prop(optional)] numeric: bool,
    /// Names its row: one a row.
    #[prop(optional)]
    heading: bool,
    children: Children,
) -> impl IntoView {
    let data_label = (!label.is_empty()).then_some(label);
    if heading {
        view! {
            <th scope="row" role="rowheader" data-label=data_label>
                {children()}
            </th>
        }
        .into_any()
    } else {
        view! {
            <td role="cell" data-label=data_label class:is-numeric=numeric>
                {children()}
            </td>
        }
        .into_any()
    }
}

#[cfg(feature = "hydrate")]
mod overflow {
    use leptos::html;
    use leptos::prelude::*;
    use wasm_bindgen::JsCast as _;
    use wasm_bindgen::closure::Closure;
    use web_sys::ResizeObserver;

    /// Watches until it is dropped.
    struct Watch {
        observer: ResizeObserver,
        _look: Closure<dyn FnMut()>,
    }

    impl Drop for Watch {
        fn drop(&mut self) {
            self.observer.disconnect();
        }
    }

    /// Keeps `scrolls` true to whether the table is wider than its region.
    pub fn watch(region: NodeRef<html::Div>, scrolls: RwSignal<bool>) {
        Effect::new(move |_| {
            let region = region.get()?;
            let measured = region.clone();
            let look = Closure::<dyn FnMut()>::new(move || {
                let _ = scrolls.try_set(measured.client_width() < measured.scroll_width());
            });
            let observer = ResizeObserver::new(look.as_ref().unchecked_ref()).ok()?;
            observer.observe(&region);
            if let Some(table) = region.first_element_child() {
                observer.observe(&table);
            }
            Some(StoredValue::new_local(Watch { observer, _look: look }))
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn href(now: Option<Order>) -> String {
        let query = [
            ("q".to_owned(), "ann".to_owned()),
            ("page".into(), "3".into()),
            ("desc".into(), "1".into()),
        ];
        Column::new("Start")
            .sortable("/c", &query, "start", now)
            .sort
            .unwrap()
            .0
    }

    #[test]
    fn a_head_sorts_up_then_down_from_the_first_page_with_the_filters_kept() {
        assert_eq!(href(None), "/c?q=ann&sort=start");
        assert_eq!(href(Some(Order::Ascending)), "/c?q=ann&sort=start&desc=1");
        assert_eq!(href(Some(Order::Descending)), "/c?q=ann&sort=start");
    }
}

//! What the lists of branches, services and accounts have in common: filters, columns that sort, pages.

use anteroom_domain::organisation::Branch;
use anteroom_domain::view::PAGE_SIZE;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::api::organisation::found::FindForm;
use crate::components::{
    ButtonLink, Choice, Column, EmptyState, Filters, Listed, Order, Pager, SelectField, TextField, with_query,
};

/// What the address asks for.
pub fn asked() -> Memo<FindForm> {
    let query = use_query_map();
    Memo::new(move |_| {
        query.with(|query| {
            let get = |name: &str| query.get(name).unwrap_or_default();
            FindForm {
                q: get("q"),
                // The form below the list has a field of that name.
                branch: get("of"),
                state: get("state"),
                sort: get("sort"),
                desc: get("desc"),
                page: get("page"),
            }
        })
    })
}

/// The address's query, for links that keep it.
fn pairs(form: &FindForm) -> Vec<(String, String)> {
    [
        ("q", &form.q),
        ("of", &form.branch),
        ("state", &form.state),
        ("sort", &form.sort),
        ("desc", &form.desc),
        ("page", &form.page),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(name, value)| (name.to_owned(), value.clone()))
    .collect()
}

/// A column that sorts the list at `path`. Without an order in the address, names do.
pub fn column(column: Column, path: &str, form: &FindForm, key: &str) -> Column {
    let sorted = if form.sort.is_empty() {
        "name"
    } else {
        form.sort.as_str()
    };
    let order = (sorted == key).then_some(if form.desc.is_empty() {
        Order::Ascending
    } else {
        Order::Descending
    });
    column.sortable(path, &pairs(form), key, order)
}

/// Said where nothing is found.
fn none_found(listed: Listed) -> &'static str {
    match listed {
        Listed::Accounts => t!(admin::found::no_accounts),
        Listed::Branches => t!(admin::found::no_branches),
        Listed::Consultations => t!(staff::list::no_match),
        Listed::Services => t!(admin::found::no_services),
    }
}

/// The filters above a list, and the way through its pages below.
#[component]
pub fn FoundList(
    form: FindForm,
    path: &'static str,
    listed: Listed,
    total: i64,
    page: u32,
    /// What the field to look for names: "Name or e-mail".
    search: &'static str,
    /// Those to choose from, where it is worth a filter.
    #[prop(optional)]
    branches: Vec<Branch>,
    /// What to call those in use, and those that are not.
    #[prop(optional)]
    states: Option<(&'static str, &'static str)>,
    /// The table.
    children: Children,
) -> impl IntoView {
    let filtered = [&form.q, &form.branch, &form.state]
        .into_iter()
        .any(|value| !value.is_empty());
    let keep = vec![
        ("sort".to_owned(), form.sort.clone()),
        ("desc".to_owned(), form.desc.clone()),
    ];
    let query = pairs(&form);
    let branches = branches
        .into_iter()
        .map(|branch| Choice::new(branch.id.to_string(), branch.name))
        .collect::<Vec<_>>();
    let is_beyond = 0 < total && total <= i64::from(page.saturating_sub(1)) * i64::from(PAGE_SIZE);
    let content = if total == 0 {
        view! {
            <EmptyState title=none_found(listed) text=t!(admin::found::look_for_less)>
                <ButtonLink href=path>{t!(admin::found::show_all)}</ButtonLink>
            </EmptyState>
        }
        .into_any()
    } else if is_beyond {
        view! {
            <EmptyState title=t!(admin::found::beyond)>
                <ButtonLink href=with_query(path, &query, "page", "")>{t!(admin::found::first_page)}</ButtonLink>
            </EmptyState>
        }
        .into_any()
    } else {
        view! {
            {children()}
            <Pager path query page page_size=PAGE_SIZE total listed />
        }
        .into_any()
    };
    view! {
        <Filters action=path active=filtered keep>
            <TextField name="q" label=search kind="search" value=form.q maxlength=100 autocomplete="off" />
            {(1 < branches.len())
                .then(|| {
                    view! { <SelectField name="of" label=t!(admin::found::branch) choices=branches value=form.branch prompt=t!(admin::found::all_branches) /> }
                })}
            {states
                .map(|(on, off)| {
                    let choices = vec![Choice::new("on", on), Choice::new("off", off)];
                    view! { <SelectField name="state" label=t!(admin::found::state) choices value=form.state prompt=t!(admin::found::any_state) /> }
                })}
        </Filters>
        {content}
    }
}

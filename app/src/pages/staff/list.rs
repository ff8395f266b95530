use crate::forms::FieldErrors;
use anteroom_domain::figures::Outcome;
use anteroom_domain::time::Zone;
use anteroom_domain::value::check_date;
use anteroom_domain::view::{Choices, ConsultationPage, ConsultationRow, PAGE_SIZE, Sort};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::offered::Offered;
use super::way_in::way_in;
use super::{Area, StaffFrame};
use crate::api::ApiError;
use crate::api::consultation::list::{List, ListForm, list_consultations};
use crate::components::{
    ButtonKind, ButtonLink, Cell, Choice, Column, DataTable, DateField, EmptyState, Filters, FormErrors, Listed, Names,
    Order, Page, PageWidth, Pager, Row, SelectField, StateBadge, TextField, TimeRange, names_text, ticking, with_query,
    zone_text,
};
use crate::pages::{Load, live};
use crate::paths;
use crate::words::outcome_text;

/// Every consultation there is, found by what is known of it. The address says what is shown, and in which order.
#[component]
pub fn ListPage() -> impl IntoView {
    view! { <StaffFrame area=Area::Consultations view=|| view! { <Found /> }.into_any() /> }
}

#[component]
fn Found() -> impl IntoView {
    let query = use_query_map();
    let form = Memo::new(move |_| {
        query.with(|query| {
            let get = |name: &str| query.get(name).unwrap_or_default();
            ListForm {
                from: get("from"),
                to: get("to"),
                branch: get("branch"),
                service: get("service"),
                host: get("host"),
                outcome: get("outcome"),
                q: get("q"),
                sort: get("sort"),
                desc: get("desc"),
                page: get("page"),
            }
        })
    });
    let list: Resource<Result<List, ApiError>> = Resource::new_blocking(move || form.get(), list_consultations);
    live(list, form, list_consultations);
    view! { <Load data=list view=move |list: List| view! { <ListView list form=form.get_untracked() /> }.into_any() /> }
}

/// The address's query, for links that keep it.
fn pairs(form: &ListForm) -> Vec<(String, String)> {
    let ListForm {
        from,
        to,
        branch,
        service,
        host,
        outcome,
        q,
        sort,
        desc,
        page,
    } = form.clone();
    [
        ("from", from),
        ("to", to),
        ("branch", branch),
        ("service", service),
        ("host", host),
        ("outcome", outcome),
        ("q", q),
        ("sort", sort),
        ("desc", desc),
        ("page", page),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

/// What was typed as a day and is none, or ends before it begins. The list leaves such a filter out.
fn check(form: &ListForm) -> FieldErrors {
    let mut errors = FieldErrors::default();
    let mut day = |field: &str, text: &str| match text.trim() {
        "" => None,
        text => errors.take(crate::language::lang(), field, check_date(text)),
    };
    let (from, to) = (day("from", &form.from), day("to", &form.to));
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        errors.add("to", t!(staff::list::backwards));
    }
    errors
}

fn is_filtered(form: &ListForm) -> bool {
    [
        &form.from,
        &form.to,
        &form.branch,
        &form.service,
        &form.host,
        &form.outcome,
        &form.q,
    ]
    .into_iter()
    .any(|value| !value.trim().is_empty())
}

#[component]
fn ListView(list: List, form: ListForm) -> impl IntoView {
    let List {
        page,
        choices,
        zone,
        now,
    } = list;
    let errors = check(&form);
    let filtered = is_filtered(&form);
    let shown_in = zone_text(&zone);
    // Without an order in the address.
    let lead = if form.sort.is_empty() {
        t!(staff::list::lead { zone: shown_in })
    } else {
        t!(staff::list::lead_sorted { zone: shown_in })
    };
    let actions = view! {
        <ButtonLink href=paths::SCHEDULE kind=ButtonKind::Primary>
            {t!(staff::list::schedule)}
        </ButtonLink>
    }
    .into_any();
    let content = if page.total == 0 && !filtered {
        view! {
            <EmptyState
                title=t!(staff::list::none_yet)
                text=t!(staff::list::none_yet_text)
            >
                <ButtonLink href=paths::SCHEDULE>{t!(staff::list::schedule)}</ButtonLink>
            </EmptyState>
        }
        .into_any()
    } else if page.total == 0 {
        view! {
            <EmptyState title=t!(staff::list::no_match) text=t!(staff::list::no_match_text)>
                <ButtonLink href=paths::CONSULTATIONS>{t!(staff::list::show_all)}</ButtonLink>
            </EmptyState>
        }
        .into_any()
    } else if page.rows.is_empty() {
        let first = with_query(paths::CONSULTATIONS, &pairs(&form), "page", "");
        view! {
            <EmptyState title=t!(staff::list::ends_before)>
                <ButtonLink href=first>{t!(staff::list::first_page)}</ButtonLink>
            </EmptyState>
        }
        .into_any()
    } else {
        view! { <Table page zone now form=form.clone() several_branches=1 < choices.branches.len() /> }.into_any()
    };
    view! {
        <Page title=t!(staff::list::title) lead=lead width=PageWidth::Wide actions=actions>
            <FormErrors errors=errors.clone() />
            <ListFilters form choices errors filtered />
            {content}
        </Page>
    }
}

#[component]
fn ListFilters(form: ListForm, choices: Choices, errors: FieldErrors, filtered: bool) -> impl IntoView {
    let outcomes = Outcome::ALL
        .into_iter()
        .map(|outcome| Choice::new(outcome.into_str(), outcome_text(outcome)))
        .collect::<Vec<_>>();
    let Offered {
        branches,
        services,
        hosts,
    } = Offered::of(choices);
    let keep = vec![("sort".to_owned(), form.sort), ("desc".to_owned(), form.desc)];
    view! {
        <Filters action=paths::CONSULTATIONS active=filtered keep>
            <TextField name="q" label=t!(staff::list::search) kind="search" value=form.q maxlength=100 autocomplete="off" />
            <DateField name="from" label=t!(staff::list::from) value=form.from error=errors.get("from") />
            <DateField name="to" label=t!(staff::list::to) value=form.to error=errors.get("to") />
            <SelectField name="outcome" label=t!(staff::list::outcome) choices=outcomes value=form.outcome prompt=t!(staff::list::any_outcome) />
            {(1 < branches.len())
                .then(|| view! { <SelectField name="branch" label=t!(staff::list::branch) choices=branches value=form.branch prompt=t!(staff::list::all_branches) /> })}
            <SelectField name="service" label=t!(staff::list::service) choices=services value=form.service prompt=t!(staff::list::all_services) />
            <SelectField name="host" label=t!(staff::list::host) choices=hosts value=form.host prompt=t!(staff::list::every_host) />
        </Filters>
    }
}

#[component]
fn Table(
    page: ConsultationPage,
    zone: Zone,
    now: jiff::Timestamp,
    form: ListForm,
    several_branches: bool,
) -> impl IntoView {
    let query = pairs(&form);
    let clock = ticking(now);
    let column = |label: &str, sort: Sort| {
        let order = (form.sort == sort.into_str()).then_some(if form.desc.is_empty() {
            Order::Ascending
        } else {
            Order::Descending
        });
        Column::new(label).sortable(paths::CONSULTATIONS, &query, sort.into_str(), order)
    };
    let columns = vec![
        column(t!(staff::list::guest), Sort::Guest),
        column(t!(staff::list::when), Sort::Start),
        column(t!(staff::list::service), Sort::Service),
        column(t!(staff::list::host), Sort::Host),
        column(t!(staff::list::state), Sort::State),
        Column::actions(t!(staff::list::actions)),
    ];
    let rows = page
        .rows
        .into_iter()
        .map(|row| view! { <Line row zone=zone.clone() now=clock several_branches /> })
        .collect_view();
    view! {
        <div class="consultations">
            <DataTable caption=t!(staff::list::caption) columns>
                {rows}
            </DataTable>
        </div>
        <Pager path=paths::CONSULTATIONS query page=page.page page_size=PAGE_SIZE total=page.total listed=Listed::Consultations />
    }
}

#[component]
fn Line(row: ConsultationRow, zone: Zone, now: Signal<jiff::Timestamp>, several_branches: bool) -> impl IntoView {
    let guests = if row.guests.is_empty() {
        t!(staff::list::no_guest).to_owned()
    } else {
        row.guests
    };
    let waiting = 0 < row.waiting;
    let (label, said) = way_in(row.state, waiting, &names_text(&guests));
    let (id, state, starts_at) = (row.id, row.state, row.starts_at);
    let offered = Memo::new(move |_| state.offers_room(starts_at, now.get()));
    view! {
        <Row highlight=waiting>
            <Cell heading=true>
                <a href=paths::consultation(row.id)>
                    <Names names=guests />
                </a>
            </Cell>
            <Cell label=t!(staff::list::when)>
                <TimeRange starts_at=row.starts_at ends_at=row.ends_at zone with_date=true />
            </Cell>
            <Cell label=t!(staff::list::service)>
                <span class="consultations__service">
                    {row.service}
                    {several_branches.then(|| view! { <span class="muted">{row.branch}</span> })}
                </span>
            </Cell>
            <Cell label=t!(staff::list::host)>
                <bdi>{row.host_name}</bdi>
            </Cell>
            <Cell label=t!(staff::list::state)>
                <StateBadge state=row.state occupied=row.occupied />
            </Cell>
            <Cell>
                {move || {
                    offered
                        .get()
                        .then(|| {
                            view! {
                                <a class="button" href=paths::room(id) rel="external" aria-label=said.clone()>
                                    {label}
                                </a>
                            }
                        })
                }}
            </Cell>
        </Row>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(from: &str, to: &str) -> ListForm {
        ListForm {
            from: from.into(),
            to: to.into(),
            ..ListForm::default()
        }
    }

    #[test]
    fn a_range_that_ends_before_it_begins_is_said_so_at_its_end() {
        assert!(check(&form("2027-03-02", "2027-03-01")).get("to").is_some());
        assert!(check(&form("soon", "")).get("from").is_some());
        assert!(check(&form("2027-03-01", "2027-03-01")).is_empty());
        assert!(check(&form("", "")).is_empty());
    }
}

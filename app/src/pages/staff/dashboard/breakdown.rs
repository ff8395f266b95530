use anteroom_domain::figures::{Group, Outcome};
use leptos::prelude::*;

use super::link::{Drill, GroupBy, link};
use crate::api::report::figures::RangeForm;
use crate::components::{Cell, Column, DataTable, Row, day_text};
use crate::language::lang;
use crate::paths;
use crate::words::outcome_text;

/// The figures by what they are of, each with the way to its consultations.
#[component]
pub fn Breakdown(by: GroupBy, groups: Vec<Group>, form: RangeForm) -> impl IntoView {
    let (title, axis) = match by {
        GroupBy::Branch => (t!(admin::dashboard::by_branch), t!(admin::dashboard::branch)),
        GroupBy::Service => (t!(admin::dashboard::by_service), t!(admin::dashboard::service)),
        GroupBy::Host => (t!(admin::dashboard::by_clerk), t!(admin::dashboard::clerk)),
        GroupBy::Day => (t!(admin::dashboard::by_day), t!(admin::dashboard::day)),
    };
    let mut columns = vec![Column::new(axis), Column::numeric(t!(admin::figure::scheduled))];
    columns.extend(Outcome::ALL.into_iter().map(|outcome| Column::numeric(short(outcome))));
    let rows = groups
        .into_iter()
        .map(|group| {
            let label = match (by, group.key.parse()) {
                (GroupBy::Day, Ok(date)) => day_text(date),
                _ => group.label,
            };
            let figure = |n: i64, outcome: Option<Outcome>| {
                if n == 0 {
                    return view! { <span class="muted">{lang().number(n)}</span> }.into_any();
                }
                let drill = Drill {
                    outcome,
                    group: Some((by, group.key.as_str())),
                };
                let href = link(paths::CONSULTATIONS, &form, drill);
                let called = t!(admin::figure::show_of_group {
                    group: &label,
                    outcome: outcome.map_or_else(|| t!(admin::figure::scheduled), outcome_text),
                    number: n,
                });
                view! {
                    <a class="dashboard__figure" href=href aria-label=called>
                        {lang().number(n)}
                    </a>
                }
                .into_any()
            };
            let all = figure(group.counts.scheduled(), None);
            let cells = std::iter::once(all)
                .chain(
                    Outcome::ALL
                        .into_iter()
                        .map(|outcome| figure(group.counts.of(outcome), Some(outcome))),
                )
                .map(|figure| view! { <Cell numeric=true>{figure}</Cell> })
                .collect_view();
            view! {
                <Row>
                    <Cell heading=true>{label}</Cell>
                    {cells}
                </Row>
            }
        })
        .collect_view();
    // Days are many.
    let folded = by == GroupBy::Day;
    let table = view! {
        <DataTable caption=title show_caption=!folded columns scroll=true>
            {rows}
        </DataTable>
    };
    if folded {
        view! {
            <details class="dashboard__section dashboard__days">
                <summary>{title}</summary>
                {table}
            </details>
        }
        .into_any()
    } else {
        view! { <section class="dashboard__section">{table}</section> }.into_any()
    }
}

/// A head narrow enough for eight columns of figures.
fn short(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pending => t!(admin::figure::short_pending),
        Outcome::Kept => t!(admin::figure::short_kept),
        Outcome::CancelledByGuest => t!(admin::figure::short_cancelled_by_guest),
        Outcome::CancelledByStaff => t!(admin::figure::short_cancelled_by_staff),
        Outcome::MissedByGuest => t!(admin::figure::short_missed_by_guest),
        Outcome::MissedByHost => t!(admin::figure::short_missed_by_host),
        Outcome::MissedTechnical => t!(admin::figure::short_missed_technical),
    }
}

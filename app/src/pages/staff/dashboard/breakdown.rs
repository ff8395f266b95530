use anteroom_domain::figures::{Group, Outcome};
use leptos::prelude::*;

use super::link::{Drill, GroupBy, link};
use crate::api::report::figures::RangeForm;
use crate::components::{Cell, Column, DataTable, Row, day_text};
use crate::paths;

/// The figures by what they are of, each with the way to its consultations.
#[component]
pub fn Breakdown(
    title: &'static str,
    axis: &'static str,
    by: GroupBy,
    groups: Vec<Group>,
    form: RangeForm,
) -> impl IntoView {
    let mut columns = vec![Column::new(axis), Column::numeric("Scheduled")];
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
                    return view! { <span class="muted">"0"</span> }.into_any();
                }
                let drill = Drill {
                    outcome,
                    group: Some((by, group.key.as_str())),
                };
                let href = link(paths::CONSULTATIONS, &form, drill);
                let what = outcome.map_or("Scheduled", Outcome::label);
                view! {
                    <a class="dashboard__figure" href=href aria-label=format!("{label}, {what}: {n}. Show them.")>
                        {n.to_string()}
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
        Outcome::Pending => "Pending",
        Outcome::Kept => "Kept",
        Outcome::CancelledByGuest => "Cancelled, guest",
        Outcome::CancelledByStaff => "Cancelled, staff",
        Outcome::MissedByGuest => "Missed, guest",
        Outcome::MissedByHost => "Missed, host",
        Outcome::MissedTechnical => "Missed, technical",
    }
}

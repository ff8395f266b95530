use anteroom_domain::figures::{Counts, Outcome, Spread};
use leptos::prelude::*;

use super::link::{Drill, link};
use crate::api::report::figures::RangeForm;
use crate::components::{Stat, Stats, span_above, span_text};
use crate::language::lang;
use crate::paths;
use crate::words::{length_definition, outcome_text, share_definition, share_text};

#[component]
pub fn Outcomes(counts: Counts, form: RangeForm) -> impl IntoView {
    let all = counts.scheduled();
    let everything = link(paths::CONSULTATIONS, &form, Drill::default());
    let stats = Outcome::ALL
        .into_iter()
        .map(|outcome| {
            let n = counts.of(outcome);
            let href = link(
                paths::CONSULTATIONS,
                &form,
                Drill {
                    outcome: Some(outcome),
                    group: None,
                },
            );
            view! {
                <Stat
                    label=outcome_text(outcome)
                    figure=lang().number(n)
                    note=share_text(outcome, &counts)
                    definition=share_definition(outcome)
                    href=href
                />
            }
        })
        .collect_view();
    view! {
        <section class="dashboard__section" aria-labelledby="outcomes">
            <h2 id="outcomes">{t!(admin::dashboard::outcomes)}</h2>
            <Stats>
                <Stat
                    label=t!(admin::figure::scheduled)
                    figure=lang().number(all)
                    note=t!(admin::figure::all_of_them)
                    definition=t!(admin::figure::scheduled_is)
                    href=everything
                />
                {stats}
            </Stats>
        </section>
    }
}

/// What two figures tell of: a median, and what most stay below.
struct Measured {
    /// Of how many.
    note: String,
    definition: String,
    /// What the consultations behind it have in common.
    outcome: Option<Outcome>,
}

#[component]
pub fn Spreads(wait: Spread, length: Spread, form: RangeForm) -> impl IntoView {
    let stat = |label: &'static str, of: &Measured, figure: Option<String>| {
        let note = match figure {
            None => t!(admin::figure::nothing_to_measure).to_owned(),
            Some(_) => of.note.clone(),
        };
        let figure = figure.unwrap_or_else(|| "–".to_owned());
        let drill = Drill {
            outcome: of.outcome,
            group: None,
        };
        let href = link(paths::CONSULTATIONS, &form, drill);
        view! { <Stat label figure note definition=of.definition.clone() href /> }
    };
    let median = |of: Spread| of.p50.map(|ms| span_text(ms / 1_000));
    let most = |of: Spread| of.p90.map(span_above);
    let waits = Measured {
        note: t!(admin::figure::of_visits { count: wait.count }),
        definition: t!(admin::figure::wait_is).to_owned(),
        outcome: None,
    };
    let lengths = Measured {
        note: t!(admin::figure::of_consultations { count: length.count }),
        definition: length_definition(),
        outcome: Some(Outcome::Kept),
    };
    let stats = [
        stat(t!(admin::figure::median_wait), &waits, median(wait)),
        stat(t!(admin::figure::most_waited), &waits, most(wait)),
        stat(t!(admin::figure::median_length), &lengths, median(length)),
        stat(t!(admin::figure::most_took), &lengths, most(length)),
    ];
    view! {
        <section class="dashboard__section" aria-labelledby="spreads">
            <h2 id="spreads">{t!(admin::dashboard::waiting_and_length)}</h2>
            <Stats>{stats.into_iter().collect_view()}</Stats>
        </section>
    }
}

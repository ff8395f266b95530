use anteroom_domain::figures::{
    Counts, DUE_DEFINITION, Outcome, SCHEDULED_DEFINITION, SHARE_DEFINITION, Spread, WAIT_DEFINITION, length_definition,
};
use leptos::prelude::*;

use super::link::{Drill, link};
use crate::api::report::figures::RangeForm;
use crate::components::{Stat, Stats, span_above, span_text};
use crate::paths;

/// A part of all, in whole per cent. A part that is there is never nothing, and one that lacks something never all.
fn share(part: i64, all: i64) -> String {
    if all <= 0 {
        return String::new();
    }
    match (part * 200 + all) / (2 * all) {
        0 if 0 < part => "under 1 %".to_owned(),
        100 if part < all => "over 99 %".to_owned(),
        percent => format!("{percent} %"),
    }
}

/// What an outcome is a share of, what to call that, and the sentence that says so. What is pending, or was cancelled in
/// time, could be neither kept nor missed.
fn basis(outcome: Outcome, counts: &Counts) -> (i64, &'static str, &'static str) {
    match outcome {
        Outcome::Kept | Outcome::MissedByGuest | Outcome::MissedByHost | Outcome::MissedTechnical => {
            (counts.due(), "due", DUE_DEFINITION)
        }
        Outcome::Pending | Outcome::CancelledByGuest | Outcome::CancelledByStaff => {
            (counts.scheduled(), "scheduled", SHARE_DEFINITION)
        }
    }
}

/// `61 % of 23 due`
fn share_of(outcome: Outcome, counts: &Counts) -> String {
    let (all, called, _) = basis(outcome, counts);
    match share(counts.of(outcome), all).as_str() {
        "" => String::new(),
        share => format!("{share} of {all} {called}"),
    }
}

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
            let definition = format!("{} {}", outcome.definition(), basis(outcome, &counts).2);
            view! {
                <Stat label=outcome.label() figure=n.to_string() note=share_of(outcome, &counts) definition href=href />
            }
        })
        .collect_view();
    view! {
        <section class="dashboard__section" aria-labelledby="outcomes">
            <h2 id="outcomes">"What became of them"</h2>
            <Stats>
                <Stat label="Scheduled" figure=all.to_string() note="all" definition=SCHEDULED_DEFINITION href=everything />
                {stats}
            </Stats>
        </section>
    }
}

#[component]
pub fn Spreads(wait: Spread, length: Spread, form: RangeForm) -> impl IntoView {
    let stat = |label: &'static str, of: Spread, figure: Option<String>, noun: &str, definition: &str, outcome| {
        let note = match (&figure, of.count) {
            (None, _) => "nothing to measure".to_owned(),
            (_, 1) => format!("of 1 {noun}"),
            (_, n) => format!("of {n} {noun}s"),
        };
        let figure = figure.unwrap_or_else(|| "–".to_owned());
        let href = link(paths::CONSULTATIONS, &form, Drill { outcome, group: None });
        view! { <Stat label figure note definition=definition.to_owned() href /> }
    };
    let kept = Some(Outcome::Kept);
    let length_is = length_definition();
    let median = |of: Spread| of.p50.map(|ms| span_text(ms / 1_000));
    let most = |of: Spread| of.p90.map(span_above);
    let stats = [
        stat("Median wait", wait, median(wait), "visit", WAIT_DEFINITION, None),
        stat(
            "9 in 10 waited less than",
            wait,
            most(wait),
            "visit",
            WAIT_DEFINITION,
            None,
        ),
        stat(
            "Median length",
            length,
            median(length),
            "consultation",
            &length_is,
            kept,
        ),
        stat(
            "9 in 10 took less than",
            length,
            most(length),
            "consultation",
            &length_is,
            kept,
        ),
    ];
    view! {
        <section class="dashboard__section" aria-labelledby="spreads">
            <h2 id="spreads">"Waiting and length"</h2>
            <Stats>{stats.into_iter().collect_view()}</Stats>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_but_never_to_nothing_or_all() {
        assert_eq!(share(0, 0), "");
        assert_eq!(share(0, 9), "0 %");
        assert_eq!(share(1, 3), "33 %");
        assert_eq!(share(2, 3), "67 %");
        assert_eq!(share(1, 1_000), "under 1 %");
        assert_eq!(share(999, 1_000), "over 99 %");
        assert_eq!(share(4, 4), "100 %");
    }

    #[test]
    fn what_is_pending_or_was_cancelled_in_time_lowers_no_share_of_the_kept() {
        let counts = Counts {
            pending: 10,
            kept: 6,
            cancelled_by_guest: 2,
            cancelled_by_staff: 2,
            missed_by_host: 2,
            cancelled_late: 2,
            ..Counts::default()
        };
        assert_eq!(share_of(Outcome::Kept, &counts), "60 % of 10 due");
        assert_eq!(share_of(Outcome::MissedByHost, &counts), "20 % of 10 due");
        assert_eq!(share_of(Outcome::CancelledByGuest, &counts), "9 % of 22 scheduled");
        let morning = Counts {
            pending: 4,
            ..Counts::default()
        };
        assert_eq!(share_of(Outcome::Kept, &morning), "");
    }
}

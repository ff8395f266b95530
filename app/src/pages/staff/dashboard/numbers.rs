use anteroom_domain::figures::{Counts, Outcome, SCHEDULED_DEFINITION, Spread, WAIT_DEFINITION, length_definition};
use leptos::prelude::*;

use super::link::{Drill, link};
use crate::api::report::figures::RangeForm;
use crate::components::{Stat, Stats, span_text};
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

#[component]
pub fn Outcomes(counts: Counts, form: RangeForm) -> impl IntoView {
    let all = counts.scheduled();
    let everything = link(paths::CONSULTATIONS, &form, Drill::default());
    let stats = Outcome::ALL
        .into_iter()
        .map(|outcome| {
            let n = counts.of(outcome);
            let href = link(paths::CONSULTATIONS, &form, Drill { outcome: Some(outcome), group: None });
            view! {
                <Stat label=outcome.label() figure=n.to_string() note=share(n, all) definition=outcome.definition() href=href />
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
    let stat = |label: &'static str, of: Spread, value: Option<i64>, noun: &str, definition: &str, outcome| {
        let figure = value.map_or_else(|| "–".to_owned(), |ms| span_text(ms / 1_000));
        let note = match (value, of.count) {
            (None, _) => "nothing to measure".to_owned(),
            (_, 1) => format!("of 1 {noun}"),
            (_, n) => format!("of {n} {noun}s"),
        };
        let href = link(paths::CONSULTATIONS, &form, Drill { outcome, group: None });
        view! { <Stat label figure note definition=definition.to_owned() href /> }
    };
    let kept = Some(Outcome::Kept);
    let length_is = length_definition();
    let stats = [
        stat("Wait, half at most", wait, wait.p50, "visit", WAIT_DEFINITION, None),
        stat(
            "Wait, nine of ten at most",
            wait,
            wait.p90,
            "visit",
            WAIT_DEFINITION,
            None,
        ),
        stat(
            "Length, half at most",
            length,
            length.p50,
            "consultation",
            &length_is,
            kept,
        ),
        stat(
            "Length, nine of ten at most",
            length,
            length.p90,
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
}

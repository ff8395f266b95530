use anteroom_domain::figures::{Counts, Group, Outcome};
use jiff::ToSpan as _;
use jiff::civil::Date;
use leptos::prelude::*;

use crate::components::{Bar, BarChart, Series, day_text};
use crate::language::lang;
use crate::words::outcome_text;

/// Of more days than this a bar is too thin to be seen: each is a week then.
const MOST_DAYS: usize = 62;

/// What the colours of the chart stand for: of each its label, its colour, and what it sums up.
fn series() -> [(&'static str, &'static str, &'static [Outcome]); 6] {
    [
        (outcome_text(Outcome::Kept), "kept", &[Outcome::Kept]),
        (outcome_text(Outcome::Pending), "pending", &[Outcome::Pending]),
        (
            t!(admin::chart::cancelled),
            "cancelled",
            &[Outcome::CancelledByGuest, Outcome::CancelledByStaff],
        ),
        (
            outcome_text(Outcome::MissedByGuest),
            "missed-guest",
            &[Outcome::MissedByGuest],
        ),
        (
            outcome_text(Outcome::MissedByHost),
            "missed-host",
            &[Outcome::MissedByHost],
        ),
        (
            outcome_text(Outcome::MissedTechnical),
            "missed-technical",
            &[Outcome::MissedTechnical],
        ),
    ]
}

/// What became of the consultations, over time.
#[component]
pub fn Chart(days: Vec<Group>) -> impl IntoView {
    let days: Vec<(Date, Counts)> = days
        .into_iter()
        .filter_map(|group| Some((group.key.parse().ok()?, group.counts)))
        .collect();
    let by_day = days.len() <= MOST_DAYS;
    let (title, axis, bars) = if by_day {
        (t!(admin::chart::by_day), t!(admin::chart::day), days)
    } else {
        (t!(admin::chart::by_week), t!(admin::chart::week), weeks(&days))
    };
    let sums = series();
    let series = sums
        .into_iter()
        .map(|(label, class, _)| Series {
            label: label.to_owned(),
            class,
        })
        .collect();
    let bars = bars
        .into_iter()
        .map(|(date, counts)| Bar {
            label: lang().day_month(date),
            full_label: if by_day {
                day_text(date)
            } else {
                t!(admin::chart::week_from { date: day_text(date) })
            },
            values: sums
                .into_iter()
                .map(|(_, _, outcomes)| outcomes.iter().map(|outcome| counts.of(*outcome)).sum())
                .collect(),
        })
        .collect();
    view! { <BarChart title axis series bars /> }
}

/// The days summed up by weeks from Monday. The first and the last may be parts of one.
fn weeks(days: &[(Date, Counts)]) -> Vec<(Date, Counts)> {
    let mut weeks: Vec<(Date, Counts)> = Vec::new();
    for (date, counts) in days {
        let monday = date
            .checked_sub(i64::from(date.weekday().to_monday_zero_offset()).days())
            .unwrap_or(*date);
        match weeks.last_mut() {
            Some((first, sum)) if monday <= *first => add(sum, counts),
            _ => weeks.push((*date, *counts)),
        }
    }
    weeks
}

fn add(sum: &mut Counts, counts: &Counts) {
    for outcome in Outcome::ALL {
        sum.add(outcome, counts.of(outcome));
    }
    sum.cancelled_late += counts.cancelled_late;
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn weeks_begin_on_monday_and_lose_nothing() {
        // A Thursday.
        let first = date(2027, 3, 25);
        let one = Counts {
            kept: 1,
            missed_by_host: 2,
            ..Counts::default()
        };
        let days: Vec<_> = first.series(1.day()).take(12).map(|date| (date, one)).collect();
        let weeks = weeks(&days);
        let begins: Vec<_> = weeks.iter().map(|(date, _)| *date).collect();
        assert_eq!(begins, [first, date(2027, 3, 29), date(2027, 4, 5)]);
        let kept: Vec<_> = weeks.iter().map(|(_, counts)| counts.kept).collect();
        assert_eq!(kept, [4, 7, 1]);
    }
}

//! The figures of the dashboard.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::consultation::{CancelledBy, Side, State};
use crate::id::{AccountId, BranchId, EventId, ServiceId};
use crate::word::into_str;

/// The outcome of a consultation, as the dashboard counts it. Each consultation has exactly one.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, IntoStaticStr, EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Outcome {
    /// The consultation is scheduled or open.
    Pending,
    /// Both sides are in, or were.
    Kept,
    /// The guest cancelled through their own link.
    CancelledByGuest,
    /// A member of staff cancelled.
    CancelledByStaff,
    /// The guest missed it: [`Side::Guest`].
    MissedByGuest,
    /// The host missed it: [`Side::Host`].
    MissedByHost,
    /// Sound and picture never came about: [`Side::Technical`].
    MissedTechnical,
}

into_str!(Outcome);

impl Outcome {
    /// All outcomes, in the order in which the dashboard shows them.
    pub const ALL: [Self; 7] = [
        Self::Kept,
        Self::Pending,
        Self::CancelledByGuest,
        Self::CancelledByStaff,
        Self::MissedByGuest,
        Self::MissedByHost,
        Self::MissedTechnical,
    ];

    /// The outcome of a consultation in this state.
    pub fn of(state: State) -> Self {
        match state {
            State::Scheduled | State::Open => Self::Pending,
            State::Live | State::Ended => Self::Kept,
            State::Cancelled { by: CancelledBy::Guest } => Self::CancelledByGuest,
            State::Cancelled { by: CancelledBy::Staff } => Self::CancelledByStaff,
            State::Missed { side: Side::Guest } => Self::MissedByGuest,
            State::Missed { side: Side::Host } => Self::MissedByHost,
            State::Missed { side: Side::Technical } => Self::MissedTechnical,
        }
    }
}

/// The consultations that the figures cover: those that start on the given days and pass all filters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// The first day.
    pub from: Date,
    /// The last day; it is part of the range.
    pub to: Date,
    /// The zone in which days begin and end.
    pub zone: crate::time::Zone,
    /// Only this branch. None: all.
    pub branch: Option<BranchId>,
    /// Only this service. None: all.
    pub service: Option<ServiceId>,
    /// Only this host. None: all.
    pub host: Option<AccountId>,
}

/// The longest range, in days. A chart by day of more than a year shows nothing.
pub const MAX_RANGE_DAYS: i32 = 366;

/// How many consultations have each [`Outcome`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// [`Outcome::Pending`].
    pub pending: i64,
    /// [`Outcome::Kept`].
    pub kept: i64,
    /// [`Outcome::CancelledByGuest`].
    pub cancelled_by_guest: i64,
    /// [`Outcome::CancelledByStaff`].
    pub cancelled_by_staff: i64,
    /// [`Outcome::MissedByGuest`].
    pub missed_by_guest: i64,
    /// [`Outcome::MissedByHost`].
    pub missed_by_host: i64,
    /// [`Outcome::MissedTechnical`].
    pub missed_technical: i64,
    /// The cancelled consultations, by whomever, whose cancellation came at or after the planned start.
    #[serde(default)]
    pub cancelled_late: i64,
}

impl Counts {
    /// The count of one outcome.
    pub fn of(&self, outcome: Outcome) -> i64 {
        match outcome {
            Outcome::Pending => self.pending,
            Outcome::Kept => self.kept,
            Outcome::CancelledByGuest => self.cancelled_by_guest,
            Outcome::CancelledByStaff => self.cancelled_by_staff,
            Outcome::MissedByGuest => self.missed_by_guest,
            Outcome::MissedByHost => self.missed_by_host,
            Outcome::MissedTechnical => self.missed_technical,
        }
    }

    /// Adds `n` consultations with this outcome.
    pub fn add(&mut self, outcome: Outcome, n: i64) {
        let count = match outcome {
            Outcome::Pending => &mut self.pending,
            Outcome::Kept => &mut self.kept,
            Outcome::CancelledByGuest => &mut self.cancelled_by_guest,
            Outcome::CancelledByStaff => &mut self.cancelled_by_staff,
            Outcome::MissedByGuest => &mut self.missed_by_guest,
            Outcome::MissedByHost => &mut self.missed_by_host,
            Outcome::MissedTechnical => &mut self.missed_technical,
        };
        *count += n;
    }

    /// All consultations, whatever their outcome.
    pub fn scheduled(&self) -> i64 {
        Outcome::ALL.into_iter().map(|outcome| self.of(outcome)).sum()
    }

    /// The consultations that could have been kept by now: all but the pending ones and those cancelled before their
    /// start.
    pub fn due(&self) -> i64 {
        let cancelled = self.cancelled_by_guest + self.cancelled_by_staff;
        self.scheduled() - self.pending - (cancelled - self.cancelled_late)
    }
}

/// The distribution of some durations, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spread {
    /// How many durations there are.
    pub count: i64,
    /// The median. None without durations.
    pub p50: Option<i64>,
    /// The 90th percentile. None without durations.
    pub p90: Option<i64>,
}

impl Spread {
    /// The distribution of `durations`, given in milliseconds in any order.
    pub fn of(mut durations: Vec<i64>) -> Self {
        durations.sort_unstable();
        Self {
            count: i64::try_from(durations.len()).unwrap_or(i64::MAX),
            p50: nearest_rank(&durations, 50),
            p90: nearest_rank(&durations, 90),
        }
    }
}

/// A percentile by nearest rank: the smallest value that at least `percent` % of the values do not exceed.
///
/// `sorted` must be in ascending order, and `percent` at most 100. None if there are no values.
pub fn nearest_rank(sorted: &[i64], percent: usize) -> Option<i64> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

/// One row of a breakdown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// The id or the date that the drill-down filters by.
    pub key: String,
    /// The row's name for people.
    pub label: String,
    /// The counts of the consultations in this row.
    pub counts: Counts,
}

/// All figures of the dashboard over one range.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// The consultations that the figures cover.
    pub range: Range,
    /// The counts over the whole range.
    pub counts: Counts,
    /// How long guests waited in lobbies before somebody let them in. Half of them waited as long as the median or less.
    pub wait: Spread,
    /// How long the ended consultations took.
    pub length: Spread,
    /// The counts by the day of the start.
    pub by_day: Vec<Group>,
    /// The counts by branch.
    pub by_branch: Vec<Group>,
    /// The counts by service.
    pub by_service: Vec<Group>,
    /// The counts by host.
    pub by_host: Vec<Group>,
    /// The newest event that the figures include.
    pub as_of_event: EventId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_nearest_rank() {
        let spread = Spread::of((1..=10).rev().collect());
        assert_eq!(
            spread,
            Spread {
                count: 10,
                p50: Some(5),
                p90: Some(9)
            }
        );
        assert_eq!(
            Spread::of(vec![7]),
            Spread {
                count: 1,
                p50: Some(7),
                p90: Some(7)
            }
        );
        assert_eq!(
            Spread::of(vec![]),
            Spread {
                count: 0,
                p50: None,
                p90: None
            }
        );
    }

    #[test]
    fn scheduled_is_the_sum_of_all_outcomes() {
        let mut counts = Counts::default();
        for (n, outcome) in (1..).zip(Outcome::ALL) {
            counts.add(outcome, n);
            assert_eq!(counts.of(outcome), n);
            assert_eq!(outcome.into_str().parse::<Outcome>().ok(), Some(outcome));
        }
        assert_eq!(counts.scheduled(), 28);
    }

    #[test]
    fn due_is_what_could_have_been_kept() {
        let counts = Counts {
            pending: 10,
            kept: 6,
            cancelled_by_guest: 3,
            cancelled_by_staff: 2,
            missed_by_guest: 1,
            missed_by_host: 1,
            missed_technical: 1,
            cancelled_late: 1,
        };
        assert_eq!((counts.scheduled(), counts.due()), (24, 10));
        assert_eq!(Counts::default().due(), 0);
    }
}

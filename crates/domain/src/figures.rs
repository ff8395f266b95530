//! The figures of the dashboard and what each of them means.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::consultation::{
    CancelledBy, DESERTED_MINUTES, EMPTY_MINUTES, GRACE_MINUTES, MISSED_AFTER_MINUTES, MISSED_PATIENCE_MINUTES, Side,
    State,
};
use crate::id::{AccountId, BranchId, EventId, ServiceId};

/// What became of a consultation, as the dashboard counts it. Each consultation has exactly one.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, IntoStaticStr, EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Outcome {
    /// Not yet due, or someone waits.
    Pending,
    /// Both sides were in, or are now.
    Kept,
    CancelledByGuest,
    CancelledByStaff,
    MissedByGuest,
    MissedByHost,
    MissedTechnical,
}

impl Outcome {
    pub const ALL: [Self; 7] = [
        Self::Kept,
        Self::Pending,
        Self::CancelledByGuest,
        Self::CancelledByStaff,
        Self::MissedByGuest,
        Self::MissedByHost,
        Self::MissedTechnical,
    ];

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

    pub fn label(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Kept => "Kept",
            Self::CancelledByGuest => "Cancelled by the guest",
            Self::CancelledByStaff => "Cancelled by staff",
            Self::MissedByGuest => "Missed by the guest",
            Self::MissedByHost => "Missed by the host",
            Self::MissedTechnical => "Missed for technical reasons",
        }
    }

    /// What exactly is counted. The numbers are the constants that it is computed with.
    pub fn definition(self) -> String {
        match self {
            Self::Pending => "Neither taken place, cancelled nor missed so far.".into(),
            Self::Kept => "A guest who was let in and a member of staff both had a media connection at the same time. On Teams: a guest was in the meeting, and the host's page was open or the guest's client saw somebody of the host's side.".into(),
            Self::CancelledByGuest => "Cancelled through the guest's own link.".into(),
            Self::CancelledByStaff => "Cancelled by a member of staff.".into(),
            Self::MissedByGuest => format!(
                "It had not taken place {}. No guest had come for this time, or only after the last member of staff had left.",
                missed_when()
            ),
            Self::MissedByHost => format!(
                "It had not taken place {}. A guest had come, and nobody let them in or no member of staff was there while they were in.",
                missed_when()
            ),
            Self::MissedTechnical => format!(
                "It had not taken place {}. A guest was in while a member of staff was there, but the media connection never came about on both sides. Who was left in Teams' lobby was not in.",
                missed_when()
            ),
        }
    }
}

fn missed_when() -> String {
    format!(
        "{MISSED_AFTER_MINUTES} minutes after the planned end ({MISSED_PATIENCE_MINUTES} minutes while somebody was still there), or when the host ended it for everyone {GRACE_MINUTES} minutes after the start or later"
    )
}

pub const SCHEDULED_DEFINITION: &str =
    "Every consultation whose start, as last agreed, lies in the range, whatever became of it.";
/// Of the kept and the missed ones. The figure that it is the share of is said beside it.
pub const DUE_DEFINITION: &str =
    "The share is of those that were due: all but the pending ones and those cancelled before they should have begun.";
/// Of the others.
pub const SHARE_DEFINITION: &str = "The share is of all that were scheduled.";
pub const WAIT_DEFINITION: &str = "How long a guest stood in the lobby (on Teams: in Teams' lobby, too) before somebody let them in, over every such visit to a consultation of the range. Who needs nobody to let them in, such as the viewers of a launch, is not counted. Half of them waited as long as the median or less. Percentiles by nearest rank; that of nine in ten is rounded up.";

pub fn length_definition() -> String {
    format!(
        "From the moment both sides were in to the last moment that they were, over the consultations of the range that have ended. One has ended when the host ends it for everyone; otherwise once nobody has been in for {DESERTED_MINUTES} minutes, and after the planned end once one side has been gone for {EMPTY_MINUTES} minutes. Half of them took as long as the median or less. Percentiles by nearest rank; that of nine in ten is rounded up."
    )
}

/// Which consultations are looked at. Days are days of `zone`; both are included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    pub from: Date,
    pub to: Date,
    pub zone: crate::time::Zone,
    pub branch: Option<BranchId>,
    pub service: Option<ServiceId>,
    pub host: Option<AccountId>,
}

/// More days than this are refused: by day, a chart of over a year says nothing.
pub const MAX_RANGE_DAYS: i32 = 366;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub pending: i64,
    pub kept: i64,
    pub cancelled_by_guest: i64,
    pub cancelled_by_staff: i64,
    pub missed_by_guest: i64,
    pub missed_by_host: i64,
    pub missed_technical: i64,
    /// Those of the cancelled ones that were cancelled when they should have begun already.
    #[serde(default)]
    pub cancelled_late: i64,
}

impl Counts {
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

    pub fn scheduled(&self) -> i64 {
        Outcome::ALL.into_iter().map(|outcome| self.of(outcome)).sum()
    }

    /// Those that could have been kept by now: see [`DUE_DEFINITION`].
    pub fn due(&self) -> i64 {
        let cancelled = self.cancelled_by_guest + self.cancelled_by_staff;
        self.scheduled() - self.pending - (cancelled - self.cancelled_late)
    }
}

/// A distribution of durations, in milliseconds; None where there was nothing to measure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spread {
    pub count: i64,
    pub p50: Option<i64>,
    pub p90: Option<i64>,
}

impl Spread {
    pub fn of(mut durations: Vec<i64>) -> Self {
        durations.sort_unstable();
        Self {
            count: i64::try_from(durations.len()).unwrap_or(i64::MAX),
            p50: nearest_rank(&durations, 50),
            p90: nearest_rank(&durations, 90),
        }
    }
}

/// The smallest value that at least `percent` % of the values do not exceed.
pub fn nearest_rank(sorted: &[i64], percent: usize) -> Option<i64> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

/// One row of a breakdown. `key` is the id (or the date) that the drill-down filters by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    pub key: String,
    pub label: String,
    pub counts: Counts,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    pub range: Range,
    pub counts: Counts,
    pub wait: Spread,
    pub length: Spread,
    pub by_day: Vec<Group>,
    pub by_branch: Vec<Group>,
    pub by_service: Vec<Group>,
    pub by_host: Vec<Group>,
    /// The number of the newest event these figures know.
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

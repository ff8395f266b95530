//! Work that is done after the change that asks for it: at a provider, or at another time.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use strum::{EnumIter, EnumString, IntoStaticStr};

use crate::id::{ConsultationId, JobId};
use crate::trouble::Trouble;
use crate::word::into_str;

/// Where a job waits. A provider that hangs delays its own queue and no other.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    IntoStaticStr,
    EnumString,
    EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Queue {
    /// Meetings at a provider: made, moved, discarded.
    Meetings,
    /// Identities at a provider: deleted.
    Identities,
}

into_str!(Queue);

impl Queue {
    /// How many of its jobs are done at once. Microsoft Graph throttles a mailbox at four requests in flight
    /// (<https://learn.microsoft.com/graph/throttling-limits>).
    pub fn limit(self) -> usize {
        4
    }
}

/// The first pause after a failure.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(5);
/// The longest one.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(1);

/// When a job that was tried `attempts` times in vain is tried again: the pause doubles up to an hour, and a quarter of it is
/// jitter, so that those that failed together do not come back together. `jitter` is drawn from the whole range of a byte.
pub fn try_again_at(now: Timestamp, attempts: i64, jitter: u8) -> Timestamp {
    let doublings = u32::try_from(attempts.clamp(1, 16) - 1).unwrap_or(0);
    let pause = FIRST_PAUSE.as_millis() << doublings;
    let pause = i64::try_from(pause)
        .unwrap_or(i64::MAX)
        .min(i64::try_from(LONGEST_PAUSE.as_millis()).unwrap_or(i64::MAX));
    let pause = pause - pause / 4 + pause / 4 * i64::from(jitter) / 255;
    now + SignedDuration::from_millis(pause)
}

/// Why a job is not done yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Its time has not come, or it waits for its turn.
    Waiting,
    /// A runner has it.
    Running,
    /// It failed, and is tried again by itself.
    Retrying,
    /// It failed, and is tried again only when an admin asks for it.
    GivenUp,
}

/// A job as an admin sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobLine {
    /// Its number.
    pub id: JobId,
    /// Where it waits.
    pub queue: Queue,
    /// What it does.
    pub kind: String,
    /// Why it is not done yet.
    pub state: JobState,
    /// The consultation that it is about, where there is one.
    pub consultation: Option<ConsultationId>,
    /// When that consultation begins.
    pub starts_at: Option<Timestamp>,
    /// How often it was begun.
    pub attempts: i64,
    /// Why it was not done the last time. None: it has not failed.
    pub last_error: Option<Trouble>,
    /// When its cause was stored.
    pub created_at: Timestamp,
    /// When it is tried next.
    pub not_before: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_doubles_up_to_an_hour_and_never_below_three_quarters() {
        let now = Timestamp::UNIX_EPOCH;
        let pause = |attempts, jitter| try_again_at(now, attempts, jitter).duration_since(now).as_secs_f64();
        assert!((pause(1, 255) - 5.0).abs() < 0.01 && (pause(1, 0) - 3.75).abs() < 0.01);
        assert!((pause(3, 255) - 20.0).abs() < 0.01);
        for attempts in [12, 100, i64::MAX] {
            assert!((pause(attempts, 255) - 3600.0).abs() < 0.01);
        }
    }
}

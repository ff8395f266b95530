use std::collections::{BTreeMap, VecDeque};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::operation::Operation;

/// So many requests in so many seconds, however the seconds are laid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    pub requests: usize,
    pub seconds: u32,
}

/// An operation that is not named has no limit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Limits(pub BTreeMap<Operation, Limit>);

impl Limits {
    /// As Microsoft publishes them. The real one counts creating with a token apart from creating without.
    pub fn published() -> Self {
        let acs = |requests| Limit { requests, seconds: 30 };
        let graph = Limit {
            requests: 2000,
            seconds: 1,
        };
        Self(BTreeMap::from([
            (Operation::CreateIdentity, acs(1000)),
            (Operation::IssueToken, acs(1000)),
            (Operation::RevokeTokens, acs(500)),
            (Operation::DeleteIdentity, acs(500)),
            (Operation::CreateOrGetMeeting, graph),
            (Operation::GetMeeting, graph),
            (Operation::UpdateMeeting, graph),
            (Operation::DeleteMeeting, graph),
        ]))
    }

    /// The same, a thousandth say, but never less than one request.
    #[must_use]
    pub fn one_in(mut self, share: usize) -> Self {
        for limit in self.0.values_mut() {
            limit.requests = (limit.requests / share.max(1)).max(1);
        }
        self
    }
}

/// The requests that were let through, by operation, as far back as their limit looks.
#[derive(Default)]
pub struct Windows(BTreeMap<Operation, VecDeque<Timestamp>>);

impl Windows {
    /// Lets a request through, or says after how many seconds to try again.
    pub fn take(&mut self, limits: &Limits, operation: Operation, now: Timestamp) -> Result<(), i64> {
        let Some(limit) = limits.0.get(&operation) else {
            return Ok(());
        };
        let window = SignedDuration::from_secs(limit.seconds.into());
        let taken = self.0.entry(operation).or_default();
        while taken.front().is_some_and(|at| now.duration_since(*at) >= window) {
            taken.pop_front();
        }
        if taken.len() < limit.requests {
            taken.push_back(now);
            return Ok(());
        }
        let left = taken
            .front()
            .map_or(window, |oldest| window - now.duration_since(*oldest));
        Err((left.as_secs() + i64::from(left.subsec_nanos() > 0)).max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).unwrap()
    }

    #[test]
    fn a_window_slides_and_says_when_there_is_room() {
        let limits = Limits(BTreeMap::from([(
            Operation::IssueToken,
            Limit {
                requests: 2,
                seconds: 30,
            },
        )]));
        let mut windows = Windows::default();
        let mut take = |seconds| windows.take(&limits, Operation::IssueToken, at(seconds));
        assert_eq!(take(0), Ok(()));
        assert_eq!(take(10), Ok(()));
        assert_eq!(take(11), Err(19));
        assert_eq!(take(29), Err(1));
        assert_eq!(take(30), Ok(()), "what was refused does not count");
        assert_eq!(take(31), Err(9));
    }

    #[test]
    fn the_published_limits_scale_down_to_one() {
        let limits = Limits::published().one_in(500);
        assert_eq!(limits.0[&Operation::CreateIdentity].requests, 2);
        assert_eq!(limits.0[&Operation::DeleteIdentity].requests, 1);
        assert_eq!(
            Limits::published().one_in(1_000_000).0[&Operation::DeleteIdentity].requests,
            1
        );
    }

    #[test]
    fn an_operation_without_a_limit_is_never_refused() {
        let mut windows = Windows::default();
        for _ in 0..5000 {
            assert_eq!(
                windows.take(&Limits::published(), Operation::ClientToken, at(0)),
                Ok(())
            );
        }
    }
}

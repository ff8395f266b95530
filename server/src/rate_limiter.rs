//! How fast people without an account may change something: counted by their link, or by their network where the link is
//! nobody's.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use anteroom_service::{Actor, Error, UseCases, hash_secret};
use jiff::{SignedDuration, Timestamp};

/// Beyond this many, the keys that are not limited now are forgotten; where that is not enough, all are.
const MAX_KEYS: usize = 20_000;

/// What is limited.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    Join,
    Decline,
    Rate,
    Register,
}

/// A burst, and then one at a time.
struct Rate {
    at_once: i32,
    then_each: SignedDuration,
}

impl Act {
    /// The rate of one link: it is one person's, except the link with which many register. Not counted by address: a
    /// branch's network or a phone company is one address, too.
    fn of_link(self) -> Rate {
        match self {
            Self::Join => every(20, 5_000),
            Self::Decline => every(5, 60_000),
            Self::Rate => every(10, 10_000),
            Self::Register => every(60, 2_000),
        }
    }

    /// The rate of one network, for links that nobody made.
    fn of_strangers() -> Rate {
        every(60, 2_000)
    }
}

fn every(at_once: i32, then_each_ms: i64) -> Rate {
    Rate {
        at_once,
        then_each: SignedDuration::from_millis(then_each_ms),
    }
}

/// By the hash of act and key: until when the acts so far count.
#[derive(Debug, Default)]
pub struct RateLimiter(Mutex<HashMap<[u8; 32], Timestamp>>);

impl RateLimiter {
    /// Refuses what is too fast. The link is looked up first, a read: an act with a good link counts by that link alone, and
    /// only one with a link that nobody made counts against the network.
    pub async fn check(&self, use_cases: &UseCases, act: Act, network: &str, link: &str) -> Result<(), Error> {
        let is_good = use_cases.is_link(&Actor::with_link(link)).await?;
        self.ask(act, is_good, network, link, use_cases.now())
    }

    fn ask(&self, act: Act, is_good: bool, network: &str, link: &str, now: Timestamp) -> Result<(), Error> {
        let (key, rate) = if is_good {
            (format!("{act:?}|link|{link}"), act.of_link())
        } else {
            (format!("{act:?}|network|{network}"), Act::of_strangers())
        };
        if self.take(hash_secret(&key), &rate, now) {
            Ok(())
        } else {
            Err(Error::TooOften)
        }
    }

    fn take(&self, key: [u8; 32], rate: &Rate, now: Timestamp) -> bool {
        let mut until = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if until.len() >= MAX_KEYS {
            until.retain(|_, until| now < *until);
        }
        if until.len() >= MAX_KEYS {
            until.clear();
        }
        let counts_until = until.get(&key).copied().unwrap_or(now).max(now);
        if counts_until > now + rate.then_each * (rate.at_once - 1) {
            return false;
        }
        until.insert(key, counts_until + rate.then_each);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(rate_limiter: &RateLimiter, is_good: bool, network: &str, link: &str, now: Timestamp) -> usize {
        let ask = |_: &i32| rate_limiter.ask(Act::Register, is_good, network, link, now).is_ok();
        (0..200).take_while(ask).count()
    }

    #[test]
    fn a_handful_goes_at_once_and_then_one_at_a_time() {
        let rate_limiter = RateLimiter::default();
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(taken(&rate_limiter, true, "a", "x", now), 60);
        // From any network.
        assert_eq!(taken(&rate_limiter, true, "b", "x", now), 0);
        assert_eq!(
            taken(&rate_limiter, true, "a", "x", now + SignedDuration::from_secs(5)),
            2
        );
        assert_eq!(
            taken(&rate_limiter, true, "a", "x", now + SignedDuration::from_hours(2)),
            60
        );
    }

    #[test]
    fn made_up_links_keep_no_neighbour_with_a_good_link_out() {
        let rate_limiter = RateLimiter::default();
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(taken(&rate_limiter, false, "a", "made-up", now), 60);
        assert_eq!(taken(&rate_limiter, false, "a", "another", now), 0);
        assert_eq!(taken(&rate_limiter, true, "a", "good", now), 60);
        assert_eq!(taken(&rate_limiter, false, "b", "made-up", now), 60);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let rate_limiter = RateLimiter::default();
        for n in 0..30_000 {
            let _ = rate_limiter.ask(Act::Rate, true, "a", &n.to_string(), Timestamp::UNIX_EPOCH);
        }
        assert!(rate_limiter.0.lock().unwrap().len() <= MAX_KEYS);
    }
}

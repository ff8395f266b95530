//! How fast people without an account may change something: by where they come from, and by the link that they hold.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use anteroom_service::{Error, hash_secret};
use jiff::{SignedDuration, Timestamp};

/// Beyond this many, those that may go on at once are forgotten; where that is not enough, all are.
const MOST: usize = 20_000;

/// What they do.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    Join,
    CantCome,
    Rate,
    Register,
}

/// A handful at once, and then one at a time.
struct Pace {
    at_once: i32,
    then_each: SignedDuration,
}

impl Act {
    /// Of everybody behind one address: a branch, a partner's office on one launch.
    fn of_network(self) -> Pace {
        match self {
            Self::Join => pace(240, 500),
            Self::CantCome => pace(30, 20_000),
            Self::Rate => pace(120, 1_000),
            Self::Register => pace(40, 60_000),
        }
    }

    /// Of everybody with one link: one person, but for that with which many register.
    fn of_link(self) -> Pace {
        match self {
            Self::Join => pace(20, 5_000),
            Self::CantCome => pace(5, 60_000),
            Self::Rate => pace(10, 10_000),
            Self::Register => pace(60, 2_000),
        }
    }
}

fn pace(at_once: i32, then_each_ms: i64) -> Pace {
    Pace {
        at_once,
        then_each: SignedDuration::from_millis(then_each_ms),
    }
}

/// By the hash of who and what: until when what was done so far counts.
#[derive(Debug, Default)]
pub struct Throttle(Mutex<HashMap<[u8; 32], Timestamp>>);

impl Throttle {
    /// Refused in words where it is too fast. What was typed is the caller's to keep.
    pub fn ask(&self, act: Act, network: &str, link: &str, now: Timestamp) -> Result<(), Error> {
        let keys = [
            (format!("{act:?}|network|{network}"), act.of_network()),
            (format!("{act:?}|link|{link}"), act.of_link()),
        ];
        // The network first: who is past that can't fill the list with links that they made up.
        match keys.iter().all(|(key, pace)| self.take(hash_secret(key), pace, now)) {
            true => Ok(()),
            false => Err(Error::TooMany(
                "That was a lot at once. Wait a minute and try again.".to_owned(),
            )),
        }
    }

    fn take(&self, key: [u8; 32], pace: &Pace, now: Timestamp) -> bool {
        let mut until = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if MOST <= until.len() {
            until.retain(|_, until| now < *until);
        }
        if MOST <= until.len() {
            until.clear();
        }
        let counts_until = until.get(&key).copied().unwrap_or(now).max(now);
        if now + pace.then_each * (pace.at_once - 1) < counts_until {
            return false;
        }
        until.insert(key, counts_until + pace.then_each);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(throttle: &Throttle, network: &str, link: &str, now: Timestamp) -> usize {
        let ask = |_: &i32| throttle.ask(Act::Register, network, link, now).is_ok();
        (0..200).take_while(ask).count()
    }

    #[test]
    fn a_handful_goes_at_once_and_then_one_at_a_time() {
        let throttle = Throttle::default();
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(taken(&throttle, "a", "x", now), 40);
        // The link has room for others, and another link is no way around.
        assert_eq!(taken(&throttle, "a", "y", now), 0);
        assert_eq!(taken(&throttle, "b", "x", now), 20);
        assert_eq!(taken(&throttle, "a", "x", now + SignedDuration::from_secs(119)), 1);
        assert_eq!(taken(&throttle, "a", "x", now + SignedDuration::from_hours(2)), 40);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let throttle = Throttle::default();
        for n in 0..30_000 {
            let _ = throttle.ask(Act::Rate, &n.to_string(), "x", Timestamp::UNIX_EPOCH);
        }
        assert!(throttle.0.lock().unwrap().len() <= MOST);
    }
}

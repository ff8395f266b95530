//! Intentions that were carried out lately, with their answers (see [`crate::middleware::once()`]).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use http::HeaderMap;
use jiff::{SignedDuration, Timestamp};

/// Longer than anybody waits for a page before clicking again.
const REMEMBERED: SignedDuration = SignedDuration::from_mins(10);
/// Beyond this many, the oldest is forgotten.
const MAX_REMEMBERED: usize = 10_000;

/// What was answered to an intention. The request that carries it out holds the lock; the others wait for it.
pub type Answer = Arc<tokio::sync::Mutex<Option<HeaderMap>>>;

/// By the hash of session, path and body, which contains the number of the form.
#[derive(Debug, Default)]
pub struct Intentions(Mutex<HashMap<[u8; 32], (Timestamp, Answer)>>);

impl Intentions {
    /// The answer to this intention, empty where it is new.
    pub fn of(&self, key: [u8; 32], now: Timestamp) -> Answer {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, (since, _)| now < *since + REMEMBERED);
        if known.len() >= MAX_REMEMBERED
            && let Some(oldest) = known.iter().min_by_key(|(_, (since, _))| *since).map(|(key, _)| *key)
        {
            known.remove(&oldest);
        }
        known.entry(key).or_insert_with(|| (now, Answer::default())).1.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_bounded_in_time_and_number() {
        let intentions = Intentions::default();
        let start = Timestamp::UNIX_EPOCH;
        let first = intentions.of([1; 32], start);
        assert!(Arc::ptr_eq(
            &first,
            &intentions.of([1; 32], start + REMEMBERED - SignedDuration::from_secs(1))
        ));
        assert!(!Arc::ptr_eq(&first, &intentions.of([1; 32], start + REMEMBERED)));
        for n in 0..MAX_REMEMBERED + 100 {
            let mut key = [2; 32];
            key[..8].copy_from_slice(&n.to_le_bytes());
            intentions.of(key, start);
        }
        assert!(intentions.0.lock().unwrap().len() <= MAX_REMEMBERED);
    }
}

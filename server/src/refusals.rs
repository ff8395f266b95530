//! How many requests were refused.

use std::sync::atomic::{AtomicU64, Ordering};

use http::StatusCode;

/// Refusals since the last line about them. An attacker can cause any number of refusals, so each is only counted, and the
/// log has one line a minute with the counts.
#[derive(Debug, Default)]
pub struct Refusals {
    wrong_passwords: AtomicU64,
    /// Not for this person, or not from a page of this site.
    forbidden: AtomicU64,
    /// More than a rate or a limit allows.
    too_many: AtomicU64,
}

/// Honest people cause fewer than this in a minute.
const WORTH_TELLING: u64 = 10;

impl Refusals {
    pub fn wrong_password(&self) {
        self.wrong_passwords.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts an answer that is a refusal.
    pub fn count(&self, status: StatusCode) {
        let counter = match status {
            StatusCode::FORBIDDEN => &self.forbidden,
            StatusCode::TOO_MANY_REQUESTS => &self.too_many,
            _ => return,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// Logs the counts, once a minute. Without addresses or names: the events say by id which accounts were tried.
    pub fn tell(&self) {
        let take = |counter: &AtomicU64| counter.swap(0, Ordering::Relaxed);
        let wrong_passwords = take(&self.wrong_passwords);
        let forbidden = take(&self.forbidden);
        let too_many = take(&self.too_many);
        let count = wrong_passwords + forbidden + too_many;
        if count >= WORTH_TELLING {
            tracing::warn!(
                count,
                wrong_passwords,
                forbidden,
                too_many,
                "{count} requests of the last minute were refused: somebody may be trying passwords, links or pages"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_told_is_not_told_again() {
        let refusals = Refusals::default();
        refusals.count(StatusCode::FORBIDDEN);
        refusals.count(StatusCode::OK);
        refusals.wrong_password();
        assert_eq!(refusals.forbidden.load(Ordering::Relaxed), 1);
        refusals.tell();
        let left = [&refusals.forbidden, &refusals.wrong_passwords, &refusals.too_many];
        assert!(left.iter().all(|counter| counter.load(Ordering::Relaxed) == 0));
    }
}

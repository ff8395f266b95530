//! When to reconnect the signalling socket.

use anteroom_domain::visit::RESUME_SECONDS;

/// The first wait. Short: most losses are a change of network that is over when the page notices it.
const FIRST_MS: u32 = 300;
/// The longest wait: the banner goes within this time of the network's return.
const LONGEST_MS: u32 = 5_000;
/// The server keeps a seat for [`RESUME_SECONDS`] from *its* last sign of us, which is at most one ping older than ours;
/// trying a little longer costs nothing, and the server's answer is then the truth.
#[expect(clippy::cast_precision_loss, reason = "a minute")]
const GIVE_UP_MS: f64 = RESUME_SECONDS as f64 * 1_000.0 + 5_000.0;

/// The waits of one loss of connection. Reads no clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Backoff {
    lost_at_ms: f64,
    attempt: u32,
}

impl Backoff {
    /// The connection was lost at this time, in milliseconds of any steady clock.
    pub fn lost_at(now_ms: f64) -> Self {
        Self {
            lost_at_ms: now_ms,
            attempt: 0,
        }
    }

    /// How long to wait before the next attempt; `None` when the seat is gone anyway.
    pub fn next_wait(&mut self, now_ms: f64) -> Option<u32> {
        if now_ms - self.lost_at_ms > GIVE_UP_MS {
            return None;
        }
        let wait = FIRST_MS.saturating_mul(1 << self.attempt.min(10)).min(LONGEST_MS);
        self.attempt = self.attempt.saturating_add(1);
        Some(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_five_seconds() {
        let mut backoff = Backoff::lost_at(0.0);
        let waits: Vec<_> = (0..7).filter_map(|_| backoff.next_wait(1.0)).collect();
        assert_eq!(waits, [300, 600, 1200, 2400, 4800, 5000, 5000]);
    }

    #[test]
    fn it_gives_up_when_the_seat_is_no_longer_kept() {
        let mut backoff = Backoff::lost_at(1_000.0);
        assert!(backoff.next_wait(61_000.0).is_some());
        assert!(backoff.next_wait(66_001.0).is_none());
    }

    #[test]
    fn many_attempts_do_not_overflow() {
        let mut backoff = Backoff::lost_at(0.0);
        for _ in 0..100 {
            assert!(backoff.next_wait(0.0).is_some_and(|wait| wait <= 5_000));
        }
    }
}

//! How much one participant may send. Every packet costs an authentication, and a copy for each subscriber, so without a
//! limit one page could fill everybody's line.

use std::time::Instant;

/// A browser sends at most a screen (2.5 Mbit/s are asked for, twice that where much moves), a camera (1.7 Mbit/s,
/// 2.5 before a REMB has arrived), sound, and repairs and probing on top (15 %): below 9 Mbit/s. The limit is a third
/// more.
const MEDIA_BYTES_PER_SECOND: u64 = 12_000_000 / 8;
/// Packets that are not authenticated yet may be somebody else's, forged. They cost an authentication and no more, and
/// must not use up what the participant may send.
const PACKET_BYTES_PER_SECOND: u64 = 8 * MEDIA_BYTES_PER_SECOND;

/// A token bucket: one token is one byte.
pub(crate) struct TokenBucket {
    tokens: u64,
    rate: u64,
    filled_at: Instant,
}

impl TokenBucket {
    /// For media that was authenticated and is forwarded.
    pub fn for_media(now: Instant) -> Self {
        Self::new(MEDIA_BYTES_PER_SECOND, now)
    }

    /// For every packet from a participant's addresses, before it is authenticated.
    pub fn for_packets(now: Instant) -> Self {
        Self::new(PACKET_BYTES_PER_SECOND, now)
    }

    fn new(rate: u64, now: Instant) -> Self {
        Self {
            tokens: burst(rate),
            rate,
            filled_at: now,
        }
    }

    /// Takes the tokens for a packet of this length. Returns whether there were enough; if not, none is taken.
    pub fn take(&mut self, bytes: usize, now: Instant) -> bool {
        let passed = now.saturating_duration_since(self.filled_at);
        let micros = u64::try_from(passed.as_micros()).unwrap_or(u64::MAX);
        let filled = micros.saturating_mul(self.rate) / 1_000_000;
        // A fraction of a byte counts next time.
        if filled > 0 {
            self.filled_at = now;
            self.tokens = self.tokens.saturating_add(filled).min(burst(self.rate));
        }
        match self.tokens.checked_sub(bytes as u64) {
            Some(left) => {
                self.tokens = left;
                true
            }
            None => false,
        }
    }
}

/// Key frames of a big screen come in bursts of a megabyte, and a line that was stuck delivers a second at once.
fn burst(rate: u64) -> u64 {
    2 * rate
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "an arbitrary start of virtual time")]
    fn a_burst_passes_and_a_flood_is_cut_to_the_ceiling() {
        let start = Instant::now();
        let mut bucket = TokenBucket::for_media(start);
        let packets = |bucket: &mut TokenBucket, now| (0..10_000).filter(|_| bucket.take(1_200, now)).count() as u64;
        assert_eq!(packets(&mut bucket, start), burst(MEDIA_BYTES_PER_SECOND) / 1_200);
        let passed = packets(&mut bucket, start + Duration::from_secs(1));
        assert!((MEDIA_BYTES_PER_SECOND / 1_200).abs_diff(passed) <= 1, "{passed}");
        assert_eq!(
            packets(&mut bucket, start + Duration::from_mins(1)),
            burst(MEDIA_BYTES_PER_SECOND) / 1_200
        );
    }
}

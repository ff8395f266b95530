//! How much one participant may send us. Every packet costs an authentication and a copy for each who watches, so
//! without a ceiling one page could fill everybody's line.

use std::time::Instant;

/// What a browser sends at most is a screen (2.5 Mbit/s are asked for, twice that where much moves), a camera
/// (1.7 Mbit/s, 2.5 before it was told less), sound, and repairs and probing on top (15 %): below 9 Mbit/s. A third more
/// is nobody's honest need.
const BYTES_PER_SECOND: u64 = 12_000_000 / 8;
/// Of what comes from their address, by whomever it was sent: looking at it costs an authentication, and no more. What
/// somebody else sends in their name must not use up what is theirs.
const UNPROVEN_BYTES_PER_SECOND: u64 = 8 * BYTES_PER_SECOND;

/// A bucket that fills with time.
pub(crate) struct Ingress {
    left: u64,
    rate: u64,
    since: Instant,
}

impl Ingress {
    /// Of what was authenticated, and is sent on.
    pub fn of_proven(now: Instant) -> Self {
        Self::new(BYTES_PER_SECOND, now)
    }

    /// Of everything that is looked at.
    pub fn of_any(now: Instant) -> Self {
        Self::new(UNPROVEN_BYTES_PER_SECOND, now)
    }

    fn new(rate: u64, now: Instant) -> Self {
        Self {
            left: burst(rate),
            rate,
            since: now,
        }
    }

    /// May a packet of this length pass?
    pub fn take(&mut self, bytes: usize, now: Instant) -> bool {
        let passed = now.saturating_duration_since(self.since);
        let micros = u64::try_from(passed.as_micros()).unwrap_or(u64::MAX);
        let filled = micros.saturating_mul(self.rate) / 1_000_000;
        // What is less than a byte counts next time.
        if filled > 0 {
            self.since = now;
            self.left = self.left.saturating_add(filled).min(burst(self.rate));
        }
        match self.left.checked_sub(bytes as u64) {
            Some(left) => {
                self.left = left;
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
        let mut ingress = Ingress::of_proven(start);
        let packets = |ingress: &mut Ingress, now| (0..10_000).filter(|_| ingress.take(1_200, now)).count() as u64;
        assert_eq!(packets(&mut ingress, start), burst(BYTES_PER_SECOND) / 1_200);
        let passed = packets(&mut ingress, start + Duration::from_secs(1));
        assert!((BYTES_PER_SECOND / 1_200).abs_diff(passed) <= 1, "{passed}");
        assert_eq!(
            packets(&mut ingress, start + Duration::from_secs(60)),
            burst(BYTES_PER_SECOND) / 1_200
        );
    }
}

//! What a subscriber gets when the line is too thin for everything, and what publishers are asked to send.
//!
//! The rules:
//! 1. Sound always goes through.
//! 2. Then screens, then cameras, in the order in which people came, as far as the subscriber's estimated bandwidth
//!    (less [`HEADROOM`]) reaches. A video that has not fitted for [`GRACE`], by far ([`TOLERANCE_PERCENT`]), is held
//!    back, at the end of a frame; it comes back, with a key frame, when there has been room for it with a margin for
//!    [`RECOVER`].
//! 3. Before it comes to that, publishers are asked (by REMB, which browsers take for an upper bound) to send no more
//!    than the slowest subscriber can take, so that in a room of two the encoder steps down instead of the picture
//!    freezing. In a larger room the slowest does not pull everybody down to nothing: below [`GROUP_FLOOR_BPS`] their
//!    video is held back instead.
//! 4. A limit falls at once and rises by at most a quarter per second.

use std::time::{Duration, Instant};

/// Parts of a hundred of the estimate that are given out: retransmissions and RTCP need the rest.
const HEADROOM: u64 = 90;
/// How long too much is sent before a video is held back: one round trip for the REMB, and libwebrtc's encoder needs
/// about half a second to follow.
const GRACE: Duration = Duration::from_secs(2);
/// An encoder keeps to what it was asked for on average only, and the estimate sinks below what gets through whenever
/// it was overrun; holding back for that would freeze pictures that are just being made smaller.
const TOLERANCE_PERCENT: u64 = 130;
/// How long there must be room before a video comes back; shorter and it would flap with the estimate's probing.
const RECOVER: Duration = Duration::from_secs(2);
/// A video needs that much more than it sends now to come back: the key frame, and the encoder's upswing.
const MARGIN_PERCENT: u64 = 120;
/// What a camera that sends nothing measurable needs at least to be let through.
const SMALLEST_VIDEO_BPS: u64 = 100_000;

/// A publisher's total: 720p at libwebrtc's upper limit for VP8 (2.5 Mbit/s), or a camera beside a screen.
pub(crate) const MOST_BPS: u64 = 4_000_000;
/// The least that the only other person's line can ask for: below it a face is not recognisable, and is held back.
const PAIR_FLOOR_BPS: u64 = 100_000;
/// The same in a room of three and more, where others pay for it: 640 × 360 at 15 frames/s.
const GROUP_FLOOR_BPS: u64 = 400_000;
/// Sound: Opus at 32 kbit/s, its headers, and a reserve for RTCP.
const AUDIO_BPS: u64 = 64_000;

/// Whether one video of one subscriber is held back, and the evidence for changing that.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Gate {
    held: bool,
    against_since: Option<Instant>,
}

impl Gate {
    pub fn is_held(&self) -> bool {
        self.held
    }

    fn lean(&mut self, now: Instant, change: bool) {
        if !change {
            self.against_since = None;
            return;
        }
        let since = *self.against_since.get_or_insert(now);
        let patience = if self.held { RECOVER } else { GRACE };
        if now.saturating_duration_since(since) >= patience {
            self.held = !self.held;
            self.against_since = None;
        }
    }
}

/// Opens and closes the gates of one subscriber. `videos` in the order of rule 2, each with what its publisher sends.
/// Without an estimate nothing is held back.
pub(crate) fn decide<'a>(
    now: Instant,
    estimate_bps: Option<u64>,
    audio_bps: u64,
    videos: impl IntoIterator<Item = (&'a mut Gate, u64)>,
) {
    let budget = estimate_bps.map_or(u64::MAX, |bps| bps / 100 * HEADROOM);
    let mut used = audio_bps;
    for (gate, bps) in videos {
        let needs = if gate.held {
            to_come_back(bps)
        } else {
            bps / TOLERANCE_PERCENT * 100
        };
        let fits = used.saturating_add(needs) <= budget;
        gate.lean(now, fits == gate.held);
        if !gate.held {
            used = used.saturating_add(bps);
        }
    }
}

/// What must be left over for a video that is held back and whose publisher sends so much.
pub(crate) fn to_come_back(bps: u64) -> u64 {
    (bps / 100 * MARGIN_PERCENT).max(SMALLEST_VIDEO_BPS)
}

/// What one subscriber's line leaves for each camera (rule 3); `None`: it should not hold the publishers down.
pub(crate) fn camera_share(estimate_bps: u64, audio_bps: u64, screens_bps: u64, cameras: u64) -> Option<u64> {
    let left = (estimate_bps / 100 * HEADROOM)
        .saturating_sub(audio_bps)
        .saturating_sub(screens_bps);
    let share = left.checked_div(cameras)?;
    if cameras > 1 {
        (share >= GROUP_FLOOR_BPS).then_some(share)
    } else {
        Some(share.max(PAIR_FLOOR_BPS))
    }
}

/// What a publisher has been asked to send at most (rule 4).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ceiling {
    bps: u64,
    told: Option<(u64, Instant)>,
    changed: Option<Instant>,
}

/// A REMB can be lost: a limit that matters is repeated.
const REPEAT: Duration = Duration::from_secs(1);

impl Default for Ceiling {
    fn default() -> Self {
        Self {
            bps: MOST_BPS,
            told: None,
            changed: None,
        }
    }
}

impl Ceiling {
    /// `camera`: the smallest share of a camera among the subscribers; `screen_bps`: what the screen sends beside it.
    /// Returns what the publisher is to be told now.
    pub fn update(&mut self, now: Instant, camera: Option<u64>, screen_bps: u64) -> Option<u64> {
        let wanted = camera.map_or(MOST_BPS, |bps| (bps + AUDIO_BPS + screen_bps).min(MOST_BPS));
        if wanted < self.bps {
            self.bps = wanted;
            self.changed = Some(now);
        } else if wanted > self.bps {
            let since = now.saturating_duration_since(*self.changed.get_or_insert(now));
            if since >= Duration::from_secs(1) {
                self.bps = wanted.min(self.bps / 4 * 5);
                self.changed = Some(now);
            }
        }
        let due = match self.told {
            None => self.bps < MOST_BPS,
            Some((bps, at)) => {
                let again = self.bps < MOST_BPS && now.saturating_duration_since(at) >= REPEAT;
                bps != self.bps || again
            }
        };
        due.then(|| {
            self.told = Some((self.bps, now));
            self.bps
        })
    }
}

/// Bits per second of a track, over the last second or so.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Rate {
    bytes: u64,
    since: Option<Instant>,
    bps: u64,
}

impl Rate {
    /// Measured over at least this; shorter and a frame more or less would count.
    const WINDOW: Duration = Duration::from_millis(500);

    pub fn add(&mut self, bytes: usize) {
        self.bytes += bytes as u64;
    }

    pub fn bps(&self) -> u64 {
        self.bps
    }

    pub fn roll(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(*self.since.get_or_insert(now));
        if passed < Self::WINDOW {
            return;
        }
        let millis = u64::try_from(passed.as_millis()).unwrap_or(u64::MAX).max(1);
        let fresh = self.bytes * 8 * 1000 / millis;
        // Falls at once (an encoder that steps down must be seen to), rises with some inertia (a key frame is no trend).
        self.bps = if self.bps > 0 && fresh > self.bps {
            self.bps.midpoint(fresh)
        } else {
            fresh
        };
        self.bytes = 0;
        self.since = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::disallowed_methods, reason = "an arbitrary start of virtual time")]
    fn start() -> Instant {
        Instant::now()
    }

    /// Decides every half second for so long.
    fn run(now: &mut Instant, seconds: u64, estimate: u64, gates: &mut [(Gate, u64)]) {
        for _ in 0..seconds * 2 {
            *now += Duration::from_millis(500);
            decide(
                *now,
                Some(estimate),
                32_000,
                gates.iter_mut().map(|(gate, bps)| (gate, *bps)),
            );
        }
    }

    fn held(gates: &[(Gate, u64)]) -> Vec<bool> {
        gates.iter().map(|(gate, _)| gate.is_held()).collect()
    }

    #[test]
    fn the_first_videos_stay_and_the_last_go() {
        let mut now = start();
        let mut gates = [
            (Gate::default(), 1_000_000),
            (Gate::default(), 1_000_000),
            (Gate::default(), 1_000_000),
        ];
        run(&mut now, 5, 10_000_000, &mut gates);
        assert_eq!(held(&gates), [false, false, false]);
        run(&mut now, 5, 2_400_000, &mut gates);
        assert_eq!(held(&gates), [false, false, true]);
        run(&mut now, 5, 500_000, &mut gates);
        assert_eq!(held(&gates), [true, true, true]);
        run(&mut now, 5, 10_000_000, &mut gates);
        assert_eq!(held(&gates), [false, false, false]);
    }

    #[test]
    fn a_hiccup_of_the_estimate_holds_nothing_back_and_lets_nothing_through() {
        let mut now = start();
        let mut gates = [(Gate::default(), 1_000_000)];
        run(&mut now, 1, 500_000, &mut gates);
        run(&mut now, 1, 5_000_000, &mut gates);
        run(&mut now, 1, 500_000, &mut gates);
        assert_eq!(held(&gates), [false]);
        run(&mut now, 3, 500_000, &mut gates);
        assert_eq!(held(&gates), [true]);
        run(&mut now, 1, 5_000_000, &mut gates);
        assert_eq!(held(&gates), [true]);
        run(&mut now, 5, 1_200_000, &mut gates);
        assert_eq!(held(&gates), [true], "room for what is sent, but not for more");
    }

    #[test]
    fn without_an_estimate_everything_goes() {
        let mut gate = Gate::default();
        let now = start();
        for second in 0..10 {
            decide(now + Duration::from_secs(second), None, 0, [(&mut gate, 50_000_000)]);
        }
        assert!(!gate.is_held());
    }

    #[test]
    fn a_pair_steps_down_far_a_group_only_so_far() {
        assert_eq!(camera_share(1_000_000, 32_000, 0, 1), Some(868_000));
        assert_eq!(camera_share(50_000, 32_000, 0, 1), Some(PAIR_FLOOR_BPS));
        assert_eq!(camera_share(2_000_000, 64_000, 0, 2), Some(868_000));
        assert_eq!(camera_share(500_000, 64_000, 0, 2), None);
        assert_eq!(camera_share(500_000, 64_000, 0, 0), None);
    }

    #[test]
    fn a_ceiling_falls_at_once_rises_slowly_and_is_repeated() {
        let mut now = start();
        let mut ceiling = Ceiling::default();
        assert_eq!(ceiling.update(now, None, 0), None, "nothing to say at the start");
        assert_eq!(ceiling.update(now, Some(336_000), 0), Some(400_000));
        assert_eq!(ceiling.update(now, Some(336_000), 0), None);
        now += Duration::from_secs(1);
        assert_eq!(ceiling.update(now, Some(336_000), 0), Some(400_000), "repeated");
        assert_eq!(ceiling.update(now, None, 0), Some(500_000));
        assert_eq!(ceiling.update(now, None, 0), None);
        let mut last = 0;
        for _ in 0..30 {
            now += Duration::from_secs(1);
            last = ceiling.update(now, None, 0).unwrap_or(last);
        }
        assert_eq!(last, MOST_BPS);
        assert_eq!(
            ceiling.update(now + Duration::from_secs(9), None, 0),
            None,
            "no limit is not repeated"
        );
    }

    #[test]
    fn a_rate_is_what_was_sent_and_falls_to_nothing() {
        let mut now = start();
        let mut rate = Rate::default();
        rate.roll(now);
        for _ in 0..10 {
            now += Duration::from_millis(500);
            rate.add(62_500);
            rate.roll(now);
        }
        assert_eq!(rate.bps(), 1_000_000);
        now += Duration::from_millis(500);
        rate.roll(now);
        assert_eq!(rate.bps(), 0);
    }
}

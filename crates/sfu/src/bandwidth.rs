//! The tracks that a subscriber gets when the bandwidth is too small for all, and the bitrate that publishers are asked
//! for.
//!
//! The rules:
//! 1. Sound always goes through.
//! 2. Then screens, then cameras, in the order in which people came, as far as [`USABLE_PERCENT`] of the subscriber's
//!    estimated bandwidth reach. A video that has been far ([`TOLERANCE_PERCENT`]) too big for [`PAUSE_AFTER`] is
//!    paused, at the end of a frame. It resumes, with a key frame, when there has been room for it and a margin for
//!    [`RESUME_AFTER`].
//! 3. Before it comes to that, publishers are asked (by REMB, which browsers take for an upper bound) to send no more
//!    than the slowest subscriber can take, so that in a room of two the encoder steps down instead of the picture
//!    freezing. In a larger room the slowest subscriber does not spoil the picture for the others: if its share falls
//!    below [`GROUP_FLOOR_BPS`], its video is paused instead.
//! 4. A limit falls at once and rises by at most a quarter per second.

use std::time::{Duration, Instant};

/// The percentage of the estimate that tracks may use. Retransmissions and RTCP need the rest.
const USABLE_PERCENT: u64 = 90;
/// How long a video may be too big before it is paused: the REMB takes a round trip, and libwebrtc's encoder needs
/// about half a second to follow.
const PAUSE_AFTER: Duration = Duration::from_secs(2);
/// A video fits if its bitrate is at most this percentage of the room for it. An encoder keeps to a REMB on average
/// only, and the estimate falls below what gets through whenever it was overrun; pausing for that would freeze pictures
/// that are just being made smaller.
const TOLERANCE_PERCENT: u64 = 130;
/// How long there must be room before a video resumes. If it were shorter, the video would flap with the estimate's
/// probing.
const RESUME_AFTER: Duration = Duration::from_secs(2);
/// The room that a video needs to resume, as a percentage of its bitrate: for the key frame, and the encoder's upswing.
const RESUME_MARGIN_PERCENT: u64 = 120;
/// The room that a video needs to resume at least, even if its publisher sends nothing measurable.
const SMALLEST_VIDEO_BPS: u64 = 100_000;

/// A publisher's total: 720p at libwebrtc's upper limit for VP8 (2.5 Mbit/s), or a camera beside a screen.
pub(crate) const MAX_PUBLISHER_BPS: u64 = 4_000_000;
/// The smallest limit in a room of two: below it a face is not recognisable, and the video is paused.
const PAIR_FLOOR_BPS: u64 = 100_000;
/// The smallest limit in a room of three and more, where it lowers the quality for the others too: 640 × 360 at
/// 15 frames/s.
const GROUP_FLOOR_BPS: u64 = 400_000;
/// Sound: Opus at 32 kbit/s, its headers, and a reserve for RTCP.
const AUDIO_BPS: u64 = 64_000;

/// Whether one video of one subscriber is paused, and since when that should change.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Gate {
    paused: bool,
    change_since: Option<Instant>,
}

impl Gate {
    pub fn is_paused(&self) -> bool {
        self.paused
    }

    /// Changes the state once `should_change` has been true for long enough.
    fn update(&mut self, now: Instant, should_change: bool) {
        if !should_change {
            self.change_since = None;
            return;
        }
        let since = *self.change_since.get_or_insert(now);
        let wait = if self.paused { RESUME_AFTER } else { PAUSE_AFTER };
        if now.saturating_duration_since(since) >= wait {
            self.paused = !self.paused;
            self.change_since = None;
        }
    }
}

/// Pauses and resumes the videos of one subscriber. `videos` are in the order of rule 2, each with the bitrate that its
/// publisher sends. Without an estimate nothing is paused.
pub(crate) fn update_gates<'a>(
    now: Instant,
    estimate_bps: Option<u64>,
    audio_bps: u64,
    videos: impl IntoIterator<Item = (&'a mut Gate, u64)>,
) {
    let budget = estimate_bps.map_or(u64::MAX, |bps| bps / 100 * USABLE_PERCENT);
    let mut used = audio_bps;
    for (gate, bps) in videos {
        let needs = if gate.paused {
            needed_to_resume(bps)
        } else {
            bps / TOLERANCE_PERCENT * 100
        };
        let fits = used.saturating_add(needs) <= budget;
        gate.update(now, fits == gate.paused);
        if !gate.paused {
            used = used.saturating_add(bps);
        }
    }
}

/// The room that a paused video of this bitrate needs to resume.
pub(crate) fn needed_to_resume(bps: u64) -> u64 {
    (bps / 100 * RESUME_MARGIN_PERCENT).max(SMALLEST_VIDEO_BPS)
}

/// The bitrate that one subscriber's bandwidth leaves for each camera (rule 3). `None`: the publishers are not limited
/// for this subscriber.
pub(crate) fn camera_share(estimate_bps: u64, audio_bps: u64, screens_bps: u64, cameras: u64) -> Option<u64> {
    let left = (estimate_bps / 100 * USABLE_PERCENT)
        .saturating_sub(audio_bps)
        .saturating_sub(screens_bps);
    let share = left.checked_div(cameras)?;
    if cameras > 1 {
        (share >= GROUP_FLOOR_BPS).then_some(share)
    } else {
        Some(share.max(PAIR_FLOOR_BPS))
    }
}

/// The bitrate that a publisher has been asked to stay below (rule 4).
#[derive(Clone, Copy, Debug)]
pub(crate) struct SendLimit {
    bps: u64,
    sent: Option<(u64, Instant)>,
    changed: Option<Instant>,
}

/// A REMB can be lost, so a limit is repeated while there is one.
const REPEAT_INTERVAL: Duration = Duration::from_secs(1);

impl Default for SendLimit {
    fn default() -> Self {
        Self {
            bps: MAX_PUBLISHER_BPS,
            sent: None,
            changed: None,
        }
    }
}

impl SendLimit {
    /// Takes the smallest share of the camera among the subscribers, if there is one, and the bitrate of the screen
    /// beside it. Returns the limit if it is to be sent now.
    pub fn update(&mut self, now: Instant, camera: Option<u64>, screen_bps: u64) -> Option<u64> {
        let wanted = camera.map_or(MAX_PUBLISHER_BPS, |bps| {
            (bps + AUDIO_BPS + screen_bps).min(MAX_PUBLISHER_BPS)
        });
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
        let is_due = match self.sent {
            None => self.bps < MAX_PUBLISHER_BPS,
            Some((bps, at)) => {
                let is_repeat = self.bps < MAX_PUBLISHER_BPS && now.saturating_duration_since(at) >= REPEAT_INTERVAL;
                bps != self.bps || is_repeat
            }
        };
        is_due.then(|| {
            self.sent = Some((self.bps, now));
            self.bps
        })
    }
}

/// The bitrate of a track, over the last second or so.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Rate {
    bytes: u64,
    since: Option<Instant>,
    bps: u64,
}

impl Rate {
    /// The shortest time to measure over. If it were shorter, a frame more or less would count.
    const WINDOW: Duration = Duration::from_millis(500);

    pub fn add(&mut self, bytes: usize) {
        self.bytes += bytes as u64;
    }

    pub fn bps(&self) -> u64 {
        self.bps
    }

    /// Ends the measurement that is under way, if it has taken long enough.
    pub fn update(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(*self.since.get_or_insert(now));
        if passed < Self::WINDOW {
            return;
        }
        let millis = u64::try_from(passed.as_millis()).unwrap_or(u64::MAX).max(1);
        let fresh = self.bytes * 8 * 1000 / millis;
        // Falls at once, so that an encoder that steps down makes room. Rises by half, because a key frame is no trend.
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
            update_gates(
                *now,
                Some(estimate),
                32_000,
                gates.iter_mut().map(|(gate, bps)| (gate, *bps)),
            );
        }
    }

    fn paused(gates: &[(Gate, u64)]) -> Vec<bool> {
        gates.iter().map(|(gate, _)| gate.is_paused()).collect()
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
        assert_eq!(paused(&gates), [false, false, false]);
        run(&mut now, 5, 2_400_000, &mut gates);
        assert_eq!(paused(&gates), [false, false, true]);
        run(&mut now, 5, 500_000, &mut gates);
        assert_eq!(paused(&gates), [true, true, true]);
        run(&mut now, 5, 10_000_000, &mut gates);
        assert_eq!(paused(&gates), [false, false, false]);
    }

    #[test]
    fn a_hiccup_of_the_estimate_holds_nothing_back_and_lets_nothing_through() {
        let mut now = start();
        let mut gates = [(Gate::default(), 1_000_000)];
        run(&mut now, 1, 500_000, &mut gates);
        run(&mut now, 1, 5_000_000, &mut gates);
        run(&mut now, 1, 500_000, &mut gates);
        assert_eq!(paused(&gates), [false]);
        run(&mut now, 3, 500_000, &mut gates);
        assert_eq!(paused(&gates), [true]);
        run(&mut now, 1, 5_000_000, &mut gates);
        assert_eq!(paused(&gates), [true]);
        run(&mut now, 5, 1_200_000, &mut gates);
        assert_eq!(paused(&gates), [true], "room for what is sent, but not for more");
    }

    #[test]
    fn without_an_estimate_everything_goes() {
        let mut gate = Gate::default();
        let now = start();
        for second in 0..10 {
            update_gates(now + Duration::from_secs(second), None, 0, [(&mut gate, 50_000_000)]);
        }
        assert!(!gate.is_paused());
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
        let mut send_limit = SendLimit::default();
        assert_eq!(send_limit.update(now, None, 0), None, "nothing to say at the start");
        assert_eq!(send_limit.update(now, Some(336_000), 0), Some(400_000));
        assert_eq!(send_limit.update(now, Some(336_000), 0), None);
        now += Duration::from_secs(1);
        assert_eq!(send_limit.update(now, Some(336_000), 0), Some(400_000), "repeated");
        assert_eq!(send_limit.update(now, None, 0), Some(500_000));
        assert_eq!(send_limit.update(now, None, 0), None);
        let mut last = 0;
        for _ in 0..30 {
            now += Duration::from_secs(1);
            last = send_limit.update(now, None, 0).unwrap_or(last);
        }
        assert_eq!(last, MAX_PUBLISHER_BPS);
        assert_eq!(
            send_limit.update(now + Duration::from_secs(9), None, 0),
            None,
            "no limit is not repeated"
        );
    }

    #[test]
    fn a_rate_is_what_was_sent_and_falls_to_nothing() {
        let mut now = start();
        let mut rate = Rate::default();
        rate.update(now);
        for _ in 0..10 {
            now += Duration::from_millis(500);
            rate.add(62_500);
            rate.update(now);
        }
        assert_eq!(rate.bps(), 1_000_000);
        now += Duration::from_millis(500);
        rate.update(now);
        assert_eq!(rate.bps(), 0);
    }
}

//! The numbers of a forwarded track. Every subscriber sees one unbroken sequence, whatever the publisher sent before
//! the subscriber came, while the track was held back, or under another SSRC: a receiver takes every gap for loss and
//! asks for it again, and cannot decrypt a sequence that begins after a roll-over.

use std::time::{Duration, Instant};

/// A packet's numbers as they came in. `sequence` is extended: it never rolls over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Numbers {
    pub ssrc: u32,
    pub sequence: u64,
    pub timestamp: u32,
}

#[derive(Clone, Copy, Debug)]
struct Flow {
    ssrc: u32,
    first_in: u64,
    first_out: u64,
    timestamp_offset: u32,
    /// The newest frame that was let through.
    frame: u32,
    /// Held back from the next frame on.
    ending: bool,
}

#[derive(Clone, Copy, Debug)]
enum State {
    /// Takes the next packet, whatever it is.
    Open,
    /// Lets nothing through.
    Held,
    /// Takes the next packet that starts a key frame.
    AwaitsKey,
    Flows(Flow),
}

/// Rewrites the numbers of one track for one subscriber.
#[derive(Debug)]
pub(crate) struct Rewriter {
    state: State,
    next_out: u64,
    /// The last SSRC and its offset, so that a track that was held goes on in its own time.
    timeline: Option<(u32, u32)>,
    last: Option<(u32, Instant)>,
    clock_hz: u32,
}

impl Rewriter {
    pub fn new(clock_hz: u32) -> Self {
        // Starting at 1 leaves sequence number 0 to nothing: SRTP begins a fresh roll-over counter.
        Self {
            state: State::Open,
            next_out: 1,
            timeline: None,
            last: None,
            clock_hz,
        }
    }

    /// Holds the track back from the next frame on.
    pub fn hold(&mut self) {
        match &mut self.state {
            State::Flows(flow) => flow.ending = true,
            state => *state = State::Held,
        }
    }

    /// Lets the track through again; from a key frame on, unless it was never really interrupted.
    pub fn release(&mut self) {
        match &mut self.state {
            State::Flows(flow) => flow.ending = false,
            State::Held => self.state = State::AwaitsKey,
            State::Open | State::AwaitsKey => {}
        }
    }

    pub fn awaits_key(&self) -> bool {
        matches!(self.state, State::AwaitsKey)
    }

    /// The sequence number and timestamp to send a packet with; `None`: not to be sent.
    pub fn rewrite(&mut self, now: Instant, packet: Numbers, starts_key: bool) -> Option<(u64, u32)> {
        match self.state {
            State::Held => return None,
            State::AwaitsKey if !starts_key => return None,
            State::AwaitsKey | State::Open => self.start(now, packet),
            State::Flows(flow) if flow.ssrc != packet.ssrc => {
                if flow.ending {
                    self.state = State::Held;
                    return None;
                }
                self.start(now, packet);
            }
            State::Flows(flow) if flow.ending && flow.frame != packet.timestamp => {
                self.state = State::Held;
                return None;
            }
            State::Flows(_) => {}
        }
        let State::Flows(flow) = &mut self.state else {
            return None;
        };
        // Older than where this subscriber came in: it has no number here.
        let sequence = flow.first_out + packet.sequence.checked_sub(flow.first_in)?;
        let timestamp = packet.timestamp.wrapping_add(flow.timestamp_offset);
        if sequence >= self.next_out {
            self.next_out = sequence + 1;
            self.last = Some((timestamp, now));
            flow.frame = packet.timestamp;
        }
        Some((sequence, timestamp))
    }

    fn start(&mut self, now: Instant, packet: Numbers) {
        let timestamp_offset = match (self.timeline, self.last) {
            (Some((ssrc, offset)), _) if ssrc == packet.ssrc => offset,
            (_, Some((timestamp, at))) => {
                let passed = ticks(now.saturating_duration_since(at), self.clock_hz).max(1);
                timestamp.wrapping_add(passed).wrapping_sub(packet.timestamp)
            }
            (_, None) => 0,
        };
        self.timeline = Some((packet.ssrc, timestamp_offset));
        self.state = State::Flows(Flow {
            ssrc: packet.ssrc,
            first_in: packet.sequence,
            first_out: self.next_out,
            timestamp_offset,
            frame: packet.timestamp,
            ending: false,
        });
    }
}

/// RTP time wraps; so does this.
#[expect(clippy::cast_possible_truncation, reason = "RTP timestamps are modulo 2^32")]
fn ticks(duration: Duration, clock_hz: u32) -> u32 {
    (duration.as_micros() * u128::from(clock_hz) / 1_000_000) as u32
}

/// Does this H.264 payload begin what a decoder can start from (an IDR picture or its parameter sets)?
pub(crate) fn h264_starts_key(payload: &[u8]) -> bool {
    const IDR: u8 = 5;
    const SPS: u8 = 7;
    const STAP_A: u8 = 24;
    const FU_A: u8 = 28;
    let is_key = |kind: u8| kind == IDR || kind == SPS;
    match payload {
        // Several NAL units, each after its length in two bytes; parameter sets come first.
        [first, _, _, unit, ..] if first & 0x1f == STAP_A => is_key(unit & 0x1f),
        // A part of a NAL unit; the top bit says that it is the first part.
        [first, header, ..] if first & 0x1f == FU_A => header & 0x80 != 0 && is_key(header & 0x1f),
        [first, ..] => is_key(first & 0x1f),
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(ssrc: u32, sequence: u64, timestamp: u32) -> Numbers {
        Numbers {
            ssrc,
            sequence,
            timestamp,
        }
    }

    #[expect(clippy::disallowed_methods, reason = "an arbitrary start of virtual time")]
    fn start() -> Instant {
        Instant::now()
    }

    #[test]
    fn a_late_joiner_starts_at_one_and_never_sees_what_was_before() {
        let (now, mut track) = (start(), Rewriter::new(90_000));
        assert_eq!(track.rewrite(now, packet(1, 70_000, 500), false), Some((1, 500)));
        assert_eq!(track.rewrite(now, packet(1, 70_002, 500), false), Some((3, 500)));
        assert_eq!(track.rewrite(now, packet(1, 70_001, 500), false), Some((2, 500)));
        assert_eq!(track.rewrite(now, packet(1, 69_999, 400), false), None);
    }

    #[test]
    fn holding_ends_with_the_frame_and_releasing_starts_with_a_key_frame_without_a_gap() {
        let (now, mut track) = (start(), Rewriter::new(90_000));
        assert_eq!(track.rewrite(now, packet(1, 10, 100), true), Some((1, 100)));
        track.hold();
        assert_eq!(
            track.rewrite(now, packet(1, 11, 100), false),
            Some((2, 100)),
            "the rest of the frame"
        );
        assert_eq!(track.rewrite(now, packet(1, 12, 200), false), None);
        assert_eq!(track.rewrite(now, packet(1, 13, 300), true), None);
        track.release();
        assert!(track.awaits_key());
        assert_eq!(track.rewrite(now, packet(1, 14, 400), false), None);
        assert_eq!(track.rewrite(now, packet(1, 15, 500), true), Some((3, 500)));
        assert_eq!(track.rewrite(now, packet(1, 16, 500), false), Some((4, 500)));
        assert_eq!(
            track.rewrite(now, packet(1, 14, 400), false),
            None,
            "before the key frame"
        );
    }

    #[test]
    fn a_hold_that_is_taken_back_in_time_costs_nothing() {
        let (now, mut track) = (start(), Rewriter::new(90_000));
        track.rewrite(now, packet(1, 10, 100), true);
        track.hold();
        track.release();
        assert!(!track.awaits_key());
        assert_eq!(track.rewrite(now, packet(1, 11, 200), false), Some((2, 200)));
    }

    #[test]
    fn another_ssrc_continues_the_sequence_and_the_time() {
        let (now, mut track) = (start(), Rewriter::new(90_000));
        track.rewrite(now, packet(1, 10, 1000), true);
        let later = now + Duration::from_secs(1);
        assert_eq!(track.rewrite(later, packet(2, 9_000, 77), true), Some((2, 91_000)));
        assert_eq!(track.rewrite(later, packet(2, 9_001, 78), true), Some((3, 91_001)));
    }

    #[test]
    fn key_frames_of_h264_are_recognised() {
        assert!(h264_starts_key(&[0x65, 0]));
        assert!(h264_starts_key(&[0x67, 0]));
        assert!(h264_starts_key(&[0x78, 0, 9, 0x67, 1]));
        assert!(h264_starts_key(&[0x7c, 0x85, 0]));
        assert!(!h264_starts_key(&[0x7c, 0x05, 0]), "a later part");
        assert!(!h264_starts_key(&[0x41, 0]));
        assert!(!h264_starts_key(&[]));
    }
}

//! The sequence numbers and timestamps of a forwarded track. Every subscriber sees one unbroken sequence, whatever the
//! publisher sent before the subscriber came, while the track was paused, or under another SSRC: a receiver takes every
//! gap for loss and asks for it again, and cannot decrypt a sequence that begins after a roll-over.

use std::time::{Duration, Instant};

/// A packet's numbers as the publisher sent them. `sequence` is extended: it never rolls over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Numbers {
    pub ssrc: u32,
    pub sequence: u64,
    pub timestamp: u32,
}

/// An uninterrupted run of packets from one SSRC.
#[derive(Clone, Copy, Debug)]
struct Flow {
    ssrc: u32,
    first_in: u64,
    first_out: u64,
    timestamp_offset: u32,
    /// The timestamp of the newest frame that was forwarded.
    frame: u32,
    /// The track pauses with the next frame.
    pausing: bool,
}

#[derive(Clone, Copy, Debug)]
enum State {
    /// Forwards from the next packet on, whatever it is.
    Open,
    /// Forwards nothing.
    Paused,
    /// Forwards from the next packet on that starts a key frame.
    AwaitsKeyframe,
    Forwarding(Flow),
}

/// Rewrites the numbers of one track for one subscriber.
#[derive(Debug)]
pub(crate) struct Rewriter {
    state: State,
    next_out: u64,
    /// The last SSRC and its timestamp offset, so that a track that was paused goes on in its own time.
    timeline: Option<(u32, u32)>,
    /// The newest timestamp that was sent, and when.
    last: Option<(u32, Instant)>,
    clock_hz: u32,
}

impl Rewriter {
    pub fn new(clock_hz: u32) -> Self {
        // A sequence that starts at 1 never goes back across 0: SRTP begins with a fresh roll-over counter.
        Self {
            state: State::Open,
            next_out: 1,
            timeline: None,
            last: None,
            clock_hz,
        }
    }

    /// Pauses the track from the next frame on.
    pub fn pause(&mut self) {
        match &mut self.state {
            State::Forwarding(flow) => flow.pausing = true,
            state => *state = State::Paused,
        }
    }

    /// Resumes the track: from a key frame on, unless the pause had not begun yet.
    pub fn resume(&mut self) {
        match &mut self.state {
            State::Forwarding(flow) => flow.pausing = false,
            State::Paused => self.state = State::AwaitsKeyframe,
            State::Open | State::AwaitsKeyframe => {}
        }
    }

    pub fn awaits_keyframe(&self) -> bool {
        matches!(self.state, State::AwaitsKeyframe)
    }

    /// The sequence number and timestamp to send a packet with. `None`: it is not to be sent.
    pub fn rewrite(&mut self, now: Instant, packet: Numbers, starts_keyframe: bool) -> Option<(u64, u32)> {
        match self.state {
            State::Paused => return None,
            State::AwaitsKeyframe if !starts_keyframe => return None,
            State::AwaitsKeyframe | State::Open => self.start(now, packet),
            State::Forwarding(flow) if flow.ssrc != packet.ssrc => {
                if flow.pausing {
                    self.state = State::Paused;
                    return None;
                }
                self.start(now, packet);
            }
            State::Forwarding(flow) if flow.pausing && flow.frame != packet.timestamp => {
                self.state = State::Paused;
                return None;
            }
            State::Forwarding(_) => {}
        }
        let State::Forwarding(flow) = &mut self.state else {
            return None;
        };
        // A packet from before the flow began has no number in it.
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
        self.state = State::Forwarding(Flow {
            ssrc: packet.ssrc,
            first_in: packet.sequence,
            first_out: self.next_out,
            timestamp_offset,
            frame: packet.timestamp,
            pausing: false,
        });
    }
}

/// A duration in RTP time.
#[expect(clippy::cast_possible_truncation, reason = "RTP timestamps are modulo 2^32")]
fn ticks(duration: Duration, clock_hz: u32) -> u32 {
    (duration.as_micros() * u128::from(clock_hz) / 1_000_000) as u32
}

/// Whether a decoder can start with this H.264 payload: with an IDR picture or its parameter sets.
pub(crate) fn h264_starts_keyframe(payload: &[u8]) -> bool {
    const IDR: u8 = 5;
    const SPS: u8 = 7;
    const STAP_A: u8 = 24;
    const FU_A: u8 = 28;
    let is_keyframe = |kind: u8| kind == IDR || kind == SPS;
    match payload {
        // Several NAL units, each after its length in two bytes; parameter sets come first.
        [first, _, _, unit, ..] if first & 0x1f == STAP_A => is_keyframe(unit & 0x1f),
        // A part of a NAL unit; the top bit says that it is the first part.
        [first, header, ..] if first & 0x1f == FU_A => header & 0x80 != 0 && is_keyframe(header & 0x1f),
        [first, ..] => is_keyframe(first & 0x1f),
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
        track.pause();
        assert_eq!(
            track.rewrite(now, packet(1, 11, 100), false),
            Some((2, 100)),
            "the rest of the frame"
        );
        assert_eq!(track.rewrite(now, packet(1, 12, 200), false), None);
        assert_eq!(track.rewrite(now, packet(1, 13, 300), true), None);
        track.resume();
        assert!(track.awaits_keyframe());
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
        track.pause();
        track.resume();
        assert!(!track.awaits_keyframe());
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
        assert!(h264_starts_keyframe(&[0x65, 0]));
        assert!(h264_starts_keyframe(&[0x67, 0]));
        assert!(h264_starts_keyframe(&[0x78, 0, 9, 0x67, 1]));
        assert!(h264_starts_keyframe(&[0x7c, 0x85, 0]));
        assert!(!h264_starts_keyframe(&[0x7c, 0x05, 0]), "a later part");
        assert!(!h264_starts_keyframe(&[0x41, 0]));
        assert!(!h264_starts_keyframe(&[]));
    }
}

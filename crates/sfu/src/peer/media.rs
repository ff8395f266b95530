//! The media of one peer connection: packets in and out, key frames, and what the line is said to carry.

use std::time::{Duration, Instant};

use anteroom_domain::signalling::Source;
use str0m::Input;
use str0m::bwe::Bitrate;
use str0m::format::Codec;
use str0m::media::{KeyframeRequestKind, Mid};
use str0m::rtp::{ExtensionValues, RtpPacket, RtpWrite, SeqNo, Ssrc, Vp8Descriptor};

use super::{FIRST_ESTIMATE, Life, Peer, kind};
use crate::cap::{Gate, Rate};
use crate::forward::{Numbers, Rewriter, h264_starts_key};
use crate::id::Track;
use crate::output::Sink;

/// Browsers ignore key frame requests that come closer than this.
const KEY_FRAME_PAUSE: Duration = Duration::from_millis(300);
/// Streams that one participant may send in the life of a connection: three and their repairs, and new ones whenever
/// a device changes. Each leaves a trace in memory.
const MOST_STREAMS: usize = 64;

/// A place for the participant to send one source.
pub(crate) struct Published {
    pub source: Source,
    pub(super) mid: Option<Mid>,
    pub(super) wanted: bool,
    /// To be offered again although the browser declined it once.
    pub(super) ask: bool,
    /// The browser has agreed to send.
    pub live: bool,
    ssrc: Option<Ssrc>,
    pub rate: Rate,
    key_asked: Option<Instant>,
    key_due: bool,
}

impl Published {
    pub(super) fn new(source: Source) -> Self {
        Self {
            source,
            mid: None,
            wanted: true,
            ask: false,
            live: false,
            ssrc: None,
            rate: Rate::default(),
            key_asked: None,
            key_due: false,
        }
    }
}

/// A track that is being sent to the participant.
pub(crate) struct Subscribed {
    pub track: Track,
    pub(super) mid: Mid,
    ssrc: Ssrc,
    rewriter: Rewriter,
    pub gate: Gate,
}

impl Subscribed {
    pub(super) fn new(track: Track, mid: Mid, ssrc: Ssrc) -> Self {
        Self {
            track,
            mid,
            ssrc,
            rewriter: Rewriter::new(clock_hz(track.source)),
            gate: Gate::default(),
        }
    }
}

fn clock_hz(source: Source) -> u32 {
    if source == Source::Microphone { 48_000 } else { 90_000 }
}

impl Peer {
    /// Which source a packet is of; `None` if this participant may not send it (or not any more).
    pub fn source_of(&mut self, packet: &RtpPacket, sink: &mut Sink) -> Option<Source> {
        let ssrc = packet.header.ssrc;
        if let Some(place) = self.published.iter().find(|place| place.ssrc == Some(ssrc)) {
            return place.live.then_some(place.source);
        }
        if !self.seen.contains(&*ssrc) {
            if self.seen.len() >= MOST_STREAMS {
                self.fail("too many streams", sink);
                return None;
            }
            self.seen.push(*ssrc);
        }
        let mid = self.rtc.direct_api().stream_rx(&ssrc)?.mid();
        let place = self.published.iter_mut().find(|place| place.mid == Some(mid))?;
        place.ssrc = Some(ssrc);
        place.live.then_some(place.source)
    }

    pub fn place(&mut self, source: Source) -> Option<&mut Published> {
        self.published.iter_mut().find(|place| place.source == source)
    }

    /// Can a decoder start with this packet?
    pub fn starts_key(&self, packet: &RtpPacket) -> bool {
        match self.codecs.iter().find(|(pt, _)| *pt == packet.header.payload_type) {
            Some((_, Codec::Vp8)) => {
                Vp8Descriptor::parse(&packet.payload).is_ok_and(|d| d.starts_keyframe(&packet.payload))
            }
            Some((_, Codec::H264)) => h264_starts_key(&packet.payload),
            _ => false,
        }
    }

    /// Sends a packet of a track on to this participant, if it is to have it. Returns whether it went out.
    pub fn forward(
        &mut self,
        now: Instant,
        track: Track,
        packet: &RtpPacket,
        starts_key: bool,
        sink: &mut Sink,
    ) -> bool {
        if self.life != Life::Up {
            return false;
        }
        let Some(to) = self.subscribed.iter_mut().find(|s| s.track == track) else {
            return false;
        };
        let understood = self
            .rtc
            .media(to.mid)
            .is_some_and(|m| m.remote_pts().contains(&packet.header.payload_type));
        if !understood {
            return false;
        }
        let numbers = Numbers {
            ssrc: *packet.header.ssrc,
            sequence: *packet.seq_no,
            timestamp: packet.header.timestamp,
        };
        let Some((sequence, timestamp)) = to.rewriter.rewrite(now, numbers, starts_key) else {
            return false;
        };
        let arrived = &packet.header.ext_vals;
        let extensions = ExtensionValues {
            audio_level: arrived.audio_level,
            voice_activity: arrived.voice_activity,
            video_orientation: arrived.video_orientation,
            ..ExtensionValues::default()
        };
        let (pt, payload) = (packet.header.payload_type, packet.payload.clone());
        let write = RtpWrite::new(pt, SeqNo::from(sequence), timestamp, packet.timestamp, payload)
            .marker(packet.header.marker)
            .ext_vals(extensions)
            .nackable(kind(track.source).is_video());
        let ssrc = to.ssrc;
        let sent = self.with(now, sink, |rtc| {
            rtc.direct_api().stream_tx(&ssrc)?.write_rtp(write);
            rtc.handle_input(Input::Timeout(now)).ok()
        });
        matches!(sent, Some(Some(())))
    }

    /// The track that a line of this participant carries.
    pub fn track_on(&self, mid: Mid) -> Option<Track> {
        self.subscribed.iter().find(|s| s.mid == mid).map(|s| s.track)
    }

    /// Asks the browser for a key frame of what it publishes; a request that comes too early is kept for later.
    pub fn ask_key(&mut self, source: Source, now: Instant, sink: &mut Sink) {
        if source == Source::Microphone {
            return;
        }
        let Some(place) = self.published.iter_mut().find(|place| place.source == source) else {
            return;
        };
        let (true, Some(mid)) = (place.live, place.mid) else {
            return;
        };
        if place
            .key_asked
            .is_some_and(|at| now.saturating_duration_since(at) < KEY_FRAME_PAUSE)
        {
            place.key_due = true;
            return;
        }
        place.key_asked = Some(now);
        place.key_due = false;
        self.with(now, sink, |rtc| {
            // Without simulcast there is no RID. No stream: nothing was sent yet, and the first frame is a key frame.
            if let Some(stream) = rtc.direct_api().stream_rx_by_mid(mid, None) {
                stream.request_keyframe(KeyframeRequestKind::Pli);
            }
        });
    }

    pub fn keys_due(&self) -> Vec<Source> {
        self.published
            .iter()
            .filter(|place| place.key_due)
            .map(|place| place.source)
            .collect()
    }

    // ---- bandwidth

    pub fn estimated(&mut self, bitrate: Bitrate) {
        self.estimate = (bitrate != FIRST_ESTIMATE).then(|| bitrate.as_u64());
    }

    /// `desired`: what would be sent with enough bandwidth; the estimator probes up to that. `least` is filled up with
    /// padding as far as the estimate allows.
    pub fn desire(&mut self, least: u64, desired: u64, now: Instant, sink: &mut Sink) {
        // Rounded, so that a rate that wavers does not set the estimator going every time.
        let wish = (least.next_multiple_of(100_000), desired);
        if self.desired != wish {
            self.desired = wish;
            self.with(now, sink, |rtc| {
                rtc.bwe().set_bitrate(Bitrate::bps(wish.0), Bitrate::bps(wish.1));
            });
        }
    }

    /// Makes the tracks follow their gates; returns those that need a key frame.
    pub fn apply_gates(&mut self) -> Vec<Track> {
        let mut keys = vec![];
        for to in &mut self.subscribed {
            if to.gate.is_held() {
                to.rewriter.hold();
            } else {
                to.rewriter.release();
                if to.rewriter.awaits_key() {
                    keys.push(to.track);
                }
            }
        }
        keys
    }

    /// Asks the browser to send no more than this in all.
    pub fn limit(&mut self, bps: u64, now: Instant, sink: &mut Sink) {
        let video = self
            .published
            .iter()
            .filter(|place| place.live && place.source != Source::Microphone);
        let Some(mid) = video.filter_map(|place| place.mid).next() else {
            return;
        };
        self.with(now, sink, |rtc| {
            if let Some(stream) = rtc.direct_api().stream_rx_by_mid(mid, None) {
                stream.request_remb(Bitrate::bps(bps));
            }
        });
    }
}

//! The media of one peer connection: packets in and out, key frames, and bandwidth.

use std::time::{Duration, Instant};

use anteroom_protocol::media::Source;
use str0m::Input;
use str0m::bwe::Bitrate;
use str0m::format::Codec;
use str0m::media::{KeyframeRequestKind, Mid};
use str0m::rtp::{ExtensionValues, RtpPacket, RtpWrite, SeqNo, Ssrc, Vp8Descriptor};

use super::{ConnectionState, FIRST_ESTIMATE, Peer, kind};
use crate::bandwidth::{Gate, Rate};
use crate::id::Track;
use crate::output::Sink;
use crate::rewriter::{Numbers, Rewriter, h264_starts_keyframe};

/// Browsers ignore key frame requests that come closer than this.
const KEYFRAME_INTERVAL: Duration = Duration::from_millis(300);
/// Streams that one participant may send in the life of a connection: three and their repairs, and new ones whenever
/// a device changes. Each leaves a trace in memory.
const MAX_STREAMS: usize = 64;

/// Whether the next offer asks the browser to send a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Demand {
    Wanted,
    /// Wanted, although the browser has declined it once.
    WantedAgain,
    Stopped,
}

/// A source that the participant may send.
pub(crate) struct Publication {
    pub source: Source,
    pub(super) mid: Option<Mid>,
    pub(super) demand: Demand,
    /// The browser has agreed to send.
    pub is_live: bool,
    ssrc: Option<Ssrc>,
    pub rate: Rate,
    keyframe_requested: Option<Instant>,
    /// A request came too early after the last one, and is postponed.
    keyframe_due: bool,
}

impl Publication {
    pub(super) fn new(source: Source) -> Self {
        Self {
            source,
            mid: None,
            demand: Demand::Wanted,
            is_live: false,
            ssrc: None,
            rate: Rate::default(),
            keyframe_requested: None,
            keyframe_due: false,
        }
    }
}

/// A track that is being sent to the participant.
pub(crate) struct Subscription {
    pub track: Track,
    pub(super) mid: Mid,
    ssrc: Ssrc,
    rewriter: Rewriter,
    pub gate: Gate,
}

impl Subscription {
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
    /// The source that a packet belongs to; `None` if this participant may not send it (or not any more).
    pub fn source_of(&mut self, packet: &RtpPacket, sink: &mut Sink) -> Option<Source> {
        let ssrc = packet.header.ssrc;
        if let Some(publication) = self.publications.iter().find(|p| p.ssrc == Some(ssrc)) {
            return publication.is_live.then_some(publication.source);
        }
        if !self.seen_ssrcs.contains(&ssrc) {
            if self.seen_ssrcs.len() >= MAX_STREAMS {
                self.fail("too many streams", sink);
                return None;
            }
            self.seen_ssrcs.push(ssrc);
        }
        let mid = self.rtc.direct_api().stream_rx(&ssrc)?.mid();
        let publication = self.publications.iter_mut().find(|p| p.mid == Some(mid))?;
        publication.ssrc = Some(ssrc);
        publication.is_live.then_some(publication.source)
    }

    pub fn publication_mut(&mut self, source: Source) -> Option<&mut Publication> {
        self.publications.iter_mut().find(|p| p.source == source)
    }

    /// The tracks of this kind of source that the participant is subscribed to.
    pub fn tracks_from(&self, source: Source) -> impl Iterator<Item = Track> {
        let tracks = self.subscriptions.iter().map(|s| s.track);
        tracks.filter(move |track| track.source == source)
    }

    /// Whether a decoder can start with this packet.
    pub fn starts_keyframe(&self, packet: &RtpPacket) -> bool {
        match self.codecs.iter().find(|(pt, _)| *pt == packet.header.payload_type) {
            Some((_, Codec::Vp8)) => {
                Vp8Descriptor::parse(&packet.payload).is_ok_and(|d| d.starts_keyframe(&packet.payload))
            }
            Some((_, Codec::H264)) => h264_starts_keyframe(&packet.payload),
            _ => false,
        }
    }

    /// Sends a packet of a track on to this participant, if they subscribe to it. Returns whether it went out.
    pub fn forward(
        &mut self,
        now: Instant,
        track: Track,
        packet: &RtpPacket,
        starts_keyframe: bool,
        sink: &mut Sink,
    ) -> bool {
        if self.state != ConnectionState::Connected {
            return false;
        }
        let Some(to) = self.subscriptions.iter_mut().find(|s| s.track == track) else {
            return false;
        };
        let is_understood = self
            .rtc
            .media(to.mid)
            .is_some_and(|m| m.remote_pts().contains(&packet.header.payload_type));
        if !is_understood {
            return false;
        }
        let numbers = Numbers {
            ssrc: *packet.header.ssrc,
            sequence: *packet.seq_no,
            timestamp: packet.header.timestamp,
        };
        let Some((sequence, timestamp)) = to.rewriter.rewrite(now, numbers, starts_keyframe) else {
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
        let sent = self.with_rtc(now, sink, |rtc| {
            rtc.direct_api().stream_tx(&ssrc)?.write_rtp(write);
            rtc.handle_input(Input::Timeout(now)).ok()
        });
        matches!(sent, Some(Some(())))
    }

    /// The track that the participant receives on an m-line.
    pub fn track_of(&self, mid: Mid) -> Option<Track> {
        self.subscriptions.iter().find(|s| s.mid == mid).map(|s| s.track)
    }

    /// Asks the browser for a key frame of a source. A request that comes too early is postponed.
    pub fn request_keyframe(&mut self, source: Source, now: Instant, sink: &mut Sink) {
        if source == Source::Microphone {
            return;
        }
        let Some(publication) = self.publication_mut(source).filter(|p| p.is_live) else {
            return;
        };
        let Some(mid) = publication.mid else { return };
        if publication
            .keyframe_requested
            .is_some_and(|at| now.saturating_duration_since(at) < KEYFRAME_INTERVAL)
        {
            publication.keyframe_due = true;
            return;
        }
        publication.keyframe_requested = Some(now);
        publication.keyframe_due = false;
        self.with_rtc(now, sink, |rtc| {
            // Without simulcast there is no RID. Without a stream nothing was sent yet, and the first frame will be a key
            // frame anyway.
            if let Some(stream) = rtc.direct_api().stream_rx_by_mid(mid, None) {
                stream.request_keyframe(KeyframeRequestKind::Pli);
            }
        });
    }

    /// The sources whose postponed key frame requests are due.
    pub fn keyframes_due(&self) -> Vec<Source> {
        self.publications
            .iter()
            .filter(|p| p.keyframe_due)
            .map(|p| p.source)
            .collect()
    }

    // ---- bandwidth

    /// Takes an estimate of the bandwidth towards the participant.
    pub fn set_estimate(&mut self, bitrate: Bitrate) {
        self.estimate_bps = (bitrate != FIRST_ESTIMATE).then(|| bitrate.as_u64());
    }

    /// Tells the estimator what would be sent with enough bandwidth; it probes up to `desired`. As far as the estimate
    /// allows, padding fills up to `padding`.
    pub fn set_desired_bitrate(&mut self, padding: u64, desired: u64, now: Instant, sink: &mut Sink) {
        // Rounded up, so that a rate that wavers does not start the estimator every time.
        let bitrates = (padding.next_multiple_of(100_000), desired);
        if self.desired_bitrates != bitrates {
            self.desired_bitrates = bitrates;
            self.with_rtc(now, sink, |rtc| {
                rtc.bwe()
                    .set_bitrate(Bitrate::bps(bitrates.0), Bitrate::bps(bitrates.1));
            });
        }
    }

    /// Pauses and resumes tracks as their gates say; returns those that need a key frame.
    pub fn apply_gates(&mut self) -> Vec<Track> {
        let mut keyframes = vec![];
        for to in &mut self.subscriptions {
            if to.gate.is_paused() {
                to.rewriter.pause();
            } else {
                to.rewriter.resume();
                if to.rewriter.awaits_keyframe() {
                    keyframes.push(to.track);
                }
            }
        }
        keyframes
    }

    /// Asks the browser to send no more than this in all.
    pub fn send_remb(&mut self, bps: u64, now: Instant, sink: &mut Sink) {
        let mut videos = self
            .publications
            .iter()
            .filter(|p| p.is_live && p.source != Source::Microphone);
        let Some(mid) = videos.find_map(|p| p.mid) else {
            return;
        };
        self.with_rtc(now, sink, |rtc| {
            if let Some(stream) = rtc.direct_api().stream_rx_by_mid(mid, None) {
                stream.request_remb(Bitrate::bps(bps));
            }
        });
    }
}

//! One participant's peer connection: str0m's `Rtc`, and what we know beside it. Everything that touches the `Rtc`
//! goes through [`Peer::with`], which keeps str0m's one rule (a mutation, then a complete drain) and contains a panic.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anteroom_domain::signalling::{MAX_FRAME_BYTES, Publish, Slot, Source, Way};
use str0m::bwe::Bitrate;
use str0m::change::{SdpAnswer, SdpPendingOffer};
use str0m::config::{CryptoProvider, DtlsCert};
use str0m::format::Codec;
use str0m::media::{Direction, KeyframeRequestKind, MediaKind, Mid, Pt};
use str0m::net::{DatagramRecv, Receive, TcpType};
use str0m::rtp::{ExtensionValues, RtpPacket, RtpWrite, SeqNo, Ssrc, Vp8Descriptor};
use str0m::{Candidate, Input, Output, Rtc, RtcError};

use crate::cap::{Ceiling, Gate, Rate};
use crate::demux::Address;
use crate::engine::Sink;
use crate::forward::{Numbers, Rewriter, h264_starts_key};
use crate::ingress::Ingress;
use crate::negotiate::{Lines, Outcome, Step, Track, Wanted};
use crate::quality::Meter;
use crate::{ParticipantId, RoomId};

/// Names a peer connection for the life of the engine; a participant who joins again gets a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct PeerId(pub u64);

/// What the estimate starts from: a camera and a voice. str0m reports it until it has measured.
const FIRST_ESTIMATE: Bitrate = Bitrate::kbps(2_500);
/// Packets kept for retransmission, and for how long: 2 s of a 2.5 Mbit/s video are 500 packets of 1,200 bytes, 600 kB.
/// A repair that takes longer comes too late to be shown. 15 % is str0m's own bound of what repairs may take.
const VIDEO_CACHE: (usize, Duration, Option<f32>) = (512, Duration::from_secs(2), Some(0.15));
/// Browsers ignore key frame requests that come closer than this.
const KEY_FRAME_PAUSE: Duration = Duration::from_millis(300);
/// Streams that one participant may send in the life of a connection: three and their repairs, and new ones whenever
/// a device changes. Each leaves a trace in memory.
const MOST_STREAMS: usize = 64;
/// Inputs that str0m refuses before the peer is given up. They may be forged, so a few must not matter.
const MOST_REFUSALS: u32 = 1_000;
/// Timeouts that are fed at once when they are due; each releases a packet or two, so this is a burst of repairs.
const MOST_FEEDS: u32 = 1_000;

/// What every peer of an engine shares.
pub(crate) struct Common {
    pub crypto: Arc<CryptoProvider>,
    /// One certificate for all: its only use is its fingerprint in the offers, and making one takes milliseconds.
    pub certificate: Option<DtlsCert>,
    /// UDP and TCP addresses that browsers are told.
    pub addresses: Vec<std::net::SocketAddr>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Life {
    /// ICE and DTLS are not up yet.
    Connecting {
        since: Instant,
    },
    Up,
    /// ICE hears nothing any more.
    Lost {
        since: Instant,
    },
}

/// A place for the participant to send one source.
pub(crate) struct Published {
    pub source: Source,
    mid: Option<Mid>,
    wanted: bool,
    /// To be offered again although the browser declined it once.
    ask: bool,
    /// The browser has agreed to send.
    pub live: bool,
    ssrc: Option<Ssrc>,
    pub rate: Rate,
    key_asked: Option<Instant>,
    key_due: bool,
}

impl Published {
    fn new(source: Source) -> Self {
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
    mid: Mid,
    ssrc: Ssrc,
    rewriter: Rewriter,
    pub gate: Gate,
}

struct Outstanding {
    n: u32,
    pending: SdpPendingOffer,
    since: Instant,
}

/// An offer on its way to the browser.
pub(crate) struct Offer {
    pub n: u32,
    pub sdp: String,
    pub slots: Vec<Slot>,
    /// The user fragment that ICE will use once this is answered.
    pub ufrag: String,
}

/// What an answer did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answered {
    /// To an offer that is not the outstanding one: ignored.
    Stale,
    Applied,
    /// The participant publishes something else now.
    Publishes,
    /// Nothing that a browser says.
    Broken,
}

pub(crate) struct Peer {
    pub id: PeerId,
    pub room: RoomId,
    pub participant: ParticipantId,
    rtc: Rtc,
    pub life: Life,
    /// When str0m wants to be called.
    pub due: Instant,
    /// What the engine's timer has for this peer.
    pub scheduled: Option<Instant>,
    /// Why this peer cannot go on.
    pub broken: Option<&'static str>,
    refusals: u32,
    seen: Vec<u32>,
    n: u32,
    outstanding: Option<Outstanding>,
    restart: bool,
    pub published: Vec<Published>,
    codecs: Vec<(Pt, Codec)>,
    lines: Lines,
    pub subscribed: Vec<Subscribed>,
    /// Bits per second that can be sent to the participant, once that was measured.
    pub estimate: Option<u64>,
    desired: (u64, u64),
    pub ceiling: Ceiling,
    pub ingress: Ingress,
    pub looked_at: Ingress,
    pub meter: Meter,
}

pub(crate) fn clock_hz(source: Source) -> u32 {
    if source == Source::Microphone { 48_000 } else { 90_000 }
}

fn kind(source: Source) -> MediaKind {
    if source == Source::Microphone {
        MediaKind::Audio
    } else {
        MediaKind::Video
    }
}

impl Peer {
    pub fn new(
        id: PeerId,
        (room, participant): (RoomId, ParticipantId),
        publish: Publish,
        common: &Common,
        now: Instant,
        sink: &mut Sink,
    ) -> Self {
        let mut config = Rtc::builder()
            .set_crypto_provider(common.crypto.clone())
            .set_rtp_mode(true)
            .set_ice_lite(true)
            .set_stats_interval(Some(Duration::from_secs(1)))
            .enable_bwe(Some(FIRST_ESTIMATE))
            .clear_codecs()
            .enable_opus(true, false)
            .enable_vp8(true)
            .enable_h264(true);
        if let Some(certificate) = &common.certificate {
            config = config.set_dtls_cert(certificate.clone());
        }
        let sources: &[Source] = match publish {
            Publish::All => &[Source::Microphone, Source::Camera],
            Publish::Nothing => &[],
        };
        let mut peer = Self {
            id,
            room,
            participant,
            rtc: config.build(now),
            life: Life::Connecting { since: now },
            due: now,
            scheduled: None,
            broken: None,
            refusals: 0,
            seen: vec![],
            n: 0,
            outstanding: None,
            restart: false,
            published: sources.iter().copied().map(Published::new).collect(),
            codecs: vec![],
            lines: Lines::default(),
            subscribed: vec![],
            estimate: None,
            desired: (0, 0),
            ceiling: Ceiling::default(),
            ingress: Ingress::of_proven(now),
            looked_at: Ingress::of_any(now),
            meter: Meter::default(),
        };
        // An `Rtc` that was never told the time never asks for a timeout.
        peer.advance(now, sink);
        for address in &common.addresses {
            let candidates = [
                Candidate::host(*address, "udp"),
                Candidate::builder()
                    .tcp()
                    .host(*address)
                    .tcptype(TcpType::Passive)
                    .build(),
            ];
            for candidate in candidates.into_iter().flatten() {
                peer.with(now, sink, |rtc| rtc.add_local_candidate(candidate).map(|_| ()));
            }
        }
        peer
    }

    /// One mutation of the `Rtc`, and the drain that must follow it. `None`: the peer is broken (now or before).
    fn with<T>(&mut self, now: Instant, sink: &mut Sink, mutate: impl FnOnce(&mut Rtc) -> T) -> Option<T> {
        if self.broken.is_some() {
            return None;
        }
        let (id, rtc) = (self.id, &mut self.rtc);
        let done = catch_unwind(AssertUnwindSafe(|| {
            let value = mutate(rtc);
            (value, drain(id, rtc, now, sink))
        }));
        match done {
            Ok((value, Ok(due))) => {
                self.due = due;
                if !self.rtc.is_alive() {
                    self.fail("the connection was closed", sink);
                }
                sink.wake(self);
                Some(value)
            }
            Ok((_, Err(error))) => {
                tracing::debug!(peer = self.id.0, kind = error_kind(&error), "peer connection failed");
                self.fail("the connection failed", sink);
                None
            }
            Err(_) => {
                // The panic hook has told where; the others in the room must not notice.
                tracing::error!(peer = self.id.0, "a peer connection panicked");
                self.fail("the connection failed", sink);
                None
            }
        }
    }

    fn fail(&mut self, why: &'static str, sink: &mut Sink) {
        if self.broken.is_none() {
            self.broken = Some(why);
            sink.broken.push(self.id);
        }
    }

    pub fn ufrag(&mut self) -> String {
        self.rtc.direct_api().local_ice_credentials().ufrag
    }

    pub fn advance(&mut self, now: Instant, sink: &mut Sink) {
        self.feed(now, sink, Input::Timeout(now));
    }

    /// A packet from the network.
    pub fn receive(&mut self, now: Instant, from: Address, to: std::net::SocketAddr, packet: &[u8], sink: &mut Sink) {
        let Ok(contents) = DatagramRecv::try_from(packet) else {
            return;
        };
        let receive = Receive {
            proto: from.0,
            source: from.1,
            destination: to,
            contents,
        };
        self.feed(now, sink, Input::Receive(now, receive));
    }

    fn feed(&mut self, now: Instant, sink: &mut Sink, input: Input<'_>) {
        // A refused input is not fatal by itself: anybody can forge a packet with somebody else's address.
        if let Some(Err(error)) = self.with(now, sink, |rtc| rtc.handle_input(input)) {
            self.refusals += 1;
            tracing::trace!(peer = self.id.0, kind = error_kind(&error), "input refused");
            if self.refusals > MOST_REFUSALS {
                self.fail("too many broken packets", sink);
            }
        }
    }

    // ---- negotiation

    /// The next offer, if one is needed and none is outstanding.
    pub fn offer(&mut self, wanted: &[Wanted], now: Instant, sink: &mut Sink) -> Option<Offer> {
        if self.outstanding.is_some() || self.broken.is_some() {
            return None;
        }
        let steps = self.lines.plan(wanted);
        for step in &steps {
            // A new SSRC: the browser builds a new decoder, and no number of the earlier track matters.
            if let Step::Revive(mid, track) = *step {
                // (Not by `reset_stream_tx`: that leaves the stream filed under its old SSRC, where feedback misses it.)
                self.with(now, sink, |rtc| {
                    let mut api = rtc.direct_api();
                    let main = api.new_ssrc();
                    let repair = kind(track.source).is_video().then(|| api.new_ssrc());
                    if let Some(earlier) = api.stream_tx_by_mid(mid, None).map(|stream| stream.ssrc()) {
                        api.remove_stream_tx(earlier);
                    }
                    api.declare_stream_tx(main, repair, mid, None);
                });
            }
        }
        let (first, restart) = (self.n == 0, std::mem::take(&mut self.restart));
        let (published, lines) = (&mut self.published, &mut self.lines);
        let (rtc, broken) = (&mut self.rtc, self.broken.is_some());
        if broken {
            return None;
        }
        let id = self.id;
        let made = catch_unwind(AssertUnwindSafe(|| {
            let mut ufrag = rtc.direct_api().local_ice_credentials().ufrag;
            let mut api = rtc.sdp_api();
            let mut lonely = first && steps.is_empty();
            for place in published.iter_mut() {
                match place.mid {
                    None if place.wanted => {
                        place.mid = Some(api.add_media(kind(place.source), Direction::RecvOnly, None, None, None));
                    }
                    Some(mid) if place.wanted && place.ask => api.set_direction(mid, Direction::RecvOnly),
                    Some(mid) if !place.wanted => api.set_direction(mid, Direction::Inactive),
                    _ => {}
                }
                place.ask = false;
                lonely = false;
            }
            for step in steps {
                match step {
                    Step::Silence(mid) => api.set_direction(mid, Direction::Inactive),
                    Step::Revive(mid, _) => api.set_direction(mid, Direction::SendOnly),
                    Step::Add(group, track) => {
                        let stream = if track.source == Source::Screen {
                            "screen"
                        } else {
                            "person"
                        };
                        let stream = Some(format!("{stream}-{group}"));
                        let mid = api.add_media(kind(track.source), Direction::SendOnly, stream, None, None);
                        lines.added(group, track, mid);
                    }
                }
            }
            if lonely {
                // An offer needs an m-line to connect by, and a viewer who is alone has none.
                api.add_media(MediaKind::Audio, Direction::Inactive, None, None, None);
            }
            if restart {
                ufrag = api.ice_restart(true).ufrag;
            }
            api.apply()
                .map(|(offer, pending)| (offer.to_sdp_string(), pending, ufrag))
        }));
        let Ok(made) = made else {
            tracing::error!(peer = id.0, "a peer connection panicked while offering");
            self.fail("the connection failed", sink);
            return None;
        };
        self.with(now, sink, |_| ());
        let carried: Vec<_> = self.lines.carried().collect();
        self.subscribed
            .retain(|s| carried.iter().any(|(mid, track, _)| *mid == s.mid && *track == s.track));
        let (sdp, pending, ufrag) = made?;
        self.n += 1;
        self.outstanding = Some(Outstanding {
            n: self.n,
            pending,
            since: now,
        });
        Some(Offer {
            n: self.n,
            sdp,
            slots: self.slots(),
            ufrag,
        })
    }

    fn slots(&self) -> Vec<Slot> {
        let send = self.published.iter().filter(|place| place.wanted).filter_map(|place| {
            let mid = place.mid?.to_string();
            Some(Slot {
                mid,
                source: place.source,
                way: Way::Send,
            })
        });
        let receive = self.lines.carried().map(|(mid, track, visit)| {
            let way = Way::Receive { visit: visit.0 };
            Slot {
                mid: mid.to_string(),
                source: track.source,
                way,
            }
        });
        send.chain(receive).collect()
    }

    pub fn answer(&mut self, n: u32, sdp: &str, now: Instant, sink: &mut Sink) -> Answered {
        let Some(outstanding) = self.outstanding.take_if(|o| o.n == n) else {
            return Answered::Stale;
        };
        if sdp.len() > MAX_FRAME_BYTES {
            return Answered::Broken;
        }
        // The server never connects out, so the browser's candidates (its addresses) are of no use here.
        let sdp: String = sdp
            .split_inclusive('\n')
            .filter(|line| !line.starts_with("a=candidate"))
            .collect();
        let applied = self.with(now, sink, |rtc| {
            let answer = SdpAnswer::from_sdp_string(&sdp).map_err(|_| ())?;
            rtc.sdp_api().accept_answer(outstanding.pending, answer).map_err(|_| ())
        });
        if applied != Some(Ok(())) {
            return Answered::Broken;
        }
        self.settle(now, sink)
    }

    fn settle(&mut self, now: Instant, sink: &mut Sink) -> Answered {
        let rtc = &self.rtc;
        self.lines.settle(|mid| match rtc.media(mid) {
            Some(media) if !media.stopped() => Outcome::Agreed,
            _ => Outcome::Rejected,
        });
        self.codecs = rtc
            .codec_config()
            .params()
            .iter()
            .map(|p| (p.pt(), p.spec().codec))
            .collect();
        let mut changed = false;
        for place in &mut self.published {
            let sends = place
                .mid
                .and_then(|mid| rtc.media(mid))
                .is_some_and(|m| m.direction().is_receiving());
            let live = place.wanted && sends;
            changed |= live != place.live;
            place.live = live;
        }
        let carried: Vec<_> = self.lines.carried().collect();
        for (mid, track, _) in carried {
            let agreed = self.rtc.media(mid).is_some_and(|media| media.direction().is_sending());
            if !agreed || self.subscribed.iter().any(|s| s.mid == mid) {
                continue;
            }
            let is_video = kind(track.source).is_video();
            let ssrc = self.with(now, sink, |rtc| {
                let mut api = rtc.direct_api();
                let stream = api.stream_tx_by_mid(mid, None)?;
                // The publisher has paced it already; a second pacer would only add delay and timers.
                stream.set_unpaced(true);
                if is_video {
                    stream.set_rtx_cache(VIDEO_CACHE.0, VIDEO_CACHE.1, VIDEO_CACHE.2);
                }
                Some(stream.ssrc())
            });
            let Some(Some(ssrc)) = ssrc else { continue };
            let rewriter = Rewriter::new(clock_hz(track.source));
            self.subscribed.push(Subscribed {
                track,
                mid,
                ssrc,
                rewriter,
                gate: Gate::default(),
            });
            sink.keys.push(track);
        }
        if changed {
            Answered::Publishes
        } else {
            Answered::Applied
        }
    }

    /// Since when an answer is waited for.
    pub fn waits_since(&self) -> Option<Instant> {
        self.outstanding.as_ref().map(|o| o.since)
    }

    pub fn restart(&mut self) {
        self.restart = true;
    }

    /// The participant wants to send this source.
    pub fn publish(&mut self, source: Source) {
        match self.published.iter_mut().find(|place| place.source == source) {
            None => self.published.push(Published::new(source)),
            Some(place) => {
                place.wanted = true;
                place.ask = !place.live;
            }
        }
    }

    /// The participant has stopped sending this source. Was it seen by others?
    pub fn unpublish(&mut self, source: Source) -> bool {
        let Some(place) = self.published.iter_mut().find(|place| place.source == source) else {
            return false;
        };
        place.wanted = false;
        place.rate = Rate::default();
        std::mem::replace(&mut place.live, false)
    }

    // ---- media

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

/// Everything that str0m has to say, until it only waits. Returns until when.
fn drain(id: PeerId, rtc: &mut Rtc, now: Instant, sink: &mut Sink) -> Result<Instant, RtcError> {
    let mut feeds = 0;
    loop {
        match rtc.poll_output()? {
            Output::Timeout(at) if at > now => return Ok(at),
            Output::Timeout(_) if feeds >= MOST_FEEDS => return Ok(now + Duration::from_millis(1)),
            Output::Timeout(_) => {
                feeds += 1;
                rtc.handle_input(Input::Timeout(now))?;
            }
            Output::Transmit(transmit) => sink.transmit(id, transmit),
            Output::Event(event) => sink.event(id, event),
        }
    }
}

/// An error's kind without its text, which may quote an SDP or an address.
fn error_kind(error: &RtcError) -> &'static str {
    match error {
        RtcError::RemoteSdp(_) | RtcError::Sdp(_) => "sdp",
        RtcError::Ice(_) => "ice",
        RtcError::Net(_) => "net",
        RtcError::Dtls(_) => "dtls",
        _ => "other",
    }
}

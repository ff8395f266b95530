//! One participant's peer connection: str0m's `Rtc`, and what we know beside it. Everything that touches the `Rtc`
//! goes through [`Peer::with`], which keeps str0m's one rule (a mutation, then a complete drain) and contains a panic.

mod media;
mod negotiation;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anteroom_domain::signalling::{Publish, Source};
use str0m::bwe::Bitrate;
use str0m::config::{CryptoProvider, DtlsCert};
use str0m::format::Codec;
use str0m::media::{MediaKind, Pt};
use str0m::net::{DatagramRecv, Receive, TcpType};
use str0m::{Candidate, Input, Output, Rtc, RtcError};

pub(crate) use self::media::{Published, Subscribed};
pub(crate) use self::negotiation::Answered;
use self::negotiation::Outstanding;
use crate::cap::Ceiling;
use crate::demux::Address;
use crate::id::{ParticipantId, PeerId, RoomId};
use crate::ingress::Ingress;
use crate::negotiate::Lines;
use crate::output::Sink;
use crate::quality::Meter;

/// What the estimate starts from: a camera and a voice. str0m reports it until it has measured.
const FIRST_ESTIMATE: Bitrate = Bitrate::kbps(2_500);
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
                sink.wake(self.id, self.due, &mut self.scheduled);
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

//! One participant's peer connection: str0m's `Rtc`, and the engine's own state beside it. Every input to the `Rtc` goes
//! through [`Peer::with_rtc`], which keeps str0m's one rule (a mutation, then a complete drain) and contains a panic.

mod media;
mod negotiation;

use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anteroom_domain::visit::Publish;
use anteroom_protocol::media::Source;
use str0m::bwe::Bitrate;
use str0m::config::{CryptoProvider, DtlsCert};
use str0m::format::Codec;
use str0m::media::{MediaKind, Pt};
use str0m::net::{DatagramRecv, Receive, TcpType};
use str0m::rtp::Ssrc;
use str0m::{Candidate, Input, Output, Rtc, RtcError};

pub(crate) use self::media::{Publication, Subscription};
pub(crate) use self::negotiation::AnswerResult;
use self::negotiation::PendingOffer;
use crate::bandwidth::SendLimit;
use crate::demux::Address;
use crate::id::{PeerId, SeatId};
use crate::media_lines::MediaLines;
use crate::output::Sink;
use crate::quality::QualityMeter;
use crate::token_bucket::TokenBucket;

/// The estimate that str0m starts from, and reports until it has measured: a camera and a voice.
const FIRST_ESTIMATE: Bitrate = Bitrate::kbps(2_500);
/// Inputs that str0m may refuse before the peer is given up. They may be forged, so a few must not matter.
const MAX_REFUSED_INPUTS: u32 = 1_000;
/// Timeouts that are handled in one drain. Each releases a packet or two, so this is a burst of repairs.
const MAX_TIMEOUTS_PER_DRAIN: u32 = 1_000;

/// Configuration that all peers of an engine share.
pub(crate) struct PeerConfig {
    pub crypto: Arc<CryptoProvider>,
    /// One certificate for all: its only use is its fingerprint in the offers, and making one takes milliseconds.
    pub certificate: Option<DtlsCert>,
    /// The addresses in the offers, each for UDP and for TCP.
    pub addresses: Vec<SocketAddr>,
}

/// How far ICE and DTLS are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConnectionState {
    /// ICE and DTLS are not up yet.
    Connecting {
        since: Instant,
    },
    Connected,
    /// ICE hears nothing any more.
    Lost {
        since: Instant,
    },
}

/// One participant's peer connection.
pub(crate) struct Peer {
    pub id: PeerId,
    pub seat: SeatId,
    rtc: Rtc,
    pub state: ConnectionState,
    /// The time at which str0m wants to be called.
    pub due: Instant,
    /// The deadline of the timer that the engine has for this peer.
    pub scheduled: Option<Instant>,
    /// Why this peer cannot go on.
    pub failure: Option<&'static str>,
    refused_inputs: u32,
    seen_ssrcs: Vec<Ssrc>,
    /// The number of the newest offer.
    last_offer: u32,
    pending_offer: Option<PendingOffer>,
    ice_restart_due: bool,
    pub publications: Vec<Publication>,
    codecs: Vec<(Pt, Codec)>,
    lines: MediaLines,
    pub subscriptions: Vec<Subscription>,
    /// Bits per second that can be sent to the participant, once that was measured.
    pub estimate_bps: Option<u64>,
    desired_bitrates: (u64, u64),
    pub send_limit: SendLimit,
    /// Bounds the media that the participant publishes.
    pub media_limit: TokenBucket,
    /// Bounds everything that comes from the participant's addresses, authenticated or not.
    pub packet_limit: TokenBucket,
    pub quality: QualityMeter,
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
        seat: SeatId,
        publish: Publish,
        peer_config: &PeerConfig,
        now: Instant,
        sink: &mut Sink,
    ) -> Self {
        let mut config = Rtc::builder()
            .set_crypto_provider(peer_config.crypto.clone())
            .set_rtp_mode(true)
            .set_ice_lite(true)
            .set_stats_interval(Some(Duration::from_secs(1)))
            .enable_bwe(Some(FIRST_ESTIMATE))
            .clear_codecs()
            .enable_opus(true, false)
            .enable_vp8(true)
            .enable_h264(true);
        if let Some(certificate) = &peer_config.certificate {
            config = config.set_dtls_cert(certificate.clone());
        }
        let sources: &[Source] = match publish {
            Publish::All => &[Source::Microphone, Source::Camera],
            Publish::Nothing => &[],
        };
        let mut peer = Self {
            id,
            seat,
            rtc: config.build(now),
            state: ConnectionState::Connecting { since: now },
            due: now,
            scheduled: None,
            failure: None,
            refused_inputs: 0,
            seen_ssrcs: vec![],
            last_offer: 0,
            pending_offer: None,
            ice_restart_due: false,
            publications: sources.iter().copied().map(Publication::new).collect(),
            codecs: vec![],
            lines: MediaLines::default(),
            subscriptions: vec![],
            estimate_bps: None,
            desired_bitrates: (0, 0),
            send_limit: SendLimit::default(),
            media_limit: TokenBucket::for_media(now),
            packet_limit: TokenBucket::for_packets(now),
            quality: QualityMeter::default(),
        };
        // An `Rtc` without a first timeout never asks for another one.
        peer.handle_timeout(now, sink);
        for address in &peer_config.addresses {
            let candidates = [
                Candidate::host(*address, "udp"),
                Candidate::builder()
                    .tcp()
                    .host(*address)
                    .tcptype(TcpType::Passive)
                    .build(),
            ];
            for candidate in candidates.into_iter().flatten() {
                peer.with_rtc(now, sink, |rtc| rtc.add_local_candidate(candidate).map(|_| ()));
            }
        }
        peer
    }

    /// Mutates the `Rtc`, and drains it as must follow. `None`: the peer has failed, now or before.
    fn with_rtc<T>(&mut self, now: Instant, sink: &mut Sink, mutate: impl FnOnce(&mut Rtc) -> T) -> Option<T> {
        if self.failure.is_some() {
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
                sink.schedule(self.id, self.due, &mut self.scheduled);
                Some(value)
            }
            Ok((_, Err(error))) => {
                tracing::debug!(peer = self.id.0, kind = error_kind(&error), "peer connection failed");
                self.fail("the connection failed", sink);
                None
            }
            Err(_) => {
                // The panic hook has logged where. The others in the room must not notice.
                tracing::error!(peer = self.id.0, "a peer connection panicked");
                self.fail("the connection failed", sink);
                None
            }
        }
    }

    fn fail(&mut self, why: &'static str, sink: &mut Sink) {
        if self.failure.is_none() {
            self.failure = Some(why);
            sink.failed.push(self.id);
        }
    }

    /// ICE's user fragment in the offers.
    pub fn ufrag(&mut self) -> String {
        self.rtc.direct_api().local_ice_credentials().ufrag
    }

    /// Lets str0m do its work that is due by now.
    pub fn handle_timeout(&mut self, now: Instant, sink: &mut Sink) {
        self.handle_input(now, sink, Input::Timeout(now));
    }

    /// Takes a packet from the network.
    pub fn receive(&mut self, now: Instant, from: Address, to: SocketAddr, packet: &[u8], sink: &mut Sink) {
        let Ok(contents) = DatagramRecv::try_from(packet) else {
            return;
        };
        let receive = Receive {
            proto: from.0,
            source: from.1,
            destination: to,
            contents,
        };
        self.handle_input(now, sink, Input::Receive(now, receive));
    }

    fn handle_input(&mut self, now: Instant, sink: &mut Sink, input: Input<'_>) {
        // A refused input is not fatal by itself: anybody can forge a packet with somebody else's address.
        if let Some(Err(error)) = self.with_rtc(now, sink, |rtc| rtc.handle_input(input)) {
            self.refused_inputs += 1;
            tracing::trace!(peer = self.id.0, kind = error_kind(&error), "input refused");
            if self.refused_inputs > MAX_REFUSED_INPUTS {
                self.fail("too many broken packets", sink);
            }
        }
    }
}

/// Takes everything that str0m produces, until it only waits. Returns the time it waits for.
fn drain(id: PeerId, rtc: &mut Rtc, now: Instant, sink: &mut Sink) -> Result<Instant, RtcError> {
    let mut timeouts = 0;
    loop {
        match rtc.poll_output()? {
            Output::Timeout(at) if at > now => return Ok(at),
            Output::Timeout(_) if timeouts >= MAX_TIMEOUTS_PER_DRAIN => return Ok(now + Duration::from_millis(1)),
            Output::Timeout(_) => {
                timeouts += 1;
                rtc.handle_input(Input::Timeout(now))?;
            }
            Output::Transmit(transmit) => sink.transmit(id, transmit),
            Output::Event(event) => sink.event(id, event),
        }
    }
}

/// An error's kind. Its text may quote an SDP or an address, and stays out of the log.
fn error_kind(error: &RtcError) -> &'static str {
    match error {
        RtcError::RemoteSdp(_) | RtcError::Sdp(_) => "sdp",
        RtcError::Ice(_) => "ice",
        RtcError::Net(_) => "net",
        RtcError::Dtls(_) => "dtls",
        _ => "other",
    }
}

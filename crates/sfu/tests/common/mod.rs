//! A world in virtual time: the engine, browsers played by str0m, and links between them with delay, loss and a rate.
//! Nothing here opens a socket or sleeps.
#![expect(dead_code, reason = "every test file uses its own part of the world")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests may stop on surprise"
)]

use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anteroom_domain::id::VisitId;
use anteroom_domain::visit::Publish;
use anteroom_protocol::media::{MediaFromClient, MediaFromServer, Quality, Slot, SlotDirection, Source};
use anteroom_sfu::{Engine, EnterError, Limits, Output as EngineOutput, ParticipantId, RoomId};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use str0m::bwe::BweKind;
use str0m::change::SdpOffer;
use str0m::format::{Codec, PayloadParams};
use str0m::ice::{StunMessage, StunMessageBuilder, TransId};
use str0m::media::{KeyframeRequestKind, Mid, Pt};
use str0m::net::{Protocol, Receive, Transmit};
use str0m::rtp::{RtpWrite, SeqNo};
use str0m::{Candidate, Event, Input, Output, Rtc};

pub const ROOM: RoomId = RoomId(7);
pub const SERVER: &str = "203.0.113.1:3478";
/// One way, without what a thin line adds.
pub const DELAY: Duration = Duration::from_millis(10);

#[derive(Clone, Copy, Debug, Default)]
pub struct Link {
    /// Packets that are lost, of a thousand.
    pub loss_permille: u32,
    /// Bits per second; 0: no bound.
    pub rate_bps: u64,
}

/// The packets of one track that a browser got.
#[derive(Clone, Debug, Default)]
pub struct Got {
    pub sequences: Vec<u64>,
    pub payloads: Vec<u8>,
    pub keys: usize,
    pub last: Option<Instant>,
}

impl Got {
    pub fn packets(&self) -> usize {
        self.sequences.len()
    }
    /// Sequence numbers between the first and the last that never came.
    pub fn missing(&self) -> usize {
        let seen: BTreeSet<_> = self.sequences.iter().collect();
        let (Some(first), Some(last)) = (seen.first(), seen.last()) else {
            return 0;
        };
        usize::try_from(**last - **first + 1).unwrap() - seen.len()
    }
}

#[expect(clippy::struct_excessive_bools, reason = "switches that a test sets")]
pub struct Browser {
    pub id: ParticipantId,
    pub address: SocketAddr,
    pub proto: Protocol,
    pub rtc: Rtc,
    /// Messages from the engine, all of them.
    pub messages: Vec<MediaFromServer>,
    pub slots: Vec<Slot>,
    /// Sources whose slot is declined in the answer.
    pub declines: BTreeSet<Source>,
    /// Answers are held back while this is false.
    pub answers: bool,
    pub held: Vec<(u32, String)>,
    /// Sends media in the slots of the offer.
    pub sends: bool,
    pub video_bps: u64,
    /// Follows REMB.
    pub follows_remb: bool,
    pub remb: Option<u64>,
    pub got: BTreeMap<(i64, Source), Got>,
    pub key_requests: usize,
    pub keyframe_due: bool,
    pub up: Link,
    pub down: Link,
    /// No packet gets through either way.
    pub silent: bool,
    /// Sends one ICE check, over this protocol, and never another. It nominates at once, as Firefox does towards
    /// ICE-lite; Firefox's next one is seconds away.
    pub asks_once: Option<Protocol>,
    /// When that check was sent.
    pub asked: Option<Instant>,
    /// The engine's ICE password, with which checks are signed.
    pub password: String,
    down_free: Option<Instant>,
    mark: u8,
    sequences: BTreeMap<Mid, u64>,
    next_audio: Instant,
    next_video: Instant,
}

#[derive(PartialEq, Eq)]
struct InFlight {
    at: Instant,
    order: u64,
    /// Index of the receiving browser; `None`: the engine.
    to: Option<usize>,
    proto: Protocol,
    source: SocketAddr,
    destination: SocketAddr,
    bytes: Vec<u8>,
}

impl Ord for InFlight {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (other.at, other.order).cmp(&(self.at, self.order))
    }
}

impl PartialOrd for InFlight {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

pub struct World {
    pub now: Instant,
    pub engine: Engine,
    pub browsers: Vec<Browser>,
    pub rng: ChaCha8Rng,
    pub tick: Duration,
    in_flight: BinaryHeap<InFlight>,
    order: u64,
    /// Every packet that the engine got, for replays.
    pub recorded: Vec<(SocketAddr, Vec<u8>)>,
    pub record: bool,
}

/// The first value of an attribute in an SDP.
pub fn sdp_value<'a>(sdp: &'a str, attribute: &str) -> &'a str {
    let value = |line: &'a str| line.strip_prefix("a=")?.strip_prefix(attribute)?.strip_prefix(':');
    sdp.lines().find_map(value).unwrap()
}

fn signed(message: &StunMessage<'_>, password: &str) -> Vec<u8> {
    let sha1_hmac = str0m::crypto::from_feature_flags().sha1_hmac_provider;
    let mut bytes = vec![0; 1_200];
    let sign = |key: &[u8], parts: &[&[u8]]| sha1_hmac.sha1_hmac(key, parts);
    let length = message.to_bytes(Some(password.as_bytes()), &mut bytes, sign).unwrap();
    bytes.truncate(length);
    bytes
}

/// An ICE check by hand. `ours` is the engine's user fragment, and the password to sign with. Towards ICE-lite a browser
/// is `controlling`.
pub fn check(ours: (&str, &str), theirs: &str, controlling: bool) -> Vec<u8> {
    let username = format!("{}:{theirs}", ours.0);
    let builder = StunMessageBuilder::new()
        .binding()
        .request()
        .username(&username)
        .prio(1);
    // A tie breaker that loses.
    let builder = if controlling {
        builder.ice_controlling(0).use_candidate()
    } else {
        builder.ice_controlled(0)
    };
    signed(&builder.build(TransId::new()), ours.1)
}

#[expect(clippy::disallowed_methods, reason = "an arbitrary start of virtual time")]
fn start() -> Instant {
    Instant::now()
}

impl World {
    pub fn new() -> Self {
        Self::with_limits(Limits::default())
    }

    pub fn with_limits(limits: Limits) -> Self {
        let now = start();
        Self {
            now,
            engine: Engine::new(limits, vec![SERVER.parse().unwrap()], now),
            browsers: vec![],
            rng: ChaCha8Rng::seed_from_u64(1),
            tick: Duration::from_millis(5),
            in_flight: BinaryHeap::new(),
            order: 0,
            recorded: vec![],
            record: false,
        }
    }

    pub fn enter(&mut self, id: i64, publish: Publish) -> Result<(), EnterError> {
        self.engine.enter(ROOM, ParticipantId(id), publish, self.now)
    }

    /// Enters and joins; returns the browser's index.
    pub fn join(&mut self, id: i64, publish: Publish) -> usize {
        self.enter(id, publish).unwrap();
        self.open(id)
    }

    /// Opens a page of a participant who has a seat. An earlier page of theirs is forgotten, as by a reload.
    pub fn open(&mut self, id: i64) -> usize {
        self.open_as(id, |_| ())
    }

    /// Does the same with a browser that differs from the others.
    pub fn open_as(&mut self, id: i64, differs: impl FnOnce(&mut Browser)) -> usize {
        self.browsers
            .iter_mut()
            .filter(|b| b.id.0 == id)
            .for_each(|b| b.id = ParticipantId(-1));
        let index = self.browsers.len();
        let mark = u8::try_from(index + 1).unwrap();
        let mut browser = Browser::new(ParticipantId(id), mark, self.now);
        differs(&mut browser);
        self.browsers.push(browser);
        self.say(id, MediaFromClient::Join);
        index
    }

    pub fn say(&mut self, id: i64, message: MediaFromClient) {
        self.engine.media(ROOM, ParticipantId(id), message, self.now);
        self.collect();
    }

    pub fn run(&mut self, duration: Duration) {
        let end = self.now + duration;
        while self.now < end {
            self.now += self.tick;
            self.step();
        }
    }

    pub fn seconds(&mut self, seconds: u64) {
        self.run(Duration::from_secs(seconds));
    }

    /// Runs until it holds; panics after 30 s of virtual time.
    #[track_caller]
    pub fn until(&mut self, what: &str, mut holds: impl FnMut(&Self) -> bool) {
        let end = self.now + Duration::from_secs(30);
        while !holds(self) {
            assert!(self.now < end, "did not come about: {what}");
            self.now += self.tick;
            self.step();
        }
    }

    fn step(&mut self) {
        let now = self.now;
        for index in 0..self.browsers.len() {
            self.browsers[index].send_media(now);
            self.browsers[index].rtc.handle_input(Input::Timeout(now)).unwrap();
            self.drain(index);
        }
        while self.in_flight.peek().is_some_and(|packet| packet.at <= now) {
            let packet = self.in_flight.pop().unwrap();
            match packet.to {
                None => {
                    if self.record {
                        self.recorded.push((packet.source, packet.bytes.clone()));
                    }
                    self.engine.receive((packet.proto, packet.source), &packet.bytes, now);
                    self.collect();
                }
                Some(index) => {
                    let Ok(contents) = packet.bytes.as_slice().try_into() else {
                        continue;
                    };
                    let receive = Receive {
                        proto: packet.proto,
                        source: packet.source,
                        destination: packet.destination,
                        contents,
                    };
                    // A browser ignores packets that it cannot use.
                    drop(self.browsers[index].rtc.handle_input(Input::Receive(now, receive)));
                    self.drain(index);
                }
            }
        }
        if self.engine.deadline() <= now {
            self.engine.advance(now);
        }
        self.collect();
    }

    /// Carries out every output of the engine.
    pub fn collect(&mut self) {
        while let Some(output) = self.engine.poll() {
            match output {
                EngineOutput::Transmit(transmit) => {
                    let to = self.browsers.iter().position(|b| b.address == transmit.destination);
                    let Some(index) = to else { continue };
                    let bytes = transmit.contents.to_vec();
                    let browser = &mut self.browsers[index];
                    if browser.silent || self.rng.random_range(0..1000) < browser.down.loss_permille {
                        continue;
                    }
                    let Some(at) = browser.serialise(self.now, bytes.len()) else {
                        continue;
                    };
                    self.send_packet(
                        at,
                        Some(index),
                        transmit.proto,
                        transmit.source,
                        transmit.destination,
                        bytes,
                    );
                }
                EngineOutput::Message {
                    room,
                    participant,
                    message,
                } => {
                    if room != ROOM {
                        continue;
                    }
                    let Some(index) = self.browsers.iter().position(|b| b.id == participant) else {
                        continue;
                    };
                    self.browsers[index].messages.push(message.clone());
                    if let MediaFromServer::Offer { n, sdp, slots } = message {
                        let sdp = self.browsers[index].answer(&sdp, slots);
                        self.drain(index);
                        self.browsers[index].held.push((n, sdp));
                    }
                    if self.browsers[index].answers {
                        self.release_answers(index);
                    }
                }
                EngineOutput::Release(_) => {}
            }
        }
    }

    pub fn release_answers(&mut self, index: usize) {
        let id = self.browsers[index].id;
        for (n, sdp) in std::mem::take(&mut self.browsers[index].held) {
            self.engine
                .media(ROOM, id, MediaFromClient::Answer { n, sdp }, self.now);
        }
    }

    fn drain(&mut self, index: usize) {
        loop {
            let output = match self.browsers[index].rtc.poll_output() {
                Ok(output) => output,
                // A silent browser gives up its handshake after some 30 s, with a jitter of its own.
                Err(_) if self.browsers[index].silent => return,
                Err(error) => panic!("a browser failed: {error}"),
            };
            match output {
                Output::Timeout(at) => {
                    if at > self.now {
                        return;
                    }
                    self.browsers[index].rtc.handle_input(Input::Timeout(self.now)).unwrap();
                }
                Output::Transmit(transmit) => {
                    let browser = &self.browsers[index];
                    let lost = self.rng.random_range(0..1000) < browser.up.loss_permille;
                    if browser.silent || lost {
                        continue;
                    }
                    let Some(bytes) = self.browsers[index].checks(&transmit, self.now) else {
                        continue;
                    };
                    self.send_packet(
                        self.now + DELAY,
                        None,
                        transmit.proto,
                        transmit.source,
                        transmit.destination,
                        bytes,
                    );
                }
                Output::Event(event) => self.browsers[index].on_event(event, self.now),
            }
        }
    }

    fn send_packet(
        &mut self,
        at: Instant,
        to: Option<usize>,
        proto: Protocol,
        source: SocketAddr,
        destination: SocketAddr,
        bytes: Vec<u8>,
    ) {
        self.order += 1;
        self.in_flight.push(InFlight {
            at,
            order: self.order,
            to,
            proto,
            source,
            destination,
            bytes,
        });
    }

    pub fn got(&self, browser: usize, from: i64, source: Source) -> Got {
        self.browsers[browser]
            .got
            .get(&(from, source))
            .cloned()
            .unwrap_or_default()
    }

    pub fn clear(&mut self) {
        self.browsers.iter_mut().for_each(|b| b.got.clear());
    }
}

impl Browser {
    fn new(id: ParticipantId, mark: u8, now: Instant) -> Self {
        let address = SocketAddr::from(([198, 51, 100, mark], 40_000 + u16::from(mark)));
        let mut rtc = Rtc::builder()
            .set_rtp_mode(true)
            .clear_codecs()
            .enable_opus(true, false)
            .enable_vp8(true)
            .enable_h264(true)
            .build(now);
        rtc.add_local_candidate(Candidate::host(address, "udp").unwrap());
        Self {
            id,
            address,
            proto: Protocol::Udp,
            rtc,
            messages: vec![],
            slots: vec![],
            declines: BTreeSet::new(),
            answers: true,
            held: vec![],
            sends: true,
            video_bps: 600_000,
            follows_remb: false,
            remb: None,
            got: BTreeMap::new(),
            key_requests: 0,
            keyframe_due: true,
            up: Link::default(),
            down: Link::default(),
            silent: false,
            asks_once: None,
            asked: None,
            password: String::new(),
            down_free: None,
            mark,
            sequences: BTreeMap::new(),
            next_audio: now,
            next_video: now,
        }
    }

    pub fn is_connected(&self) -> bool {
        self.messages.contains(&MediaFromServer::Connected)
    }

    pub fn gone(&self) -> Option<&str> {
        self.messages.iter().find_map(|message| match message {
            MediaFromServer::Gone { reason } => Some(reason.as_str()),
            _ => None,
        })
    }

    pub fn offers(&self) -> usize {
        self.messages
            .iter()
            .filter(|message| matches!(message, MediaFromServer::Offer { .. }))
            .count()
    }

    pub fn quality(&self) -> Option<Quality> {
        self.messages.iter().rev().find_map(|message| match message {
            MediaFromServer::Quality { quality } => Some(*quality),
            _ => None,
        })
    }

    /// The visits and sources whose tracks the last offer names.
    pub fn receives(&self) -> BTreeSet<(i64, Source)> {
        let of = |slot: &Slot| match slot.direction {
            SlotDirection::Receive { visit } => Some((visit.0, slot.source)),
            SlotDirection::Send => None,
        };
        self.slots.iter().filter_map(of).collect()
    }

    pub fn mid(&self, source: Source) -> Option<Mid> {
        let slot = self
            .slots
            .iter()
            .find(|slot| slot.source == source && slot.direction == SlotDirection::Send)?;
        Some(Mid::from(slot.mid.as_str()))
    }

    fn answer(&mut self, sdp: &str, slots: Vec<Slot>) -> String {
        // A browser that may choose begins with DTLS itself; str0m would wait.
        let offer = sdp.replace("a=setup:actpass", "a=setup:passive");
        let offer = SdpOffer::from_sdp_string(&offer).unwrap();
        sdp_value(sdp, "ice-pwd").clone_into(&mut self.password);
        let answer = self.rtc.sdp_api().accept_offer(offer).unwrap().to_sdp_string();
        self.slots = slots;
        let declined: Vec<String> = (self.slots.iter())
            .filter(|slot| slot.direction == SlotDirection::Send && self.declines.contains(&slot.source))
            .map(|slot| format!("a=mid:{}\r\n", slot.mid))
            .collect();
        let mut sections: Vec<String> = answer.split("m=").map(str::to_owned).collect();
        for section in &mut sections {
            if declined.iter().any(|mid| section.contains(mid)) {
                *section = section.replace("a=sendonly", "a=inactive");
            }
        }
        sections.join("m=")
    }

    /// The packet that really leaves for the engine, if any, for one that ICE sends.
    fn checks(&mut self, transmit: &Transmit, now: Instant) -> Option<Vec<u8>> {
        let bytes = transmit.contents.to_vec();
        let (Some(proto), Ok(check)) = (self.asks_once, StunMessage::parse(&bytes)) else {
            return Some(bytes);
        };
        if !check.is_binding_request() {
            return Some(bytes);
        }
        if transmit.proto != proto || self.asked.is_some() {
            return None;
        }
        self.asked = Some(now);
        let nominating = StunMessage::binding_request(
            check.username().unwrap(),
            check.trans_id(),
            true,
            check.ice_controlling().unwrap(),
            check.prio().unwrap(),
            true,
        );
        Some(signed(&nominating, &self.password))
    }

    /// The time at which a packet of this size arrives over a link that may be slow. `None`: the queue of 200 ms is full.
    fn serialise(&mut self, now: Instant, bytes: usize) -> Option<Instant> {
        if self.down.rate_bps == 0 {
            return Some(now + DELAY);
        }
        let free = self.down_free.unwrap_or(now).max(now);
        if free.saturating_duration_since(now) > Duration::from_millis(200) {
            return None;
        }
        let takes = Duration::from_nanos((bytes as u64 + 28) * 8 * 1_000_000_000 / self.down.rate_bps);
        self.down_free = Some(free + takes);
        Some(free + takes + DELAY)
    }

    fn pt(&self, codec: Codec) -> Option<Pt> {
        self.rtc
            .codec_config()
            .params()
            .iter()
            .find(|p| p.spec().codec == codec)
            .map(PayloadParams::pt)
    }

    fn send_media(&mut self, now: Instant) {
        const FRAMES: u64 = 20;
        if !self.sends || !self.rtc.is_connected() {
            return;
        }
        if now >= self.next_audio {
            self.next_audio = now + Duration::from_millis(20);
            if let (Some(mid), Some(pt)) = (self.mid(Source::Microphone), self.pt(Codec::Opus)) {
                self.write(mid, pt, 960, true, &[self.mark; 80], now);
            }
        }
        if now >= self.next_video {
            self.next_video = now + Duration::from_millis(1000 / FRAMES);
            let mut bps = self.video_bps;
            if let (true, Some(remb)) = (self.follows_remb, self.remb) {
                bps = bps.min(remb.saturating_sub(64_000));
            }
            let packets = (bps / 8 / FRAMES).div_ceil(1000).max(1);
            let size = usize::try_from(bps / 8 / FRAMES / packets).unwrap().max(20);
            let key = std::mem::take(&mut self.keyframe_due);
            for source in [Source::Camera, Source::Screen] {
                let (Some(mid), Some(pt)) = (self.mid(source), self.pt(Codec::Vp8)) else {
                    continue;
                };
                for part in 0..packets {
                    let mut payload = vec![self.mark; size];
                    // The VP8 payload descriptor: start of partition 0; then the frame's first bit: 0 is a key frame.
                    payload[0] = if part == 0 { 0x10 } else { 0 };
                    payload[1] = u8::from(!(key && part == 0));
                    self.write(
                        mid,
                        pt,
                        if part == 0 { 4500 } else { 0 },
                        part + 1 == packets,
                        &payload,
                        now,
                    );
                }
            }
        }
    }

    fn write(&mut self, mid: Mid, pt: Pt, ticks: u64, marker: bool, payload: &[u8], now: Instant) {
        // Like a browser: starts anywhere.
        let sequence = self.sequences.entry(mid).or_insert(65_000);
        *sequence += 1;
        let (sequence, time) = (
            *sequence,
            u32::try_from((*sequence * ticks.max(1)) & 0xffff_ffff).unwrap(),
        );
        let time = if ticks == 0 {
            u32::try_from(((sequence) * 4500) & 0xffff_ffff).unwrap()
        } else {
            time
        };
        let sequence = SeqNo::from(sequence);
        let mut api = self.rtc.direct_api();
        let Some(stream) = api.stream_tx_by_mid(mid, None) else {
            return;
        };
        stream.write_rtp(
            RtpWrite::new(pt, sequence, time, now, payload.to_vec())
                .marker(marker)
                .nackable(true),
        );
        self.rtc.handle_input(Input::Timeout(now)).unwrap();
    }

    fn on_event(&mut self, event: Event, now: Instant) {
        match event {
            Event::RtpPacket(packet) => {
                let ssrc = packet.header.ssrc;
                let Some(mid) = self.rtc.direct_api().stream_rx(&ssrc).map(|stream| stream.mid()) else {
                    return;
                };
                let slot = self.slots.iter().find(|slot| slot.mid == mid.to_string());
                let Some(Slot {
                    source,
                    direction: SlotDirection::Receive { visit },
                    ..
                }) = slot
                else {
                    return;
                };
                let got = self.got.entry((visit.0, *source)).or_default();
                got.sequences.push(*packet.seq_no);
                got.payloads.extend(packet.payload.last());
                got.last = Some(now);
                if *source != Source::Microphone && packet.payload[0] & 0x10 != 0 && packet.payload[1] & 1 == 0 {
                    got.keys += 1;
                }
            }
            Event::KeyframeRequest(_) => {
                self.key_requests += 1;
                self.keyframe_due = true;
            }
            Event::EgressBitrateEstimate(BweKind::Remb { estimate, .. }) => self.remb = Some(estimate.as_u64()),
            _ => {}
        }
    }

    /// Asks for a key frame of a track, as a decoder does.
    pub fn request_keyframe(&mut self, from: i64, source: Source) {
        let of =
            |slot: &&Slot| slot.source == source && slot.direction == SlotDirection::Receive { visit: VisitId(from) };
        let mid = Mid::from(self.slots.iter().find(of).unwrap().mid.as_str());
        self.rtc
            .direct_api()
            .stream_rx_by_mid(mid, None)
            .unwrap()
            .request_keyframe(KeyframeRequestKind::Pli);
    }
}

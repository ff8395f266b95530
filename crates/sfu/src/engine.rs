//! The rooms, without IO and without a clock: packets, messages and the time go in, packets and messages come out.
//! The invariant that everything here keeps is the first paragraph of the crate's documentation.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anteroom_domain::signalling::{MediaFromClient, MediaFromServer, Publish, Source};
use str0m::bwe::BweKind;
use str0m::net::Transmit;
use str0m::rtp::RtpPacket;
use str0m::stats::PeerStats;
use str0m::{Event as RtcEvent, IceConnectionState};

use crate::cap::{self, camera_share};
use crate::demux::{Address, Demux, is_stun_success};
use crate::negotiate::{Track, Wanted};
use crate::peer::{Answered, Common, Life, Peer, PeerId};
use crate::quality::Sample;
use crate::room::{self, Room, Seat};
use crate::{EnterError, Limits, ParticipantId, RoomId};

/// How often time limits, key frames that were put off and bandwidth are looked at.
const TICK: Duration = Duration::from_millis(250);
/// What one video is probed for: 720p of a camera, a screen at 1080p.
const CAMERA_DESIRED_BPS: u64 = 1_700_000;
const SCREEN_DESIRED_BPS: u64 = 2_500_000;
/// And all of them together: more than this is not needed by a page of small tiles.
const MOST_DESIRED_BPS: u64 = 12_000_000;

/// Told to one whose ICE or DTLS does not come up.
const NO_CONNECTION: &str = "No connection came about; check the network and join again.";

/// What the engine wants done.
#[derive(Debug)]
pub enum Output {
    /// A packet for the network.
    Transmit(Transmit),
    /// A message for a participant.
    Tell {
        room: RoomId,
        participant: ParticipantId,
        message: MediaFromServer,
    },
    /// This address belongs to nobody any more: its TCP connection, if it is one, can be closed.
    Release(Address),
}

/// Counts since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    pub packets_in: u64,
    pub bytes_in: u64,
    pub packets_out: u64,
    pub bytes_out: u64,
    /// Packets from addresses that belong to nobody.
    pub strays: u64,
    /// Packets of participants who send more than anybody can watch.
    pub excess: u64,
    /// RTP packets that went to a subscriber.
    pub forwarded: u64,
}

/// Where peers put what they produce while others are being looked at.
#[derive(Default)]
pub(crate) struct Sink {
    outputs: VecDeque<Output>,
    events: VecDeque<(PeerId, RtcEvent)>,
    /// Peers that cannot go on.
    pub broken: Vec<PeerId>,
    /// Tracks that somebody needs a key frame of.
    pub keys: Vec<Track>,
    timers: BinaryHeap<Reverse<(Instant, PeerId)>>,
    counters: Counters,
    /// Addresses whose ICE checks peers have just answered with a success, whenever those came.
    answered: VecDeque<(PeerId, Address)>,
}

impl Sink {
    pub fn transmit(&mut self, peer: PeerId, transmit: Transmit) {
        self.counters.packets_out += 1;
        self.counters.bytes_out += transmit.contents.len() as u64;
        if is_stun_success(&transmit.contents) {
            self.answered.push_back((peer, (transmit.proto, transmit.destination)));
        }
        self.outputs.push_back(Output::Transmit(transmit));
    }

    pub fn event(&mut self, peer: PeerId, event: RtcEvent) {
        self.events.push_back((peer, event));
    }

    /// Sees to it that the peer is called when it is due. An entry that is too early costs one look, so only an
    /// earlier deadline makes a new one.
    pub fn wake(&mut self, peer: &mut Peer) {
        if peer.scheduled.is_none_or(|at| peer.due < at) {
            peer.scheduled = Some(peer.due);
            self.timers.push(Reverse((peer.due, peer.id)));
        }
    }
}

/// The rooms and everybody in them.
pub struct Engine {
    limits: Limits,
    common: Common,
    rooms: HashMap<RoomId, Room>,
    peers: HashMap<PeerId, Peer>,
    last_peer: u64,
    demux: Demux,
    /// Peers whose next offer may differ from the last.
    dirty: BTreeSet<PeerId>,
    sink: Sink,
    next_tick: Instant,
    scratch: Vec<PeerId>,
}

impl Engine {
    /// `addresses`: what browsers are told to send to, the same for UDP and TCP.
    pub fn new(limits: Limits, addresses: Vec<SocketAddr>, now: Instant) -> Self {
        let crypto = Arc::new(str0m::crypto::from_feature_flags());
        let certificate = crypto.dtls_provider.generate_certificate();
        Self {
            limits,
            common: Common {
                crypto,
                certificate,
                addresses,
            },
            rooms: HashMap::new(),
            peers: HashMap::new(),
            last_peer: 0,
            demux: Demux::default(),
            dirty: BTreeSet::new(),
            sink: Sink::default(),
            next_tick: now + TICK,
            scratch: vec![],
        }
    }

    // ---- commands

    /// Gives a participant a seat; one that they had before is replaced, with its peer connection.
    pub fn enter(
        &mut self,
        room: RoomId,
        participant: ParticipantId,
        publish: Publish,
        now: Instant,
    ) -> Result<(), EnterError> {
        let mut seat = Seat::new(publish);
        if let Some(earlier) = room::unseat(&mut self.rooms, room, participant) {
            seat.follow(&earlier);
            if let Some(peer) = earlier.peer {
                self.retire(peer, None, now);
            }
            self.settle(now);
        }
        room::seat(&mut self.rooms, (room, participant), seat, &self.limits)
    }

    /// A message of a participant's browser.
    pub fn media(&mut self, room: RoomId, participant: ParticipantId, message: MediaFromClient, now: Instant) {
        let Some(seat) = self.rooms.get_mut(&room).and_then(|r| r.seats.get_mut(&participant)) else {
            return;
        };
        let Some(id) = seat.peer else {
            match message {
                MediaFromClient::Join => self.join(room, participant, now),
                // An answer on its way while the peer was given up; what that means was told with the `Gone`.
                MediaFromClient::Answer { .. } | MediaFromClient::Unpublish { .. } => {}
                MediaFromClient::Publish { .. } | MediaFromClient::Restart => {
                    self.tell_gone(room, participant, "You are not connected; join again.");
                }
            }
            return self.settle(now);
        };
        let may_publish = seat.publish == Publish::All;
        let Some(peer) = self.peers.get_mut(&id) else { return };
        match message {
            MediaFromClient::Join => {
                self.join(room, participant, now);
            }
            MediaFromClient::Answer { n, sdp } => match peer.answer(n, &sdp, now, &mut self.sink) {
                Answered::Stale => {}
                Answered::Applied => {
                    self.dirty.insert(id);
                }
                Answered::Publishes => self.dirty_room(room),
                Answered::Broken => self.retire(id, Some("The answer could not be understood; join again."), now),
            },
            MediaFromClient::Publish { source } if may_publish => {
                peer.publish(source);
                self.dirty.insert(id);
            }
            MediaFromClient::Publish { .. } => {}
            MediaFromClient::Unpublish { source } => {
                if peer.unpublish(source) {
                    self.dirty_room(room);
                }
                self.dirty.insert(id);
            }
            MediaFromClient::Restart => {
                peer.restart();
                self.dirty.insert(id);
            }
        }
        self.settle(now);
    }

    /// Takes a participant's seat away.
    pub fn leave(&mut self, room: RoomId, participant: ParticipantId, now: Instant) {
        if let Some(peer) = room::unseat(&mut self.rooms, room, participant).and_then(|seat| seat.peer) {
            self.retire(peer, None, now);
        }
        self.settle(now);
    }

    /// Takes everybody's seat in a room away.
    pub fn close(&mut self, room: RoomId, now: Instant) {
        let Some(there) = self.rooms.remove(&room) else { return };
        for peer in there.seats.values().filter_map(|seat| seat.peer) {
            self.retire(peer, None, now);
        }
        self.settle(now);
    }

    // ---- network and time

    /// A packet that came from `from`.
    pub fn receive(&mut self, from: Address, packet: &[u8], now: Instant) {
        self.sink.counters.packets_in += 1;
        self.sink.counters.bytes_in += packet.len() as u64;
        let Some(id) = self.demux.find(from, packet) else {
            self.sink.counters.strays += 1;
            return;
        };
        let Some(peer) = self.peers.get_mut(&id) else { return };
        if !peer.looked_at.take(packet.len(), now) {
            self.sink.counters.excess += 1;
            return;
        }
        // One socket answers for all advertised addresses, so any of the right family names the pair as well as
        // another; ICE knows only the advertised ones.
        let same_family = |to: &&SocketAddr| to.is_ipv4() == from.1.is_ipv4();
        let Some(to) = self
            .common
            .addresses
            .iter()
            .find(same_family)
            .or(self.common.addresses.first())
        else {
            return;
        };
        peer.receive(now, from, *to, packet, &mut self.sink);
        self.prove(Some(from));
        self.settle(now);
    }

    /// There is no such TCP connection (any more). Also to be told when a packet for one could not be sent because of
    /// that: a check that came over it may be answered after it was closed.
    pub fn disconnected(&mut self, from: Address) {
        self.demux.lose(from);
    }

    /// Does this address belong to a participant?
    pub fn is_claimed(&self, address: Address) -> bool {
        self.demux.is_proved(address)
    }

    /// When [`Engine::advance`] must be called at the latest.
    pub fn deadline(&self) -> Instant {
        match self.sink.timers.peek() {
            Some(Reverse((at, _))) => self.next_tick.min(*at),
            None => self.next_tick,
        }
    }

    /// The time has come that [`Engine::deadline`] told.
    pub fn advance(&mut self, now: Instant) {
        while let Some(Reverse((at, id))) = self.sink.timers.peek().copied() {
            if at > now {
                break;
            }
            self.sink.timers.pop();
            let Some(peer) = self.peers.get_mut(&id) else { continue };
            if peer.scheduled != Some(at) {
                continue;
            }
            peer.scheduled = None;
            if peer.due <= now {
                peer.advance(now, &mut self.sink);
            } else {
                self.sink.wake(peer);
            }
            self.settle(now);
        }
        if now >= self.next_tick {
            self.next_tick = now + TICK;
            self.tick(now);
            self.settle(now);
        }
    }

    /// The next thing to do. Call until `None` after every other call.
    pub fn poll(&mut self) -> Option<Output> {
        self.sink.outputs.pop_front()
    }

    pub fn counters(&self) -> Counters {
        self.sink.counters
    }

    /// Rooms and seats that are taken, and how many of those have packets flowing.
    pub fn occupancy(&self) -> (usize, usize, usize) {
        let connected = self.peers.values().filter(|peer| peer.life == Life::Up).count();
        (self.rooms.len(), self.rooms.values().map(Room::len).sum(), connected)
    }

    // ---- peers come and go

    fn join(&mut self, room: RoomId, participant: ParticipantId, now: Instant) {
        let Some(seat) = self.rooms.get_mut(&room).and_then(|r| r.seats.get_mut(&participant)) else {
            return;
        };
        let publish = seat.publish;
        let allowed = seat.may_join(now);
        if let Some(earlier) = seat.peer.take() {
            self.retire(earlier, None, now);
        }
        if !allowed {
            return self.tell_gone(room, participant, "Too many attempts; wait a moment and join again.");
        }
        self.last_peer += 1;
        let id = PeerId(self.last_peer);
        let mut peer = Peer::new(id, (room, participant), publish, &self.common, now, &mut self.sink);
        self.demux.expect(peer.ufrag(), id);
        self.peers.insert(id, peer);
        if let Some(seat) = self.rooms.get_mut(&room).and_then(|r| r.seats.get_mut(&participant)) {
            seat.peer = Some(id);
        }
        self.dirty.insert(id);
    }

    /// Ends a peer connection. With a reason its participant is told; the seat is theirs still.
    fn retire(&mut self, id: PeerId, reason: Option<&str>, now: Instant) {
        let Some(peer) = self.peers.remove(&id) else { return };
        self.dirty.remove(&id);
        for address in self.demux.forget(id) {
            self.sink.outputs.push_back(Output::Release(address));
        }
        let (room, participant) = (peer.room, peer.participant);
        // Dropping what has panicked before may panic again.
        let dropped = std::panic::catch_unwind(std::panic::AssertUnwindSafe(move || drop(peer)));
        if dropped.is_err() {
            tracing::error!(peer = id.0, "a peer connection panicked while it was dropped");
        }
        if let Some(seat) = self.rooms.get_mut(&room).and_then(|r| r.seats.get_mut(&participant)) {
            seat.peer = seat.peer.filter(|peer| *peer != id);
        }
        if let Some(reason) = reason {
            self.tell_gone(room, participant, reason);
        }
        self.dirty_room(room);
        // A slow line that has gone holds nobody down any more; the next tick lifts the limits.
        self.next_tick = self.next_tick.min(now + TICK);
    }

    fn tell_gone(&mut self, room: RoomId, participant: ParticipantId, reason: &str) {
        self.tell(
            room,
            participant,
            MediaFromServer::Gone {
                reason: reason.to_owned(),
            },
        );
    }

    fn tell(&mut self, room: RoomId, participant: ParticipantId, message: MediaFromServer) {
        self.sink.outputs.push_back(Output::Tell {
            room,
            participant,
            message,
        });
    }

    fn dirty_room(&mut self, room: RoomId) {
        if let Some(room) = self.rooms.get(&room) {
            self.dirty.extend(room.peers());
        }
    }

    // ---- what follows from a call

    /// Gives peers the addresses that they have answered to. `asking`: where the packet that is being looked at has
    /// come from. Checks that came before the browser's answer wait in ICE until that is applied; in between, the
    /// address may have become somebody else's, from whom such a late reply takes nothing.
    fn prove(&mut self, asking: Option<Address>) {
        while let Some((id, address)) = self.sink.answered.pop_front() {
            let is_late = asking != Some(address);
            // The peer may have been retired since.
            if !self.peers.contains_key(&id) || is_late && self.demux.is_proved(address) {
                continue;
            }
            if let Some(oldest) = self.demux.prove(address, id) {
                self.sink.outputs.push_back(Output::Release(oldest));
            }
        }
    }

    /// Works off what the last call has caused, until nothing is left.
    fn settle(&mut self, now: Instant) {
        loop {
            self.prove(None);
            if let Some((id, event)) = self.sink.events.pop_front() {
                self.on_event(id, event, now);
            } else if let Some(id) = self.sink.broken.pop() {
                let Some(peer) = self.peers.get(&id) else { continue };
                let reason = match (peer.life, peer.broken) {
                    // DTLS gives up a little earlier than we do.
                    (Life::Connecting { .. }, _) => NO_CONNECTION.to_owned(),
                    (_, why) => format!("Given up: {}. Join again.", why.unwrap_or("the connection failed")),
                };
                self.retire(id, Some(&reason), now);
            } else if let Some(track) = self.sink.keys.pop() {
                if let Some(peer) = self.peers.get_mut(&track.publisher) {
                    peer.ask_key(track.source, now, &mut self.sink);
                }
            } else if let Some(id) = self.dirty.pop_first() {
                self.offer(id, now);
            } else {
                return;
            }
        }
    }

    fn offer(&mut self, id: PeerId, now: Instant) {
        let Some(room) = self.peers.get(&id).and_then(|peer| self.rooms.get(&peer.room)) else {
            return;
        };
        let mut wanted = vec![];
        for (visit, other) in room.others(id) {
            let Some(other) = self.peers.get(&other) else { continue };
            wanted.extend(other.published.iter().filter(|place| place.live).map(|place| {
                let track = Track {
                    publisher: other.id,
                    source: place.source,
                };
                Wanted { track, visit }
            }));
        }
        let Some(peer) = self.peers.get_mut(&id) else { return };
        let (room, participant) = (peer.room, peer.participant);
        if let Some(offer) = peer.offer(&wanted, now, &mut self.sink) {
            self.demux.expect(offer.ufrag, id);
            let message = MediaFromServer::Offer {
                n: offer.n,
                sdp: offer.sdp,
                slots: offer.slots,
            };
            self.tell(room, participant, message);
        }
    }

    fn on_event(&mut self, id: PeerId, event: RtcEvent, now: Instant) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        let (room, participant) = (peer.room, peer.participant);
        match event {
            RtcEvent::RtpPacket(packet) => self.forward(id, &packet, now),
            RtcEvent::KeyframeRequest(request) => self.sink.keys.extend(peer.track_on(request.mid)),
            RtcEvent::Connected => {
                peer.life = Life::Up;
                self.sink.keys.extend(peer.subscribed.iter().map(|s| s.track));
                self.tell(room, participant, MediaFromServer::Connected);
            }
            RtcEvent::IceConnectionStateChange(state) => match (state, peer.life) {
                (IceConnectionState::Disconnected, Life::Up) => {
                    peer.life = Life::Lost { since: now };
                    if let Some(quality) = peer.meter.lost() {
                        self.tell(room, participant, MediaFromServer::Quality { quality });
                    }
                }
                (IceConnectionState::Connected | IceConnectionState::Completed, Life::Lost { .. }) => {
                    peer.life = Life::Up;
                    self.sink.keys.extend(peer.subscribed.iter().map(|s| s.track));
                }
                _ => {}
            },
            RtcEvent::EgressBitrateEstimate(BweKind::Twcc {
                estimate,
                can_probe: true,
            }) => peer.estimated(estimate),
            RtcEvent::PeerStats(stats) => self.measure(id, &stats),
            RtcEvent::Closed => self.retire(id, Some("The connection was closed; join again."), now),
            _ => {}
        }
    }

    /// One packet to everybody else in the room who is to have it.
    fn forward(&mut self, from: PeerId, packet: &RtpPacket, now: Instant) {
        let Some(publisher) = self.peers.get_mut(&from) else {
            return;
        };
        if !publisher.ingress.take(packet.payload.len(), now) {
            self.sink.counters.excess += 1;
            return;
        }
        let Some(source) = publisher.source_of(packet, &mut self.sink) else {
            return;
        };
        let starts_key = source != Source::Microphone && publisher.starts_key(packet);
        if let Some(place) = publisher.place(source) {
            place.rate.add(packet.payload.len());
        }
        let track = Track {
            publisher: from,
            source,
        };
        let Some(room) = self.rooms.get(&publisher.room) else {
            return;
        };
        let mut others = std::mem::take(&mut self.scratch);
        others.extend(room.others(from).map(|(_, other)| other));
        for other in others.drain(..) {
            if let Some(subscriber) = self.peers.get_mut(&other)
                && subscriber.forward(now, track, packet, starts_key, &mut self.sink)
            {
                self.sink.counters.forwarded += 1;
            }
        }
        self.scratch = others;
    }

    fn measure(&mut self, id: PeerId, stats: &PeerStats) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        if peer.life != Life::Up {
            return;
        }
        let receives_video = peer.subscribed.iter().any(|s| s.track.source != Source::Microphone);
        let pair_rtt = stats
            .selected_candidate_pair
            .as_ref()
            .and_then(|pair| pair.current_round_trip_time);
        let sample = Sample {
            loss_in: stats.ingress_loss_fraction,
            loss_out: stats.egress_loss_fraction,
            rtt: stats.rtt.or(pair_rtt),
            estimate_bps: peer.estimate.filter(|_| receives_video),
            video_held: peer.subscribed.iter().any(|s| s.gate.is_held()),
        };
        if let Some(quality) = peer.meter.sample(&sample) {
            let (room, participant) = (peer.room, peer.participant);
            self.tell(room, participant, MediaFromServer::Quality { quality });
        }
    }

    // ---- from time to time

    fn tick(&mut self, now: Instant) {
        let mut late = vec![];
        for peer in self.peers.values_mut() {
            let over = |since: Instant, limit: Duration| now.saturating_duration_since(since) >= limit;
            match peer.life {
                Life::Connecting { since } if over(since, self.limits.connect) => {
                    late.push((peer.id, NO_CONNECTION));
                }
                Life::Lost { since } if over(since, self.limits.lost) => {
                    late.push((peer.id, "The connection was lost; join again."));
                }
                _ if peer.waits_since().is_some_and(|since| over(since, self.limits.answer)) => {
                    late.push((peer.id, "The browser did not answer; join again."));
                }
                _ => {}
            }
            for source in peer.keys_due() {
                peer.ask_key(source, now, &mut self.sink);
            }
            for place in &mut peer.published {
                place.rate.roll(now);
            }
        }
        for (id, reason) in late {
            self.retire(id, Some(reason), now);
        }
        let rooms: Vec<RoomId> = self.rooms.keys().copied().collect();
        for room in rooms {
            self.share_bandwidth(room, now);
        }
    }

    /// Rules 2 to 4 of `cap.rs` for one room.
    fn share_bandwidth(&mut self, room: RoomId, now: Instant) {
        let Some(room) = self.rooms.get(&room) else { return };
        let ids: Vec<PeerId> = room.peers().collect();
        let mut rates = HashMap::new();
        for peer in ids.iter().filter_map(|id| self.peers.get(id)) {
            for place in &peer.published {
                rates.insert(
                    Track {
                        publisher: peer.id,
                        source: place.source,
                    },
                    place.rate.bps(),
                );
            }
        }
        let rate = |track: Track| rates.get(&track).copied().unwrap_or(0);
        let mut camera_limits: HashMap<PeerId, u64> = HashMap::new();
        for id in &ids {
            let Some(peer) = self.peers.get_mut(id) else { continue };
            let of = |source: Source| {
                peer.subscribed
                    .iter()
                    .map(|s| s.track)
                    .filter(move |t| t.source == source)
            };
            let audio: u64 = of(Source::Microphone).map(rate).sum();
            let screens: u64 = of(Source::Screen).map(rate).sum();
            let cameras: Vec<PeerId> = of(Source::Camera).map(|track| track.publisher).collect();
            let (screen_count, camera_count) = (of(Source::Screen).count() as u64, cameras.len() as u64);
            let desired = (screen_count * SCREEN_DESIRED_BPS + camera_count * CAMERA_DESIRED_BPS).min(MOST_DESIRED_BPS);
            if peer.life != Life::Up {
                continue;
            }
            // Screens first, then cameras, each in the order in which they came.
            let mut videos: Vec<_> = peer
                .subscribed
                .iter_mut()
                .filter(|s| s.track.source != Source::Microphone)
                .collect();
            videos.sort_by_key(|s| (Reverse(s.track.source), s.track.publisher));
            let videos = videos.into_iter().map(|s| (&mut s.gate, rate(s.track)));
            cap::decide(now, peer.estimate, audio, videos);
            self.sink.keys.extend(peer.apply_gates());
            // While something is held back, padding takes its place as far as the estimate allows: an estimate can
            // only grow on what is really sent.
            let held = peer
                .subscribed
                .iter()
                .filter(|s| s.gate.is_held())
                .map(|s| cap::to_come_back(rate(s.track)));
            let missing = held.min().map_or(0, |bps| bps + audio);
            peer.desire(missing, desired, now, &mut self.sink);
            let share = peer
                .estimate
                .and_then(|bps| camera_share(bps, audio, screens, camera_count));
            if let Some(share) = share {
                for publisher in cameras {
                    let least = camera_limits.entry(publisher).or_insert(share);
                    *least = share.min(*least);
                }
            }
        }
        for id in &ids {
            let Some(peer) = self.peers.get_mut(id) else { continue };
            let screen = rate(Track {
                publisher: *id,
                source: Source::Screen,
            });
            let camera = camera_limits.get(id).copied();
            if let Some(bps) = peer.ceiling.update(now, camera, screen) {
                peer.limit(bps, now, &mut self.sink);
            }
        }
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine")
            .field("rooms", &self.rooms.len())
            .field("peers", &self.peers.len())
            .finish()
    }
}

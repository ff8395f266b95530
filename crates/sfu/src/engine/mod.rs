//! The rooms, without IO and without a clock: packets, messages and the time go in, packets and messages come out.
//! Everything here keeps the invariant in the first paragraph of the crate's documentation.

mod bandwidth;
mod pending;

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anteroom_domain::visit::Publish;
use anteroom_protocol::media::{MediaFromClient, MediaFromServer};

use crate::config::Limits;
use crate::demux::{Address, Demux};
use crate::error::EnterError;
use crate::id::{ParticipantId, PeerId, RoomId, SeatId};
use crate::output::{Counters, Output, Sink};
use crate::peer::{AnswerResult, ConnectionState, Peer, PeerConfig};
use crate::room::{Rooms, Seat};

/// How often time limits, postponed key frame requests and bandwidth are checked.
const TICK: Duration = Duration::from_millis(250);
/// The reason in the `Gone` of a participant whose ICE or DTLS does not come up.
const NO_CONNECTION: &str = "No connection came about; check the network and join again.";

/// The rooms and everybody in them.
///
/// Every method that takes the time expects it not to run backwards. After each call of one, call [`Engine::poll`] until
/// it returns `None`, and call [`Engine::advance`] when [`Engine::deadline`] has come.
pub struct Engine {
    limits: Limits,
    peer_config: PeerConfig,
    rooms: Rooms,
    peers: HashMap<PeerId, Peer>,
    last_peer: u64,
    demux: Demux,
    /// Peers whose next offer may differ from the last.
    negotiation_needed: BTreeSet<PeerId>,
    sink: Sink,
    next_tick: Instant,
    /// Kept so that forwarding a packet allocates nothing.
    scratch: Vec<PeerId>,
}

impl Engine {
    /// An engine without rooms. Offers name `addresses` as the ones to send to, each for UDP and for TCP.
    pub fn new(limits: Limits, addresses: Vec<SocketAddr>, now: Instant) -> Self {
        let crypto = Arc::new(str0m::crypto::from_feature_flags());
        let certificate = crypto.dtls_provider.generate_certificate();
        Self {
            limits,
            peer_config: PeerConfig {
                crypto,
                certificate,
                addresses,
            },
            rooms: Rooms::default(),
            peers: HashMap::new(),
            last_peer: 0,
            demux: Demux::default(),
            negotiation_needed: BTreeSet::new(),
            sink: Sink::default(),
            next_tick: now + TICK,
            scratch: vec![],
        }
    }

    // ---- commands

    /// Gives a participant a seat. An earlier seat of theirs goes first, with its peer connection, even if the new one
    /// is refused.
    ///
    /// # Errors
    ///
    /// The room or the engine has reached one of its [`Limits`].
    pub fn enter(
        &mut self,
        room: RoomId,
        participant: ParticipantId,
        publish: Publish,
        now: Instant,
    ) -> Result<(), EnterError> {
        let mut seat = Seat::new(publish);
        if let Some(earlier) = self.rooms.remove((room, participant)) {
            seat.keep_joins_of(&earlier);
            if let Some(peer) = earlier.peer {
                self.remove_peer(peer, None, now);
            }
            self.run_pending(now);
        }
        self.rooms.add((room, participant), seat, &self.limits)
    }

    /// Takes a message from a participant's browser. Without a seat it is ignored.
    pub fn media(&mut self, room: RoomId, participant: ParticipantId, message: MediaFromClient, now: Instant) {
        let Some(seat) = self.rooms.seat_mut((room, participant)) else {
            return;
        };
        let may_publish = seat.publish == Publish::All;
        match seat.peer {
            None => self.media_without_peer((room, participant), &message, now),
            Some(_) if message == MediaFromClient::Join => self.join((room, participant), now),
            Some(peer) => self.media_of_peer(peer, may_publish, message, now),
        }
        self.run_pending(now);
    }

    fn media_without_peer(&mut self, seat: SeatId, message: &MediaFromClient, now: Instant) {
        match message {
            MediaFromClient::Join => self.join(seat, now),
            // The message was on its way while the peer connection ended; `Gone` has told the browser.
            MediaFromClient::Answer { .. } | MediaFromClient::Unpublish { .. } => {}
            MediaFromClient::Publish { .. } | MediaFromClient::Restart => {
                self.send_gone(seat, "You are not connected; join again.");
            }
        }
    }

    fn media_of_peer(&mut self, id: PeerId, may_publish: bool, message: MediaFromClient, now: Instant) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        let (room, _) = peer.seat;
        match message {
            MediaFromClient::Answer { n, sdp } => match peer.answer(n, &sdp, now, &mut self.sink) {
                AnswerResult::Stale => {}
                AnswerResult::Applied => {
                    self.negotiation_needed.insert(id);
                }
                AnswerResult::PublicationsChanged => self.renegotiate(room),
                AnswerResult::Invalid => {
                    self.remove_peer(id, Some("The answer could not be understood; join again."), now);
                }
            },
            MediaFromClient::Publish { source } if may_publish => {
                peer.publish(source);
                self.negotiation_needed.insert(id);
            }
            MediaFromClient::Publish { .. } | MediaFromClient::Join => {}
            MediaFromClient::Unpublish { source } => {
                if peer.unpublish(source) {
                    self.renegotiate(room);
                }
                self.negotiation_needed.insert(id);
            }
            MediaFromClient::Restart => {
                peer.restart_ice();
                self.negotiation_needed.insert(id);
            }
        }
    }

    /// Takes a participant's seat away.
    pub fn leave(&mut self, room: RoomId, participant: ParticipantId, now: Instant) {
        if let Some(peer) = self.rooms.remove((room, participant)).and_then(|seat| seat.peer) {
            self.remove_peer(peer, None, now);
        }
        self.run_pending(now);
    }

    /// Takes everybody's seat in a room away.
    pub fn close(&mut self, room: RoomId, now: Instant) {
        let Some(room) = self.rooms.remove_room(room) else {
            return;
        };
        for peer in room.peers() {
            self.remove_peer(peer, None, now);
        }
        self.run_pending(now);
    }

    // ---- network and time

    /// Takes a packet that came from this address.
    pub fn receive(&mut self, from: Address, packet: &[u8], now: Instant) {
        self.sink.counters.packets_in += 1;
        self.sink.counters.bytes_in += packet.len() as u64;
        let Some(id) = self.demux.find(from, packet) else {
            self.sink.counters.packets_unclaimed += 1;
            return;
        };
        let Some(peer) = self.peers.get_mut(&id) else { return };
        if !peer.packet_limit.take(packet.len(), now) {
            self.sink.counters.packets_rate_limited += 1;
            return;
        }
        // ICE knows the advertised addresses only. One socket receives for all of them, so any of the right family can
        // stand for it in the candidate pair.
        let same_family = |to: &&SocketAddr| to.is_ipv4() == from.1.is_ipv4();
        let Some(to) = self
            .peer_config
            .addresses
            .iter()
            .find(same_family)
            .or(self.peer_config.addresses.first())
        else {
            return;
        };
        peer.receive(now, from, *to, packet, &mut self.sink);
        self.claim_addresses(Some(from));
        self.run_pending(now);
    }

    /// Takes note that there is no TCP connection with this address. Call it when one has closed, and when a packet is
    /// for one that does not exist: ICE may answer a check after the connection that it came over has closed.
    pub fn disconnected(&mut self, from: Address) {
        self.demux.release(from);
    }

    /// Whether this address belongs to a participant.
    pub fn is_claimed(&self, address: Address) -> bool {
        self.demux.is_claimed(address)
    }

    /// When [`Engine::advance`] must be called at the latest.
    pub fn deadline(&self) -> Instant {
        match self.sink.timers.peek() {
            Some(Reverse((at, _))) => self.next_tick.min(*at),
            None => self.next_tick,
        }
    }

    /// Does what is due by now. Call it at the [`Engine::deadline`]; earlier calls do no harm.
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
                peer.handle_timeout(now, &mut self.sink);
            } else {
                self.sink.schedule(peer.id, peer.due, &mut peer.scheduled);
            }
            self.run_pending(now);
        }
        if now >= self.next_tick {
            self.next_tick = now + TICK;
            self.tick(now);
            self.run_pending(now);
        }
    }

    /// The next thing that the engine wants done. Call it until `None` after every other call.
    pub fn poll(&mut self) -> Option<Output> {
        self.sink.outputs.pop_front()
    }

    /// The traffic since the engine's start.
    pub fn counters(&self) -> Counters {
        self.sink.counters
    }

    /// The number of rooms, of seats that are taken, and of those whose peer connection is up.
    pub fn occupancy(&self) -> (usize, usize, usize) {
        let connected = self
            .peers
            .values()
            .filter(|peer| peer.state == ConnectionState::Connected)
            .count();
        (self.rooms.len(), self.rooms.seats(), connected)
    }

    // ---- peers come and go

    fn join(&mut self, seat_id: SeatId, now: Instant) {
        let Some(seat) = self.rooms.seat_mut(seat_id) else {
            return;
        };
        let publish = seat.publish;
        let is_allowed = seat.may_join(now);
        if let Some(earlier) = seat.peer.take() {
            self.remove_peer(earlier, None, now);
        }
        if !is_allowed {
            return self.send_gone(seat_id, "Too many attempts; wait a moment and join again.");
        }
        self.last_peer += 1;
        let id = PeerId(self.last_peer);
        let mut peer = Peer::new(id, seat_id, publish, &self.peer_config, now, &mut self.sink);
        self.demux.add_ufrag(peer.ufrag(), id);
        self.peers.insert(id, peer);
        if let Some(seat) = self.rooms.seat_mut(seat_id) {
            seat.peer = Some(id);
        }
        self.negotiation_needed.insert(id);
    }

    /// Ends a peer connection; its participant keeps the seat. They get the reason, if there is one.
    fn remove_peer(&mut self, id: PeerId, reason: Option<&str>, now: Instant) {
        let Some(peer) = self.peers.remove(&id) else { return };
        self.negotiation_needed.remove(&id);
        for address in self.demux.remove_peer(id) {
            self.sink.outputs.push_back(Output::Release(address));
        }
        let seat_id = peer.seat;
        // An `Rtc` that has panicked before may panic again while it is dropped.
        let dropped = std::panic::catch_unwind(std::panic::AssertUnwindSafe(move || drop(peer)));
        if dropped.is_err() {
            tracing::error!(peer = id.0, "a peer connection panicked while it was dropped");
        }
        if let Some(seat) = self.rooms.seat_mut(seat_id) {
            seat.peer = seat.peer.filter(|peer| *peer != id);
        }
        if let Some(reason) = reason {
            self.send_gone(seat_id, reason);
        }
        self.renegotiate(seat_id.0);
        // A thin line that has gone limits nobody any more; the next tick lifts the limits.
        self.next_tick = self.next_tick.min(now + TICK);
    }

    fn send_gone(&mut self, seat: SeatId, reason: &str) {
        let reason = reason.to_owned();
        self.send(seat, MediaFromServer::Gone { reason });
    }

    fn send(&mut self, (room, participant): SeatId, message: MediaFromServer) {
        self.sink.outputs.push_back(Output::Message {
            room,
            participant,
            message,
        });
    }

    /// Everybody in the room may need a new offer.
    fn renegotiate(&mut self, room: RoomId) {
        if let Some(room) = self.rooms.get(room) {
            self.negotiation_needed.extend(room.peers());
        }
    }

    // ---- every tick

    fn tick(&mut self, now: Instant) {
        let mut overdue = vec![];
        for peer in self.peers.values_mut() {
            let is_over = |since: Instant, limit: Duration| now.saturating_duration_since(since) >= limit;
            match peer.state {
                ConnectionState::Connecting { since } if is_over(since, self.limits.connect) => {
                    overdue.push((peer.id, NO_CONNECTION));
                }
                ConnectionState::Lost { since } if is_over(since, self.limits.lost) => {
                    overdue.push((peer.id, "The connection was lost; join again."));
                }
                _ if peer
                    .offered_at()
                    .is_some_and(|since| is_over(since, self.limits.answer)) =>
                {
                    overdue.push((peer.id, "The browser did not answer; join again."));
                }
                _ => {}
            }
            for source in peer.keyframes_due() {
                peer.request_keyframe(source, now, &mut self.sink);
            }
            for publication in &mut peer.publications {
                publication.rate.update(now);
            }
        }
        for (id, reason) in overdue {
            self.remove_peer(id, Some(reason), now);
        }
        let rooms: Vec<RoomId> = self.rooms.ids().collect();
        for room in rooms {
            self.share_bandwidth(room, now);
        }
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine")
            .field("rooms", &self.rooms.len())
            .field("peers", &self.peers.len())
            .finish_non_exhaustive()
    }
}

//! The rooms, without IO and without a clock: packets, messages and the time go in, packets and messages come out.
//! The invariant that everything here keeps is the first paragraph of the crate's documentation.

mod bandwidth;
mod pending;

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anteroom_domain::signalling::{MediaFromClient, MediaFromServer, Publish};

use crate::config::Limits;
use crate::demux::{Address, Demux};
use crate::error::EnterError;
use crate::id::{ParticipantId, PeerId, RoomId};
use crate::output::{Counters, Output, Sink};
use crate::peer::{Answered, Common, Life, Peer};
use crate::room::{self, Room, Seat};

/// How often time limits, key frames that were put off and bandwidth are looked at.
const TICK: Duration = Duration::from_millis(250);
/// Told to one whose ICE or DTLS does not come up.
const NO_CONNECTION: &str = "No connection came about; check the network and join again.";

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
                self.sink.wake(peer.id, peer.due, &mut peer.scheduled);
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
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine")
            .field("rooms", &self.rooms.len())
            .field("peers", &self.peers.len())
            .finish()
    }
}

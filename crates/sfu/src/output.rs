//! What the engine produces: outputs for its caller, and the sink in which peers leave what they produce.
//!
//! Peers and the engine both import this file; it knows neither of them.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::time::Instant;

use anteroom_protocol::media::MediaFromServer;
use str0m::Event as RtcEvent;
use str0m::net::Transmit;

use crate::demux::{Address, is_stun_success};
use crate::id::{ParticipantId, PeerId, RoomId, Track};

/// An action for the engine's caller.
#[derive(Debug)]
pub enum Output {
    /// A packet for the network.
    Transmit(Transmit),
    /// A message for a participant's browser.
    Message {
        /// The participant's room.
        room: RoomId,
        /// The receiver.
        participant: ParticipantId,
        /// The message.
        message: MediaFromServer,
    },
    /// This address belongs to nobody any more. If it is that of a TCP connection, the connection can be closed.
    Release(Address),
}

/// The traffic of an engine since its start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Packets from the network, of every kind.
    pub packets_in: u64,
    /// Bytes of those packets, without IP, UDP and TCP headers.
    pub bytes_in: u64,
    /// Packets for the network, of every kind.
    pub packets_out: u64,
    /// Bytes of those packets, without IP, UDP and TCP headers.
    pub bytes_out: u64,
    /// Packets in from addresses that belong to nobody. They were dropped.
    pub packets_unclaimed: u64,
    /// Packets in beyond what one participant may send. They were dropped.
    pub packets_rate_limited: u64,
    /// RTP packets sent on to a subscriber, one for each subscriber.
    pub forwarded: u64,
}

/// Peers leave here what they produce; the engine takes it out when no peer is borrowed any more.
#[derive(Default)]
pub(crate) struct Sink {
    pub outputs: VecDeque<Output>,
    pub events: VecDeque<(PeerId, RtcEvent)>,
    /// Peers that failed and are to be removed.
    pub failed: Vec<PeerId>,
    /// Tracks of which a subscriber needs a key frame.
    pub keyframe_requests: Vec<Track>,
    pub timers: BinaryHeap<Reverse<(Instant, PeerId)>>,
    pub counters: Counters,
    /// Addresses to which ICE has just answered a check with a success, whenever the check came.
    pub validated: VecDeque<(PeerId, Address)>,
}

impl Sink {
    pub fn transmit(&mut self, peer: PeerId, transmit: Transmit) {
        self.counters.packets_out += 1;
        self.counters.bytes_out += transmit.contents.len() as u64;
        if is_stun_success(&transmit.contents) {
            self.validated.push_back((peer, (transmit.proto, transmit.destination)));
        }
        self.outputs.push_back(Output::Transmit(transmit));
    }

    pub fn event(&mut self, peer: PeerId, event: RtcEvent) {
        self.events.push_back((peer, event));
    }

    /// Sets the peer's timer. `scheduled` is the deadline that the timer has now. A timer that fires too early costs one
    /// look, so only an earlier deadline sets a new one.
    pub fn schedule(&mut self, peer: PeerId, due: Instant, scheduled: &mut Option<Instant>) {
        if scheduled.is_none_or(|at| due < at) {
            *scheduled = Some(due);
            self.timers.push(Reverse((due, peer)));
        }
    }
}

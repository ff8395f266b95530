//! What the engine has to say: outputs for the caller, and the sink in which peers leave what they produce.
//!
//! Peers and the engine both import this file; it knows neither of them.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::time::Instant;

use anteroom_domain::signalling::MediaFromServer;
use str0m::Event as RtcEvent;
use str0m::net::Transmit;

use crate::demux::{Address, is_stun_success};
use crate::id::{ParticipantId, PeerId, RoomId, Track};

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
    pub outputs: VecDeque<Output>,
    pub events: VecDeque<(PeerId, RtcEvent)>,
    /// Peers that cannot go on.
    pub broken: Vec<PeerId>,
    /// Tracks that somebody needs a key frame of.
    pub keys: Vec<Track>,
    pub timers: BinaryHeap<Reverse<(Instant, PeerId)>>,
    pub counters: Counters,
    /// Addresses whose ICE checks peers have just answered with a success, whenever those came.
    pub answered: VecDeque<(PeerId, Address)>,
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
    pub fn wake(&mut self, peer: PeerId, due: Instant, scheduled: &mut Option<Instant>) {
        if scheduled.is_none_or(|at| due < at) {
            *scheduled = Some(due);
            self.timers.push(Reverse((due, peer)));
        }
    }
}

//! What follows from a call: str0m's events, peers that broke, key frames that are needed, offers that are due.

use std::time::Instant;

use anteroom_domain::signalling::{MediaFromServer, Source};
use str0m::bwe::BweKind;
use str0m::rtp::RtpPacket;
use str0m::stats::PeerStats;
use str0m::{Event as RtcEvent, IceConnectionState};

use super::{Engine, NO_CONNECTION};
use crate::demux::Address;
use crate::id::{PeerId, Track};
use crate::negotiate::Wanted;
use crate::output::Output;
use crate::peer::Life;
use crate::quality::Sample;

impl Engine {
    /// Gives peers the addresses that they have answered to. `asking`: where the packet that is being looked at has
    /// come from. Checks that came before the browser's answer wait in ICE until that is applied; in between, the
    /// address may have become somebody else's, from whom such a late reply takes nothing.
    pub(super) fn prove(&mut self, asking: Option<Address>) {
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
    pub(super) fn settle(&mut self, now: Instant) {
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
}

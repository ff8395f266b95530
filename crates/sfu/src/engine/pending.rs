//! The work that a call leaves behind: str0m's events, peers that failed, key frame requests, and offers.

use std::time::Instant;

use anteroom_protocol::media::{MediaFromServer, Source};
use str0m::bwe::BweKind;
use str0m::rtp::RtpPacket;
use str0m::stats::PeerStats;
use str0m::{Event as RtcEvent, IceConnectionState};

use super::{Engine, NO_CONNECTION};
use crate::demux::Address;
use crate::id::{PeerId, Track};
use crate::media_lines::Wanted;
use crate::output::Output;
use crate::peer::ConnectionState;
use crate::quality::Sample;

impl Engine {
    /// Gives peers the addresses to which ICE has just answered them with a success. `asking` is the sender of the packet
    /// that is being handled. Checks that came before the browser's answer wait in ICE until the answer is applied; the
    /// reply to them is late. The address may have become another participant's meanwhile, and then stays theirs.
    pub(super) fn claim_addresses(&mut self, asking: Option<Address>) {
        while let Some((id, address)) = self.sink.validated.pop_front() {
            let is_late = asking != Some(address);
            // The peer may have been removed since.
            if !self.peers.contains_key(&id) || is_late && self.demux.is_claimed(address) {
                continue;
            }
            if let Some(oldest) = self.demux.claim(address, id) {
                self.sink.outputs.push_back(Output::Release(oldest));
            }
        }
    }

    /// Works until nothing is left. One piece of work may cause others.
    pub(super) fn run_pending(&mut self, now: Instant) {
        loop {
            self.claim_addresses(None);
            if let Some((id, event)) = self.sink.events.pop_front() {
                self.handle_event(id, event, now);
            } else if let Some(id) = self.sink.failed.pop() {
                let Some(peer) = self.peers.get(&id) else { continue };
                let reason = match (peer.state, peer.failure) {
                    // DTLS gives up a little earlier than `Limits::connect`.
                    (ConnectionState::Connecting { .. }, _) => NO_CONNECTION.to_owned(),
                    (_, why) => format!("Given up: {}. Join again.", why.unwrap_or("the connection failed")),
                };
                self.remove_peer(id, Some(&reason), now);
            } else if let Some(track) = self.sink.keyframe_requests.pop() {
                if let Some(peer) = self.peers.get_mut(&track.publisher) {
                    peer.request_keyframe(track.source, now, &mut self.sink);
                }
            } else if let Some(id) = self.negotiation_needed.pop_first() {
                self.offer(id, now);
            } else {
                return;
            }
        }
    }

    /// Offers a peer every live track of the others in its room, if that differs from its last offer.
    fn offer(&mut self, id: PeerId, now: Instant) {
        let Some(room) = self.peers.get(&id).and_then(|peer| self.rooms.get(peer.seat.0)) else {
            return;
        };
        let mut wanted = vec![];
        for (participant, other) in room.others(id) {
            let Some(other) = self.peers.get(&other) else { continue };
            let live = other.publications.iter().filter(|publication| publication.is_live);
            wanted.extend(live.map(|publication| Wanted {
                track: Track {
                    publisher: other.id,
                    source: publication.source,
                },
                participant,
            }));
        }
        let Some(peer) = self.peers.get_mut(&id) else { return };
        let seat = peer.seat;
        if let Some(offer) = peer.offer(&wanted, now, &mut self.sink) {
            self.demux.add_ufrag(offer.ufrag, id);
            let message = MediaFromServer::Offer {
                n: offer.number,
                sdp: offer.sdp,
                slots: offer.slots,
            };
            self.send(seat, message);
        }
    }

    fn handle_event(&mut self, id: PeerId, event: RtcEvent, now: Instant) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        let seat = peer.seat;
        match event {
            RtcEvent::RtpPacket(packet) => self.forward(id, &packet, now),
            RtcEvent::KeyframeRequest(request) => self.sink.keyframe_requests.extend(peer.track_of(request.mid)),
            RtcEvent::Connected => {
                peer.state = ConnectionState::Connected;
                self.sink
                    .keyframe_requests
                    .extend(peer.subscriptions.iter().map(|s| s.track));
                self.send(seat, MediaFromServer::Connected);
            }
            RtcEvent::IceConnectionStateChange(state) => match (state, peer.state) {
                (IceConnectionState::Disconnected, ConnectionState::Connected) => {
                    peer.state = ConnectionState::Lost { since: now };
                    if let Some(quality) = peer.quality.lost() {
                        self.send(seat, MediaFromServer::Quality { quality });
                    }
                }
                (IceConnectionState::Connected | IceConnectionState::Completed, ConnectionState::Lost { .. }) => {
                    peer.state = ConnectionState::Connected;
                    self.sink
                        .keyframe_requests
                        .extend(peer.subscriptions.iter().map(|s| s.track));
                }
                _ => {}
            },
            RtcEvent::EgressBitrateEstimate(BweKind::Twcc {
                estimate,
                can_probe: true,
            }) => peer.set_estimate(estimate),
            RtcEvent::PeerStats(stats) => self.report_quality(id, &stats),
            RtcEvent::Closed => self.remove_peer(id, Some("The connection was closed; join again."), now),
            _ => {}
        }
    }

    /// Sends a packet to everybody else in the room who subscribes to its track.
    fn forward(&mut self, from: PeerId, packet: &RtpPacket, now: Instant) {
        let Some(publisher) = self.peers.get_mut(&from) else {
            return;
        };
        if !publisher.media_limit.take(packet.payload.len(), now) {
            self.sink.counters.packets_rate_limited += 1;
            return;
        }
        let Some(source) = publisher.source_of(packet, &mut self.sink) else {
            return;
        };
        let starts_keyframe = source != Source::Microphone && publisher.starts_keyframe(packet);
        if let Some(publication) = publisher.publication_mut(source) {
            publication.rate.add(packet.payload.len());
        }
        let track = Track {
            publisher: from,
            source,
        };
        let Some(room) = self.rooms.get(publisher.seat.0) else {
            return;
        };
        let mut others = std::mem::take(&mut self.scratch);
        others.extend(room.others(from).map(|(_, other)| other));
        for other in others.drain(..) {
            if let Some(subscriber) = self.peers.get_mut(&other)
                && subscriber.forward(now, track, packet, starts_keyframe, &mut self.sink)
            {
                self.sink.counters.forwarded += 1;
            }
        }
        self.scratch = others;
    }

    fn report_quality(&mut self, id: PeerId, stats: &PeerStats) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        if peer.state != ConnectionState::Connected {
            return;
        }
        let receives_video = peer.subscriptions.iter().any(|s| s.track.source != Source::Microphone);
        let pair_rtt = stats
            .selected_candidate_pair
            .as_ref()
            .and_then(|pair| pair.current_round_trip_time);
        let sample = Sample {
            loss_in: stats.ingress_loss_fraction,
            loss_out: stats.egress_loss_fraction,
            rtt: stats.rtt.or(pair_rtt),
            estimate_bps: peer.estimate_bps.filter(|_| receives_video),
            video_paused: peer.subscriptions.iter().any(|s| s.gate.is_paused()),
        };
        if let Some(quality) = peer.quality.sample(&sample) {
            let seat = peer.seat;
            self.send(seat, MediaFromServer::Quality { quality });
        }
    }
}

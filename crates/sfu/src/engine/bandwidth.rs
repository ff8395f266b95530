//! How the bandwidth of one room's participants is shared out, by the rules of [`crate::bandwidth`].

use std::cmp::Reverse;
use std::collections::HashMap;
use std::time::Instant;

use anteroom_protocol::media::Source;

use super::Engine;
use crate::bandwidth::{camera_share, needed_to_resume, update_gates};
use crate::id::{PeerId, RoomId, Track};
use crate::output::Sink;
use crate::peer::{ConnectionState, Peer};

/// The estimator probes up to this for one video: 720p of a camera, a screen at 1080p.
const CAMERA_DESIRED_BPS: u64 = 1_700_000;
const SCREEN_DESIRED_BPS: u64 = 2_500_000;
/// The same for all videos together: a page of small tiles needs no more than this.
const MAX_DESIRED_BPS: u64 = 12_000_000;

/// The bitrate of every track of a room, in bits per second.
struct TrackRates(HashMap<Track, u64>);

impl TrackRates {
    fn of(&self, track: Track) -> u64 {
        self.0.get(&track).copied().unwrap_or(0)
    }
}

impl Engine {
    /// Applies the rules to one room: pauses and resumes the tracks of every subscriber, then limits the publishers.
    pub(super) fn share_bandwidth(&mut self, room: RoomId, now: Instant) {
        let Some(room) = self.rooms.get(room) else { return };
        let ids: Vec<PeerId> = room.peers().collect();
        let peers = ids.iter().filter_map(|id| self.peers.get(id));
        let rates = TrackRates(peers.flat_map(track_rates).collect());
        // For each publisher the smallest share that a subscriber's bandwidth leaves for its camera.
        let mut camera_limits: HashMap<PeerId, u64> = HashMap::new();
        for id in &ids {
            let Some(peer) = self.peers.get_mut(id) else { continue };
            if peer.state != ConnectionState::Connected {
                continue;
            }
            let Some(share) = share_among_tracks(peer, &rates, now, &mut self.sink) else {
                continue;
            };
            for publisher in peer.tracks_from(Source::Camera).map(|track| track.publisher) {
                let least = camera_limits.entry(publisher).or_insert(share);
                *least = share.min(*least);
            }
        }
        for id in &ids {
            let Some(peer) = self.peers.get_mut(id) else { continue };
            let screen = rates.of(Track {
                publisher: *id,
                source: Source::Screen,
            });
            let camera = camera_limits.get(id).copied();
            if let Some(bps) = peer.send_limit.update(now, camera, screen) {
                peer.send_remb(bps, now, &mut self.sink);
            }
        }
    }
}

fn track_rates(peer: &Peer) -> impl Iterator<Item = (Track, u64)> {
    peer.publications.iter().map(|publication| {
        let track = Track {
            publisher: peer.id,
            source: publication.source,
        };
        (track, publication.rate.bps())
    })
}

/// Pauses and resumes the tracks of one subscriber. Returns the share that is left for each camera, if the publishers
/// should keep to it.
fn share_among_tracks(peer: &mut Peer, rates: &TrackRates, now: Instant, sink: &mut Sink) -> Option<u64> {
    let audio: u64 = peer.tracks_from(Source::Microphone).map(|track| rates.of(track)).sum();
    let screens: u64 = peer.tracks_from(Source::Screen).map(|track| rates.of(track)).sum();
    let screen_count = peer.tracks_from(Source::Screen).count() as u64;
    let camera_count = peer.tracks_from(Source::Camera).count() as u64;
    // Screens first, then cameras, each in the order in which their publishers came.
    let mut videos: Vec<_> = peer
        .subscriptions
        .iter_mut()
        .filter(|subscription| subscription.track.source != Source::Microphone)
        .collect();
    videos.sort_by_key(|subscription| (Reverse(subscription.track.source), subscription.track.publisher));
    let videos = videos
        .into_iter()
        .map(|subscription| (&mut subscription.gate, rates.of(subscription.track)));
    update_gates(now, peer.estimate_bps, audio, videos);
    sink.keyframe_requests.extend(peer.apply_gates());
    // While a track is paused, padding takes its place as far as the estimate allows: an estimate grows only on what
    // is really sent.
    let paused = peer
        .subscriptions
        .iter()
        .filter(|subscription| subscription.gate.is_paused())
        .map(|subscription| needed_to_resume(rates.of(subscription.track)));
    let padding = paused.min().map_or(0, |bps| bps + audio);
    let desired = (screen_count * SCREEN_DESIRED_BPS + camera_count * CAMERA_DESIRED_BPS).min(MAX_DESIRED_BPS);
    peer.set_desired_bitrate(padding, desired, now, sink);
    camera_share(peer.estimate_bps?, audio, screens, camera_count)
}

//! How the lines of one room's participants are shared out, by the rules of [`crate::cap`].

use std::cmp::Reverse;
use std::collections::HashMap;
use std::time::Instant;

use anteroom_domain::signalling::Source;

use super::Engine;
use crate::cap::{self, camera_share};
use crate::id::{PeerId, RoomId, Track};
use crate::peer::Life;

/// What one video is probed for: 720p of a camera, a screen at 1080p.
const CAMERA_DESIRED_BPS: u64 = 1_700_000;
const SCREEN_DESIRED_BPS: u64 = 2_500_000;
/// And all of them together: more than this is not needed by a page of small tiles.
const MOST_DESIRED_BPS: u64 = 12_000_000;

impl Engine {
    /// Rules 2 to 4 of [`crate::cap`] for one room.
    pub(super) fn share_bandwidth(&mut self, room: RoomId, now: Instant) {
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

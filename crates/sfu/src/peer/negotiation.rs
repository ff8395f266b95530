//! Offers and answers of one peer connection.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use anteroom_domain::signalling::{MAX_FRAME_BYTES, Slot, Source, Way};
use str0m::change::{SdpAnswer, SdpPendingOffer};
use str0m::media::{Direction, MediaKind};

use super::media::{Published, Subscribed};
use super::{Peer, kind};
use crate::cap::Rate;
use crate::negotiate::{Outcome, Step, Wanted};
use crate::output::Sink;

/// Packets kept for retransmission, and for how long: 2 s of a 2.5 Mbit/s video are 500 packets of 1,200 bytes, 600 kB.
/// A repair that takes longer comes too late to be shown. 15 % is str0m's own bound of what repairs may take.
const VIDEO_CACHE: (usize, Duration, Option<f32>) = (512, Duration::from_secs(2), Some(0.15));

pub(super) struct Outstanding {
    n: u32,
    pending: SdpPendingOffer,
    since: Instant,
}

/// An offer on its way to the browser.
pub(crate) struct Offer {
    pub n: u32,
    pub sdp: String,
    pub slots: Vec<Slot>,
    /// The user fragment that ICE will use once this is answered.
    pub ufrag: String,
}

/// What an answer did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answered {
    /// To an offer that is not the outstanding one: ignored.
    Stale,
    Applied,
    /// The participant publishes something else now.
    Publishes,
    /// Nothing that a browser says.
    Broken,
}

impl Peer {
    /// The next offer, if one is needed and none is outstanding.
    pub fn offer(&mut self, wanted: &[Wanted], now: Instant, sink: &mut Sink) -> Option<Offer> {
        if self.outstanding.is_some() || self.broken.is_some() {
            return None;
        }
        let steps = self.lines.plan(wanted);
        for step in &steps {
            // A new SSRC: the browser builds a new decoder, and no number of the earlier track matters.
            if let Step::Revive(mid, track) = *step {
                // (Not by `reset_stream_tx`: that leaves the stream filed under its old SSRC, where feedback misses it.)
                self.with(now, sink, |rtc| {
                    let mut api = rtc.direct_api();
                    let main = api.new_ssrc();
                    let repair = kind(track.source).is_video().then(|| api.new_ssrc());
                    if let Some(earlier) = api.stream_tx_by_mid(mid, None).map(|stream| stream.ssrc()) {
                        api.remove_stream_tx(earlier);
                    }
                    api.declare_stream_tx(main, repair, mid, None);
                });
            }
        }
        let (first, restart) = (self.n == 0, std::mem::take(&mut self.restart));
        let (published, lines) = (&mut self.published, &mut self.lines);
        let (rtc, broken) = (&mut self.rtc, self.broken.is_some());
        if broken {
            return None;
        }
        let id = self.id;
        let made = catch_unwind(AssertUnwindSafe(|| {
            let mut ufrag = rtc.direct_api().local_ice_credentials().ufrag;
            let mut api = rtc.sdp_api();
            let mut lonely = first && steps.is_empty();
            for place in published.iter_mut() {
                match place.mid {
                    None if place.wanted => {
                        place.mid = Some(api.add_media(kind(place.source), Direction::RecvOnly, None, None, None));
                    }
                    Some(mid) if place.wanted && place.ask => api.set_direction(mid, Direction::RecvOnly),
                    Some(mid) if !place.wanted => api.set_direction(mid, Direction::Inactive),
                    _ => {}
                }
                place.ask = false;
                lonely = false;
            }
            for step in steps {
                match step {
                    Step::Silence(mid) => api.set_direction(mid, Direction::Inactive),
                    Step::Revive(mid, _) => api.set_direction(mid, Direction::SendOnly),
                    Step::Add(group, track) => {
                        let stream = if track.source == Source::Screen {
                            "screen"
                        } else {
                            "person"
                        };
                        let stream = Some(format!("{stream}-{group}"));
                        let mid = api.add_media(kind(track.source), Direction::SendOnly, stream, None, None);
                        lines.added(group, track, mid);
                    }
                }
            }
            if lonely {
                // An offer needs an m-line to connect by, and a viewer who is alone has none.
                api.add_media(MediaKind::Audio, Direction::Inactive, None, None, None);
            }
            if restart {
                ufrag = api.ice_restart(true).ufrag;
            }
            api.apply()
                .map(|(offer, pending)| (offer.to_sdp_string(), pending, ufrag))
        }));
        let Ok(made) = made else {
            tracing::error!(peer = id.0, "a peer connection panicked while offering");
            self.fail("the connection failed", sink);
            return None;
        };
        self.with(now, sink, |_| ());
        let carried: Vec<_> = self.lines.carried().collect();
        self.subscribed
            .retain(|s| carried.iter().any(|(mid, track, _)| *mid == s.mid && *track == s.track));
        let (sdp, pending, ufrag) = made?;
        self.n += 1;
        self.outstanding = Some(Outstanding {
            n: self.n,
            pending,
            since: now,
        });
        Some(Offer {
            n: self.n,
            sdp,
            slots: self.slots(),
            ufrag,
        })
    }

    fn slots(&self) -> Vec<Slot> {
        let send = self.published.iter().filter(|place| place.wanted).filter_map(|place| {
            let mid = place.mid?.to_string();
            Some(Slot {
                mid,
                source: place.source,
                way: Way::Send,
            })
        });
        let receive = self.lines.carried().map(|(mid, track, visit)| {
            let way = Way::Receive { visit: visit.0 };
            Slot {
                mid: mid.to_string(),
                source: track.source,
                way,
            }
        });
        send.chain(receive).collect()
    }

    pub fn answer(&mut self, n: u32, sdp: &str, now: Instant, sink: &mut Sink) -> Answered {
        let Some(outstanding) = self.outstanding.take_if(|o| o.n == n) else {
            return Answered::Stale;
        };
        if sdp.len() > MAX_FRAME_BYTES {
            return Answered::Broken;
        }
        // The server never connects out, so the browser's candidates (its addresses) are of no use here.
        let sdp: String = sdp
            .split_inclusive('\n')
            .filter(|line| !line.starts_with("a=candidate"))
            .collect();
        let applied = self.with(now, sink, |rtc| {
            let answer = SdpAnswer::from_sdp_string(&sdp).map_err(|_| ())?;
            rtc.sdp_api().accept_answer(outstanding.pending, answer).map_err(|_| ())
        });
        if applied != Some(Ok(())) {
            return Answered::Broken;
        }
        self.settle(now, sink)
    }

    fn settle(&mut self, now: Instant, sink: &mut Sink) -> Answered {
        let rtc = &self.rtc;
        self.lines.settle(|mid| match rtc.media(mid) {
            Some(media) if !media.stopped() => Outcome::Agreed,
            _ => Outcome::Rejected,
        });
        self.codecs = rtc
            .codec_config()
            .params()
            .iter()
            .map(|p| (p.pt(), p.spec().codec))
            .collect();
        let mut changed = false;
        for place in &mut self.published {
            let sends = place
                .mid
                .and_then(|mid| rtc.media(mid))
                .is_some_and(|m| m.direction().is_receiving());
            let live = place.wanted && sends;
            changed |= live != place.live;
            place.live = live;
        }
        let carried: Vec<_> = self.lines.carried().collect();
        for (mid, track, _) in carried {
            let agreed = self.rtc.media(mid).is_some_and(|media| media.direction().is_sending());
            if !agreed || self.subscribed.iter().any(|s| s.mid == mid) {
                continue;
            }
            let is_video = kind(track.source).is_video();
            let ssrc = self.with(now, sink, |rtc| {
                let mut api = rtc.direct_api();
                let stream = api.stream_tx_by_mid(mid, None)?;
                // The publisher has paced it already; a second pacer would only add delay and timers.
                stream.set_unpaced(true);
                if is_video {
                    stream.set_rtx_cache(VIDEO_CACHE.0, VIDEO_CACHE.1, VIDEO_CACHE.2);
                }
                Some(stream.ssrc())
            });
            let Some(Some(ssrc)) = ssrc else { continue };
            self.subscribed.push(Subscribed::new(track, mid, ssrc));
            sink.keys.push(track);
        }
        if changed {
            Answered::Publishes
        } else {
            Answered::Applied
        }
    }

    /// Since when an answer is waited for.
    pub fn waits_since(&self) -> Option<Instant> {
        self.outstanding.as_ref().map(|o| o.since)
    }

    pub fn restart(&mut self) {
        self.restart = true;
    }

    /// The participant wants to send this source.
    pub fn publish(&mut self, source: Source) {
        match self.published.iter_mut().find(|place| place.source == source) {
            None => self.published.push(Published::new(source)),
            Some(place) => {
                place.wanted = true;
                place.ask = !place.live;
            }
        }
    }

    /// The participant has stopped sending this source. Was it seen by others?
    pub fn unpublish(&mut self, source: Source) -> bool {
        let Some(place) = self.published.iter_mut().find(|place| place.source == source) else {
            return false;
        };
        place.wanted = false;
        place.rate = Rate::default();
        std::mem::replace(&mut place.live, false)
    }
}

//! Offers and answers of one peer connection.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use anteroom_domain::id::VisitId;
use anteroom_protocol::media::{Slot, SlotDirection, Source};
use anteroom_protocol::seat::MAX_FRAME_BYTES;
use str0m::change::{SdpAnswer, SdpPendingOffer};
use str0m::media::{Direction, MediaKind};

use super::media::{Demand, Publication, Subscription};
use super::{Peer, kind};
use crate::bandwidth::Rate;
use crate::media_lines::{Outcome, Step, Wanted};
use crate::output::Sink;

/// Packets kept for retransmission, and for how long: 2 s of a 2.5 Mbit/s video are 500 packets of 1,200 bytes, 600 kB.
/// A repair that takes longer comes too late to be shown. 15 % is str0m's own bound of what repairs may take.
const VIDEO_CACHE: (usize, Duration, Option<f32>) = (512, Duration::from_secs(2), Some(0.15));

/// An offer that the browser has not answered yet.
pub(super) struct PendingOffer {
    number: u32,
    pending: SdpPendingOffer,
    since: Instant,
}

/// An offer on its way to the browser.
pub(crate) struct Offer {
    pub number: u32,
    pub sdp: String,
    pub slots: Vec<Slot>,
    /// The user fragment that ICE uses once this offer is answered.
    pub ufrag: String,
}

/// The effect of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AnswerResult {
    /// It is for an offer that is not pending, and was ignored.
    Stale,
    Applied,
    /// It was applied, and the participant publishes other tracks now.
    PublicationsChanged,
    /// No browser gives such an answer.
    Invalid,
}

impl Peer {
    /// The next offer, if one is needed and none is pending.
    pub fn offer(&mut self, wanted: &[Wanted], now: Instant, sink: &mut Sink) -> Option<Offer> {
        if self.pending_offer.is_some() || self.failure.is_some() {
            return None;
        }
        let steps = self.lines.plan(wanted);
        self.renew_streams(&steps, now, sink);
        if self.failure.is_some() {
            return None;
        }
        let made = catch_unwind(AssertUnwindSafe(|| self.write_offer(steps)));
        let Ok(made) = made else {
            tracing::error!(peer = self.id.0, "a peer connection panicked while offering");
            self.fail("the connection failed", sink);
            return None;
        };
        // The drain that must follow a mutation.
        self.with_rtc(now, sink, |_| ());
        let carried: Vec<_> = self.lines.carried().collect();
        self.subscriptions
            .retain(|s| carried.iter().any(|(mid, track, _)| *mid == s.mid && *track == s.track));
        let (sdp, pending, ufrag) = made?;
        self.last_offer += 1;
        let number = self.last_offer;
        self.pending_offer = Some(PendingOffer {
            number,
            pending,
            since: now,
        });
        Some(Offer {
            number,
            sdp,
            slots: self.slots(),
            ufrag,
        })
    }

    /// Gives every m-line that is used again a new SSRC: the browser builds a new decoder, and no number of the earlier
    /// track matters.
    fn renew_streams(&mut self, steps: &[Step], now: Instant, sink: &mut Sink) {
        for step in steps {
            let Step::Reuse(mid, track) = *step else { continue };
            // (Not by `reset_stream_tx`: that leaves the stream filed under its old SSRC, where feedback misses it.)
            self.with_rtc(now, sink, |rtc| {
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

    /// Makes the offer. `None`: nothing has changed, so none is needed. The caller contains a panic.
    fn write_offer(&mut self, steps: Vec<Step>) -> Option<(String, SdpPendingOffer, String)> {
        let mut ufrag = self.ufrag();
        let mut api = self.rtc.sdp_api();
        // An offer needs an m-line to connect by, and a viewer who is alone has none.
        let needs_placeholder = self.last_offer == 0 && steps.is_empty() && self.publications.is_empty();
        for publication in &mut self.publications {
            match (publication.mid, publication.demand) {
                (None, Demand::Wanted | Demand::WantedAgain) => {
                    let mid = api.add_media(kind(publication.source), Direction::RecvOnly, None, None, None);
                    publication.mid = Some(mid);
                }
                (Some(mid), Demand::WantedAgain) => api.set_direction(mid, Direction::RecvOnly),
                (Some(mid), Demand::Stopped) => api.set_direction(mid, Direction::Inactive),
                (None, Demand::Stopped) | (Some(_), Demand::Wanted) => {}
            }
            if publication.demand == Demand::WantedAgain {
                publication.demand = Demand::Wanted;
            }
        }
        for step in steps {
            match step {
                Step::Deactivate(mid) => api.set_direction(mid, Direction::Inactive),
                Step::Reuse(mid, _) => api.set_direction(mid, Direction::SendOnly),
                Step::Add(group, track) => {
                    let stream = if track.source == Source::Screen {
                        "screen"
                    } else {
                        "person"
                    };
                    let stream = Some(format!("{stream}-{group}"));
                    let mid = api.add_media(kind(track.source), Direction::SendOnly, stream, None, None);
                    self.lines.line_added(group, track, mid);
                }
            }
        }
        if needs_placeholder {
            api.add_media(MediaKind::Audio, Direction::Inactive, None, None, None);
        }
        if std::mem::take(&mut self.ice_restart_due) {
            ufrag = api.ice_restart(true).ufrag;
        }
        let (offer, pending) = api.apply()?;
        Some((offer.to_sdp_string(), pending, ufrag))
    }

    fn slots(&self) -> Vec<Slot> {
        let wanted = self.publications.iter().filter(|p| p.demand != Demand::Stopped);
        let send = wanted.filter_map(|publication| {
            Some(Slot {
                mid: publication.mid?.to_string(),
                source: publication.source,
                direction: SlotDirection::Send,
            })
        });
        let receive = self.lines.carried().map(|(mid, track, participant)| Slot {
            mid: mid.to_string(),
            source: track.source,
            direction: SlotDirection::Receive {
                visit: VisitId(participant.0),
            },
        });
        send.chain(receive).collect()
    }

    /// Applies the browser's answer to the offer with this number.
    pub fn answer(&mut self, number: u32, sdp: &str, now: Instant, sink: &mut Sink) -> AnswerResult {
        let Some(offer) = self.pending_offer.take_if(|offer| offer.number == number) else {
            return AnswerResult::Stale;
        };
        if sdp.len() > MAX_FRAME_BYTES {
            return AnswerResult::Invalid;
        }
        // The server never connects out, so the browser's candidates (its addresses) are of no use here.
        let sdp: String = sdp
            .split_inclusive('\n')
            .filter(|line| !line.starts_with("a=candidate"))
            .collect();
        let applied = self.with_rtc(now, sink, |rtc| {
            let answer = SdpAnswer::from_sdp_string(&sdp).map_err(|_| ())?;
            rtc.sdp_api().accept_answer(offer.pending, answer).map_err(|_| ())
        });
        if applied != Some(Ok(())) {
            return AnswerResult::Invalid;
        }
        self.lines.apply_answer(|mid| match self.rtc.media(mid) {
            Some(media) if !media.stopped() => Outcome::Agreed,
            _ => Outcome::Rejected,
        });
        let codecs = self.rtc.codec_config().params().iter();
        self.codecs = codecs.map(|params| (params.pt(), params.spec().codec)).collect();
        let has_changed = self.update_publications();
        self.subscribe(now, sink);
        if has_changed {
            AnswerResult::PublicationsChanged
        } else {
            AnswerResult::Applied
        }
    }

    /// Marks the sources that the browser has agreed to send as live. Returns whether any has changed.
    fn update_publications(&mut self) -> bool {
        let mut has_changed = false;
        for publication in &mut self.publications {
            let media = publication.mid.and_then(|mid| self.rtc.media(mid));
            let is_live =
                publication.demand != Demand::Stopped && media.is_some_and(|media| media.direction().is_receiving());
            has_changed |= is_live != publication.is_live;
            publication.is_live = is_live;
        }
        has_changed
    }

    /// Subscribes the participant to every track that the browser has agreed to receive.
    fn subscribe(&mut self, now: Instant, sink: &mut Sink) {
        let carried: Vec<_> = self.lines.carried().collect();
        for (mid, track, _) in carried {
            let is_agreed = self.rtc.media(mid).is_some_and(|media| media.direction().is_sending());
            if !is_agreed || self.subscriptions.iter().any(|s| s.mid == mid) {
                continue;
            }
            let ssrc = self.with_rtc(now, sink, |rtc| {
                let mut api = rtc.direct_api();
                let stream = api.stream_tx_by_mid(mid, None)?;
                // The publisher has paced it already; a second pacer would only add delay and timers.
                stream.set_unpaced(true);
                if kind(track.source).is_video() {
                    stream.set_rtx_cache(VIDEO_CACHE.0, VIDEO_CACHE.1, VIDEO_CACHE.2);
                }
                Some(stream.ssrc())
            });
            let Some(Some(ssrc)) = ssrc else { continue };
            self.subscriptions.push(Subscription::new(track, mid, ssrc));
            sink.keyframe_requests.push(track);
        }
    }

    /// When the pending offer was made.
    pub fn offered_at(&self) -> Option<Instant> {
        self.pending_offer.as_ref().map(|offer| offer.since)
    }

    /// The next offer restarts ICE.
    pub fn restart_ice(&mut self) {
        self.ice_restart_due = true;
    }

    /// The participant wants to send this source.
    pub fn publish(&mut self, source: Source) {
        if let Some(publication) = self.publication_mut(source) {
            publication.demand = if publication.is_live {
                Demand::Wanted
            } else {
                Demand::WantedAgain
            };
        } else {
            self.publications.push(Publication::new(source));
        }
    }

    /// The participant has stopped sending this source. Returns whether it was live.
    pub fn unpublish(&mut self, source: Source) -> bool {
        let Some(publication) = self.publication_mut(source) else {
            return false;
        };
        publication.demand = Demand::Stopped;
        publication.rate = Rate::default();
        std::mem::replace(&mut publication.is_live, false)
    }
}

//! Which m-line of a subscriber carries which track.
//!
//! The plan is declarative: given what the participant should receive now, it says what to change in the next offer.
//! It is made only while no offer is outstanding, so changes during a negotiation fold into the next one by themselves.
//!
//! M-lines are never removed (SDP cannot) and str0m does not recycle stopped ones when it offers; a line out of use is
//! made *inactive* and taken again later. Lines are kept in groups, one group a publisher: microphone and camera of a
//! group share a media stream id, which is what browsers synchronise lips by, and it cannot be changed afterwards.

use std::collections::BTreeMap;

use anteroom_domain::signalling::Source;
use str0m::media::Mid;

use crate::id::{ParticipantId, PeerId, Track};

/// A track that the participant should receive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub track: Track,
    pub visit: ParticipantId,
}

#[derive(Debug)]
struct Line {
    mid: Mid,
    /// What it carries, by the last offer.
    track: Option<Track>,
    /// Out of use, and both sides have agreed on that.
    free: bool,
    /// Rejected by the browser: it can never be used again.
    dead: bool,
}

#[derive(Debug, Default)]
struct Group {
    visit: Option<ParticipantId>,
    publisher: Option<PeerId>,
    lines: BTreeMap<Source, Line>,
}

impl Group {
    fn is_free(&self) -> bool {
        self.publisher.is_none() && self.lines.values().all(|line| line.free)
    }
}

/// A change for the next offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The line goes out of use.
    Silence(Mid),
    /// A line that was out of use carries this track now.
    Revive(Mid, Track),
    /// A new line for this track is needed, in the group with this number.
    Add(usize, Track),
}

/// What became of a line by the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Agreed,
    Rejected,
}

/// All lines over which one participant receives.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    groups: Vec<Group>,
}

impl Lines {
    /// What must change so that exactly the wanted tracks are received. Every [`Step::Add`] must be followed by
    /// [`Lines::added`].
    pub fn plan(&mut self, wanted: &[Wanted]) -> Vec<Step> {
        let mut steps = vec![];
        for group in &mut self.groups {
            group.lines.retain(|_, line| {
                let Some(track) = line.track else { return true };
                if wanted.iter().any(|w| w.track == track) {
                    return true;
                }
                line.track = None;
                line.free = false;
                if !line.dead {
                    steps.push(Step::Silence(line.mid));
                }
                !line.dead
            });
            if group.lines.values().all(|line| line.track.is_none()) {
                group.publisher = None;
            }
        }
        for w in wanted {
            if self.carries(w.track) {
                continue;
            }
            let index = self.group_for(w);
            let Some(group) = self.groups.get_mut(index) else {
                continue;
            };
            group.publisher = Some(w.track.publisher);
            group.visit = Some(w.visit);
            match group.lines.get_mut(&w.track.source) {
                Some(line) => {
                    line.track = Some(w.track);
                    line.free = false;
                    steps.push(Step::Revive(line.mid, w.track));
                }
                None => steps.push(Step::Add(index, w.track)),
            }
        }
        steps
    }

    fn carries(&self, track: Track) -> bool {
        self.groups
            .iter()
            .flat_map(|group| group.lines.values())
            .any(|line| line.track == Some(track))
    }

    /// The publisher's group, or else a free one (best the one that this visit had before), or else a new one.
    fn group_for(&mut self, w: &Wanted) -> usize {
        let own = |group: &Group| group.publisher == Some(w.track.publisher);
        let same_visit = |group: &Group| group.is_free() && group.visit == Some(w.visit);
        let found = (self.groups.iter().position(own))
            .or_else(|| self.groups.iter().position(same_visit))
            .or_else(|| self.groups.iter().position(Group::is_free));
        found.unwrap_or_else(|| {
            self.groups.push(Group::default());
            self.groups.len() - 1
        })
    }

    /// The new line for an [`Step::Add`] has this name.
    pub fn added(&mut self, group: usize, track: Track, mid: Mid) {
        if let Some(group) = self.groups.get_mut(group) {
            group.lines.insert(
                track.source,
                Line {
                    mid,
                    track: Some(track),
                    free: false,
                    dead: false,
                },
            );
        }
    }

    /// The answer has come: what was silenced may be taken again.
    pub fn settle(&mut self, mut outcome: impl FnMut(Mid) -> Outcome) {
        for group in &mut self.groups {
            group.lines.retain(|_, line| {
                line.dead = outcome(line.mid) == Outcome::Rejected;
                line.free = line.track.is_none() && !line.dead;
                // A rejected line stays while its track is wanted, so that it is not offered again and again.
                line.track.is_some() || !line.dead
            });
        }
    }

    /// Every line that carries something, with whose track it is.
    pub fn carried(&self) -> impl Iterator<Item = (Mid, Track, ParticipantId)> {
        self.groups
            .iter()
            .filter_map(|group| Some((group.visit?, group)))
            .flat_map(|(visit, group)| {
                group
                    .lines
                    .values()
                    .filter_map(move |line| Some((line.mid, line.track?, visit)))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(publisher: u64, visit: i64, source: Source) -> Wanted {
        Wanted {
            track: Track {
                publisher: PeerId(publisher),
                source,
            },
            visit: ParticipantId(visit),
        }
    }

    fn both(publisher: u64, visit: i64) -> [Wanted; 2] {
        [
            wanted(publisher, visit, Source::Microphone),
            wanted(publisher, visit, Source::Camera),
        ]
    }

    /// Plans and settles; new lines get the next free name.
    fn negotiate(lines: &mut Lines, wanted: &[Wanted]) -> Vec<Step> {
        let steps = lines.plan(wanted);
        for step in &steps {
            if let Step::Add(group, track) = step {
                let name = format!("{}", lines.groups.iter().map(|g| g.lines.len()).sum::<usize>());
                lines.added(*group, *track, Mid::from(name.as_str()));
            }
        }
        lines.settle(|_| Outcome::Agreed);
        steps
    }

    fn mids(lines: &Lines) -> Vec<String> {
        let mut mids: Vec<_> = lines.carried().map(|(mid, ..)| mid.to_string()).collect();
        mids.sort();
        mids
    }

    #[test]
    fn nothing_new_needs_no_offer() {
        let mut lines = Lines::default();
        assert_eq!(negotiate(&mut lines, &both(1, 10)).len(), 2);
        assert!(negotiate(&mut lines, &both(1, 10)).is_empty());
    }

    #[test]
    fn lines_of_one_who_left_are_taken_by_the_next() {
        let mut lines = Lines::default();
        negotiate(&mut lines, &both(1, 10));
        negotiate(&mut lines, &[]);
        assert!(lines.carried().next().is_none());
        let steps = negotiate(&mut lines, &both(2, 20));
        assert!(steps.iter().all(|step| matches!(step, Step::Revive(..))), "{steps:?}");
        assert_eq!(mids(&lines), ["0", "1"]);
        for publisher in 3..50 {
            negotiate(&mut lines, &[]);
            negotiate(&mut lines, &both(publisher, 10));
        }
        assert_eq!(mids(&lines), ["0", "1"]);
    }

    #[test]
    fn a_line_is_never_silenced_and_taken_in_the_same_offer() {
        let mut lines = Lines::default();
        negotiate(&mut lines, &both(1, 10));
        let steps = negotiate(&mut lines, &both(2, 10));
        assert_eq!(steps.iter().filter(|step| matches!(step, Step::Silence(_))).count(), 2);
        assert_eq!(steps.iter().filter(|step| matches!(step, Step::Add(..))).count(), 2);
        let steps = negotiate(&mut lines, &both(3, 10));
        assert!(!steps.iter().any(|step| matches!(step, Step::Add(..))), "{steps:?}");
        assert_eq!(mids(&lines), ["0", "1"]);
    }

    #[test]
    fn a_screen_comes_and_goes_on_one_line() {
        let mut lines = Lines::default();
        let mut all = both(1, 10).to_vec();
        negotiate(&mut lines, &all);
        all.push(wanted(1, 10, Source::Screen));
        for round in 0..3 {
            assert_eq!(negotiate(&mut lines, &all).len(), 1, "{round}");
            assert_eq!(mids(&lines), ["0", "1", "2"]);
            assert_eq!(negotiate(&mut lines, &both(1, 10)), [Step::Silence(Mid::from("2"))]);
        }
    }

    #[test]
    fn a_rejected_line_is_not_offered_again_and_never_taken_again() {
        let mut lines = Lines::default();
        let steps = lines.plan(&both(1, 10));
        for (name, step) in ["0", "1"].iter().zip(&steps) {
            if let Step::Add(group, track) = step {
                lines.added(*group, *track, Mid::from(*name));
            }
        }
        lines.settle(|_| Outcome::Rejected);
        assert!(lines.plan(&both(1, 10)).is_empty());
        assert!(lines.plan(&[]).is_empty(), "a dead line needs no silencing");
        assert!(
            lines
                .plan(&both(2, 20))
                .iter()
                .all(|step| matches!(step, Step::Add(..)))
        );
    }
}

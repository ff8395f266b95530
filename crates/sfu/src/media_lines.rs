//! The m-lines of a subscriber, and the track that each of them carries.
//!
//! The plan is declarative: from the tracks that the participant should receive now follow the changes for the next
//! offer. It is made only while no offer is pending, so changes during a negotiation fold into the next one by
//! themselves.
//!
//! SDP cannot remove an m-line, and str0m does not recycle stopped ones when it offers. A line out of use is made
//! *inactive* and used again later. Lines are kept in groups, one group for each publisher: microphone and camera of a
//! group share a media stream id, which browsers synchronise lips by and which cannot be changed afterwards.

use std::collections::BTreeMap;

use anteroom_protocol::media::Source;
use str0m::media::Mid;

use crate::id::{ParticipantId, PeerId, Track};

/// A track that the participant should receive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub track: Track,
    pub participant: ParticipantId,
}

#[derive(Debug)]
struct MediaLine {
    mid: Mid,
    /// The track that it carries by the last offer.
    track: Option<Track>,
    /// Out of use, and both sides have agreed on that.
    free: bool,
    /// Rejected by the browser: it can never be used again.
    rejected: bool,
}

/// The lines of one publisher at a time.
#[derive(Debug, Default)]
struct Group {
    /// The participant whose tracks it carries, or carried last.
    participant: Option<ParticipantId>,
    publisher: Option<PeerId>,
    lines: BTreeMap<Source, MediaLine>,
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
    Deactivate(Mid),
    /// A line that was out of use carries this track now.
    Reuse(Mid, Track),
    /// A new line for this track is needed, in the group with this number.
    Add(usize, Track),
}

/// What the browser's answer says of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Agreed,
    Rejected,
}

/// All lines over which one participant receives.
#[derive(Debug, Default)]
pub(crate) struct MediaLines {
    groups: Vec<Group>,
}

impl MediaLines {
    /// The changes after which exactly the wanted tracks are received. Every [`Step::Add`] must be followed by
    /// [`MediaLines::line_added`].
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
                if !line.rejected {
                    steps.push(Step::Deactivate(line.mid));
                }
                !line.rejected
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
            group.participant = Some(w.participant);
            match group.lines.get_mut(&w.track.source) {
                Some(line) => {
                    line.track = Some(w.track);
                    line.free = false;
                    steps.push(Step::Reuse(line.mid, w.track));
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

    /// The publisher's group, or else a free one (best the one that this participant had before), or else a new one.
    fn group_for(&mut self, w: &Wanted) -> usize {
        let own = |group: &Group| group.publisher == Some(w.track.publisher);
        let same_participant = |group: &Group| group.is_free() && group.participant == Some(w.participant);
        let found = (self.groups.iter().position(own))
            .or_else(|| self.groups.iter().position(same_participant))
            .or_else(|| self.groups.iter().position(Group::is_free));
        found.unwrap_or_else(|| {
            self.groups.push(Group::default());
            self.groups.len() - 1
        })
    }

    /// Takes note of the new line that was made for a [`Step::Add`].
    pub fn line_added(&mut self, group: usize, track: Track, mid: Mid) {
        if let Some(group) = self.groups.get_mut(group) {
            group.lines.insert(
                track.source,
                MediaLine {
                    mid,
                    track: Some(track),
                    free: false,
                    rejected: false,
                },
            );
        }
    }

    /// Takes the browser's answer: lines that were deactivated may be used again.
    pub fn apply_answer(&mut self, mut outcome: impl FnMut(Mid) -> Outcome) {
        for group in &mut self.groups {
            group.lines.retain(|_, line| {
                line.rejected = outcome(line.mid) == Outcome::Rejected;
                line.free = line.track.is_none() && !line.rejected;
                // A rejected line stays while its track is wanted, so that it is not offered again and again.
                line.track.is_some() || !line.rejected
            });
        }
    }

    /// Every line that carries a track, with the track's participant.
    pub fn carried(&self) -> impl Iterator<Item = (Mid, Track, ParticipantId)> {
        self.groups
            .iter()
            .filter_map(|group| Some((group.participant?, group)))
            .flat_map(|(participant, group)| {
                group
                    .lines
                    .values()
                    .filter_map(move |line| Some((line.mid, line.track?, participant)))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(publisher: u64, participant: i64, source: Source) -> Wanted {
        Wanted {
            track: Track {
                publisher: PeerId(publisher),
                source,
            },
            participant: ParticipantId(participant),
        }
    }

    fn both(publisher: u64, participant: i64) -> [Wanted; 2] {
        [
            wanted(publisher, participant, Source::Microphone),
            wanted(publisher, participant, Source::Camera),
        ]
    }

    /// Plans and settles; new lines get the next free name.
    fn negotiate(lines: &mut MediaLines, wanted: &[Wanted]) -> Vec<Step> {
        let steps = lines.plan(wanted);
        for step in &steps {
            if let Step::Add(group, track) = step {
                let name = format!("{}", lines.groups.iter().map(|g| g.lines.len()).sum::<usize>());
                lines.line_added(*group, *track, Mid::from(name.as_str()));
            }
        }
        lines.apply_answer(|_| Outcome::Agreed);
        steps
    }

    fn mids(lines: &MediaLines) -> Vec<String> {
        let mut mids: Vec<_> = lines.carried().map(|(mid, ..)| mid.to_string()).collect();
        mids.sort();
        mids
    }

    #[test]
    fn nothing_new_needs_no_offer() {
        let mut lines = MediaLines::default();
        assert_eq!(negotiate(&mut lines, &both(1, 10)).len(), 2);
        assert!(negotiate(&mut lines, &both(1, 10)).is_empty());
    }

    #[test]
    fn lines_of_one_who_left_are_taken_by_the_next() {
        let mut lines = MediaLines::default();
        negotiate(&mut lines, &both(1, 10));
        negotiate(&mut lines, &[]);
        assert!(lines.carried().next().is_none());
        let steps = negotiate(&mut lines, &both(2, 20));
        assert!(steps.iter().all(|step| matches!(step, Step::Reuse(..))), "{steps:?}");
        assert_eq!(mids(&lines), ["0", "1"]);
        for publisher in 3..50 {
            negotiate(&mut lines, &[]);
            negotiate(&mut lines, &both(publisher, 10));
        }
        assert_eq!(mids(&lines), ["0", "1"]);
    }

    #[test]
    fn a_line_is_never_silenced_and_taken_in_the_same_offer() {
        let mut lines = MediaLines::default();
        negotiate(&mut lines, &both(1, 10));
        let steps = negotiate(&mut lines, &both(2, 10));
        assert_eq!(
            steps.iter().filter(|step| matches!(step, Step::Deactivate(_))).count(),
            2
        );
        assert_eq!(steps.iter().filter(|step| matches!(step, Step::Add(..))).count(), 2);
        let steps = negotiate(&mut lines, &both(3, 10));
        assert!(!steps.iter().any(|step| matches!(step, Step::Add(..))), "{steps:?}");
        assert_eq!(mids(&lines), ["0", "1"]);
    }

    #[test]
    fn a_screen_comes_and_goes_on_one_line() {
        let mut lines = MediaLines::default();
        let mut all = both(1, 10).to_vec();
        negotiate(&mut lines, &all);
        all.push(wanted(1, 10, Source::Screen));
        for round in 0..3 {
            assert_eq!(negotiate(&mut lines, &all).len(), 1, "{round}");
            assert_eq!(mids(&lines), ["0", "1", "2"]);
            assert_eq!(negotiate(&mut lines, &both(1, 10)), [Step::Deactivate(Mid::from("2"))]);
        }
    }

    #[test]
    fn a_rejected_line_is_not_offered_again_and_never_taken_again() {
        let mut lines = MediaLines::default();
        let steps = lines.plan(&both(1, 10));
        for (name, step) in ["0", "1"].iter().zip(&steps) {
            if let Step::Add(group, track) = step {
                lines.line_added(*group, *track, Mid::from(*name));
            }
        }
        lines.apply_answer(|_| Outcome::Rejected);
        assert!(lines.plan(&both(1, 10)).is_empty());
        assert!(lines.plan(&[]).is_empty(), "a rejected line needs no silencing");
        assert!(
            lines
                .plan(&both(2, 20))
                .iter()
                .all(|step| matches!(step, Step::Add(..)))
        );
    }
}

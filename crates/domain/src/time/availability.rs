//! When a branch is open, how long a host is busy, and which starts are free.

use std::fmt;

use jiff::civil::Weekday;
use jiff::{SignedDuration, Timestamp, Zoned};
use serde::{Deserialize, Serialize};

use super::{Fold, Span, Zone};

/// The opening hours of a branch, in minutes after midnight of its zone, Monday to Friday. They bound what is
/// *suggested*; a clerk may schedule outside them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpeningHours {
    pub opens: i16,
    pub closes: i16,
}

impl OpeningHours {
    /// Does what begins then, and takes so long by the clocks, fit in between? Of the days of the week this knows nothing.
    pub fn hold(self, start: &Zoned, length: SignedDuration) -> bool {
        let from = i16::from(start.hour()) * 60 + i16::from(start.minute());
        let minutes = i16::try_from(length.as_mins()).unwrap_or(i16::MAX);
        self.opens <= from && from.saturating_add(minutes) <= self.closes
    }

    /// As a time field wants it.
    pub fn opens_at(self) -> String {
        minute_text(self.opens)
    }

    /// As a time field wants it. A day can't end at 24:00 there: one minute before says the same.
    pub fn closes_at(self) -> String {
        minute_text(self.closes.min(24 * 60 - 1))
    }
}

/// `09:00–17:30`
impl fmt::Display for OpeningHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\u{2013}{}", minute_text(self.opens), minute_text(self.closes))
    }
}

fn minute_text(minutes: i16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// How long a consultation takes, and what is kept free for its host around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    pub before: SignedDuration,
    pub length: SignedDuration,
    pub after: SignedDuration,
}

impl Need {
    /// What keeps the host busy when it starts then.
    pub fn busy(&self, start: Timestamp) -> Span {
        Span {
            from: start - self.before,
            until: start + self.length + self.after,
        }
    }
}

/// The next `wanted` starts from `from` on at which the host is free, on quarter hours within the opening hours, none of
/// them in the time of another. `busy` is what the host already has.
pub fn next_free(
    from: Timestamp,
    need: Need,
    busy: &[Span],
    hours: OpeningHours,
    zone: &Zone,
    wanted: usize,
) -> Vec<Timestamp> {
    /// Two weeks of quarter hours: a host with no gap in that time is better asked in person.
    const TRIES: i64 = 14 * 24 * 4;
    const STEP: i64 = 15 * 60;
    let first = (from.as_second() + STEP - 1).div_euclid(STEP) * STEP;
    let mut found = Vec::new();
    for k in 0..TRIES {
        if found.len() == wanted {
            break;
        }
        let Ok(start) = Timestamp::from_second(first + k * STEP) else {
            break;
        };
        let local = zone.at(start);
        if matches!(local.weekday(), Weekday::Saturday | Weekday::Sunday) {
            continue;
        }
        if !hours.hold(&local, need.length) {
            continue;
        }
        // What the clocks show twice can't be told from its twin in a list.
        if Fold::of(start, zone).is_some() {
            continue;
        }
        let wish = need.busy(start);
        // What is offered is a choice: no two of them at the same time.
        let offered = found.iter().map(|start| need.busy(*start));
        if !busy.iter().copied().chain(offered).any(|taken| taken.overlaps(&wish)) {
            found.push(start);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use jiff::tz::TimeZone;

    use super::*;

    #[test]
    fn hours_hold_what_begins_and_ends_within_them() {
        let at = |hour, minute| date(2027, 3, 1).at(hour, minute, 0, 0).to_zoned(TimeZone::UTC).unwrap();
        let three_quarters = SignedDuration::from_mins(45);
        let usual = OpeningHours {
            opens: 9 * 60,
            closes: 17 * 60,
        };
        for (hour, minute, held) in [(8, 59, false), (9, 0, true), (16, 15, true), (16, 16, false)] {
            assert_eq!(usual.hold(&at(hour, minute), three_quarters), held, "{hour}:{minute}");
        }
        let always = OpeningHours {
            opens: 0,
            closes: 24 * 60,
        };
        assert!(always.hold(&at(23, 15), three_quarters));
        assert!(!always.hold(&at(23, 16), three_quarters));
        assert!(!always.hold(&at(0, 0), SignedDuration::from_hours(24 * 365)));
    }

    #[test]
    fn a_suggestion_is_no_time_that_the_clocks_show_twice() {
        // In this zone the clocks went back on a Friday, at night.
        let zone: Zone = "Africa/Cairo".parse().unwrap();
        let from: Timestamp = "2027-10-28T19:00:00Z".parse().unwrap();
        let need = Need {
            before: SignedDuration::ZERO,
            length: SignedDuration::from_mins(15),
            after: SignedDuration::ZERO,
        };
        let hours = OpeningHours {
            opens: 0,
            closes: 24 * 60,
        };
        let free = next_free(from, need, &[], hours, &zone, 24);
        assert!(free.iter().all(|at| Fold::of(*at, &zone).is_none()));
        assert!(
            free.windows(2)
                .any(|two| two[1].duration_since(two[0]) > SignedDuration::from_hours(1)),
            "{free:?}"
        );
    }

    #[test]
    fn suggestions_avoid_what_is_busy_the_night_and_the_weekend() {
        let berlin: Zone = "Europe/Berlin".parse().unwrap();
        // Friday 16:00 in Berlin; busy until 17:00; closes at 18:00: one hour fits at 17:00 exactly once, then Monday.
        let from: Timestamp = "2027-06-04T14:00:00Z".parse().unwrap();
        let busy = [Span {
            from,
            until: "2027-06-04T15:00:00Z".parse().unwrap(),
        }];
        let free = next_free(
            from,
            Need {
                before: SignedDuration::ZERO,
                length: SignedDuration::from_mins(60),
                after: SignedDuration::ZERO,
            },
            &busy,
            OpeningHours {
                opens: 9 * 60,
                closes: 18 * 60,
            },
            &berlin,
            3,
        );
        let local: Vec<_> = free
            .iter()
            .map(|t| berlin.at(*t).strftime("%a %H:%M").to_string())
            .collect();
        assert_eq!(local, ["Fri 17:00", "Mon 09:00", "Mon 10:00"]);
    }
}

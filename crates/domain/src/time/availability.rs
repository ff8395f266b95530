//! When a branch is open, how long a host is busy, and which starts are free.

use std::fmt;

use jiff::civil::Weekday;
use jiff::{SignedDuration, Timestamp, Zoned};
use serde::{Deserialize, Serialize};

use super::{Fold, Span, Zone};

/// The opening hours of a branch, Monday to Friday.
///
/// They limit which starts are *suggested*. A clerk may schedule outside of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpeningHours {
    /// Minutes from midnight to the opening, in the branch's zone: 0 to 1440.
    pub opens: i16,
    /// Minutes from midnight to the closing: 0 to 1440.
    pub closes: i16,
}

impl OpeningHours {
    /// Whether a meeting of this length that starts at `start` fits between opening and closing.
    ///
    /// The day of the week is not checked.
    pub fn hold(self, start: &Zoned, length: SignedDuration) -> bool {
        let from = i16::from(start.hour()) * 60 + i16::from(start.minute());
        let minutes = i16::try_from(length.as_mins()).unwrap_or(i16::MAX);
        self.opens <= from && from.saturating_add(minutes) <= self.closes
    }

    /// The opening time as `HH:MM`, for a time field.
    pub fn opens_at(self) -> String {
        minute_text(self.opens)
    }

    /// The closing time as `HH:MM`, for a time field. Midnight becomes 23:59, because a time field has no 24:00.
    pub fn closes_at(self) -> String {
        minute_text(self.closes.min(24 * 60 - 1))
    }
}

/// Writes the hours as `09:00–17:30`.
impl fmt::Display for OpeningHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\u{2013}{}", minute_text(self.opens), minute_text(self.closes))
    }
}

fn minute_text(minutes: i16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// How much of the host's time a consultation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// The buffer before it.
    pub before: SignedDuration,
    /// The consultation itself.
    pub length: SignedDuration,
    /// The buffer after it.
    pub after: SignedDuration,
}

impl Need {
    /// The span for which the host is busy if the consultation starts at `start`, buffers included.
    pub fn busy(&self, start: Timestamp) -> Span {
        Span {
            from: start - self.before,
            until: start + self.length + self.after,
        }
    }
}

/// The next starts at which the host is free: up to `wanted` of them, from `from` on.
///
/// Starts are on quarter hours (of UTC), Monday to Friday, within the opening hours `hours`, which are meant in `zone`.
/// They do not overlap each other or anything in `busy`, which holds what the host already has. The search ends after
/// 14 days.
pub fn next_free(
    from: Timestamp,
    need: Need,
    busy: &[Span],
    hours: OpeningHours,
    zone: &Zone,
    wanted: usize,
) -> Vec<Timestamp> {
    /// The quarter hours of two weeks. A host without a gap in that time is better asked in person.
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
        // A time that the clocks show twice appears in a list without saying which one it is.
        if Fold::of(start, zone).is_some() {
            continue;
        }
        let wish = need.busy(start);
        // Suggestions that overlap each other would be no choice.
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
        // It is Friday, 16:00 in Berlin. The host is busy until 17:00, and the branch closes at 18:00: one hour fits once
        // on Friday, at 17:00, and then on Monday.
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

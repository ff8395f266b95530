//! Time rules. An instant is UTC; beside it stands the IANA zone that it was meant in, because "ten o'clock in Berlin"
//! is what two people agreed on.

mod alias;
mod city;
mod place;

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp, Zoned};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::text::one_line;

/// The name of an IANA time zone. What people type is parsed, which checks it; what is read back from our own database
/// or server is taken as it is, because the browser part holds no time zone rules of its own.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Zone(String);

pub use place::{cities, places};

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnknownZone {
    #[error("Type a city in that time zone, such as Zurich or New York.")]
    Missing,
    /// As it was typed, or the beginning of it.
    #[error("We don't know the time zone “{0}”. Type a city such as Zurich or New York.")]
    Typed(String),
}

impl Zone {
    pub fn utc() -> Self {
        Self("UTC".into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The rules of this zone. A stored name that a later time zone database no longer knows falls back to UTC rather
    /// than failing: the instant is right whatever its zone.
    pub fn rules(&self) -> TimeZone {
        TimeZone::get(&self.0).unwrap_or(TimeZone::UTC)
    }

    pub fn at(&self, instant: Timestamp) -> Zoned {
        instant.to_zoned(self.rules())
    }

    /// A name read from our own database, which checked it when it was written.
    pub fn from_stored(name: String) -> Self {
        Self(name)
    }

    /// By a name of the IANA database. An old one becomes the place that it stands for.
    fn named(name: &str) -> Option<Self> {
        let rules = TimeZone::get(name).ok()?;
        let name = rules.iana_name()?;
        Some(Self(alias::place_of(name).unwrap_or(name).to_owned()))
    }
}

impl FromStr for Zone {
    type Err = UnknownZone;

    /// What a person types: a city, or the name that the IANA database has.
    fn from_str(typed: &str) -> Result<Self, UnknownZone> {
        /// No name is longer.
        const MOST_CHARS: usize = 64;
        let typed: String = one_line(typed).chars().take(MOST_CHARS).collect();
        if typed.is_empty() {
            return Err(UnknownZone::Missing);
        }
        let found = Self::named(&typed).or_else(|| place::find(&typed));
        found.ok_or(UnknownZone::Typed(typed))
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LocalTimeError {
    /// Spring: the clocks skip over it. What they show as long before the gap, and as long after it, exists.
    #[error(
        "{} does not exist on that day: the clocks go forward. Choose {} or {}, for example.",
        clock(*.time), clock(*.earlier), clock(*.later)
    )]
    Skipped { time: Time, earlier: Time, later: Time },
    /// Autumn: the clocks show it two times, and nobody said which is meant.
    #[error("{} happens twice on that day, because the clocks go back. Choose which of the two is meant.", clock(*.0))]
    Twice(Time),
    #[error("That date is out of range.")]
    OutOfRange,
}

fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// Which one of a wall-clock time that happens twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, EnumString)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Fold {
    First,
    Second,
}

impl Fold {
    /// Which of the two this instant is, where its wall-clock time happens twice.
    pub fn of(at: Timestamp, zone: &Zone) -> Option<Self> {
        let local = zone.at(at).datetime();
        let ambiguous = zone.rules().to_ambiguous_timestamp(local);
        if !matches!(ambiguous.offset(), AmbiguousOffset::Fold { .. }) {
            return None;
        }
        let is_first = ambiguous.earlier().is_ok_and(|first| first == at);
        Some(if is_first { Self::First } else { Self::Second })
    }
}

/// The instant of a wall-clock time. A time that the clocks skip is refused; of a time that happens twice (autumn) the
/// first is meant, as RFC 5545 §3.3.5 has it for calendars.
pub fn instant_of(date: Date, time: Time, zone: &Zone) -> Result<Timestamp, LocalTimeError> {
    instant_meant(date, time, zone, Some(Fold::First))
}

/// The same of what a person typed: of a time that happens twice they say which one, or are asked.
pub fn instant_meant(date: Date, time: Time, zone: &Zone, fold: Option<Fold>) -> Result<Timestamp, LocalTimeError> {
    let local = DateTime::from_parts(date, time);
    let ambiguous = zone.rules().to_ambiguous_timestamp(local);
    let instant = match (ambiguous.offset(), fold) {
        (AmbiguousOffset::Gap { .. }, _) => {
            let shown = |at: Timestamp| zone.at(at).time();
            return match (ambiguous.earlier(), ambiguous.later()) {
                (Ok(earlier), Ok(later)) => Err(LocalTimeError::Skipped {
                    time,
                    earlier: shown(earlier),
                    later: shown(later),
                }),
                _ => Err(LocalTimeError::OutOfRange),
            };
        }
        (AmbiguousOffset::Fold { .. }, None) => return Err(LocalTimeError::Twice(time)),
        (AmbiguousOffset::Fold { .. }, Some(Fold::Second)) => ambiguous.later(),
        _ => ambiguous.compatible(),
    };
    instant.map_err(|_| LocalTimeError::OutOfRange)
}

/// A half-open stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    pub from: Timestamp,
    pub until: Timestamp,
}

impl Span {
    pub fn overlaps(&self, other: &Span) -> bool {
        self.from < other.until && other.from < self.until
    }
}

/// The instants at which a local day begins and ends; 23 to 25 hours apart.
pub fn day(date: Date, zone: &Zone) -> Option<Span> {
    let rules = zone.rules();
    let from = date.to_zoned(rules.clone()).ok()?.timestamp();
    let until = date.tomorrow().ok()?.to_zoned(rules).ok()?.timestamp();
    Some(Span { from, until })
}

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
        if matches!(
            local.weekday(),
            jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday
        ) {
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
    use super::*;
    use jiff::civil::{date, time};

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

    fn berlin() -> Zone {
        "Europe/Berlin".parse().unwrap()
    }

    #[test]
    fn a_time_that_the_clocks_skip_is_refused_with_times_that_exist() {
        let skipped = instant_of(date(2027, 3, 28), time(2, 30, 0, 0), &berlin()).unwrap_err();
        assert_eq!(
            skipped.to_string(),
            "02:30 does not exist on that day: the clocks go forward. Choose 01:30 or 03:30, for example."
        );
    }

    #[test]
    fn of_a_time_that_happens_twice_a_person_says_which_one() {
        let (day, at) = (date(2027, 10, 31), time(2, 30, 0, 0));
        let meant = |fold| instant_meant(day, at, &berlin(), fold);
        assert_eq!(meant(None), Err(LocalTimeError::Twice(at)));
        let [first, second] = [Fold::First, Fold::Second].map(|fold| {
            let instant = meant(Some(fold)).unwrap();
            assert_eq!(Fold::of(instant, &berlin()), Some(fold));
            instant.to_string()
        });
        assert_eq!(first, "2027-10-31T00:30:00Z");
        assert_eq!(second, "2027-10-31T01:30:00Z");
        assert_eq!(instant_of(day, at, &berlin()).unwrap().to_string(), first);
        // Said of a time that happens once, it says nothing.
        let once = instant_meant(day, time(3, 30, 0, 0), &berlin(), Some(Fold::Second)).unwrap();
        assert_eq!(
            (once.to_string().as_str(), Fold::of(once, &berlin())),
            ("2027-10-31T02:30:00Z", None)
        );
    }

    #[test]
    fn old_names_of_zones_become_the_place_that_they_stand_for() {
        for (old, new) in [
            ("US/Eastern", "America/New_York"),
            ("CET", "Europe/Brussels"),
            ("japan", "Asia/Tokyo"),
            ("Etc/UTC", "UTC"),
        ] {
            assert_eq!(old.parse::<Zone>().unwrap().as_str(), new);
        }
        for (old, new) in alias::CITIES.iter().chain(alias::OTHERS) {
            assert!(TimeZone::get(old).is_ok(), "{old} is no zone");
            assert_eq!(old.parse::<Zone>().unwrap().as_str(), *new);
            assert_eq!(new.parse::<Zone>().unwrap().as_str(), *new, "of {old}");
        }
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
    fn a_day_has_23_hours_in_spring_and_25_in_autumn() {
        let hours = |d| {
            let span = day(d, &berlin()).unwrap();
            span.until.duration_since(span.from).as_hours()
        };
        assert_eq!(hours(date(2027, 3, 28)), 23);
        assert_eq!(hours(date(2027, 6, 1)), 24);
        assert_eq!(hours(date(2027, 10, 31)), 25);
    }

    #[test]
    fn zones_are_known_names_in_their_usual_spelling() {
        assert_eq!("europe/berlin".parse::<Zone>().unwrap().as_str(), "Europe/Berlin");
        assert!("Europe/Atlantis".parse::<Zone>().is_err());
        assert!("".parse::<Zone>().is_err());
    }

    #[test]
    fn suggestions_avoid_what_is_busy_the_night_and_the_weekend() {
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
            &berlin(),
            3,
        );
        let local: Vec<_> = free
            .iter()
            .map(|t| berlin().at(*t).strftime("%a %H:%M").to_string())
            .collect();
        assert_eq!(local, ["Fri 17:00", "Mon 09:00", "Mon 10:00"]);
    }
}

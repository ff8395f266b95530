//! Time rules. An instant is UTC; beside it stands the IANA zone that it was meant in, because "ten o'clock in Berlin"
//! is what two people agreed on.

mod alias;
mod availability;
mod city;
mod place;

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, Zoned};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::text::one_line;

pub use availability::{Need, OpeningHours, next_free};
pub use place::{cities, places};

/// The name of an IANA time zone. What people type is parsed, which checks it; what is read back from our own database
/// or server is taken as it is, because the browser part holds no time zone rules of its own.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Zone(String);

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

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

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
}

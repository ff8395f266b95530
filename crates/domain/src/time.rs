//! Time zones, wall-clock times, local days, and the availability of a host.
//!
//! An instant is UTC. The IANA zone in which it was agreed is kept beside it, because two people agree on "ten o'clock
//! in Berlin".

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
use crate::word::into_str;

pub use availability::{Need, OpeningHours, next_free};
pub use place::{cities, places};

/// The name of an IANA time zone, such as `Europe/Berlin`.
///
/// Parsing checks the name and is for text that people type: an IANA name or a city. Deserialising and
/// [`Self::from_stored`] do not check it, because the browser has no time zone rules to check against. They are for
/// names from our own server and database.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Zone(String);

/// Text that names no time zone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{self:?}")]
pub enum UnknownZone {
    /// Nothing was typed.
    Missing,
    /// The text is no IANA name and no city, or is a city of more than one zone. It holds the first 64 characters.
    Typed(String),
}

impl Zone {
    /// UTC.
    pub fn utc() -> Self {
        Self("UTC".into())
    }

    /// The IANA name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The zone's rules.
    ///
    /// A name that the time zone database does not know has the rules of UTC: the instant is right in any zone, and a
    /// page that shows it in UTC is better than none.
    pub fn rules(&self) -> TimeZone {
        TimeZone::get(&self.0).unwrap_or(TimeZone::UTC)
    }

    /// The instant on the clocks of this zone.
    pub fn at(&self, instant: Timestamp) -> Zoned {
        instant.to_zoned(self.rules())
    }

    /// Takes a name from our own database, which was checked before it was stored.
    pub fn from_stored(name: String) -> Self {
        Self(name)
    }

    /// The zone with this IANA name, in any case. An old name gives today's name for the place.
    fn named(name: &str) -> Option<Self> {
        let rules = TimeZone::get(name).ok()?;
        let name = rules.iana_name()?;
        Some(Self(alias::place_of(name).unwrap_or(name).to_owned()))
    }
}

impl FromStr for Zone {
    type Err = UnknownZone;

    /// Reads what a person types: a city, or an IANA name.
    fn from_str(typed: &str) -> Result<Self, UnknownZone> {
        /// Longer than any name. The error repeats the text, which must not flood the page.
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

/// A wall-clock time that does not name one instant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{self:?}")]
pub enum LocalTimeError {
    /// The clocks go forward and skip the time.
    Skipped {
        /// The time that does not exist.
        time: Time,
        /// A time before the gap: `time` moved back by the gap's length.
        earlier: Time,
        /// A time after the gap: `time` moved forward by the gap's length.
        later: Time,
    },
    /// The clocks go back and show this time twice, and the person did not say which one they mean.
    Twice(Time),
    /// The instant is beyond the years that [`Timestamp`] can hold.
    OutOfRange,
}

/// Which one is meant of a wall-clock time that happens twice, because the clocks go back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum Fold {
    /// The one before the clocks go back.
    First,
    /// The one after the clocks have gone back.
    Second,
}

into_str!(Fold);

impl Fold {
    /// Which of the two the instant `at` is. None if its wall-clock time in `zone` happens once.
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

/// The instant of a wall-clock time. A time that the clocks skip is refused. A time that happens twice means the first,
/// as in calendars (RFC 5545 §3.3.5).
pub fn instant_of(date: Date, time: Time, zone: &Zone) -> Result<Timestamp, LocalTimeError> {
    instant_meant(date, time, zone, Some(Fold::First))
}

/// The instant of a wall-clock time that a person typed. A time that the clocks skip is refused.
///
/// `fold` says which one the person means if the time happens twice. Without it such a time is refused, so that they
/// are asked. A time that happens once ignores it.
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
    /// The first instant.
    pub from: Timestamp,
    /// The first instant after the span.
    pub until: Timestamp,
}

impl Span {
    /// Whether the two spans have an instant in common. Spans that only touch have none.
    pub fn overlaps(&self, other: &Span) -> bool {
        self.from < other.until && other.from < self.until
    }
}

/// The local day `date`, usually 23 to 25 hours long. None beyond the years that [`Timestamp`] can hold.
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
        let (earlier, later) = (time(1, 30, 0, 0), time(3, 30, 0, 0));
        let at = time(2, 30, 0, 0);
        assert_eq!(
            skipped,
            LocalTimeError::Skipped {
                time: at,
                earlier,
                later
            }
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
        // A time that happens once ignores the fold.
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

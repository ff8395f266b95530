//! Time zones by place: the list that a form offers, and the search for the city that a person types.

use jiff::tz;

use super::{Zone, alias, city};
use crate::text::fold;

const CONTINENTS: [&str; 10] = [
    "Africa/",
    "America/",
    "Antarctica/",
    "Arctic/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
];

/// UTC, and every zone of the IANA database that is named after a place, in alphabetical order. Old names are left out.
pub fn places() -> Vec<Zone> {
    let is_place = |name: &String| CONTINENTS.iter().any(|continent| name.starts_with(continent));
    let names = tz::db().available().map(|name| name.as_str().to_owned());
    let mut places: Vec<String> = names
        .filter(is_place)
        .filter(|name| alias::place_of(name).is_none())
        .collect();
    places.sort();
    std::iter::once(Zone::utc())
        .chain(places.into_iter().map(Zone))
        .collect()
}

/// Large cities that no zone is named after, each with its zone.
pub fn cities() -> impl Iterator<Item = (&'static str, Zone)> {
    city::all().map(|(city, zone)| (city, Zone(zone.to_owned())))
}

/// The zone of the city that a person typed. None if no city or more than one zone fits.
pub(super) fn find(typed: &str) -> Option<Zone> {
    let wanted = words(meant(typed));
    if wanted.is_empty() {
        return None;
    }
    let old = alias::CITIES.iter().map(|(old, place)| (*old, (*place).to_owned()));
    let large = city::all().map(|(city, place)| (city, place.to_owned()));
    let places = places();
    let today = places.iter().map(|place| (place.as_str(), place.0.clone()));
    let mut found: Vec<String> = today
        .chain(old)
        .chain(large)
        .filter(|(name, _)| is_called(name, &wanted))
        .map(|(_, place)| place)
        .collect();
    found.sort();
    found.dedup();
    match found.as_slice() {
        [only] => Some(Zone(only.clone())),
        _ => None,
    }
}

/// The city without what our own lists and pages write behind it: `Zurich (UTC+1)`, `Zurich time`.
fn meant(typed: &str) -> &str {
    let typed = match typed.rsplit_once('(') {
        Some((city, rest)) if rest.trim_end().ends_with(')') => city,
        _ => typed,
    };
    let typed = typed.trim_end();
    typed.strip_suffix(" time").unwrap_or(typed)
}

/// Whether `wanted` is the end of the name, in either order: `America/Indiana/Knox` is called "Knox", "Knox, Indiana"
/// and "Indiana Knox".
fn is_called(name: &str, wanted: &[String]) -> bool {
    let parts: Vec<Vec<String>> = name.split('/').map(words).collect();
    (0..parts.len()).any(|first| {
        let rest = parts.iter().skip(first);
        rest.clone().flatten().eq(wanted) || rest.rev().flatten().eq(wanted)
    })
}

/// The words of a name without capitals, accents and punctuation, so that `St. John's` equals `St_Johns`.
fn words(text: &str) -> Vec<String> {
    let text = fold(text).replace(['\'', '\u{2019}'], "");
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::super::UnknownZone;
    use super::*;

    #[test]
    fn a_zone_is_found_by_its_city_however_it_is_written() {
        for (typed, zone) in [
            ("zurich", "Europe/Zurich"),
            ("Zürich", "Europe/Zurich"),
            ("Zurich (UTC+1)", "Europe/Zurich"),
            ("Berlin time", "Europe/Berlin"),
            ("europe/berlin ", "Europe/Berlin"),
            ("New York", "America/New_York"),
            ("new  york", "America/New_York"),
            ("America/New York", "America/New_York"),
            ("St. John's", "America/St_Johns"),
            ("Port au Prince", "America/Port-au-Prince"),
            ("São Paulo", "America/Sao_Paulo"),
            ("Knox, Indiana", "America/Indiana/Knox"),
            ("Indiana/Knox", "America/Indiana/Knox"),
            ("Kiev", "Europe/Kyiv"),
            ("calcutta", "Asia/Kolkata"),
            ("Geneva", "Europe/Zurich"),
            ("münchen", "Europe/Berlin"),
            ("Munchen (UTC+1)", "Europe/Berlin"),
            ("San Francisco", "America/Los_Angeles"),
            ("St Gallen", "Europe/Zurich"),
            ("utc", "UTC"),
            ("GMT", "UTC"),
        ] {
            assert_eq!(typed.parse::<Zone>().as_ref().map(Zone::as_str), Ok(zone), "{typed}");
        }
    }

    #[test]
    fn what_is_no_city_or_more_than_one_is_said_so_with_what_was_typed() {
        for typed in [
            "Zuric",
            "Europe",
            "Atlantis",
            "Victoria",
            "Indiana",
            "()",
            "time",
            "UTC+1",
            "../../etc/passwd",
        ] {
            let refused = typed.parse::<Zone>().unwrap_err();
            assert_eq!(refused, UnknownZone::Typed(typed.to_owned()));
            assert!(refused.to_string().contains(typed), "{refused}");
        }
        assert_eq!(" ".parse::<Zone>(), Err(UnknownZone::Missing));
        let endless = "x".repeat(10_000).parse::<Zone>().unwrap_err();
        assert!(endless.to_string().len() < 200, "{endless}");
    }

    #[test]
    fn lists_offer_each_place_once_and_no_old_name() {
        let places = places();
        assert!((400..450).contains(&places.len()), "{}", places.len());
        for place in &places {
            assert_eq!(place.as_str().parse::<Zone>().as_ref(), Ok(place));
            // Its city alone finds it as well, because no two places share one.
            let city = place.as_str().rsplit('/').next().unwrap();
            assert_eq!(city.parse::<Zone>().as_ref(), Ok(place));
        }
        for (city, zone) in cities() {
            assert!(places.contains(&zone), "{zone:?}");
            assert_eq!(city.parse::<Zone>(), Ok(zone), "{city}");
        }
        for old in ["Africa/Asmera", "America/Knox_IN", "Asia/Calcutta", "US/Eastern", "EST"] {
            assert!(!places.iter().any(|place| place.as_str() == old), "{old}");
            assert!(old.parse::<Zone>().is_ok(), "{old}");
        }
    }
}

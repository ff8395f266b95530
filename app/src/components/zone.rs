use anteroom_domain::time::Zone;
use jiff::Timestamp;

use super::time::{minutes_ahead, offset_text};

/// A zone as a field shows it and as a list offers it: its city, and how far its clocks are from UTC now. `Zurich (UTC+1)`,
/// `Knox, Indiana (UTC−6)`. Typed like that, it is understood.
pub fn zone_label(zone: &Zone, now: Timestamp) -> String {
    let mut parts = zone.as_str().split('/').skip(1);
    let city = match (parts.next(), parts.next()) {
        _ if zone.as_str().starts_with("Etc/") => return zone.to_string(),
        (None, _) => return zone.to_string(),
        (Some(city), None) => city.to_owned(),
        (Some(region), Some(city)) => format!("{city}, {region}"),
    };
    city_label(&city.replace('_', " "), zone, now)
}

/// A city in that zone, in the same way.
pub fn city_label(city: &str, zone: &Zone, now: Timestamp) -> String {
    format!("{city} ({})", offset_text(minutes_ahead(now, zone)))
}

/// What stands in a field for a zone: the label of what it holds, or what was typed where that is no zone.
pub fn zone_shown(value: &str, now: Timestamp) -> String {
    match known(value) {
        Some(zone) => zone_label(&zone, now),
        None => value.to_owned(),
    }
}

#[cfg(not(all(feature = "hydrate", target_arch = "wasm32")))]
fn known(value: &str) -> Option<Zone> {
    value.parse().ok()
}

/// The browser knows its own names of zones, and no cities.
#[cfg(all(feature = "hydrate", target_arch = "wasm32"))]
fn known(value: &str) -> Option<Zone> {
    let zone = Zone::from_stored(value.to_owned());
    (value.contains('/') && super::time::is_known(&zone)).then_some(zone)
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_its_city_and_how_far_its_clocks_are_from_utc_now() {
        let shown = |value: &str, at: &str| zone_shown(value, at.parse().unwrap());
        let winter = "2027-01-15T12:00:00Z";
        assert_eq!(shown("Europe/Zurich", winter), "Zurich (UTC+1)");
        assert_eq!(shown("Europe/Zurich", "2027-07-15T12:00:00Z"), "Zurich (UTC+2)");
        assert_eq!(shown("America/New_York", winter), "New York (UTC\u{2212}5)");
        assert_eq!(shown("Asia/Kolkata", winter), "Kolkata (UTC+5:30)");
        assert_eq!(shown("America/Indiana/Knox", winter), "Knox, Indiana (UTC\u{2212}6)");
        assert_eq!(shown("UTC", winter), "UTC");
        assert_eq!(shown("Etc/GMT+5", winter), "Etc/GMT+5");
        assert_eq!(shown("zurich", winter), "Zurich (UTC+1)");
        assert_eq!(shown(" zuric", winter), " zuric");
        assert_eq!(shown("", winter), "");
    }

    #[test]
    fn what_is_offered_is_understood_when_it_is_sent() {
        let now = "2027-01-15T12:00:00Z".parse().unwrap();
        for zone in anteroom_domain::time::places() {
            let label = zone_label(&zone, now);
            assert_eq!(label.parse::<Zone>().as_ref(), Ok(&zone), "{label}");
        }
    }
}

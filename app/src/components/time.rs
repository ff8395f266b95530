use anteroom_domain::time::Zone;
use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp};
use leptos::prelude::*;

use crate::language::lang;

/// How much of an instant is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimeStyle {
    /// `Tue 24 Nov 2026, 14:30`
    #[default]
    Full,
    /// `Tuesday 24 November 2026`
    Date,
    /// `14:30`
    Clock,
}

/// An instant, as the clocks of a zone show it.
#[component]
pub fn LocalTime(at: Timestamp, zone: Zone, #[prop(optional)] style: TimeStyle) -> impl IntoView {
    let shown = shown_zone(&zone);
    let text = match style {
        TimeStyle::Full => full_text(at, &shown),
        TimeStyle::Date => date_text(at, &shown),
        TimeStyle::Clock => clock_text(at, &shown),
    };
    // Another zone than the one that was meant is named.
    let named = if shown == zone {
        text
    } else {
        t!(guest::time::with_zone {
            time: text,
            zone: zone_text(&shown)
        })
    };
    view! { <time datetime=at.to_string()>{named}</time> }
}

/// From when to when, on the clocks of a zone. The zone is named where it may not be the reader's own.
#[component]
pub fn TimeRange(
    starts_at: Timestamp,
    ends_at: Timestamp,
    zone: Zone,
    #[prop(optional)] with_date: bool,
    #[prop(optional)] with_zone: bool,
) -> impl IntoView {
    let shown = shown_zone(&zone);
    let with_zone = with_zone || shown != zone;
    let zone = shown;
    let clock = |at: Timestamp| view! { <time datetime=at.to_string()>{clock_text(at, &zone)}</time> };
    let (from, to) = (clock(starts_at), clock(ends_at));
    let clocks = match (
        local(starts_at, &zone).date() == local(ends_at, &zone).date(),
        with_date,
    ) {
        (true, _) => t_view!(guest::time::range { from, to }),
        (false, true) => t_view!(guest::time::range_to_day {
            from,
            to,
            day: date_text(ends_at, &zone)
        }),
        (false, false) => t_view!(guest::time::range_to_next_day { from, to }),
    };
    let clocks = view! { <span class="time-range__clock">{clocks}</span> };
    let range = if with_date {
        let day = view! { <span class="time-range__date">{date_text(starts_at, &zone)}</span> };
        t_view!(guest::time::on_day { day, time: clocks })
    } else {
        vec![clocks.into_any()]
    };
    let range = if with_zone {
        let zone = view! { <span class="time-range__zone">{zone_text(&zone)}</span> };
        t_view!(guest::time::with_zone { time: range, zone })
    } else {
        range
    };
    view! { <span class="time-range">{range}</span> }
}

/// `14:30`; in the hour that the clocks show twice, which one it is: `02:30 (UTC+2)`.
pub fn clock_text(at: Timestamp, zone: &Zone) -> String {
    let time = lang().clock(local(at, zone).time());
    match which_of_two(at, zone) {
        None => time,
        Some(which) => t!(guest::time::with_zone { time, zone: which }),
    }
}

/// The clocks are set back by an hour, or on one island by half of one.
const SET_BACK: [i64; 2] = [3_600, 1_800];

fn which_of_two(at: Timestamp, zone: &Zone) -> Option<String> {
    let shows = local(at, zone);
    let comes_again = SET_BACK
        .iter()
        .flat_map(|seconds| [*seconds, -*seconds])
        .any(|seconds| local(at + SignedDuration::from_secs(seconds), zone) == shows);
    comes_again.then(|| offset_text(minutes_ahead(at, zone)))
}

/// Of UTC.
pub(super) fn minutes_ahead(at: Timestamp, zone: &Zone) -> i64 {
    let (there, utc) = (local(at, zone), local(at, &Zone::utc()));
    there.duration_since(utc).as_mins()
}

/// `UTC+2`, `UTC−3:30`
pub(super) fn offset_text(minutes: i64) -> String {
    let sign = if minutes < 0 { '\u{2212}' } else { '+' };
    let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
    match rest {
        0 => format!("UTC{sign}{hours}"),
        rest => format!("UTC{sign}{hours}:{rest:02}"),
    }
}

/// `Tuesday 24 November 2026`
pub fn date_text(at: Timestamp, zone: &Zone) -> String {
    day_text(local(at, zone).date())
}

/// `Tuesday 24 November 2026`, of a calendar day.
pub fn day_text(date: Date) -> String {
    lang().date(date)
}

/// `Tue 24 Nov 2026, 14:30`
fn full_text(at: Timestamp, zone: &Zone) -> String {
    let time = lang().moment(local(at, zone));
    match which_of_two(at, zone) {
        None => time,
        Some(which) => t!(guest::time::with_zone { time, zone: which }),
    }
}

/// `Berlin time`, from `Europe/Berlin`. The names that count hours from UTC count them the other way round
/// (<https://data.iana.org/time-zones/tzdb/etcetera>).
pub fn zone_text(zone: &Zone) -> String {
    let hours = zone
        .as_str()
        .strip_prefix("Etc/GMT")
        .and_then(|hours| hours.parse::<i64>().ok());
    if let Some(hours) = hours {
        return match hours {
            0 => "UTC".to_owned(),
            hours => offset_text(-60 * hours),
        };
    }
    match zone.as_str().rsplit_once('/') {
        Some(("Etc", "UTC" | "GMT" | "UCT" | "Universal" | "Zulu" | "Greenwich")) => "UTC".to_owned(),
        Some(_) => t!(guest::time::of_city {
            city: lang().city(zone.as_str())
        }),
        None => zone.as_str().to_owned(),
    }
}

/// A stretch of time in words, to the unit that matters: `40 s`, `12 min`, `1 h 05 min`.
pub fn span_text(seconds: i64) -> String {
    let seconds = seconds.max(0);
    match seconds {
        0..60 => t!(guest::time::seconds { seconds }),
        60..3_600 => t!(guest::time::minutes { minutes: seconds / 60 }),
        _ => t!(guest::time::hours {
            hours: seconds / 3_600,
            minutes: format!("{:02}", seconds % 3_600 / 60)
        }),
    }
}

/// The next full second, or minute, above a stretch of time: what is "less than" it, without being told too short.
pub fn span_above(milliseconds: i64) -> String {
    let seconds = milliseconds.max(0) / 1_000;
    let unit = if seconds < 60 { 1 } else { 60 };
    span_text((seconds / unit + 1) * unit)
}

/// Does this browser know the rules of that zone?
#[cfg(all(feature = "hydrate", target_arch = "wasm32"))]
pub(super) fn is_known(zone: &Zone) -> bool {
    browser::civil(Timestamp::UNIX_EPOCH, zone).is_some()
}

/// The zone, or UTC where this browser does not know its rules.
fn shown_zone(zone: &Zone) -> Zone {
    #[cfg(all(feature = "hydrate", target_arch = "wasm32"))]
    if !is_known(zone) {
        return Zone::utc();
    }
    zone.clone()
}

/// What calendar and clock show.
fn local(at: Timestamp, zone: &Zone) -> DateTime {
    // The rules of the time zones are not in the browser part, because the browser has them.
    #[cfg(all(feature = "hydrate", target_arch = "wasm32"))]
    if let Some(civil) = browser::civil(at, zone) {
        return civil;
    }
    zone.at(at).datetime()
}

#[cfg(all(feature = "hydrate", target_arch = "wasm32"))]
mod browser {
    use std::cell::RefCell;
    use std::collections::HashMap;

    use anteroom_domain::time::Zone;
    use jiff::Timestamp;
    use jiff::civil::DateTime;
    use js_sys::{Array, Date, Function, Intl, Object, Reflect};
    use wasm_bindgen::{JsCast as _, JsValue};

    thread_local! {
        /// Making one takes far longer than using it.
        static FORMATS: RefCell<HashMap<String, Option<Intl::DateTimeFormat>>> = RefCell::default();
    }

    /// What the clocks of that zone show, from the browser's `Intl`. None for a zone that this browser does not know.
    pub fn civil(at: Timestamp, zone: &Zone) -> Option<DateTime> {
        let format = FORMATS.with_borrow_mut(|formats| {
            let known = formats.entry(zone.as_str().to_owned());
            known.or_insert_with(|| format_of(zone)).clone()
        })?;
        #[expect(
            clippy::cast_precision_loss,
            reason = "milliseconds of any calendar date are exact in a double"
        )]
        let date = Date::new(&JsValue::from_f64(at.as_millisecond() as f64));
        let text = format.format().call1(&JsValue::UNDEFINED, &date).ok()?.as_string()?;
        text.replace(' ', "T").parse().ok()
    }

    fn format_of(zone: &Zone) -> Option<Intl::DateTimeFormat> {
        let options = Object::new();
        for (key, value) in [
            ("timeZone", zone.as_str()),
            ("hourCycle", "h23"),
            ("year", "numeric"),
            ("month", "2-digit"),
            ("day", "2-digit"),
            ("hour", "2-digit"),
            ("minute", "2-digit"),
            ("second", "2-digit"),
        ] {
            Reflect::set(&options, &key.into(), &value.into()).ok()?;
        }
        // The constructor throws on an unknown zone: called in a way that catches.
        let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
        let constructor: Function = Reflect::get(&intl, &"DateTimeFormat".into()).ok()?.dyn_into().ok()?;
        // Swedish writes 2026-11-24 14:30:00, which is what we want to read.
        let format = Reflect::construct(&constructor, &Array::of2(&"sv-SE".into(), &options)).ok()?;
        Some(format.unchecked_into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_told_by_the_clocks_of_its_zone() {
        let at: Timestamp = "2026-11-24T23:30:00Z".parse().unwrap();
        let berlin: Zone = "Europe/Berlin".parse().unwrap();
        assert_eq!(clock_text(at, &berlin), "00:30");
        assert_eq!(date_text(at, &berlin), "Wednesday 25 November 2026");
        assert_eq!(full_text(at, &berlin), "Wed 25 Nov 2026, 00:30");
        assert_eq!(full_text(at, &Zone::utc()), "Tue 24 Nov 2026, 23:30");
        assert_eq!(zone_text(&berlin), "Berlin time");
        assert_eq!(zone_text(&"America/New_York".parse().unwrap()), "New York time");
        assert_eq!(zone_text(&"Etc/GMT+2".parse().unwrap()), "UTC\u{2212}2");
        assert_eq!(zone_text(&"Etc/GMT-14".parse().unwrap()), "UTC+14");
        for utc in ["UTC", "Etc/UTC", "Etc/GMT"] {
            assert_eq!(zone_text(&utc.parse().unwrap()), "UTC", "{utc}");
        }
    }

    #[test]
    fn in_the_hour_that_comes_twice_it_is_said_which_one() {
        let berlin: Zone = "Europe/Berlin".parse().unwrap();
        let clock = |at: &str, zone: &Zone| clock_text(at.parse().unwrap(), zone);
        assert_eq!(clock("2026-10-25T00:30:00Z", &berlin), "02:30 (UTC+2)");
        assert_eq!(clock("2026-10-25T01:30:00Z", &berlin), "02:30 (UTC+1)");
        assert_eq!(clock("2026-10-25T02:00:00Z", &berlin), "03:00");
        assert_eq!(clock("2026-10-24T23:59:00Z", &berlin), "01:59");
        assert_eq!(
            clock("2026-03-29T01:30:00Z", &berlin),
            "03:30",
            "an hour that is left out"
        );
        let lord_howe: Zone = "Australia/Lord_Howe".parse().unwrap();
        assert_eq!(clock("2026-04-04T14:45:00Z", &lord_howe), "01:45 (UTC+11)");
        assert_eq!(clock("2026-04-04T15:15:00Z", &lord_howe), "01:45 (UTC+10:30)");
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn a_range_that_ends_on_another_day_says_so() {
        let range = |starts: &str, ends: &str, with_date: bool| {
            let (starts_at, ends_at) = (starts.parse().unwrap(), ends.parse().unwrap());
            let zone: Zone = "Europe/Berlin".parse().unwrap();
            let html = Owner::new().with(|| view! { <TimeRange starts_at ends_at zone with_date /> }.to_html());
            let mut text = String::new();
            let mut is_text = true;
            for c in html.replace("<!>", "").chars() {
                match c {
                    '<' => is_text = false,
                    '>' => is_text = true,
                    c if is_text => text.push(c),
                    _ => {}
                }
            }
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(
            range("2026-11-24T13:30:00Z", "2026-11-24T14:15:00Z", false),
            "14:30–15:15"
        );
        assert_eq!(
            range("2026-11-24T22:30:00Z", "2026-11-24T23:30:00Z", false),
            "23:30–00:30 the next day"
        );
        assert_eq!(
            range("2026-11-24T22:30:00Z", "2026-11-24T23:30:00Z", true),
            "Tuesday 24 November 2026, 23:30–00:30 on Wednesday 25 November 2026"
        );
    }

    #[test]
    fn a_span_is_told_in_the_unit_that_matters() {
        assert_eq!(span_text(-4), "0 s");
        assert_eq!(span_text(59), "59 s");
        assert_eq!(span_text(725), "12 min");
        assert_eq!(span_text(3_900), "1 h 05 min");
    }

    #[test]
    fn what_is_less_than_a_span_is_never_longer_than_it_says() {
        assert_eq!(span_above(0), "1 s");
        assert_eq!(span_above(40_000), "41 s");
        assert_eq!(span_above(59_999), "1 min");
        assert_eq!(span_above(60_000), "2 min");
        assert_eq!(span_above(299_999), "5 min");
        assert_eq!(span_above(3_599_000), "1 h 00 min");
        assert_eq!(span_above(3_900_000), "1 h 06 min");
    }
}

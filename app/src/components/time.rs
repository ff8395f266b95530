use anteroom_domain::time::Zone;
use jiff::Timestamp;
use leptos::prelude::*;

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
    let text = match style {
        TimeStyle::Full => full_text(at, &zone),
        TimeStyle::Date => date_text(at, &zone),
        TimeStyle::Clock => clock_text(at, &zone),
    };
    view! { <time datetime=at.to_string()>{text}</time> }
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
    view! {
        <span class="time-range">
            {with_date
                .then(|| {
                    view! {
                        <span class="time-range__date">{date_text(starts_at, &zone)}</span>
                        ", "
                    }
                })} <span class="time-range__clock">
                <time datetime=starts_at.to_string()>{clock_text(starts_at, &zone)}</time>
                "–"
                <time datetime=ends_at.to_string()>{clock_text(ends_at, &zone)}</time>
            </span>
            {with_zone
                .then(|| {
                    view! {
                        " "
                        <span class="time-range__zone">{format!("({})", zone_text(&zone))}</span>
                    }
                })}
        </span>
    }
}

/// `14:30`
pub fn clock_text(at: Timestamp, zone: &Zone) -> String {
    let Local { hour, minute, .. } = local(at, zone);
    format!("{hour:02}:{minute:02}")
}

/// `Tuesday 24 November 2026`
pub fn date_text(at: Timestamp, zone: &Zone) -> String {
    let Local {
        weekday,
        day,
        month,
        year,
        ..
    } = local(at, zone);
    format!("{} {day} {} {year}", word(&WEEKDAYS, weekday), word(&MONTHS, month))
}

/// `Tuesday 24 November 2026`, of a calendar day.
pub fn day_text(date: jiff::civil::Date) -> String {
    let Local {
        weekday,
        day,
        month,
        year,
        ..
    } = date.at(0, 0, 0, 0).into();
    format!("{} {day} {} {year}", word(&WEEKDAYS, weekday), word(&MONTHS, month))
}

/// `Tue 24 Nov 2026, 14:30`
fn full_text(at: Timestamp, zone: &Zone) -> String {
    let Local {
        weekday,
        day,
        month,
        year,
        hour,
        minute,
    } = local(at, zone);
    let short = |name: &'static str| name.get(..3).unwrap_or(name);
    format!(
        "{} {day} {} {year}, {hour:02}:{minute:02}",
        short(word(&WEEKDAYS, weekday)),
        short(word(&MONTHS, month))
    )
}

/// `Berlin time`, from `Europe/Berlin`.
fn zone_text(zone: &Zone) -> String {
    match zone.as_str().rsplit_once('/') {
        Some((_, city)) => format!("{} time", city.replace('_', " ")),
        None => zone.as_str().to_owned(),
    }
}

/// A stretch of time in words, to the unit that matters: `40 s`, `12 min`, `1 h 05 min`.
pub fn span_text(seconds: i64) -> String {
    let seconds = seconds.max(0);
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        _ => format!("{} h {:02} min", seconds / 3_600, seconds % 3_600 / 60),
    }
}

const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The n-th word, counted from 1.
fn word(words: &[&'static str], number: i8) -> &'static str {
    usize::try_from(number - 1)
        .ok()
        .and_then(|index| words.get(index))
        .copied()
        .unwrap_or("")
}

/// What calendar and clock show.
struct Local {
    /// From 1, Monday.
    weekday: i8,
    day: i8,
    month: i8,
    year: i16,
    hour: i8,
    minute: i8,
}

impl From<jiff::civil::DateTime> for Local {
    fn from(at: jiff::civil::DateTime) -> Self {
        Self {
            weekday: at.weekday().to_monday_one_offset(),
            day: at.day(),
            month: at.month(),
            year: at.year(),
            hour: at.hour(),
            minute: at.minute(),
        }
    }
}

fn local(at: Timestamp, zone: &Zone) -> Local {
    // The rules of the time zones are not in the browser part, because the browser has them.
    #[cfg(all(feature = "hydrate", target_arch = "wasm32"))]
    if let Some(civil) = browser::civil(at, zone) {
        return civil.into();
    }
    zone.at(at).datetime().into()
}

#[cfg(all(feature = "hydrate", target_arch = "wasm32"))]
mod browser {
    use anteroom_domain::time::Zone;
    use jiff::Timestamp;
    use jiff::civil::DateTime;
    use js_sys::{Array, Date, Function, Intl, Object, Reflect};
    use wasm_bindgen::{JsCast as _, JsValue};

    /// What the clocks of that zone show, from the browser's `Intl`. None for a zone that this browser does not know.
    pub fn civil(at: Timestamp, zone: &Zone) -> Option<DateTime> {
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
        let format: Intl::DateTimeFormat = format.unchecked_into();
        #[expect(
            clippy::cast_precision_loss,
            reason = "milliseconds of any calendar date are exact in a double"
        )]
        let date = Date::new(&JsValue::from_f64(at.as_millisecond() as f64));
        let text = format.format().call1(&JsValue::UNDEFINED, &date).ok()?.as_string()?;
        text.replace(' ', "T").parse().ok()
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
    }

    #[test]
    fn a_span_is_told_in_the_unit_that_matters() {
        assert_eq!(span_text(-4), "0 s");
        assert_eq!(span_text(59), "59 s");
        assert_eq!(span_text(725), "12 min");
        assert_eq!(span_text(3_900), "1 h 05 min");
    }
}

//! Dates and times as a language writes them. The patterns are CLDR's
//! (<https://www.unicode.org/reports/tr35/tr35-dates.html#Date_Format_Patterns>), with the letters that are used.

use jiff::civil::{Date, DateTime, Time, Weekday};
use serde::Deserialize;

use crate::Lang;

/// What `language.json` says under `time`.
#[derive(Debug, Deserialize)]
pub struct TimeFormats {
    /// January to December, as in a date.
    months: Vec<String>,
    months_short: Vec<String>,
    /// January to December, standing alone; where they are written otherwise than in a date.
    #[serde(default)]
    months_alone: Vec<String>,
    /// Monday to Sunday.
    weekdays: Vec<String>,
    weekdays_short: Vec<String>,
    /// Before and after noon, where the clock has twelve hours.
    #[serde(default)]
    halves: Vec<String>,
    /// `EEEE d MMMM y`
    date: String,
    /// `EEE d MMM y`
    date_short: String,
    /// `d/M`
    day_month: String,
    /// `MMMM y`
    month: String,
    /// `HH:mm`
    clock: String,
    /// A short date and a clock: `{1}, {0}`.
    moment: String,
    /// Two clocks: `{0}–{1}`.
    range: String,
    /// On which day a week begins: 1 is Monday.
    first_weekday: i8,
}

impl Lang {
    /// `Tuesday 24 November 2026`
    pub fn date(self, date: Date) -> String {
        self.pattern(&self.time_formats().date, date.at(0, 0, 0, 0))
    }

    /// `Tue 24 Nov 2026`
    pub fn date_short(self, date: Date) -> String {
        self.pattern(&self.time_formats().date_short, date.at(0, 0, 0, 0))
    }

    /// `24/11`
    pub fn day_month(self, date: Date) -> String {
        self.pattern(&self.time_formats().day_month, date.at(0, 0, 0, 0))
    }

    /// `November 2026`
    pub fn month(self, date: Date) -> String {
        self.pattern(&self.time_formats().month, date.at(0, 0, 0, 0))
    }

    /// `14:30`
    pub fn clock(self, time: Time) -> String {
        self.pattern(&self.time_formats().clock, Date::default().to_datetime(time))
    }

    /// `Tue 24 Nov 2026, 14:30`
    pub fn moment(self, at: DateTime) -> String {
        joined(
            &self.time_formats().moment,
            &self.clock(at.time()),
            &self.date_short(at.date()),
        )
    }

    /// `14:30–15:00`, of two texts.
    pub fn range(self, from: &str, to: &str) -> String {
        joined(&self.time_formats().range, from, to)
    }

    /// `Tue`
    pub fn weekday_short(self, weekday: Weekday) -> &'static str {
        nth(&self.time_formats().weekdays_short, weekday.to_monday_one_offset())
    }

    /// `Tuesday`
    pub fn weekday(self, weekday: Weekday) -> &'static str {
        nth(&self.time_formats().weekdays, weekday.to_monday_one_offset())
    }

    /// The day on which a week begins.
    pub fn first_weekday(self) -> Weekday {
        Weekday::from_monday_one_offset(self.time_formats().first_weekday).unwrap_or(Weekday::Monday)
    }

    fn pattern(self, pattern: &str, at: DateTime) -> String {
        let formats = self.time_formats();
        let mut text = String::new();
        let mut rest = pattern;
        while let Some(first) = rest.chars().next() {
            if first == '\'' {
                let inside = rest.get(1..).unwrap_or_default();
                let (literal, behind) = inside.split_once('\'').unwrap_or((inside, ""));
                // Two in a row are one.
                text.push_str(if literal.is_empty() { "'" } else { literal });
                rest = behind;
                continue;
            }
            let length = rest.chars().take_while(|c| *c == first).count();
            let (letters, behind) = rest.split_at(length * first.len_utf8());
            rest = behind;
            match letters {
                "y" => text.push_str(&at.year().to_string()),
                "M" | "L" => text.push_str(&at.month().to_string()),
                "MM" | "LL" => text.push_str(&format!("{:02}", at.month())),
                "MMM" => text.push_str(nth(&formats.months_short, at.month())),
                "MMMM" => text.push_str(nth(&formats.months, at.month())),
                "LLLL" if !formats.months_alone.is_empty() => text.push_str(nth(&formats.months_alone, at.month())),
                "LLLL" => text.push_str(nth(&formats.months, at.month())),
                "d" => text.push_str(&at.day().to_string()),
                "dd" => text.push_str(&format!("{:02}", at.day())),
                "EEE" => text.push_str(self.weekday_short(at.weekday())),
                "EEEE" => text.push_str(self.weekday(at.weekday())),
                "H" => text.push_str(&at.hour().to_string()),
                "HH" => text.push_str(&format!("{:02}", at.hour())),
                "h" => text.push_str(&twelve(at.hour()).to_string()),
                "hh" => text.push_str(&format!("{:02}", twelve(at.hour()))),
                "mm" => text.push_str(&format!("{:02}", at.minute())),
                "a" => text.push_str(nth(&formats.halves, if at.hour() < 12 { 1 } else { 2 })),
                other => text.push_str(other),
            }
        }
        text
    }
}

/// Two texts, put into a pattern with places for them.
fn joined(pattern: &str, zeroth: &str, first: &str) -> String {
    pattern.replace("{0}", zeroth).replace("{1}", first)
}

/// The hour on a clock of twelve.
fn twelve(hour: i8) -> i8 {
    match hour % 12 {
        0 => 12,
        hour => hour,
    }
}

/// The n-th, counted from 1.
fn nth(words: &'static [String], number: i8) -> &'static str {
    usize::try_from(number - 1)
        .ok()
        .and_then(|index| words.get(index))
        .map_or("", String::as_str)
}

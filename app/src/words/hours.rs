use anteroom_domain::time::OpeningHours;
use anteroom_i18n::Lang;
use jiff::civil::Time;

/// `09:00–17:30`
pub fn hours_text(lang: Lang, hours: OpeningHours) -> String {
    lang.range(&minute_text(lang, hours.opens), &minute_text(lang, hours.closes))
}

/// Of the minutes since midnight.
fn minute_text(lang: Lang, minutes: i16) -> String {
    let time = i8::try_from(minutes / 60)
        .ok()
        .and_then(|hour| Time::new(hour, i8::try_from(minutes % 60).ok()?, 0, 0).ok());
    // No clock shows the end of a day otherwise than its beginning.
    time.map_or_else(|| "24:00".to_owned(), |time| lang.clock(time))
}

#[cfg(test)]
mod tests {
    use anteroom_i18n::find;

    use super::*;

    #[test]
    fn opening_hours_are_told_by_the_clock_of_the_language() {
        let text = |tag: &str, opens, closes| hours_text(find(tag).unwrap().lang(), OpeningHours { opens, closes });
        assert_eq!(text("en", 540, 1050), "09:00–17:30");
        assert_eq!(text("es", 540, 1440), "9:00–24:00");
        assert_eq!(text("ar", 540, 1050), "9:00 ص–5:30 م");
    }
}

//! Forms: the text that people type, and the checks that turn it into values.
//!
//! The same checks run in the browser and on the server, and the server decides. A form holds the text as it was typed,
//! so that a page can show it again beside its errors. A field that a browser did not send is empty.

mod consultation;

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use crate::consultation::MAX_MINUTES;
use crate::text;

pub use consultation::{ConsultationForm, ConsultationPlan, GuestForm, GuestTerms};

/// The errors of a form: pairs of a field's name and a sentence. The empty name means the form as a whole.
///
/// The pairs keep the order in which they were added. A form is checked in the order of its fields on the page, so that
/// a person reads the sentences from top to bottom.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldErrors(
    /// Pairs of field and sentence.
    pub Vec<(String, String)>,
);

impl FieldErrors {
    /// One sentence about one field.
    pub fn one(field: &str, sentence: impl Into<String>) -> Self {
        let mut errors = Self::default();
        errors.add(field, sentence);
        errors
    }

    /// Adds a sentence, unless the field has one already: a page shows one sentence a field.
    pub fn add(&mut self, field: &str, sentence: impl Into<String>) {
        if self.get(field).is_none() {
            self.0.push((field.to_owned(), sentence.into()));
        }
    }

    /// The sentence about this field.
    pub fn get(&self, field: &str) -> Option<String> {
        let mut of_field = self.0.iter().filter(|(name, _)| name == field);
        of_field.next().map(|(_, sentence)| sentence.clone())
    }

    /// The names of all fields that have a sentence, in order.
    pub fn fields(&self) -> Vec<&str> {
        self.0.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the value of a check that succeeded, or adds the sentence of one that failed and returns None.
    pub fn take<T, E: ToString>(&mut self, field: &str, result: Result<T, E>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(sentence) => {
                self.add(field, sentence.to_string());
                None
            }
        }
    }
}

/// The longest free text for staff, in characters.
pub const MAX_NOTES_CHARS: usize = 4_000;
/// The longest reason for a cancellation or a declination, in characters.
pub const MAX_REASON_CHARS: usize = 500;

/// Checks a free text of up to `most` characters, which may be empty or have several lines.
pub fn check_text(text: &str, most: usize) -> Result<String, String> {
    let text = text::many_lines(text);
    if text.chars().count() > most {
        return Err(format!("Use at most {most} characters."));
    }
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err("The text holds characters that can't be shown; type it anew.".into());
    }
    Ok(text)
}

/// Checks the length of a consultation: 5 to [`MAX_MINUTES`] minutes.
pub fn check_minutes(text: &str) -> Result<u16, String> {
    match text.trim().parse::<u16>() {
        Ok(minutes) if (5..=MAX_MINUTES).contains(&minutes) => Ok(minutes),
        _ => Err(format!("Enter a length between 5 and {MAX_MINUTES} minutes.")),
    }
}

/// Checks a date of the years 2000 to 2200, written `YYYY-MM-DD` as `<input type=date>` sends it.
pub fn check_date(text: &str) -> Result<Date, &'static str> {
    const ADVICE: &str = "Enter a date as YYYY-MM-DD, such as 2027-03-01.";
    let date: Date = text.trim().parse().map_err(|_| ADVICE)?;
    if (2000..=2200).contains(&date.year()) {
        Ok(date)
    } else {
        Err(ADVICE)
    }
}

/// Checks a time of day, written `HH:MM` as `<input type=time>` sends it. Seconds are accepted and ignored.
pub fn check_time(text: &str) -> Result<Time, &'static str> {
    const ADVICE: &str = "Enter a time as HH:MM, such as 14:30.";
    let text = text.trim();
    let (hour, minute) = text.split_once(':').ok_or(ADVICE)?;
    let minute = minute.split(':').next().unwrap_or(minute);
    let (hour, minute) = (hour.parse().map_err(|_| ADVICE)?, minute.parse().map_err(|_| ADVICE)?);
    Time::new(hour, minute, 0, 0).map_err(|_| ADVICE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_keeps_its_first_sentence() {
        let mut errors = FieldErrors::one("b", "first");
        errors.add("a", "other");
        errors.add("b", "second");
        assert_eq!(errors.fields(), ["b", "a"]);
        assert_eq!(errors.get("b").as_deref(), Some("first"));
        assert_eq!(errors.get("c"), None);
    }
}

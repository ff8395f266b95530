//! What people type, and the rules that turn it into values. The same rules run in the browser and on the server; the
//! server's word counts. A form holds the text as it was typed, so that it can be shown again beside its errors.

mod consultation;

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use crate::consultation::MAX_MINUTES;
use crate::text;

pub use consultation::{ConsultationForm, ConsultationPlan, GuestForm, GuestTerms};

/// Sentences by the name of the field they belong to; the empty name is the form as a whole. They stand in the order in
/// which they were found: each form is checked in the order of its fields, so that a person reads them from top to bottom.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldErrors(pub Vec<(String, String)>);

impl FieldErrors {
    pub fn one(field: &str, sentence: impl Into<String>) -> Self {
        let mut errors = Self::default();
        errors.add(field, sentence);
        errors
    }

    /// One sentence a field: the first.
    pub fn add(&mut self, field: &str, sentence: impl Into<String>) {
        if self.get(field).is_none() {
            self.0.push((field.to_owned(), sentence.into()));
        }
    }

    pub fn get(&self, field: &str) -> Option<String> {
        let mut of_field = self.0.iter().filter(|(name, _)| name == field);
        of_field.next().map(|(_, sentence)| sentence.clone())
    }

    /// The fields, in order.
    pub fn fields(&self) -> Vec<&str> {
        self.0.iter().map(|(name, _)| name.as_str()).collect()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value, or None with the sentence noted.
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

/// Longest free text for staff.
pub const MAX_NOTES_CHARS: usize = 4_000;
/// Longest reason that a guest or clerk gives for a cancellation.
pub const MAX_REASON_CHARS: usize = 500;

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

pub fn check_minutes(text: &str) -> Result<u16, String> {
    match text.trim().parse::<u16>() {
        Ok(minutes) if (5..=MAX_MINUTES).contains(&minutes) => Ok(minutes),
        _ => Err(format!("Enter a length between 5 and {MAX_MINUTES} minutes.")),
    }
}

/// `YYYY-MM-DD`, as `<input type=date>` sends it.
pub fn check_date(text: &str) -> Result<Date, &'static str> {
    const ADVICE: &str = "Enter a date as YYYY-MM-DD, such as 2027-03-01.";
    let date: Date = text.trim().parse().map_err(|_| ADVICE)?;
    if (2000..=2200).contains(&date.year()) {
        Ok(date)
    } else {
        Err(ADVICE)
    }
}

/// `HH:MM`, as `<input type=time>` sends it.
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

use anteroom_i18n::Lang;
use serde::{Deserialize, Serialize};

use crate::words::Sentence;

/// The errors of a form: pairs of a field's name and a sentence. The empty name means the form as a whole.
///
/// The pairs keep the order in which they were added. A form is parsed in the order of its fields on the page, so that a
/// person reads the sentences from top to bottom.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldErrors(pub Vec<(String, String)>);

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

    /// Returns the value of a field that could be read, or adds the sentence about one that could not and returns None.
    pub fn take<T, E: Sentence>(&mut self, lang: Lang, field: &str, result: Result<T, E>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.add(field, error.sentence(lang));
                None
            }
        }
    }
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

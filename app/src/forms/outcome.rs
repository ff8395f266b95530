use anteroom_domain::consultation::{Conclusion, Consultation};
use anteroom_domain::value::Notes;
use anteroom_i18n::Lang;
use serde::{Deserialize, Serialize};

use super::FieldErrors;

/// The form with which a clerk notes what came of a consultation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OutcomeForm {
    pub outcome: String,
    /// How it was left; empty where nobody said.
    pub conclusion: String,
}

impl OutcomeForm {
    /// Filled from a consultation.
    pub fn of(consultation: &Consultation) -> Self {
        Self {
            outcome: consultation.outcome.clone(),
            conclusion: consultation.conclusion.map_or("", <&str>::from).to_owned(),
        }
    }

    pub fn parse(&self, lang: Lang) -> Result<(Option<Conclusion>, Notes), FieldErrors> {
        let mut errors = FieldErrors::default();
        let outcome = errors.take(lang, "outcome", self.outcome.parse()).ok_or(errors)?;
        Ok((self.conclusion.parse().ok(), outcome))
    }
}

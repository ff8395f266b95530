use anteroom_domain::value::Reason;
use anteroom_i18n::Lang;
use serde::{Deserialize, Serialize};

use super::FieldErrors;

/// The form with which staff cancel a consultation, or a guest says that they can't come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CancelForm {
    pub reason: String,
}

impl CancelForm {
    pub fn parse(&self, lang: Lang) -> Result<Reason, FieldErrors> {
        let mut errors = FieldErrors::default();
        errors.take(lang, "reason", self.reason.parse()).ok_or(errors)
    }
}

use anteroom_domain::time::Zone;
use anteroom_domain::value::{EmailAddress, Name};
use anteroom_i18n::Lang;
use serde::{Deserialize, Serialize};

use super::FieldErrors;

/// The form with which somebody registers for a launch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RegisterForm {
    pub name: String,
    pub email: String,
    /// What the browser says of itself; empty without scripts.
    pub zone: String,
}

impl RegisterForm {
    /// What the browser says of itself is left out where we don't know it.
    pub fn parse(&self, lang: Lang) -> Result<(Name, EmailAddress, Option<Zone>), FieldErrors> {
        let mut errors = FieldErrors::default();
        let name = errors.take(lang, "name", self.name.parse());
        let email = errors.take(lang, "email", self.email.parse());
        let (Some(name), Some(email)) = (name, email) else {
            return Err(errors);
        };
        Ok((name, email, self.zone.parse().ok()))
    }
}

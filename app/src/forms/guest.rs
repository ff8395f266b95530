use anteroom_domain::guest::{Guest, GuestTerms};
use anteroom_domain::refusal::GuestRefusal;
use anteroom_domain::time::Zone;
use anteroom_domain::value::optional;
use anteroom_i18n::Lang;
use serde::{Deserialize, Serialize};

use super::{FieldErrors, known_language};
use crate::words::Sentence as _;

/// The form with which staff add or edit a guest. When scheduling, it is a part of the form of the consultation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GuestForm {
    pub name: String,
    /// Empty: none; then a telephone number is required.
    pub email: String,
    pub phone: String,
    /// A BCP 47 tag.
    pub language: String,
    /// Empty: the zone in which the time was agreed.
    pub zone: String,
}

impl GuestForm {
    /// Filled from a guest.
    pub fn of(guest: &Guest) -> Self {
        Self {
            name: guest.name.clone(),
            email: guest.email.clone(),
            phone: guest.phone.clone(),
            language: guest.language.clone(),
            zone: guest.zone.to_string(),
        }
    }

    /// The values, or what is wrong with each field.
    pub fn parse(&self, lang: Lang) -> Result<GuestTerms, FieldErrors> {
        let mut errors = FieldErrors::default();
        let name = errors.take(lang, "name", self.name.parse());
        let email = errors.take(lang, "email", optional(&self.email));
        let phone = errors.take(lang, "phone", optional(&self.phone));
        if email == Some(None) && phone == Some(None) {
            errors.add("email", GuestRefusal::NoContact.sentence(lang));
        }
        let language = errors.take(lang, "language", known_language(&self.language));
        let zone = errors.take(lang, "zone", optional::<Zone>(&self.zone));
        match (name, email, phone, language, zone) {
            (Some(name), Some(email), Some(phone), Some(language), Some(zone)) if errors.is_empty() => Ok(GuestTerms {
                name,
                email,
                phone,
                language,
                zone,
            }),
            _ => Err(errors),
        }
    }
}

use anteroom_domain::organisation::{Branch, BranchTerms};
use anteroom_domain::time::{OpeningHours, Zone};
use anteroom_domain::value::{check_time, optional};
use anteroom_i18n::{Lang, text};
use serde::{Deserialize, Serialize};

use super::FieldErrors;

/// The form of a branch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BranchForm {
    pub name: String,
    /// By city or by IANA name.
    pub zone: String,
    /// `HH:MM`.
    pub opens: String,
    /// `HH:MM`.
    pub closes: String,
    /// Empty: none.
    pub phone: String,
    /// Empty: none.
    pub email: String,
    /// Empty: none.
    pub address: String,
}

impl BranchForm {
    /// Filled from a branch.
    pub fn of(branch: &Branch) -> Self {
        Self {
            name: branch.name.clone(),
            zone: branch.zone.to_string(),
            opens: branch.hours.opens_at(),
            closes: branch.hours.closes_at(),
            phone: branch.contact.phone.clone(),
            email: branch.contact.email.clone(),
            address: branch.contact.address.clone(),
        }
    }

    /// The values, or what is wrong with each field.
    pub fn parse(&self, lang: Lang) -> Result<BranchTerms, FieldErrors> {
        let mut errors = FieldErrors::default();
        let name = errors.take(lang, "name", self.name.parse());
        let zone = errors.take(lang, "zone", self.zone.parse::<Zone>());
        let opens = minute_of(lang, &mut errors, "opens", &self.opens);
        let closes = minute_of(lang, &mut errors, "closes", &self.closes);
        if errors.is_empty() && closes <= opens {
            errors.add("closes", text!(lang, admin::refusal::closes_first));
        }
        let phone = errors.take(lang, "phone", optional(&self.phone));
        let email = errors.take(lang, "email", optional(&self.email));
        let address = errors.take(lang, "address", self.address.parse());
        match (name, zone, phone, email, address) {
            (Some(name), Some(zone), Some(phone), Some(email), Some(address)) if errors.is_empty() => Ok(BranchTerms {
                name,
                zone,
                hours: OpeningHours { opens, closes },
                phone,
                email,
                address,
            }),
            _ => Err(errors),
        }
    }
}

/// The minutes after midnight of a time of day. After an error any value will do, because the form fails.
fn minute_of(lang: Lang, errors: &mut FieldErrors, field: &str, text: &str) -> i16 {
    errors
        .take(lang, field, check_time(text))
        .map_or(0, |time| i16::from(time.hour()) * 60 + i16::from(time.minute()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::lang;

    #[test]
    fn everything_that_is_wrong_with_a_branch_is_said_from_top_to_bottom() {
        let branch = BranchForm {
            phone: "ask Anna".into(),
            ..BranchForm::default()
        };
        let wrong = branch.parse(lang()).unwrap_err();
        assert_eq!(wrong.fields(), ["name", "zone", "opens", "closes", "phone"]);
    }
}

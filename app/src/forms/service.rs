use anteroom_domain::id::BranchId;
use anteroom_domain::organisation::{Engine, Service, ServiceTerms};
use anteroom_i18n::Lang;
use serde::{Deserialize, Serialize};

use super::{FieldErrors, Unchosen, ticked};

/// The form of a service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ServiceForm {
    /// The id of the branch.
    pub branch: String,
    pub name: String,
    /// The usual length of a consultation.
    pub minutes: String,
    /// Empty: 0.
    pub buffer_before: String,
    /// Empty: 0.
    pub buffer_after: String,
    /// `builtin` or `teams`. Empty: `builtin`.
    pub engine: String,
    /// A checkbox.
    pub admit_first: String,
    /// Empty: guests are asked nothing.
    pub consent: String,
    /// A checkbox.
    pub active: String,
}

impl ServiceForm {
    /// Filled from a service.
    pub fn of(service: &Service) -> Self {
        Self {
            branch: service.branch.to_string(),
            name: service.name.clone(),
            minutes: service.minutes.to_string(),
            buffer_before: service.buffer_before.to_string(),
            buffer_after: service.buffer_after.to_string(),
            engine: service.engine.into_str().to_owned(),
            admit_first: ticked(service.admit_first),
            consent: service.consent.clone().map(|consent| consent.text).unwrap_or_default(),
            active: ticked(service.active),
        }
    }

    /// The values, or what is wrong with each field.
    pub fn parse(&self, lang: Lang) -> Result<ServiceTerms, FieldErrors> {
        let mut errors = FieldErrors::default();
        let branch = errors.take(lang, "branch", self.branch.trim().parse().map_err(|_| Unchosen::Branch));
        let name = errors.take(lang, "name", self.name.parse());
        let minutes = errors.take(lang, "minutes", self.minutes.parse());
        let before = errors.take(lang, "buffer_before", self.buffer_before.parse());
        let after = errors.take(lang, "buffer_after", self.buffer_after.parse());
        let engine = match self.engine.trim() {
            "" => Some(Engine::Builtin),
            word => errors.take(lang, "engine", word.parse::<Engine>().map_err(|_| Unchosen::Places)),
        };
        let consent = errors.take(lang, "consent", self.consent.parse());
        match (branch, name, minutes, before, after, engine, consent) {
            (
                Some(branch),
                Some(name),
                Some(minutes),
                Some(buffer_before),
                Some(buffer_after),
                Some(engine),
                Some(consent),
            ) => Ok(ServiceTerms {
                branch: BranchId(branch),
                name,
                minutes,
                buffer_before,
                buffer_after,
                engine,
                admit_first: !self.admit_first.is_empty(),
                consent,
                active: !self.active.is_empty(),
            }),
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use anteroom_domain::value::MAX_CONSENT_CHARS;

    use super::*;
    use crate::language::lang;

    #[test]
    fn everything_that_is_wrong_with_a_service_is_said_from_top_to_bottom() {
        let service = ServiceForm {
            buffer_before: "x".into(),
            buffer_after: "x".into(),
            engine: "x".into(),
            consent: "x".repeat(MAX_CONSENT_CHARS + 1),
            ..ServiceForm::default()
        };
        let all = [
            "branch",
            "name",
            "minutes",
            "buffer_before",
            "buffer_after",
            "engine",
            "consent",
        ];
        assert_eq!(service.parse(lang()).unwrap_err().fields(), all);
    }

    #[test]
    fn a_service_is_as_long_as_a_consultation_may_be() {
        let form = |minutes: &str| ServiceForm {
            branch: "1".into(),
            name: "Advice".into(),
            minutes: minutes.into(),
            ..ServiceForm::default()
        };
        assert_eq!(form("480").parse(lang()).unwrap().minutes.get(), 480);
        assert_eq!(form("481").parse(lang()).unwrap_err().fields(), ["minutes"]);
    }

    #[test]
    fn what_guests_agree_to_is_short_enough_to_be_read_or_nothing() {
        let asks = |text: &str| ServiceForm {
            branch: "1".into(),
            name: "Advice".into(),
            minutes: "30".into(),
            consent: text.into(),
            ..ServiceForm::default()
        };
        assert!(asks(" \n ").parse(lang()).unwrap().consent.is_empty());
        let long = "x".repeat(MAX_CONSENT_CHARS);
        assert_eq!(&*asks(&long).parse(lang()).unwrap().consent, long);
        assert_eq!(
            asks(&format!("{long}x")).parse(lang()).unwrap_err().fields(),
            ["consent"]
        );
    }
}

//! How a use case's refusal is answered: with which status, and with which sentence at which field.

use anteroom_domain::refusal::{
    AccountRefusal, ConsultationRefusal, GuestRefusal, OrganisationRefusal, Part, ReportRefusal,
};
use anteroom_i18n::{Lang, text};
use anteroom_service::{Error, JoinError, SignInError};
use http::StatusCode;
use jiff::Timestamp;

use super::Sentence;
use crate::api::ApiError;
use crate::forms::FieldErrors;

/// What was asked for is not done.
#[derive(Debug)]
pub enum NotDone {
    /// The form makes no command.
    Form(FieldErrors),
    /// The command was refused, or failed.
    Refused(Error),
}

impl From<FieldErrors> for NotDone {
    fn from(errors: FieldErrors) -> Self {
        Self::Form(errors)
    }
}

impl From<Error> for NotDone {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

/// What whoever asked is told.
#[derive(Debug)]
pub struct Told {
    pub status: StatusCode,
    /// The sentences, each by the name of the field that it stands at.
    pub errors: FieldErrors,
    /// Other times that would do.
    pub free: Vec<Timestamp>,
}

impl Told {
    fn one(status: StatusCode, field: &str, sentence: impl Into<String>) -> Self {
        Self {
            status,
            errors: FieldErrors::one(field, sentence),
            free: Vec::new(),
        }
    }

    /// What a fault of ours is told as is another's matter: it is logged where it is answered.
    pub fn of(not_done: NotDone, lang: Lang) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let error = match not_done {
            NotDone::Form(errors) => {
                return Ok(Self {
                    status: StatusCode::UNPROCESSABLE_ENTITY,
                    errors,
                    free: Vec::new(),
                });
            }
            NotDone::Refused(error) => error,
        };
        Ok(match error {
            Error::NotFound => Self::one(StatusCode::NOT_FOUND, "", ApiError::NotFound.sentence(lang)),
            Error::Forbidden => Self::one(StatusCode::FORBIDDEN, "", ApiError::Forbidden.sentence(lang)),
            Error::Consultation(refusals) => of_consultation(refusals, lang),
            Error::Guest(refusal) => {
                let (status, field) = match refusal {
                    GuestRefusal::NoContact | GuestRefusal::AddressTaken => (StatusCode::UNPROCESSABLE_ENTITY, "email"),
                    _ => (StatusCode::CONFLICT, ""),
                };
                Self::one(status, field, refusal.sentence(lang))
            }
            Error::Visit(refusal) => Self::one(StatusCode::CONFLICT, "", refusal.sentence(lang)),
            Error::Account(refusal) => {
                let (status, field) = match refusal {
                    AccountRefusal::SetUpAlready => (StatusCode::CONFLICT, ""),
                    AccountRefusal::AddressTaken => (StatusCode::UNPROCESSABLE_ENTITY, "email"),
                    AccountRefusal::BranchMissing => (StatusCode::UNPROCESSABLE_ENTITY, "branch"),
                    AccountRefusal::WrongPassword => (StatusCode::UNPROCESSABLE_ENTITY, "current"),
                    AccountRefusal::OwnAccess | AccountRefusal::LastAdmin => (StatusCode::UNPROCESSABLE_ENTITY, ""),
                    AccountRefusal::Password(_)
                    | AccountRefusal::PasswordGuessable
                    | AccountRefusal::SamePassword
                    | AccountRefusal::OwnPassword => (StatusCode::UNPROCESSABLE_ENTITY, "password"),
                };
                Self::one(status, field, refusal.sentence(lang))
            }
            Error::Organisation(refusal) => {
                let field = match refusal {
                    OrganisationRefusal::NameTaken => "name",
                    OrganisationRefusal::UnknownBranch | OrganisationRefusal::ServiceStays => "branch",
                    OrganisationRefusal::TooManyTenants { .. } => "tenants",
                };
                Self::one(StatusCode::UNPROCESSABLE_ENTITY, field, refusal.sentence(lang))
            }
            Error::Report(refusal) => {
                let field = match refusal {
                    ReportRefusal::TooManyRows { .. } => "",
                    _ => "to",
                };
                Self::one(StatusCode::UNPROCESSABLE_ENTITY, field, refusal.sentence(lang))
            }
            Error::TooManyAttempts { minutes } => Self::one(
                StatusCode::TOO_MANY_REQUESTS,
                "",
                text!(lang, staff::sign_in::too_many_attempts { count: minutes }),
            ),
            Error::TooOften => Self::one(StatusCode::TOO_MANY_REQUESTS, "", text!(lang, guest::answer::too_often)),
            Error::Busy => Self::one(StatusCode::SERVICE_UNAVAILABLE, "", text!(lang, guest::answer::busy)),
            Error::Internal(source) => return Err(source),
        })
    }

    /// All of it in one text, where there are no fields to say it at.
    pub fn text(&self) -> String {
        let sentences: Vec<&str> = self.errors.0.iter().map(|(_, sentence)| sentence.as_str()).collect();
        sentences.join(" ")
    }

    /// With the sentences of one field at another, as the form calls it.
    #[must_use]
    pub fn at(mut self, field: &str, other: &str) -> Self {
        for (name, _) in &mut self.errors.0 {
            if name == field {
                other.clone_into(name);
            }
        }
        self
    }
}

fn of_consultation(refusals: Vec<ConsultationRefusal>, lang: Lang) -> Told {
    let mut told = Told {
        status: StatusCode::UNPROCESSABLE_ENTITY,
        errors: FieldErrors::default(),
        free: Vec::new(),
    };
    for refusal in refusals {
        let field = match &refusal {
            ConsultationRefusal::InvalidTransition(_)
            | ConsultationRefusal::Over
            | ConsultationRefusal::Stale { .. } => {
                told.status = StatusCode::CONFLICT;
                ""
            }
            ConsultationRefusal::HostBusy { free, .. } => {
                told.status = StatusCode::CONFLICT;
                told.free.clone_from(free);
                "time"
            }
            ConsultationRefusal::TimePassed => "time",
            ConsultationRefusal::LengthPassed => "minutes",
            ConsultationRefusal::Fixed { part, .. } => match part {
                Part::Service => "service",
                Part::Host => "host",
                Part::Start => "time",
                Part::Length => "minutes",
                Part::Place => "engine",
            },
            ConsultationRefusal::UnknownService | ConsultationRefusal::ServiceOfOtherBranch => "service",
            ConsultationRefusal::HostOfOtherBranch => "host",
            ConsultationRefusal::TeamsOff(_) => "engine",
            ConsultationRefusal::WebinarsOff => "webinar",
            ConsultationRefusal::MeetingMissing { .. } | ConsultationRefusal::ForeignMeeting(_) => "meeting",
        };
        told.errors.add(field, refusal.sentence(lang));
    }
    told
}

impl Sentence for SignInError {
    fn sentence(&self, lang: Lang) -> String {
        let sentence = match self {
            Self::Wrong => text!(lang, staff::sign_in::wrong),
            Self::TooMany { minutes } => return text!(lang, staff::sign_in::too_many_attempts { count: minutes }),
            Self::Given => text!(lang, staff::sign_in::password_given),
            Self::Busy => text!(lang, staff::sign_in::busy),
            Self::Other(_) => "",
        };
        sentence.to_owned()
    }
}

impl Sentence for JoinError {
    fn sentence(&self, lang: Lang) -> String {
        let sentence = match self {
            Self::Unknown => text!(lang, guest::join::unknown_link),
            Self::TooEarly => text!(lang, guest::join::too_early),
            Self::Over => text!(lang, guest::join::over),
            Self::Declined => text!(lang, guest::join::declined),
            Self::Removed => text!(lang, guest::join::removed),
            Self::InvitationDeclined => text!(lang, guest::join::invitation_declined),
            Self::ConsentMissing => text!(lang, guest::join::consent_missing),
            Self::ConsentChanged => text!(lang, guest::join::consent_changed),
            Self::TooOften => text!(lang, guest::join::too_often),
            Self::Other(_) => "",
        };
        sentence.to_owned()
    }
}

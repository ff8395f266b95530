use anteroom_domain::trouble::Trouble;
use anteroom_http::{Answer, Failure};
use http::StatusCode;

use crate::teams::error::{code, message};

/// What an administrator forgot, in a sentence with what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GraphTrouble {
    #[error(
        "The application may not make meetings: in Entra’s admin centre, under API permissions of the application \
         {application}, add Microsoft Graph’s application permission OnlineMeetings.ReadWrite.All and grant admin \
         consent. Then wait a minute."
    )]
    MissingConsent { application: String },
    #[error(
        "No application access policy lets the application make meetings for {user}: in Teams PowerShell, run \
         `New-CsApplicationAccessPolicy -Identity Anteroom -AppIds \"{application}\"`, then \
         `Grant-CsApplicationAccessPolicy -PolicyName Anteroom -Identity \"{user}\"`, or the latter with `-Global` for \
         everyone. It takes up to 30 minutes."
    )]
    MissingAccessPolicy { application: String, user: String },
    #[error(
        "Entra knows no user {user}: give the host the object ID that Entra’s admin centre shows on the user’s page, and \
         check that the user has a licence for Teams."
    )]
    UnknownUser { user: String },
    #[error("{0}")]
    Failed(Failure),
}

impl GraphTrouble {
    /// Graph says all of it with the same few codes; its words tell more, and changed once.
    pub(crate) fn of(answer: &Answer, application: &str, user: &str) -> Option<Self> {
        if answer.status != StatusCode::FORBIDDEN {
            return None;
        }
        let message = message(answer).to_ascii_lowercase();
        let is_policy = message.contains("application access policy")
            || message.contains("on behalf of user")
            || code(answer).as_deref() == Some("Unauthorized");
        let application = application.to_owned();
        Some(if is_policy {
            Self::MissingAccessPolicy {
                application,
                user: user.to_owned(),
            }
        } else {
            Self::MissingConsent { application }
        })
    }
}

impl From<Failure> for GraphTrouble {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// For an admin.
impl From<&GraphTrouble> for Trouble {
    fn from(trouble: &GraphTrouble) -> Self {
        match trouble.clone() {
            GraphTrouble::MissingConsent { application } => Self::ConsentMissing { application },
            GraphTrouble::MissingAccessPolicy { application, user } => Self::AccessPolicyMissing { application, user },
            GraphTrouble::UnknownUser { user } => Self::UserUnknown { user },
            GraphTrouble::Failed(failure) => Self::from(&failure),
        }
    }
}

use serde::{Deserialize, Serialize};

/// What can be asked for, and so what can be counted, limited and made to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Operation {
    /// With or without a token in the same call.
    #[serde(rename = "identity.create")]
    CreateIdentity,
    #[serde(rename = "identity.issue")]
    IssueToken,
    #[serde(rename = "identity.revoke")]
    RevokeTokens,
    #[serde(rename = "identity.delete")]
    DeleteIdentity,
    #[serde(rename = "token.client")]
    ClientToken,
    #[serde(rename = "token.managed")]
    ManagedToken,
    #[serde(rename = "meeting.createOrGet")]
    CreateOrGetMeeting,
    #[serde(rename = "meeting.get")]
    GetMeeting,
    #[serde(rename = "meeting.update")]
    UpdateMeeting,
    #[serde(rename = "meeting.delete")]
    DeleteMeeting,
}

/// Whose headers and whose shape of errors an operation has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    Acs,
    Entra,
    Graph,
}

impl Operation {
    pub fn family(self) -> Family {
        match self {
            Self::CreateIdentity | Self::IssueToken | Self::RevokeTokens | Self::DeleteIdentity => Family::Acs,
            Self::ClientToken | Self::ManagedToken => Family::Entra,
            Self::CreateOrGetMeeting | Self::GetMeeting | Self::UpdateMeeting | Self::DeleteMeeting => Family::Graph,
        }
    }
}

//! What one participant needs to enter the meeting on its engine. Minted by the server after admission, short-lived.

use anteroom_domain::teams::link::OpenInTeams;
use anteroom_domain::visit::Publish;
use serde::{Deserialize, Serialize};

use crate::teams::{ChatOff, MeetingLocator, TeamsToken};

/// Credentials, told apart by engine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "engine", rename_all = "snake_case")]
pub enum Credentials {
    /// Media is negotiated over this very socket; there is nothing else to hold.
    Builtin {
        /// What this participant may send.
        publish: Publish,
    },
    /// A guest's, for Teams through Azure Communication Services.
    Teams(Box<TeamsCredentials>),
    /// A clerk's: they sit in their own Teams client, and this page keeps the lobby and the chat beside it.
    TeamsHost {
        /// The way into the meeting.
        open: OpenInTeams,
    },
}

/// What the Calling SDK needs to bring one guest into one Teams meeting.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamsCredentials {
    /// The path of the module that joins, on our own site.
    pub client: String,
    /// The access token of Azure Communication Services.
    pub token: TeamsToken,
    /// The identity that the token is for: `8:acs:…`.
    pub user: String,
    /// The display name in the meeting.
    pub name: String,
    /// Which meeting.
    pub locator: MeetingLocator,
    /// What this participant may send.
    pub publish: Publish,
    /// The endpoint of the meeting's chat; None: only our own chat.
    pub chat: Option<String>,
    /// Why there is only our own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_off: Option<ChatOff>,
    /// The way into the meeting that always works.
    pub open: OpenInTeams,
}

/// Says nothing of what opens a meeting.
impl std::fmt::Debug for TeamsCredentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TeamsCredentials(…)")
    }
}

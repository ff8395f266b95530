//! What only meetings on Microsoft Teams need to say.

use anteroom_domain::teams::Announcement;
use anteroom_domain::teams::link::OpenInTeams;
use anteroom_domain::visit::TeamsPresence;
use serde::{Deserialize, Serialize};

/// Why what a guest writes does not go into the meeting's own chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatOff {
    /// The organisation does not use it (`teams.chat`).
    NotUsed,
    /// Microsoft has taken it away from guests of other sites (30 September 2028).
    Retired,
    /// A channel's meeting has its chat in the channel, where guests are not.
    Channel,
    /// Teams does not let the guest write there.
    Forbidden,
    /// The guest had it, and it is over.
    Ended,
    /// It could not be opened.
    Failed,
}

/// An access token of Azure Communication Services.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamsToken {
    /// The token itself, which is never looked into.
    pub token: String,
    /// As the service wrote it, RFC 3339.
    pub expires_on: String,
}

impl std::fmt::Debug for TeamsToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TeamsToken(…)")
    }
}

/// What the Calling SDK is given to find the meeting: the SDK's own `TeamsMeetingLinkLocator` or
/// `TeamsMeetingIdLocator`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum MeetingLocator {
    /// By its join link.
    Link {
        /// The link, as Teams prints it.
        link: String,
    },
    /// By its number.
    Id {
        /// The meeting ID, digits only.
        id: String,
        /// The passcode that goes with it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        passcode: Option<String>,
    },
}

/// From a participant's Teams client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "m", rename_all = "snake_case", deny_unknown_fields)]
pub enum TeamsFromClient {
    /// Asks for a fresh token; answered by [`TeamsFromServer::Token`].
    Refresh,
    /// Asks again for credentials, after they could not be had or the meeting was lost.
    Again,
    /// Where the client is.
    Presence {
        /// Joining, in Teams' lobby, or in.
        presence: TeamsPresence,
        /// Is somebody in the meeting who is signed in to Teams, and so no guest of this kind?
        #[serde(default)]
        with_host: bool,
    },
    /// The call is over, with the SDK's codes.
    Ended {
        /// `CallEndReason.code`.
        code: i32,
        /// `CallEndReason.subCode`.
        sub_code: i32,
    },
    /// The page shows this announcement, in this version of its text.
    Shown {
        /// Which one.
        notice: Announcement,
        /// The version of its text.
        version: u16,
    },
    /// The participant agreed to being recorded, by this version of the text.
    Agreed {
        /// The version of the text.
        version: u16,
    },
    /// A message was sent into the meeting's own chat.
    Wrote,
}

/// About a participant's Teams credentials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "m", rename_all = "snake_case")]
pub enum TeamsFromServer {
    /// A fresh token.
    Token {
        /// The token.
        token: TeamsToken,
    },
    /// Many guests come at once, and the service issues so many identities in a while.
    Queue {
        /// The participant's position; 1 is next.
        position: u32,
    },
    /// No credentials can be had now: a sentence, and the way that always works. The seat goes on.
    Unavailable {
        /// What the participant reads.
        text: String,
        /// The way into the meeting in Microsoft's own client.
        open: Option<OpenInTeams>,
    },
}

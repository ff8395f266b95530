//! Where a Teams meeting is: a link in one of its many forms, or a meeting ID with its passcode. Hosts and paths are
//! compared whole, never by a prefix; what is kept is only what a meeting's address needs, so that nothing of the text
//! that somebody pasted travels on.
//!
//! The forms are those of Microsoft Graph (`joinWebUrl`, `joinMeetingIdSettings`), of invitations, of Bookings
//! (`visit.teams.microsoft.com`), of the web client's own addresses, and of Safe Links.
//!
//! There is no kind for webinars, because no link tells one: a webinar's join link (`/l/meetup-join`, `/meet`) has the
//! form of any meeting's and is taken as such. What can be told are the pages where people register for a webinar or
//! watch a town hall; they lead into no call, and are refused. A setting that is to refuse webinars needs Graph.

mod address;
mod describe;
mod error;
mod filter;
mod find;
mod id;
mod parse;
mod percent;
mod print;
#[cfg(test)]
mod tests;
mod unwrap;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use describe::Description;
pub use error::LinkError;

/// Which of Microsoft's clouds a meeting is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cloud {
    Public,
    /// Azure Government; only an Azure Communication Services resource of that cloud gets in.
    GccHigh,
}

/// A Teams meeting, written in one way however it was pasted.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum MeetingLink {
    /// `/l/meetup-join/<thread>/<message>?context=…`
    Thread {
        cloud: Cloud,
        /// `19:meeting_…@thread.v2`
        thread: String,
        /// Of a channel's conversation; `0` elsewhere.
        message: String,
        tenant: String,
        organizer: String,
    },
    /// `/meet/<id>?p=…`; `p` is not the passcode that people type.
    Short {
        cloud: Cloud,
        id: String,
        key: Option<String>,
    },
    Id {
        id: String,
        passcode: Option<String>,
    },
}

/// What a clerk wants to know of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Meeting,
    /// Of a channel: guests see and hear, and have no chat.
    Channel,
    Short,
    IdAndPasscode,
}

/// The way in that always works: Microsoft's own client, as an anonymous guest.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum OpenInTeams {
    Link(String),
    /// A page that asks for both.
    AskForId {
        page: String,
        id: String,
        passcode: Option<String>,
    },
}

/// It opens a meeting.
impl fmt::Debug for OpenInTeams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OpenInTeams(…)")
    }
}

/// <https://support.microsoft.com/office/join-a-meeting-in-microsoft-teams-1613bb53-f3fa-431e-85a9-d6a91e3468c9>
const JOIN_BY_ID: &str = "https://www.microsoft.com/microsoft-teams/join-a-meeting";

impl MeetingLink {
    pub fn kind(&self) -> Kind {
        match self {
            Self::Thread { thread, .. } if is_of_channel(thread) => Kind::Channel,
            Self::Thread { .. } => Kind::Meeting,
            Self::Short { .. } => Kind::Short,
            Self::Id { .. } => Kind::IdAndPasscode,
        }
    }

    pub fn cloud(&self) -> Cloud {
        match self {
            Self::Thread { cloud, .. } | Self::Short { cloud, .. } => *cloud,
            Self::Id { .. } => Cloud::Public,
        }
    }

    /// The organisation that it belongs to, as far as the link tells.
    pub fn tenant(&self) -> Option<&str> {
        match self {
            Self::Thread { tenant, .. } => Some(tenant),
            _ => None,
        }
    }

    pub fn organizer(&self) -> Option<&str> {
        match self {
            Self::Thread { organizer, .. } => Some(organizer),
            _ => None,
        }
    }

    pub fn thread(&self) -> Option<&str> {
        match self {
            Self::Thread { thread, .. } => Some(thread),
            _ => None,
        }
    }

    /// May guests write in its chat?
    pub fn has_chat(&self) -> bool {
        self.kind() != Kind::Channel
    }

    pub fn open_in_teams(&self) -> OpenInTeams {
        match self {
            Self::Id { id, passcode } => OpenInTeams::AskForId {
                page: JOIN_BY_ID.to_owned(),
                id: id.clone(),
                passcode: passcode.clone(),
            },
            link => OpenInTeams::Link(link.to_string()),
        }
    }
}

/// Older channels are called by 32 hexadecimal digits and end like older meetings, which are called `meeting_…`.
fn is_of_channel(thread: &str) -> bool {
    let is_old = |name: &str| name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    thread.ends_with("@thread.tacv2")
        || thread
            .strip_prefix("19:")
            .and_then(|rest| rest.strip_suffix("@thread.skype"))
            .is_some_and(is_old)
}

/// It opens a meeting: neither the link nor the passcode gets into a log.
impl fmt::Debug for MeetingLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MeetingLink({:?})", self.kind())
    }
}

impl TryFrom<String> for MeetingLink {
    type Error = LinkError;

    fn try_from(text: String) -> Result<Self, LinkError> {
        text.parse()
    }
}

impl From<MeetingLink> for String {
    fn from(meeting: MeetingLink) -> Self {
        meeting.to_string()
    }
}

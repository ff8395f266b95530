//! Links of Teams meetings: parsing any form of them, or a meeting ID with its passcode, into one canonical form.
//!
//! Hosts and paths are compared as a whole, never by a prefix. A parsed link keeps only the parts that a meeting's
//! address needs, each of them checked, so that no other text that somebody pasted can travel on.
//!
//! Accepted forms are those of Microsoft Graph (`joinWebUrl`, `joinMeetingIdSettings`), of invitations, of Bookings
//! (`visit.teams.microsoft.com`), of the web client's own addresses, of Safe Links, and of common mail filters.
//!
//! There is no kind for webinars, because a webinar's join link (`/l/meetup-join`, `/meet`) looks like any meeting's.
//! Pages where people register for a webinar or watch a town hall can be told apart. They lead into no call, and are
//! refused. Only Graph can tell whether a meeting is a webinar.

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

/// The Microsoft cloud that a meeting is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cloud {
    /// The worldwide cloud.
    Public,
    /// Azure Government (GCC High). Only an Azure Communication Services resource of that cloud can join its meetings.
    GccHigh,
}

/// The address of a Teams meeting, in canonical form.
///
/// [`FromStr`](std::str::FromStr) reads it from a pasted text, and [`Display`](fmt::Display) writes the canonical link
/// or ID. The address opens the meeting, so [`Debug`] shows only its kind.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum MeetingLink {
    /// A long link: `/l/meetup-join/<thread>/<message>?context=…`.
    Thread {
        /// The cloud, from the link's host.
        cloud: Cloud,
        /// The chat thread of the meeting: `19:meeting_…@thread.v2`.
        thread: String,
        /// The message that began the conversation of a channel's meeting. `0` for other meetings.
        message: String,
        /// The Entra tenant that the meeting belongs to: a GUID in lower case.
        tenant: String,
        /// The object ID of the organiser in Entra: a GUID in lower case.
        organizer: String,
    },
    /// A short link: `/meet/<id>?p=<key>`.
    Short {
        /// The cloud, from the link's host.
        cloud: Cloud,
        /// The meeting ID: 9 to 18 digits.
        id: String,
        /// The key of the link. It is not the passcode that people type.
        key: Option<String>,
    },
    /// A meeting ID, as an invitation prints it below the link.
    Id {
        /// The meeting ID: 9 to 18 digits.
        id: String,
        /// The passcode: 4 to 16 letters and digits.
        passcode: Option<String>,
    },
}

/// The kind of a meeting, as far as its link tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A meeting with a long link.
    Meeting,
    /// A meeting of a channel. Guests see and hear, but have no chat.
    Channel,
    /// A meeting with a short link.
    Short,
    /// A meeting by its ID.
    IdAndPasscode,
}

/// The way into the meeting with Microsoft's own client, as an anonymous guest. It works where joining from here does
/// not.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum OpenInTeams {
    /// The meeting's link.
    Link(String),
    /// Microsoft's page that asks for a meeting ID and its passcode.
    AskForId {
        /// The address of the page.
        page: String,
        /// The meeting ID to type there.
        id: String,
        /// The passcode to type there.
        passcode: Option<String>,
    },
}

/// Shows nothing, because the value opens a meeting.
impl fmt::Debug for OpenInTeams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OpenInTeams(…)")
    }
}

/// Microsoft's page for joining by ID:
/// <https://support.microsoft.com/office/join-a-meeting-in-microsoft-teams-1613bb53-f3fa-431e-85a9-d6a91e3468c9>
const JOIN_BY_ID: &str = "https://www.microsoft.com/microsoft-teams/join-a-meeting";

impl MeetingLink {
    /// The kind of the meeting.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Thread { thread, .. } if is_of_channel(thread) => Kind::Channel,
            Self::Thread { .. } => Kind::Meeting,
            Self::Short { .. } => Kind::Short,
            Self::Id { .. } => Kind::IdAndPasscode,
        }
    }

    /// The meeting's cloud. An ID alone does not name it, and is taken to be of the worldwide one.
    pub fn cloud(&self) -> Cloud {
        match self {
            Self::Thread { cloud, .. } | Self::Short { cloud, .. } => *cloud,
            Self::Id { .. } => Cloud::Public,
        }
    }

    /// The Entra tenant that the meeting belongs to. None if the link does not say.
    pub fn tenant(&self) -> Option<&str> {
        match self {
            Self::Thread { tenant, .. } => Some(tenant),
            _ => None,
        }
    }

    /// The organiser's object ID in Entra. None if the link does not say.
    pub fn organizer(&self) -> Option<&str> {
        match self {
            Self::Thread { organizer, .. } => Some(organizer),
            _ => None,
        }
    }

    /// The chat thread of the meeting. None if the link does not say.
    pub fn thread(&self) -> Option<&str> {
        match self {
            Self::Thread { thread, .. } => Some(thread),
            _ => None,
        }
    }

    /// Whether guests can use the meeting's chat.
    pub fn has_chat(&self) -> bool {
        self.kind() != Kind::Channel
    }

    /// The way into the meeting with Microsoft's own client.
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

/// Whether the thread is a channel's. Old channels end in `@thread.skype` as old meetings do, but have 32 hexadecimal
/// digits for a name, where meetings have `meeting_…`.
fn is_of_channel(thread: &str) -> bool {
    let is_old = |name: &str| name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    thread.ends_with("@thread.tacv2")
        || thread
            .strip_prefix("19:")
            .and_then(|rest| rest.strip_suffix("@thread.skype"))
            .is_some_and(is_old)
}

/// Shows only the kind, so that neither the link nor the passcode gets into a log.
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

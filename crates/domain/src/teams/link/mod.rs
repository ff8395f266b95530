//! Where a Teams meeting is: a link in one of its many forms, or a meeting ID with its passcode. Hosts and paths are
//! compared whole, never by a prefix; what is kept is only what a meeting's address needs, so that nothing of the text
//! that somebody pasted travels on.
//!
//! The forms are those of Microsoft Graph (`joinWebUrl`, `joinMeetingIdSettings`), of invitations, of Bookings
//! (`visit.teams.microsoft.com`) and of Outlook's Safe Links. A webinar's join link looks like a meeting's: it can't be
//! told apart here.

mod parse;
mod percent;
mod refused;
#[cfg(test)]
mod tests;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use refused::Refused;

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
pub enum Meeting {
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

impl Meeting {
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
            Self::Thread { cloud, .. } => *cloud,
            Self::Short { .. } | Self::Id { .. } => Cloud::Public,
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

fn is_of_channel(thread: &str) -> bool {
    thread.ends_with("@thread.tacv2") || thread.ends_with("@thread.skype")
}

/// The canonical form, which [`Meeting::from_str`](std::str::FromStr) reads back.
impl fmt::Display for Meeting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Thread {
                cloud,
                thread,
                message,
                tenant,
                organizer,
            } => {
                let host = match cloud {
                    Cloud::Public => "teams.microsoft.com",
                    Cloud::GccHigh => "gov.teams.microsoft.us",
                };
                let context = format!("{{\"Tid\":\"{tenant}\",\"Oid\":\"{organizer}\"}}");
                write!(
                    f,
                    "https://{host}/l/meetup-join/{}/{message}?context={}",
                    percent::encode(thread),
                    percent::encode(&context)
                )
            }
            Self::Short { id, key: Some(key) } => write!(f, "https://teams.microsoft.com/meet/{id}?p={key}"),
            Self::Short { id, key: None } => write!(f, "https://teams.microsoft.com/meet/{id}"),
            Self::Id {
                id,
                passcode: Some(passcode),
            } => write!(f, "{id} / {passcode}"),
            Self::Id { id, passcode: None } => f.write_str(id),
        }
    }
}

/// It opens a meeting: neither the link nor the passcode gets into a log.
impl fmt::Debug for Meeting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Meeting({:?})", self.kind())
    }
}

impl TryFrom<String> for Meeting {
    type Error = Refused;

    fn try_from(text: String) -> Result<Self, Refused> {
        text.parse()
    }
}

impl From<Meeting> for String {
    fn from(meeting: Meeting) -> Self {
        meeting.to_string()
    }
}

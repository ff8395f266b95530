use std::fmt;

use super::{Cloud, Kind, MeetingLink};

/// The facts that a link tells before anybody has joined. They do not open the meeting.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Description<'a> {
    /// The kind of the meeting.
    pub kind: Kind,
    /// The meeting's cloud.
    pub cloud: Cloud,
    /// The Entra tenant that the meeting belongs to. None if this form of link does not say.
    pub tenant: Option<&'a str>,
    /// The organiser's object ID in Entra. None if this form of link does not say.
    pub organizer: Option<&'a str>,
    /// Whether guests can use the meeting's chat.
    pub chat: bool,
}

impl MeetingLink {
    /// Describes the meeting without opening it.
    pub fn describe(&self) -> Description<'_> {
        Description {
            kind: self.kind(),
            cloud: self.cloud(),
            tenant: self.tenant(),
            organizer: self.organizer(),
            chat: self.has_chat(),
        }
    }
}

/// Writes one sentence for a clerk. Of each GUID it shows the beginning, which is enough to recognise it.
impl fmt::Display for Description<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            Kind::Meeting => "Teams meeting",
            Kind::Channel => "Teams meeting of a channel",
            Kind::Short => "Teams meeting by its short link",
            Kind::IdAndPasscode => "Teams meeting by its ID",
        })?;
        if self.cloud == Cloud::GccHigh {
            f.write_str(" in the US government\u{2019}s cloud (GCC High)")?;
        }
        match (self.tenant, self.organizer) {
            (Some(tenant), Some(organizer)) => {
                write!(f, ", of tenant {}, organised by {}", start(tenant), start(organizer))?;
            }
            _ => f.write_str(", which does not say whose it is")?,
        }
        f.write_str(if self.chat { "." } else { "; guests have no chat in it." })
    }
}

/// The first group of a GUID.
fn start(id: &str) -> String {
    format!("{}\u{2026}", id.split('-').next().unwrap_or_default())
}

use std::fmt;

use super::{Cloud, Kind, MeetingLink};

/// What a link tells before anybody has joined: nothing in it opens the meeting.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Description<'a> {
    pub kind: Kind,
    pub cloud: Cloud,
    /// None: this form of link does not say.
    pub tenant: Option<&'a str>,
    pub organizer: Option<&'a str>,
    pub chat: bool,
}

impl MeetingLink {
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

/// One sentence for a clerk. Of an ID its beginning is enough to recognise it.
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

fn start(id: &str) -> String {
    format!("{}\u{2026}", id.split('-').next().unwrap_or_default())
}

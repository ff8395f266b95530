//! Writing a meeting's link in canonical form.

use std::fmt;

use super::{Cloud, MeetingLink, percent};

impl Cloud {
    /// The host of canonical links to meetings of this cloud.
    fn host(self) -> &'static str {
        match self {
            Self::Public => "teams.microsoft.com",
            Self::GccHigh => "gov.teams.microsoft.us",
        }
    }
}

/// Writes the canonical form, from which [`FromStr`](std::str::FromStr) reads an equal value.
impl fmt::Display for MeetingLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Thread {
                cloud,
                thread,
                message,
                tenant,
                organizer,
            } => {
                let (host, thread) = (cloud.host(), percent::encode(thread));
                let context = percent::encode(&format!("{{\"Tid\":\"{tenant}\",\"Oid\":\"{organizer}\"}}"));
                write!(f, "https://{host}/l/meetup-join/{thread}/{message}?context={context}")
            }
            Self::Short { cloud, id, key } => {
                write!(f, "https://{}/meet/{id}", cloud.host())?;
                key.iter().try_for_each(|key| write!(f, "?p={key}"))
            }
            Self::Id { id, passcode } => {
                f.write_str(id)?;
                passcode.iter().try_for_each(|passcode| write!(f, " / {passcode}"))
            }
        }
    }
}

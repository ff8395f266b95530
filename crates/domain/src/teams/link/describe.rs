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

/// Why guests cannot join from here the meeting that a text names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{self:?}")]
pub enum LinkError {
    /// The text is empty.
    Empty,
    /// The text is longer than an invitation.
    TooLong,
    /// The text holds neither a link nor a meeting ID.
    NoMeeting,
    /// The text holds links of several meetings.
    Several,
    /// The link does not begin with `https://`.
    NotHttps,
    /// The link leads to another host.
    OtherHost,
    /// A mail filter rewrote the link, and the link does not tell the original.
    Rewritten,
    /// The link has a user name, a port or a backslash at its host, by which it could be taken for another one.
    Disguised,
    /// The meeting is of Teams for home (`teams.live.com`).
    Personal,
    /// The link is of a live event.
    LiveEvent,
    /// The link is of a town hall.
    TownHall,
    /// The link is of a page to register for a webinar or a town hall.
    EventPage,
    /// The link is of a call, a chat or a channel.
    CallOrChat,
    /// The meeting is in the cloud of the US Department of Defense.
    Dod,
    /// The link leads to Teams, but to no meeting.
    NotAMeeting,
    /// A part of the link is missing or malformed.
    Broken,
    /// The link is an `msteams:` link, which opens the app.
    App,
}

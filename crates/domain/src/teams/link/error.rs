/// Why guests cannot join from here the meeting that a text names. Displays as a sentence for the clerk that says what
/// to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// The text is empty.
    #[error("Paste the link of the Teams meeting, or its meeting ID and passcode.")]
    Empty,
    /// The text is longer than an invitation.
    #[error("This is too long for a Teams link. Paste only the link of the meeting.")]
    TooLong,
    /// The text holds neither a link nor a meeting ID.
    #[error(
        "This is no Teams link and no meeting ID. In Teams, open the meeting's details and choose \u{201c}Copy link\u{201d}."
    )]
    NoMeeting,
    /// The text holds links of several meetings.
    #[error("There are several Teams meetings in this text. Paste the link of one.")]
    Several,
    /// The link does not begin with `https://`.
    #[error("A Teams link begins with https://. Copy it from Teams again.")]
    NotHttps,
    /// The link leads to another host.
    #[error(
        "This link does not lead to Microsoft Teams. Copy the link from Teams itself, and be careful with the message it came in."
    )]
    OtherHost,
    /// A mail filter rewrote the link, and the link does not tell the original.
    #[error(
        "A filter of mail has rewritten this link, and only the filter knows where it leads. Copy the link from Teams itself, or paste the meeting ID and passcode that stand below it in the invitation."
    )]
    Rewritten,
    /// The link has a user name, a port or a backslash at its host, by which it could be taken for another one.
    #[error(
        "This link has a user\u{2019}s name or a port in its address, as no link of Teams has. Copy the link from Teams itself, and be careful with the message it came in."
    )]
    Disguised,
    /// The meeting is of Teams for home (`teams.live.com`).
    #[error(
        "This is a personal meeting (Teams for home), which guests can't join from here. Schedule it with a work account."
    )]
    Personal,
    /// The link is of a live event.
    #[error("This is a live event, which guests can't join from here. Schedule a Teams meeting instead.")]
    LiveEvent,
    /// The link is of a town hall.
    #[error("This is a town hall, which guests can't join from here. Schedule a Teams meeting instead.")]
    TownHall,
    /// The link is of a page to register for a webinar or a town hall.
    #[error(
        "This is the page of a webinar or town hall, where people register. Guests can't join it from here: schedule a Teams meeting, and paste its link."
    )]
    EventPage,
    /// The link is of a call, a chat or a channel.
    #[error("This is a call or a chat, not a meeting. Schedule a Teams meeting, and paste its link.")]
    CallOrChat,
    /// The meeting is in the cloud of the US Department of Defense.
    #[error(
        "This meeting is in the cloud of the US Department of Defense, which guests can't join from here. Schedule it in Teams outside of that cloud."
    )]
    Dod,
    /// The link leads to Teams, but to no meeting.
    #[error(
        "This link leads to Teams, but not to a meeting. In Teams, open the meeting's details and choose \u{201c}Copy link\u{201d}."
    )]
    NotAMeeting,
    /// A part of the link is missing or malformed.
    #[error("A part of this Teams link is missing or damaged. Copy it from Teams again, as a whole.")]
    Broken,
    /// The link is an `msteams:` link, which opens the app.
    #[error("This link opens the Teams app. Paste the one that begins with https://.")]
    App,
}

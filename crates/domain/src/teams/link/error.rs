/// Why a text is no meeting that a guest can join from here, and what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    #[error("Paste the link of the Teams meeting, or its meeting ID and passcode.")]
    Empty,
    #[error("This is too long for a Teams link. Paste only the link of the meeting.")]
    TooLong,
    #[error(
        "This is no Teams link and no meeting ID. In Teams, open the meeting's details and choose \u{201c}Copy link\u{201d}."
    )]
    NoMeeting,
    #[error("There are several Teams meetings in this text. Paste the link of one.")]
    Several,
    #[error("A Teams link begins with https://. Copy it from Teams again.")]
    NotHttps,
    #[error(
        "This link does not lead to Microsoft Teams. Copy the link from Teams itself, and be careful with the message it came in."
    )]
    OtherHost,
    #[error(
        "A filter of mail has rewritten this link, and only the filter knows where it leads. Copy the link from Teams itself, or paste the meeting ID and passcode that stand below it in the invitation."
    )]
    Rewritten,
    #[error(
        "This link has a user\u{2019}s name or a port in its address, as no link of Teams has. Copy the link from Teams itself, and be careful with the message it came in."
    )]
    Disguised,
    #[error(
        "This is a personal meeting (Teams for home), which guests can't join from here. Schedule it with a work account."
    )]
    Personal,
    #[error("This is a live event, which guests can't join from here. Schedule a Teams meeting instead.")]
    LiveEvent,
    #[error("This is a town hall, which guests can't join from here. Schedule a Teams meeting instead.")]
    TownHall,
    #[error(
        "This is the page of a webinar or town hall, where people register. Guests can't join it from here: schedule a Teams meeting, and paste its link."
    )]
    EventPage,
    #[error("This is a call or a chat, not a meeting. Schedule a Teams meeting, and paste its link.")]
    CallOrChat,
    #[error(
        "This meeting is in the cloud of the US Department of Defense, which guests can't join from here. Schedule it in Teams outside of that cloud."
    )]
    Dod,
    #[error(
        "This link leads to Teams, but not to a meeting. In Teams, open the meeting's details and choose \u{201c}Copy link\u{201d}."
    )]
    NotAMeeting,
    #[error("A part of this Teams link is missing or damaged. Copy it from Teams again, as a whole.")]
    Broken,
    #[error("This link opens the Teams app. Paste the one that begins with https://.")]
    App,
}

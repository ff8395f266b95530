//! The messages of the signalling socket, `GET /socket/seat`. `docs/SIGNALLING.md` is the protocol in prose; this file
//! is its grammar. Text frames, one JSON object each, tagged by `t`.
//!
//! The server's view of the room is sent whole whenever it changes ([`FromServer::Room`]); a client that missed one
//! message has missed nothing. Only media negotiation and chat are incremental.

use serde::{Deserialize, Serialize};

use crate::teams::link::OpenInTeams;

/// A longer frame closes the socket. An SDP answer of a participant in a full room (10 people, 3 tracks each) is
/// about 40 kB; this leaves room for verbose browsers.
pub const MAX_FRAME_BYTES: usize = 128 * 1024;
/// Characters of one chat message.
pub const MAX_CHAT_CHARS: usize = 2_000;
/// A visit whose socket is gone for longer than this has ended: reload and network loss up to here resume the seat.
pub const RESUME_SECONDS: i64 = 60;
/// How often a client says [`FromClient::Ping`]; the server closes a socket that was silent for three of them.
pub const PING_SECONDS: u32 = 5;

/// One participant's stay, the `visits` row.
pub type VisitId = i64;

/// What a browser says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "t", rename_all = "snake_case", deny_unknown_fields)]
pub enum FromClient {
    /// The first message on a socket: the seat token that joining gave. Anything else first closes the socket.
    Hello { token: String },
    /// Keeps the seat; answered by [`FromServer::Pong`].
    Ping { n: u32 },
    /// The host lets a waiting guest in. Host only.
    Admit { visit: VisitId },
    /// The host turns a waiting guest away. Host only.
    Decline { visit: VisitId },
    /// The host puts an admitted participant out; they do not get back in unless the host admits them again. Host only.
    Remove { visit: VisitId },
    /// The host takes back a decline or a removal: the guest may ask again. Host only.
    Forgive { guest: i64 },
    /// The host ends the consultation for everyone. Host only.
    End,
    /// This participant leaves; the visit ends now rather than after [`RESUME_SECONDS`].
    Leave,
    /// A message to everyone who is in (not to those who wait).
    Chat { text: String },
    /// What the others should show for this participant. Says nothing about what is really sent.
    Shows {
        microphone: bool,
        camera: bool,
        screen: bool,
    },
    /// Media negotiation of the built-in engine; only an admitted participant is heard.
    Media { media: MediaFromClient },
    /// How it goes on Teams; only an admitted participant with Teams credentials is heard.
    Teams { teams: TeamsFromClient },
}

/// What the server says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum FromServer {
    /// The whole truth about the room for this viewer. The first message after a good hello, and again on every change.
    Room(RoomView),
    /// What this participant needs to enter the meeting; sent once when admitted and again after a resume.
    Credentials {
        credentials: Credentials,
    },
    /// Media negotiation of the built-in engine.
    Media {
        media: MediaFromServer,
    },
    /// About the credentials of Teams.
    Teams {
        teams: TeamsFromServer,
    },
    /// A chat message, new or (after a hello) from this meeting's past.
    Chat(ChatMessage),
    Pong {
        n: u32,
    },
    /// The last message before the server closes the socket, so that the page can say why.
    Closed {
        why: Closed,
    },
    /// Something that this client asked was refused; the seat goes on.
    Refused {
        code: Refused,
        text: String,
    },
}

/// What a join gives: the right to one seat of one consultation, in one role. The browser keeps it for this tab only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatGrant {
    pub token: String,
}

impl std::fmt::Debug for SeatGrant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SeatGrant(…)")
    }
}

/// Why the server closes a socket for good. The client does not reconnect after any of them but `Restarting`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Closed {
    /// The token is unknown, expired, or of a visit that has ended.
    BadToken,
    /// The same seat was opened elsewhere (another tab or device); the newest one has it.
    Replaced,
    /// The guest came in anew through the link, from elsewhere: this seat is over.
    Rejoined,
    Declined,
    Removed,
    /// The host ended the consultation, or it was cancelled.
    Ended,
    /// This client left.
    Left,
    /// The client broke the protocol (unknown message, frame too long, too many messages).
    Protocol,
    /// The server is restarting: reconnect with the same token.
    Restarting,
}

/// Stable, program-readable reasons beside a sentence for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refused {
    NotHost,
    NotAdmitted,
    NoSuchVisit,
    TooLong,
    TooFast,
    RoomFull,
    MediaUnavailable,
    Internal,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The clerk of this consultation, or a colleague who steps in.
    Host,
    Guest,
    /// A view-only guest of a launch: hears and sees, sends nothing but chat.
    Attendee,
}

/// Where a visit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stand {
    /// In the lobby.
    Waiting,
    /// Let in; may be in the meeting or about to be.
    Admitted,
    /// Turned away or put out; kept in the host's view so that it can be taken back.
    Declined,
    Removed,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomView {
    pub consultation: i64,
    /// "Mortgage advice"
    pub service: String,
    /// The host's display name.
    pub host: String,
    /// Milliseconds since the Unix epoch.
    pub starts_at: i64,
    pub ends_at: i64,
    pub you: You,
    /// For the host: everyone. For an admitted guest: those who are in. For an attendee: of those, the ones who can be
    /// seen and heard, and themselves. For a waiting guest: empty.
    pub people: Vec<Person>,
    /// For an attendee: how many others watch, who are not among the people.
    #[serde(default)]
    pub viewers: u32,
    /// Is any staff member in the room now? Tells a waiting guest whether somebody knows.
    pub host_present: bool,
    /// Who of staff has Anteroom open, and so was told that somebody waits.
    pub told: Told,
    /// Since when both sides are in, in ms since the Unix epoch; none before.
    pub live_at: Option<i64>,
    /// The server's clock when this was made, ms since the Unix epoch: durations are shown against this, not against
    /// the browser's clock.
    pub now: i64,
}

/// Whose open staff page hears of a waiting guest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    #[default]
    Nobody,
    /// Somebody else of the branch.
    Colleague,
    Host,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct You {
    pub visit: VisitId,
    pub role: Role,
    pub stand: Stand,
    pub name: String,
    /// For a waiting guest: 1 is next. 0 when not waiting.
    pub place: u32,
    pub waiting_since: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub visit: VisitId,
    /// The guest's id, for [`FromClient::Forgive`]; None for staff.
    pub guest: Option<i64>,
    pub name: String,
    /// For the host: the name that this guest was invited by, where they call themselves something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invited: Option<String>,
    /// For the host: the e-mail address or phone number of this guest, where another one goes by the same name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    pub role: Role,
    pub stand: Stand,
    /// Ms since the Unix epoch.
    pub arrived_at: i64,
    /// Is their socket open? False while a reload or a network loss is being waited out.
    pub connected: bool,
    /// Has it come about that sound and picture can flow? Who was let in and can't carry a call never gets there.
    pub media: bool,
    pub microphone: bool,
    pub camera: bool,
    pub screen: bool,
    /// Where they are on Teams, where the meeting is there.
    pub teams: Option<TeamsStand>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatMessage {
    pub id: i64,
    pub visit: VisitId,
    /// The writer's: anybody can call themselves what the host is called.
    pub role: Role,
    pub name: String,
    pub text: String,
    /// Ms since the Unix epoch.
    pub at: i64,
}

/// What one participant needs to enter one engine's meeting: minted by the server at join, short-lived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "engine", rename_all = "snake_case")]
pub enum Credentials {
    /// Media is negotiated over this very socket; there is nothing else to hold.
    Builtin { publish: Publish },
    /// A guest's, for Teams through Azure Communication Services.
    Teams(Box<TeamsCredentials>),
    /// A clerk's: they sit in their own Teams client, and this page keeps the lobby and the chat beside it.
    TeamsHost { open: OpenInTeams },
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamsCredentials {
    /// The path of the module that joins, on our own site.
    pub client: String,
    pub token: TeamsToken,
    /// `8:acs:…`
    pub user: String,
    pub name: String,
    pub place: TeamsPlace,
    pub publish: Publish,
    /// The endpoint of the meeting's chat; None: only our own chat.
    pub chat: Option<String>,
    /// Why there is only our own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_off: Option<TeamsChatOff>,
    /// The way that always works.
    pub open: OpenInTeams,
}

/// Why what a guest writes does not go into the meeting's own chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TeamsChatOff {
    /// The organisation does not use it (`teams.chat`).
    NotUsed,
    /// Microsoft has taken it away from guests of other sites (30 September 2028).
    Retired,
    /// A channel's meeting has its chat in the channel, where guests are not.
    Channel,
    /// Teams does not let the guest write there.
    Forbidden,
    /// It was there, and is over.
    Ended,
    Failed,
}

/// Says nothing of what opens a meeting.
impl std::fmt::Debug for TeamsCredentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TeamsCredentials(…)")
    }
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamsToken {
    pub token: String,
    /// As the service wrote it, RFC 3339. The token itself is never looked into.
    pub expires_on: String,
}

impl std::fmt::Debug for TeamsToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TeamsToken(…)")
    }
}

/// What the Calling SDK is given to find the meeting.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum TeamsPlace {
    Link {
        link: String,
    },
    Id {
        id: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        passcode: Option<String>,
    },
}

/// Where a participant stands on Teams.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TeamsStand {
    /// Has credentials, and is on the way.
    Joining,
    /// Waits in Teams' lobby.
    Lobby,
    In,
}

impl TeamsStand {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Joining => "joining",
            Self::Lobby => "lobby",
            Self::In => "in",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "joining" => Some(Self::Joining),
            "lobby" => Some(Self::Lobby),
            "in" => Some(Self::In),
            _ => None,
        }
    }
}

/// What a participant's page announces the moment Teams says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TeamsNotice {
    Recording,
    Transcription,
    /// The meeting wants an explicit agreement before anything is sent.
    ConsentAsked,
}

/// From a participant's Teams client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "m", rename_all = "snake_case", deny_unknown_fields)]
pub enum TeamsFromClient {
    /// Asks for a fresh token; answered by [`TeamsFromServer::Token`].
    Refresh,
    /// Asks again for credentials, after they could not be had or the meeting was lost.
    Again,
    Stands {
        stand: TeamsStand,
        /// Is somebody in the meeting who is signed in to Teams, and so no guest of this kind?
        #[serde(default)]
        with_host: bool,
    },
    Ended {
        code: i32,
        sub_code: i32,
    },
    /// The page shows this announcement, in this version of its text.
    Shown {
        notice: TeamsNotice,
        version: u16,
    },
    Agreed {
        version: u16,
    },
    /// A message was sent into the meeting's own chat.
    Wrote,
}

/// About a participant's Teams credentials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "m", rename_all = "snake_case")]
pub enum TeamsFromServer {
    Token {
        token: TeamsToken,
    },
    /// Many come at once, and the service takes so many in a while. 1 is next.
    Queue {
        place: u32,
    },
    /// No credentials can be had now: a sentence, and the way that always works. The seat goes on.
    Unavailable {
        text: String,
        open: Option<OpenInTeams>,
    },
}

/// What a participant may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Publish {
    /// Microphone, camera and screen.
    All,
    /// View-only.
    Nothing,
}

/// What a track carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    Microphone,
    Camera,
    Screen,
}

/// From the browser to the built-in engine. The server is the only one that offers, so there is no glare.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "m", rename_all = "snake_case", deny_unknown_fields)]
pub enum MediaFromClient {
    /// Enter the meeting: a new peer connection; an earlier one of this visit is dropped. Answered by an offer.
    Join,
    /// The answer to offer `n`.
    Answer { n: u32, sdp: String },
    /// Asks for a place to send this source (microphone and camera have theirs from the start; this is for the screen).
    Publish { source: Source },
    /// This source is no longer sent.
    Unpublish { source: Source },
    /// ICE failed or the network changed: the server offers again with new ICE credentials.
    Restart,
}

/// From the built-in engine to the browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "m", rename_all = "snake_case")]
pub enum MediaFromServer {
    /// Set as the remote description and answer with the same `n`. `slots` says what each `mid` is for; a mid that is
    /// not named is out of use.
    Offer { n: u32, sdp: String, slots: Vec<Slot> },
    /// DTLS is up: packets flow.
    Connected,
    /// How this participant's connection looks from the server, at most once a second and only on change.
    Quality { quality: Quality },
    /// The engine gave this participant up (no media for too long, a broken peer connection). `Join` starts anew.
    Gone { reason: String },
}

/// One m-line of an offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    pub mid: String,
    pub source: Source,
    #[serde(flatten)]
    pub way: Way,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "way", rename_all = "snake_case")]
pub enum Way {
    /// The browser sends its own track here.
    Send,
    /// The browser receives this participant's track here.
    Receive { visit: VisitId },
}

/// Connection quality, in the words that the screen uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    Lost,
    Poor,
    Fair,
    Good,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_read_back_as_they_were_written() {
        let offer = FromServer::Media {
            media: MediaFromServer::Offer {
                n: 3,
                sdp: "v=0".into(),
                slots: vec![
                    Slot {
                        mid: "0".into(),
                        source: Source::Microphone,
                        way: Way::Send,
                    },
                    Slot {
                        mid: "5".into(),
                        source: Source::Screen,
                        way: Way::Receive { visit: 7 },
                    },
                ],
            },
        };
        let text = serde_json::to_string(&offer).unwrap();
        assert_eq!(
            text,
            r#"{"t":"media","media":{"m":"offer","n":3,"sdp":"v=0","slots":[{"mid":"0","source":"microphone","way":"send"},{"mid":"5","source":"screen","way":"receive","visit":7}]}}"#
        );
        assert_eq!(serde_json::from_str::<FromServer>(&text).unwrap(), offer);
    }

    #[test]
    fn an_unknown_message_or_field_is_refused() {
        assert!(serde_json::from_str::<FromClient>(r#"{"t":"admit","visit":1,"as":"host"}"#).is_err());
        assert!(serde_json::from_str::<FromClient>(r#"{"t":"promote"}"#).is_err());
        assert!(serde_json::from_str::<FromClient>(r#"{"t":"hello"}"#).is_err());
    }
}

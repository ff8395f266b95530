//! The socket of a seat: the lobby, who is here, the chat, and the envelopes of everything else.

use anteroom_domain::chat::ChatMessage;
use anteroom_domain::id::{ConsultationId, GuestId, VisitId};
use anteroom_domain::visit::{AdmissionStatus, Role, TeamsPresence};
use serde::{Deserialize, Serialize};

use crate::credentials::Credentials;
use crate::media::{MediaFromClient, MediaFromServer};
use crate::teams::{TeamsFromClient, TeamsFromServer};

/// A longer frame closes the socket. An SDP answer of a participant in a full room (10 people, 3 tracks each) is
/// about 40 kB; this leaves room for verbose browsers.
pub const MAX_FRAME_BYTES: usize = 128 * 1024;
/// How often a client says [`FromClient::Ping`], in seconds; the server closes a socket that was silent for three of them.
pub const PING_SECONDS: u32 = 5;

/// What a browser says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "t", rename_all = "snake_case", deny_unknown_fields)]
pub enum FromClient {
    /// The first message on a socket. Anything else first closes the socket.
    Hello {
        /// The seat token that joining gave.
        token: String,
    },
    /// Keeps the seat; answered by [`FromServer::Pong`].
    Ping {
        /// Comes back in the answer.
        n: u32,
    },
    /// The host lets a waiting guest in. Host only.
    Admit {
        /// Whom.
        visit: VisitId,
    },
    /// The host turns a waiting guest away. Host only.
    Decline {
        /// Whom.
        visit: VisitId,
    },
    /// The host removes an admitted participant, who does not get back in unless the host admits them again. Host only.
    Remove {
        /// Whom.
        visit: VisitId,
    },
    /// The host takes back a decline or a removal: the guest may ask again. Host only.
    AllowAgain {
        /// Whom.
        guest: GuestId,
    },
    /// The host ends the consultation for everyone. Host only.
    End,
    /// This participant leaves; the visit ends now rather than after
    /// [`RESUME_SECONDS`](anteroom_domain::visit::RESUME_SECONDS).
    Leave,
    /// A message to everyone who is in (not to those who wait).
    Chat {
        /// Plain text, at most [`MAX_CHAT_CHARS`](anteroom_domain::chat::MAX_CHAT_CHARS).
        text: String,
    },
    /// What the others should show for this participant. Says nothing about what is really sent.
    Shows {
        /// Is the microphone on?
        microphone: bool,
        /// Is the camera on?
        camera: bool,
        /// Is a screen shared?
        screen: bool,
    },
    /// Media negotiation of the built-in engine; only an admitted participant is heard.
    Media {
        /// The message.
        media: MediaFromClient,
    },
    /// The state of the participant's Teams client; only an admitted participant with Teams credentials is heard.
    Teams {
        /// The message.
        teams: TeamsFromClient,
    },
}

/// What the server says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum FromServer {
    /// The whole room, for this viewer. The first message after a good hello, and again on every change.
    Room(RoomView),
    /// What this participant needs to enter the meeting; sent once when admitted and again after a resume.
    Credentials {
        /// The credentials.
        credentials: Credentials,
    },
    /// Media negotiation of the built-in engine.
    Media {
        /// The message.
        media: MediaFromServer,
    },
    /// About the credentials of Teams.
    Teams {
        /// The message.
        teams: TeamsFromServer,
    },
    /// A chat message, new or (after a hello) from this meeting's past.
    Chat(ChatMessage),
    /// Answers [`FromClient::Ping`].
    Pong {
        /// The ping's number.
        n: u32,
    },
    /// The last message before the server closes the socket, so that the page can say why.
    Closed {
        /// Why.
        why: Closed,
    },
    /// Something that this client asked was refused; the seat goes on.
    Refused {
        /// For programs.
        code: RefusalCode,
        /// For people.
        text: String,
    },
}

/// What joining gives: the right to one seat of one consultation, in one role. The browser keeps it for this tab only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatToken {
    /// The secret that [`FromClient::Hello`] brings.
    pub token: String,
}

impl std::fmt::Debug for SeatToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SeatToken(…)")
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
    /// The host turned the guest away.
    Declined,
    /// The host removed the participant.
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
pub enum RefusalCode {
    /// Only the host may ask for this.
    NotHost,
    /// Only a participant who was let in may ask for this.
    NotAdmitted,
    /// The visit or guest that was named is not in this consultation.
    NotFound,
    /// The state of the visit, the guest or the consultation does not allow it (any more).
    Conflict,
    /// A chat message over the limit.
    TooLong,
    /// Too many messages in a short time.
    TooFast,
    /// The engine's room has no seat left.
    RoomFull,
    /// It failed on the server's side.
    Internal,
}

/// The room, as one viewer may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomView {
    /// Which consultation.
    pub consultation: ConsultationId,
    /// The service's name: "Mortgage advice".
    pub service: String,
    /// The host's display name.
    pub host: String,
    /// Milliseconds since the Unix epoch.
    pub starts_at: i64,
    /// Milliseconds since the Unix epoch.
    pub ends_at: i64,
    /// The viewer.
    pub you: You,
    /// For the host: everyone. For an admitted guest: those who are in. For an attendee: of those, the ones who can be
    /// seen and heard, and themselves. For a waiting guest: empty.
    pub people: Vec<Person>,
    /// For an attendee: how many others watch, who are not among the people.
    #[serde(default)]
    pub viewers: u32,
    /// Is any staff member in the room now? Tells a waiting guest whether somebody knows.
    pub host_present: bool,
    /// Who of staff has Anteroom open, and so was notified that somebody waits.
    pub notified: Notified,
    /// Since when both sides are in, in ms since the Unix epoch; none before.
    pub live_at: Option<i64>,
    /// The server's clock when this was made, ms since the Unix epoch: durations are shown against this, not against
    /// the browser's clock.
    pub now: i64,
}

/// Whose open staff page hears of a waiting guest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notified {
    /// No page is open.
    #[default]
    Nobody,
    /// Somebody else of the branch.
    Colleague,
    /// The host.
    Host,
}

/// The viewer of a [`RoomView`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct You {
    /// The viewer's visit.
    pub visit: VisitId,
    /// Their role.
    pub role: Role,
    /// Waiting, admitted, declined or removed.
    pub status: AdmissionStatus,
    /// The name that they go by here.
    pub name: String,
    /// For a waiting guest: their position in the lobby; 1 is next. 0 when not waiting.
    pub position: u32,
    /// Milliseconds since the Unix epoch.
    pub waiting_since: i64,
}

/// A participant, as the viewer may see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Their visit.
    pub visit: VisitId,
    /// The guest's id, for [`FromClient::AllowAgain`]; None for staff.
    pub guest: Option<GuestId>,
    /// The name that they go by here.
    pub name: String,
    /// For the host: the name that this guest was invited by, where they call themselves something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invited: Option<String>,
    /// For the host: the e-mail address or phone number of this guest, where another one goes by the same name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// Their role.
    pub role: Role,
    /// Waiting, admitted, declined or removed.
    pub status: AdmissionStatus,
    /// Milliseconds since the Unix epoch.
    pub arrived_at: i64,
    /// Is their socket open? False while a reload or a network loss is being waited out.
    pub connected: bool,
    /// Has sound and picture been able to flow? Stays false for somebody who was let in and can't carry a call.
    pub media: bool,
    /// Did they say that their microphone is on?
    pub microphone: bool,
    /// Did they say that their camera is on?
    pub camera: bool,
    /// Did they say that they share a screen?
    pub screen: bool,
    /// Where they are on Teams, where the meeting is there.
    pub teams: Option<TeamsPresence>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::{Slot, SlotDirection, Source};

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
                        direction: SlotDirection::Send,
                    },
                    Slot {
                        mid: "5".into(),
                        source: Source::Screen,
                        direction: SlotDirection::Receive { visit: VisitId(7) },
                    },
                ],
            },
        };
        let text = serde_json::to_string(&offer).unwrap();
        assert_eq!(
            text,
            r#"{"t":"media","media":{"m":"offer","n":3,"sdp":"v=0","slots":[{"mid":"0","source":"microphone","direction":"send"},{"mid":"5","source":"screen","direction":"receive","visit":7}]}}"#
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

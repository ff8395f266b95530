//! This participant's session in an external meeting (on Microsoft Teams): what the screens show of it beside what every
//! meeting has.

use anteroom_domain::teams::Announcement;
use anteroom_domain::teams::link::OpenInTeams;
use anteroom_domain::visit::TeamsPresence;
use anteroom_protocol::media::Source;
use anteroom_protocol::teams::ChatOff;
use serde::Deserialize;

use super::engines::ExternalPerson;

/// The version of the texts that people read and agree to. Events hold it: a text that changes its meaning has a new number.
pub const NOTICE_VERSION: u16 = 2;

/// The announcement, shown for as long as it holds.
pub fn notice(notice: Announcement) -> &'static str {
    match notice {
        Announcement::Recording => t!(guest::teams::recording),
        Announcement::Transcription => t!(guest::teams::transcription),
        Announcement::ConsentAsked => t!(guest::teams::consent_asked),
    }
}

/// A line of captions.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Caption {
    pub speaker: String,
    pub text: String,
    /// False: the speaker goes on, and the next line of theirs replaces this one.
    #[serde(rename = "final")]
    pub last: bool,
}

/// What the role in the external meeting permits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Permissions {
    pub share: bool,
    pub camera: bool,
    pub microphone: bool,
}

impl Permissions {
    pub fn send(self, source: Source) -> bool {
        match source {
            Source::Microphone => self.microphone,
            Source::Camera => self.camera,
            Source::Screen => self.share,
        }
    }
}

/// The state of the external meeting's own chat: it decides who reads what is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MeetingChat {
    /// Not open yet: the people of this site read it.
    #[default]
    Coming,
    /// Everyone in the external meeting reads it.
    On,
    /// The people of this site read it, for good.
    Off(ChatOff),
}

/// Why the meeting's own chat is not used, and who reads a message then.
pub fn chat_off(why: ChatOff) -> &'static str {
    match why {
        ChatOff::NotUsed | ChatOff::Retired => t!(guest::chat::teams_not_used),
        ChatOff::Channel => t!(guest::chat::teams_has_none),
        ChatOff::Forbidden => t!(guest::chat::teams_forbidden),
        ChatOff::Ended => t!(guest::chat::teams_ended),
        ChatOff::Failed => t!(guest::chat::teams_failed),
    }
}

/// Who will read a message, shown at the field where it is written. None: a meeting that takes place here.
pub fn readers(external: Option<&ExternalSession>, is_host: bool) -> &'static str {
    match external {
        None => t!(guest::chat::readers),
        Some(_) if is_host => t!(guest::chat::readers_of_host),
        Some(external) => match external.chat {
            MeetingChat::On => t!(guest::chat::readers_in_teams),
            MeetingChat::Coming => t!(guest::chat::readers_before_teams),
            MeetingChat::Off(why) => chat_off(why),
        },
    }
}

/// The number of lines of captions: the newest, and what it follows on.
const CAPTIONS: usize = 3;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExternalSession {
    /// The way into the meeting in its own client.
    pub open: Option<OpenInTeams>,
    /// How much of the engine is loaded, in hundredths.
    pub loaded: Option<u8>,
    pub presence: Option<TeamsPresence>,
    /// The position in the queue for credentials; 1 is next.
    pub queue: Option<u32>,
    /// Why there are no credentials, as a sentence.
    pub unavailable: Option<String>,
    /// Everyone in the meeting.
    pub people: Vec<ExternalPerson>,
    pub recording: bool,
    pub transcription: bool,
    pub consent_asked: bool,
    pub captions_on: bool,
    pub captions: Vec<Caption>,
    /// Is the own hand raised?
    pub hand: bool,
    /// None: not known yet, nothing is forbidden.
    pub permissions: Option<Permissions>,
    pub chat: MeetingChat,
}

impl ExternalSession {
    /// Ends the stay: nothing of it lasts into the next one but the way into the meeting in its own client.
    pub fn leave(&mut self) {
        *self = Self {
            open: self.open.take(),
            ..Self::default()
        };
    }

    /// A sentence that says what the role in the meeting forbids.
    pub fn forbidden(&self) -> Option<&'static str> {
        let permissions = self.permissions?;
        Some(match (permissions.microphone, permissions.camera, permissions.share) {
            (true, true, true) => return None,
            (false, false, _) => t!(guest::teams::role_listens),
            (false, true, _) => t!(guest::teams::role_mute),
            (true, false, false) => t!(guest::teams::role_speaks),
            (true, false, true) => t!(guest::teams::role_no_camera),
            (true, true, false) => t!(guest::teams::role_no_share),
        })
    }

    /// Adds a line, which replaces an unfinished one of the same speaker.
    pub fn hear(&mut self, caption: Caption) {
        match self.captions.last_mut() {
            Some(before) if !before.last && before.speaker == caption.speaker => *before = caption,
            _ => self.captions.push(caption),
        }
        let surplus = self.captions.len().saturating_sub(CAPTIONS);
        self.captions.drain(..surplus);
    }

    /// The announcements that hold now.
    pub fn notices(&self) -> Vec<Announcement> {
        [
            (self.recording, Announcement::Recording),
            (self.transcription, Announcement::Transcription),
        ]
        .into_iter()
        .filter_map(|(on, notice)| on.then_some(notice))
        .collect()
    }
}

/// A command that only an external meeting has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExternalCommand {
    RaiseHand(bool),
    React(&'static str),
    Captions(bool),
    /// The person agrees to being recorded.
    Agree,
    /// Ask the server for credentials again.
    Retry,
}

/// The reactions: Teams' own word, and what people see.
pub const REACTIONS: [(&str, &str); 5] = [
    ("like", "👍"),
    ("heart", "❤️"),
    ("applause", "👏"),
    ("laugh", "😆"),
    ("surprised", "😮"),
];

/// What people hear of a reaction's button.
pub fn reaction(kind: &str) -> &str {
    match kind {
        "like" => t!(guest::teams::like),
        "heart" => t!(guest::teams::heart),
        "applause" => t!(guest::teams::applause),
        "laugh" => t!(guest::teams::laugh),
        "surprised" => t!(guest::teams::surprised),
        kind => kind,
    }
}

/// Somebody has reacted. A word of Teams that this page does not know is said as it is.
pub fn reacted(name: &str, kind: &str) -> String {
    match kind {
        "like" => t!(guest::announce::reacted_like { name }),
        "heart" => t!(guest::announce::reacted_heart { name }),
        "applause" => t!(guest::announce::reacted_applause { name }),
        "laugh" => t!(guest::announce::reacted_laugh { name }),
        "surprised" => t!(guest::announce::reacted_surprised { name }),
        kind => t!(guest::announce::reacted { name, kind }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::participant::ExternalId;

    fn said(speaker: &str, text: &str, last: bool) -> Caption {
        Caption {
            speaker: speaker.into(),
            text: text.into(),
            last,
        }
    }

    #[test]
    fn a_line_grows_until_it_is_said_and_only_the_newest_stand() {
        let mut external = ExternalSession::default();
        external.hear(said("Anna", "Good", false));
        external.hear(said("Anna", "Good morning", true));
        external.hear(said("Anna", "How", false));
        external.hear(said("Ben", "Hello", true));
        external.hear(said("Anna", "How are you", true));
        let texts: Vec<_> = external.captions.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(texts, ["How", "Hello", "How are you"]);
    }

    #[test]
    fn nothing_of_one_stay_lasts_into_the_next_but_the_way_that_always_works() {
        let open = Some(OpenInTeams::Link("https://teams.microsoft.com/l/meetup-join/x".into()));
        let mut external = ExternalSession {
            open: open.clone(),
            loaded: Some(100),
            presence: Some(TeamsPresence::In),
            queue: Some(2),
            unavailable: Some("no".into()),
            people: vec![ExternalPerson {
                id: ExternalId::new("8:acs:1"),
                name: "Ana".into(),
                muted: true,
                hand: true,
                own: true,
            }],
            recording: true,
            transcription: true,
            consent_asked: true,
            captions_on: true,
            captions: vec![said("Anna", "Hello", true)],
            hand: true,
            permissions: Some(Permissions {
                share: false,
                camera: false,
                microphone: false,
            }),
            chat: MeetingChat::On,
        };
        external.leave();
        assert_eq!(
            external,
            ExternalSession {
                open,
                ..ExternalSession::default()
            }
        );
    }

    #[test]
    fn who_reads_what_is_written_is_said_as_it_is() {
        let mut external = ExternalSession::default();
        assert!(readers(None, false).starts_with("Everybody in the meeting"));
        assert!(readers(Some(&external), false).contains("your host reads"));
        external.chat = MeetingChat::On;
        assert!(readers(Some(&external), false).starts_with("Everybody in the Teams meeting"));
        for why in [
            ChatOff::NotUsed,
            ChatOff::Retired,
            ChatOff::Channel,
            ChatOff::Forbidden,
            ChatOff::Ended,
            ChatOff::Failed,
        ] {
            external.chat = MeetingChat::Off(why);
            assert!(readers(Some(&external), false).ends_with("the others in Teams do not."));
        }
        assert!(!readers(Some(&external), true).contains("verybody"));
    }

    #[test]
    fn what_a_role_forbids_is_said() {
        let mut external = ExternalSession::default();
        assert_eq!(external.forbidden(), None);
        let all = Permissions {
            share: true,
            camera: true,
            microphone: true,
        };
        external.permissions = Some(all);
        assert_eq!(external.forbidden(), None);
        for (source, permissions) in [
            (
                Source::Microphone,
                Permissions {
                    microphone: false,
                    ..all
                },
            ),
            (Source::Camera, Permissions { camera: false, ..all }),
            (Source::Screen, Permissions { share: false, ..all }),
        ] {
            external.permissions = Some(permissions);
            assert!(!permissions.send(source) && external.forbidden().is_some());
        }
    }

    #[test]
    fn every_reaction_has_a_name_and_a_sentence() {
        for (kind, _) in REACTIONS {
            assert_ne!(reaction(kind), kind);
            assert!(reacted("Ana", kind).starts_with("Ana reacted with "), "{kind}");
        }
        assert_eq!(reacted("Ana", "wave"), "Ana reacted: wave");
    }

    #[test]
    fn what_holds_stays_announced() {
        let external = ExternalSession {
            recording: true,
            ..ExternalSession::default()
        };
        assert_eq!(external.notices(), [Announcement::Recording]);
    }
}

//! A meeting on Microsoft Teams, as the screens show it beside what every meeting has.

use anteroom_domain::signalling::{TeamsNotice, TeamsStand};
use anteroom_domain::teams::link::OpenInTeams;

/// The texts that people are shown and agree to. A change of their meaning is a new number: events hold it.
pub const NOTICE_VERSION: u16 = 1;

/// What is said the moment Teams says so, for as long as it holds.
pub fn notice(notice: TeamsNotice) -> &'static str {
    match notice {
        TeamsNotice::Recording => {
            "This meeting is being recorded: what you say, show and write is kept by the organisation that you are meeting."
        }
        TeamsNotice::Transcription => {
            "This meeting is being transcribed: what you say is written down and kept by the organisation that you are meeting."
        }
        TeamsNotice::ConsentAsked => {
            "This meeting is recorded or transcribed, and asks for your agreement. Until you agree, nobody hears or sees you. You can stay and listen without agreeing."
        }
    }
}

/// Some words that were said, as captions show them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caption {
    pub speaker: String,
    pub text: String,
    pub last: bool,
}

/// What a participant may do, as Teams says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct May {
    pub share: bool,
    pub camera: bool,
    pub microphone: bool,
}

/// How many captions stand at once: what was just said, and what it follows on.
const CAPTIONS: usize = 3;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outside {
    /// Where the meeting can be opened in Microsoft's own client.
    pub open: Option<OpenInTeams>,
    /// How much of the module is there, in hundredths.
    pub loaded: Option<u8>,
    pub stand: Option<TeamsStand>,
    /// 1 is next.
    pub queue: Option<u32>,
    /// Credentials could not be had: the sentence.
    pub unavailable: Option<String>,
    pub recording: bool,
    pub transcription: bool,
    pub consent_asked: bool,
    pub captions_on: bool,
    pub captions: Vec<Caption>,
    pub hand: bool,
    /// None: as much as the role lets.
    pub may: Option<May>,
    /// Messages go to everyone in the Teams meeting; otherwise to the clerk's page only.
    pub chat: bool,
}

impl Outside {
    /// A speaker's unfinished line is replaced by the next one of theirs.
    pub fn hear(&mut self, caption: Caption) {
        match self.captions.last_mut() {
            Some(before) if !before.last && before.speaker == caption.speaker => *before = caption,
            _ => self.captions.push(caption),
        }
        let surplus = self.captions.len().saturating_sub(CAPTIONS);
        self.captions.drain(..surplus);
    }

    /// What must be announced now.
    pub fn notices(&self) -> Vec<TeamsNotice> {
        [
            (self.recording, TeamsNotice::Recording),
            (self.transcription, TeamsNotice::Transcription),
        ]
        .into_iter()
        .filter_map(|(on, notice)| on.then_some(notice))
        .collect()
    }
}

/// What a person asks for that only such a meeting has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    Hand(bool),
    React(&'static str),
    Captions(bool),
    Agree,
    /// Credentials anew.
    Again,
}

/// The reactions there are: the word that Teams knows, and what people see and hear.
pub const REACTIONS: [(&str, &str, &str); 5] = [
    ("like", "👍", "Like"),
    ("heart", "❤️", "Heart"),
    ("applause", "👏", "Applause"),
    ("laugh", "😆", "Laugh"),
    ("surprised", "😮", "Surprised"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn said(speaker: &str, text: &str, last: bool) -> Caption {
        Caption {
            speaker: speaker.into(),
            text: text.into(),
            last,
        }
    }

    #[test]
    fn a_line_grows_until_it_is_said_and_only_the_newest_stand() {
        let mut outside = Outside::default();
        outside.hear(said("Anna", "Good", false));
        outside.hear(said("Anna", "Good morning", true));
        outside.hear(said("Anna", "How", false));
        outside.hear(said("Ben", "Hello", true));
        outside.hear(said("Anna", "How are you", true));
        let texts: Vec<_> = outside.captions.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(texts, ["How", "Hello", "How are you"]);
    }

    #[test]
    fn what_holds_stays_announced() {
        let outside = Outside {
            recording: true,
            ..Outside::default()
        };
        assert_eq!(outside.notices(), [TeamsNotice::Recording]);
    }
}

//! End codes of Microsoft's Calling SDK: why a Teams call ended, as a sentence for the guest and a cause for the
//! figures.

mod table;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::word::into_str;

use table::{Row, TABLE};

/// Why a Teams call ended or could not begin, as the figures count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, IntoStaticStr, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Cause {
    /// The participant left.
    Left,
    /// The meeting ended.
    Ended,
    /// The participant was turned away, or nobody took the call.
    Declined,
    /// Nobody let the participant in, so Teams closed the lobby.
    LobbyTimeout,
    /// The participant was removed.
    Removed,
    /// The meeting or its organisation does not let guests in this way.
    Forbidden,
    /// The meeting does not exist, or its link can't be read.
    NotFound,
    /// The network, or Microsoft's service, failed.
    Network,
    /// The camera or the microphone failed, or is not allowed.
    Devices,
    /// The credentials were refused or ran out.
    Token,
    /// The meeting is open in another tab.
    ElsewhereOpen,
    /// This page or browser can't do what the meeting needs.
    Unsupported,
    /// Our Teams module could not be loaded, or failed.
    Client,
    /// Microsoft documents no such code.
    Unknown,
}

into_str!(Cause);

impl Cause {
    /// All causes.
    pub const ALL: [Self; 14] = [
        Self::Left,
        Self::Ended,
        Self::Declined,
        Self::LobbyTimeout,
        Self::Removed,
        Self::Forbidden,
        Self::NotFound,
        Self::Network,
        Self::Devices,
        Self::Token,
        Self::ElsewhereOpen,
        Self::Unsupported,
        Self::Client,
        Self::Unknown,
    ];

    /// Whether the participant may still get into the meeting with Microsoft's own client. If joining from here does
    /// not work, that client is the only way left.
    pub fn leaves_teams_open(self) -> bool {
        !matches!(self, Self::Left | Self::Ended | Self::Declined | Self::Removed)
    }

    /// The cause in a few words, for a table of figures.
    pub fn words(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Ended => "ended by the host",
            Self::Declined => "declined in Teams\u{2019} lobby",
            Self::LobbyTimeout => "nobody admitted them in time",
            Self::Removed => "removed",
            Self::Forbidden => "guests are not allowed",
            Self::NotFound => "no such meeting",
            Self::Network => "network",
            Self::Devices => "camera or microphone",
            Self::Token => "credentials",
            Self::ElsewhereOpen => "open elsewhere",
            Self::Unsupported => "the browser",
            Self::Client => "the page",
            Self::Unknown => "unknown",
        }
    }
}

/// The meaning of an end code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// The cause, for the figures.
    pub cause: Cause,
    /// The sentence for the guest: what happened, and what to do.
    pub sentence: Cow<'static, str>,
    /// Whether joining again is worth a try, once the guest has done what the sentence says.
    pub rejoin: bool,
}

/// Explains an end code and its sub-code. The sentence of an undocumented code names both numbers.
pub fn explain(code: i32, sub_code: i32) -> Ending {
    let fits = |row: &&Row| row.0 == code && row.1.is_none_or(|sub| sub == sub_code);
    match TABLE.iter().find(fits) {
        Some((_, _, cause, rejoin, sentence)) => Ending {
            cause: *cause,
            sentence: Cow::Borrowed(sentence),
            rejoin: *rejoin,
        },
        None => Ending {
            cause: if code == 0 { Cause::Ended } else { Cause::Unknown },
            sentence: Cow::Owned(format!(
                "The meeting is over for you (Teams says {code}/{sub_code}). You can join again; if that does not help, tell your host this number."
            )),
            rejoin: true,
        },
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// Every code with which a call can end or fail to begin: those that Microsoft publishes, those in the SDK's own
    /// table of messages, and those of our module.
    fn known() -> BTreeMap<i32, Vec<i32>> {
        serde_json::from_str(include_str!("end_code/known.json")).unwrap()
    }

    #[test]
    fn every_row_is_found_and_says_what_to_do() {
        let mut seen = BTreeSet::new();
        for (code, sub, cause, rejoin, sentence) in TABLE {
            assert!(seen.insert((*code, *sub)), "{code}/{sub:?} stands twice");
            // A sub-code that no row names stands for "any".
            let ending = explain(*code, sub.unwrap_or(987_654));
            assert_eq!(ending.cause, *cause, "{code}/{sub:?} is hidden by a row above it");
            assert_eq!((ending.rejoin, &*ending.sentence), (*rejoin, *sentence));
            assert!(sentence.ends_with('.') && sentence.len() < 180, "{sentence}");
            assert!(
                !sentence.contains("SDK") && !sentence.contains("ACS"),
                "no guest's word: {sentence}"
            );
        }
    }

    #[test]
    fn every_code_that_is_known_is_explained() {
        for (code, subs) in known() {
            for sub in subs {
                let ending = explain(code, sub);
                assert!(
                    matches!(ending.sentence, Cow::Borrowed(_)),
                    "{code}/{sub}: {}",
                    ending.sentence
                );
                assert!(ending.cause != Cause::Unknown, "{code}/{sub}");
            }
        }
    }

    #[test]
    fn a_sentence_that_asks_to_join_again_offers_it() {
        for (code, sub, _, rejoin, sentence) in TABLE {
            let asks = ["oin again", "ask again", "come in again"]
                .iter()
                .any(|words| sentence.contains(words));
            assert!(*rejoin || !asks, "{code}/{sub:?}: {sentence}");
        }
    }

    #[test]
    fn a_sentence_that_names_teams_as_the_way_on_leads_there() {
        for (code, sub, cause, _, sentence) in TABLE {
            let names = sentence.contains("in Teams instead");
            assert!(cause.leaves_teams_open() || !names, "{code}/{sub:?}: {sentence}");
        }
        for (code, sub) in [(403, 5221), (403, 5222), (403, 1), (412, 41056), (405, 40606), (606, 0)] {
            assert!(explain(code, sub).cause.leaves_teams_open(), "{code}/{sub}");
        }
        for (code, sub) in [(0, 0), (0, 4097), (0, 5000), (0, 5854)] {
            assert!(!explain(code, sub).cause.leaves_teams_open(), "{code}/{sub}");
        }
    }

    #[test]
    fn what_nobody_knows_says_its_number() {
        for (code, sub) in [(777, 12), (200, 1), (-7, 0), (i32::MIN, i32::MAX)] {
            let ending = explain(code, sub);
            assert_eq!(ending.cause, Cause::Unknown);
            assert!(ending.rejoin && ending.sentence.contains(&format!("{code}/{sub}")));
        }
        assert_eq!(explain(0, 12).cause, Cause::Ended, "0 is a good end, whatever it was");
    }

    #[test]
    fn causes_are_told_apart() {
        for (code, sub, cause) in [
            (0, 0, Cause::Left),
            (0, 4097, Cause::Ended),
            (0, 5003, Cause::Ended),
            (0, 5010, Cause::Ended),
            (400, 40210, Cause::NotFound),
            (400, 40238, Cause::Unsupported),
            (409, 40232, Cause::Token),
            (429, 5029, Cause::Network),
            (429, 10110, Cause::Ended),
            (0, 5854, Cause::Declined),
            (0, 5855, Cause::LobbyTimeout),
            (200, 5855, Cause::LobbyTimeout),
            (0, 5000, Cause::Removed),
            (0, 5300, Cause::Removed),
            (403, 5221, Cause::Forbidden),
            (403, 5222, Cause::Forbidden),
            (403, 43001, Cause::Devices),
            (404, 4500, Cause::NotFound),
            (408, 4506, Cause::Network),
            (410, 301_005, Cause::Network),
            (410, 41048, Cause::Devices),
            (401, 10009, Cause::Token),
            (495, 4507, Cause::Token),
            (409, 40228, Cause::ElsewhereOpen),
            (405, 40606, Cause::Unsupported),
            (-1, 1, Cause::Client),
        ] {
            assert_eq!(explain(code, sub).cause, cause, "{code}/{sub}");
        }
    }

    #[test]
    fn a_cause_is_stored_as_one_word() {
        let words: BTreeSet<&str> = Cause::ALL.into_iter().map(Cause::into_str).collect();
        assert_eq!(words.len(), Cause::ALL.len());
        for cause in Cause::ALL {
            assert_eq!(serde_json::to_value(cause).unwrap(), cause.into_str());
            assert_eq!(cause.into_str().parse::<Cause>().ok(), Some(cause));
            assert!(!cause.words().is_empty());
        }
        assert_eq!("Left".parse::<Cause>().ok(), None);
    }
}

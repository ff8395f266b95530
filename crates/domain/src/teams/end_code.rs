//! Why a Teams call ended, by the codes of Microsoft's Calling SDK: a sentence for the guest, and a cause for the
//! figures.

mod table;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use table::{Row, TABLE};

/// For the figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, IntoStaticStr, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Cause {
    Left,
    Ended,
    Declined,
    LobbyTimeout,
    Removed,
    /// The organiser's organisation does not let guests in this way.
    Forbidden,
    NotFound,
    Network,
    Devices,
    Token,
    /// Open in another tab.
    ElsewhereOpen,
    /// The browser can't do what the meeting needs.
    Unsupported,
    /// The module could not be loaded, or failed.
    Client,
    Unknown,
}

impl Cause {
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

    /// Is the meeting itself still there for this person, so that Microsoft's own client may be the way on? Where nothing
    /// here helps it is the only one.
    pub fn leaves_teams_open(self) -> bool {
        !matches!(self, Self::Left | Self::Ended | Self::Declined | Self::Removed)
    }

    /// For a table of figures.
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

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    pub cause: Cause,
    pub sentence: Cow<'static, str>,
    /// Is joining again worth a try, once what the sentence says is done?
    pub rejoin: bool,
}

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

    /// Every way for a call to end or not to begin that Microsoft publishes or the SDK's own table of messages has, and our
    /// module's.
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
        let words: BTreeSet<&str> = Cause::ALL.iter().map(Cause::into_str).collect();
        assert_eq!(words.len(), Cause::ALL.len());
        for cause in Cause::ALL {
            assert_eq!(serde_json::to_value(cause).unwrap(), cause.into_str());
            assert_eq!(cause.into_str().parse::<Cause>().ok(), Some(cause));
            assert!(!cause.words().is_empty());
        }
        assert_eq!("Left".parse::<Cause>().ok(), None);
    }
}

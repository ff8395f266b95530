//! End codes of Microsoft's Calling SDK: why a Teams call ended, as a meaning for the guest and a cause for the figures.
//! The page makes the sentence of a meaning.

mod table;

use serde::{Deserialize, Serialize};
use strum::{EnumIter, EnumString, IntoStaticStr};

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
}

/// What a guest is told of an end code: what happened, and what to do. Several codes may mean the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, EnumIter)]
pub enum Meaning {
    /// They left.
    Left,
    /// The host ended the meeting.
    EndedByHost,
    /// Their page was closed.
    PageClosed,
    /// They were taken out.
    TakenOut,
    /// Joining was broken off before they were in.
    BrokenOff,
    /// The meeting has ended.
    Over,
    /// Everybody else has left, so Teams closed the meeting.
    Deserted,
    /// The meeting has ended for them.
    EndedForYou,
    /// Nobody else came, so Teams closed the meeting.
    NobodyCame,
    /// Their role in the meeting was changed.
    RoleChanged,
    /// They were not let in.
    NotLetIn,
    /// Nobody let them in for a long time.
    NobodyLetIn,
    /// They were passed on to another call.
    PassedOn,
    /// The page was not opened over https.
    Insecure,
    /// The browser can't do what the meeting needs.
    Incapable,
    /// Their credentials ran out.
    RanOut,
    /// Teams can't read the meeting's link.
    NoSuchLink,
    /// The meeting is somebody's personal one.
    Personal,
    /// The browser does not let the page use the microphone or camera.
    NotAllowed,
    /// The meeting does not let them in.
    NotAdmitted,
    /// Their credentials were refused.
    NotAccepted,
    /// The organisation does not let guests in from here.
    NoGuests,
    /// The meeting is not open at this time.
    NotOpen,
    /// The meeting is not there any more.
    Gone,
    /// Their network does not reach Teams.
    Unreachable,
    /// Teams did not answer in time.
    NoAnswer,
    /// The meeting is open in another tab.
    InAnotherTab,
    /// The camera could not be started.
    CameraFailed,
    /// Sound and picture could not be kept up.
    MediaLost,
    /// Another program uses the camera.
    CameraInUse,
    /// There is no camera.
    CameraMissing,
    /// Teams lets no call go on for longer.
    TooLong,
    /// Teams is very busy.
    Busy,
    /// The connection to Teams was lost.
    Lost,
    /// Nobody could be reached in the meeting.
    NobodyReached,
    /// Teams had a problem of its own.
    TheirProblem,
    /// Nobody in the meeting could take the call.
    NotTaken,
    /// Our module could not be loaded.
    ModuleMissing,
    /// Our module heard nothing of Teams for a long time.
    Silent,
    /// Our page failed.
    PageFailed,
    /// Microsoft documents no such code: the guest is told its number.
    Undocumented,
}

/// What an end code stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending {
    /// The cause, for the figures.
    pub cause: Cause,
    /// What the guest is told.
    pub meaning: Meaning,
    /// Whether joining again is worth a try, once the guest has done what they are told.
    pub rejoin: bool,
}

/// Explains an end code and its sub-code.
pub fn explain(code: i32, sub_code: i32) -> Ending {
    let fits = |row: &&Row| row.0 == code && row.1.is_none_or(|sub| sub == sub_code);
    match TABLE.iter().find(fits) {
        Some((_, _, cause, rejoin, meaning)) => Ending {
            cause: *cause,
            meaning: *meaning,
            rejoin: *rejoin,
        },
        None => Ending {
            cause: if code == 0 { Cause::Ended } else { Cause::Unknown },
            meaning: Meaning::Undocumented,
            rejoin: true,
        },
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use strum::IntoEnumIterator as _;

    use super::*;

    /// Every code with which a call can end or fail to begin: those that Microsoft publishes, those in the SDK's own
    /// table of messages, and those of our module.
    fn known() -> BTreeMap<i32, Vec<i32>> {
        serde_json::from_str(include_str!("end_code/known.json")).unwrap()
    }

    #[test]
    fn every_row_is_found() {
        let mut seen = BTreeSet::new();
        for (code, sub, cause, rejoin, meaning) in TABLE {
            assert!(seen.insert((*code, *sub)), "{code}/{sub:?} stands twice");
            // A sub-code that no row names stands for "any".
            let ending = explain(*code, sub.unwrap_or(987_654));
            assert_eq!(ending.cause, *cause, "{code}/{sub:?} is hidden by a row above it");
            assert_eq!((ending.rejoin, ending.meaning), (*rejoin, *meaning));
        }
    }

    /// So that whoever checks the sentences of the codes that are known has checked them all.
    #[test]
    fn every_meaning_is_that_of_a_code_that_is_known() {
        let meant: BTreeSet<Meaning> = known()
            .iter()
            .flat_map(|(code, subs)| subs.iter().map(|sub| explain(*code, *sub).meaning))
            .chain([Meaning::Undocumented])
            .collect();
        assert_eq!(meant, Meaning::iter().collect());
    }

    #[test]
    fn every_code_that_is_known_is_explained() {
        for (code, subs) in known() {
            for sub in subs {
                let ending = explain(code, sub);
                assert!(ending.meaning != Meaning::Undocumented, "{code}/{sub}");
                assert!(ending.cause != Cause::Unknown, "{code}/{sub}");
            }
        }
    }

    #[test]
    fn what_leaves_teams_open_is_told_apart() {
        for (code, sub) in [(403, 5221), (403, 5222), (403, 1), (412, 41056), (405, 40606), (606, 0)] {
            assert!(explain(code, sub).cause.leaves_teams_open(), "{code}/{sub}");
        }
        for (code, sub) in [(0, 0), (0, 4097), (0, 5000), (0, 5854)] {
            assert!(!explain(code, sub).cause.leaves_teams_open(), "{code}/{sub}");
        }
    }

    #[test]
    fn what_nobody_knows_is_called_that() {
        for (code, sub) in [(777, 12), (200, 1), (-7, 0), (i32::MIN, i32::MAX)] {
            let ending = explain(code, sub);
            assert_eq!(ending.cause, Cause::Unknown);
            assert!(ending.rejoin && ending.meaning == Meaning::Undocumented);
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
        }
        assert_eq!("Left".parse::<Cause>().ok(), None);
    }
}

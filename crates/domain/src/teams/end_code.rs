//! Why a Teams call ended, by the codes of Microsoft's Calling SDK: a sentence for the guest, and a cause for the
//! figures. The codes are those that Microsoft publishes (Azure Communication Services, "Understanding codes and
//! subcodes errors") and those in the message table of SDK 2.0; negative ones are our own module's.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// For the figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
    Elsewhere,
    /// The module could not be loaded, or the browser can't run it.
    Client,
    Unknown,
}

impl Cause {
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
            Self::Elsewhere => "open elsewhere",
            Self::Client => "the page",
            Self::Unknown => "unknown",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    pub cause: Cause,
    pub sentence: Cow<'static, str>,
    /// Is joining again worth a try?
    pub rejoin: bool,
}

/// Code and sub-code (None: any), cause, worth a try again, sentence. The first that fits counts.
type Row = (i32, Option<i32>, Cause, bool, &'static str);

#[rustfmt::skip]
const TABLE: &[Row] = &[
    (0, Some(0), Cause::Left, true, "You left the meeting."),
    (0, Some(4097), Cause::Ended, false, "The host has ended the meeting. You can close this page."),
    (0, Some(5000), Cause::Removed, false, "You were taken out of the meeting. If you think this is a mistake, please contact your host."),
    (0, Some(5300), Cause::Removed, false, "You were taken out of the meeting. If you think this is a mistake, please contact your host."),
    (0, Some(5317), Cause::Removed, true, "Your role in the meeting was changed, so you have to come in again."),
    (0, Some(5854), Cause::Declined, true, "You were not let in this time. If you think this is a mistake, please contact your host, or ask again."),
    (200, Some(5854), Cause::Declined, true, "You were not let in this time. If you think this is a mistake, please contact your host, or ask again."),
    (0, Some(5855), Cause::LobbyTimeout, true, "Nobody let you in for a long time, so Teams closed the lobby for you. Join again to let your host know that you are still here."),
    (200, Some(5855), Cause::LobbyTimeout, true, "Nobody let you in for a long time, so Teams closed the lobby for you. Join again to let your host know that you are still here."),
    (0, Some(5013), Cause::Ended, true, "Nobody else came to the meeting, so Teams closed it. You can join again."),
    (0, Some(4521), Cause::Left, true, "The page was closed during the meeting. You can join again."),
    (0, Some(7000), Cause::Ended, false, "The meeting has ended. You can close this page."),
    (401, Some(10009), Cause::Token, true, "Your permission to be in the meeting ran out. Join again to get a new one."),
    (401, None, Cause::Token, true, "Your permission to be in the meeting was not accepted. Join again to get a new one."),
    (495, Some(4507), Cause::Token, true, "Your permission to be in the meeting ran out. Join again to get a new one."),
    (403, Some(5221), Cause::Forbidden, false, "The organisation of this meeting does not let guests in from here yet. Open it in Teams instead, or contact your host."),
    (403, Some(5222), Cause::Forbidden, false, "The organisation of this meeting does not let guests in from here yet. Open it in Teams instead, or contact your host."),
    (403, Some(43001), Cause::Devices, true, "Your browser does not let this page use the microphone or camera. Allow it at the address bar, then join again."),
    (403, None, Cause::Forbidden, false, "The meeting did not let you in. Open it in Teams instead, or contact your host."),
    (404, None, Cause::NotFound, false, "This meeting is not there any more. Please contact your host for the right link."),
    (408, Some(40101), Cause::Network, true, "Your network does not reach Teams. Try another network (a phone\u{2019}s hotspot), or open it in Teams instead."),
    (408, Some(40104), Cause::Network, true, "Your network does not reach Teams. Try another network (a phone\u{2019}s hotspot), or open it in Teams instead."),
    (408, Some(40114), Cause::Network, true, "Your network does not reach Teams. Try another network (a phone\u{2019}s hotspot), or open it in Teams instead."),
    (408, None, Cause::Network, true, "Teams did not answer in time. Please join again."),
    (410, None, Cause::Network, true, "Sound and picture could not be kept up. Check your network, or try another browser, and join again."),
    (412, Some(40115), Cause::Network, true, "Your network does not reach Teams. Try another network (a phone\u{2019}s hotspot), or open it in Teams instead."),
    (412, Some(43000), Cause::Devices, true, "Your camera is used by another program. Close that program, then join again."),
    (412, Some(43016), Cause::Devices, true, "Your browser does not let this page use the microphone or camera. Allow it at the address bar, then join again."),
    (400, Some(40613), Cause::Devices, true, "Your browser does not let this page use the microphone or camera. Allow it at the address bar, then join again."),
    (409, Some(40228), Cause::Elsewhere, true, "The meeting is open in another tab or window already. Close that one, or go on there."),
    (480, None, Cause::NotFound, true, "Nobody could be reached in this meeting. Please join again."),
    (487, None, Cause::LobbyTimeout, true, "Nobody let you in for a long time. Join again to let your host know that you are still here."),
    (490, None, Cause::Network, true, "Your network does not reach Teams. Try another network (a phone\u{2019}s hotspot), or open it in Teams instead."),
    (491, None, Cause::Network, true, "The connection to Teams was lost. Check your network, and join again."),
    (496, None, Cause::Network, true, "The connection to Teams was lost. Check your network, and join again."),
    (497, None, Cause::Network, true, "The connection to Teams was lost. Check your network, and join again."),
    (498, None, Cause::Network, true, "The connection to Teams was lost. Check your network, and join again."),
    (500, None, Cause::Network, true, "Teams had a problem of its own. Please join again in a minute."),
    (503, None, Cause::Network, true, "Teams is very busy at the moment. Please join again in a minute."),
    (504, None, Cause::Network, true, "Teams did not answer in time. Please join again in a minute."),
    (603, None, Cause::Declined, true, "You were not let in this time. If you think this is a mistake, please contact your host, or ask again."),
    (-1, Some(1), Cause::Client, true, "The part of this page that talks to Teams could not be loaded. Check your network and join again, or open it in Teams instead."),
    (-1, Some(2), Cause::Network, true, "Teams did not answer for a long time. Check your network and join again, or open it in Teams instead."),
    (-1, None, Cause::Client, true, "Something in this page stopped the meeting. Join again, or open it in Teams instead."),
];

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
    use std::collections::BTreeSet;

    use super::*;

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
        }
    }

    #[test]
    fn what_nobody_knows_says_its_number() {
        let ending = explain(777, 12);
        assert_eq!(ending.cause, Cause::Unknown);
        assert!(ending.sentence.contains("777/12"));
    }

    #[test]
    fn the_four_ways_out_that_people_ask_about_are_told_apart() {
        let cause = |code, sub| explain(code, sub).cause;
        assert_eq!(cause(0, 5854), Cause::Declined);
        assert_eq!(cause(0, 5855), Cause::LobbyTimeout);
        assert_eq!(cause(0, 5000), Cause::Removed);
        assert_eq!(cause(403, 5221), Cause::Forbidden);
    }
}

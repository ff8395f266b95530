//! The table of end codes.
//!
//! The codes come from four sources: both tables of Microsoft's page "Understanding codes and subcodes errors" (Azure
//! Communication Services), as far as a code can end a call or keep it from beginning; the message table of SDK 2.0;
//! the errors that the SDK throws when a call begins; and public reports, for 403/5221 and 403/5222. Negative codes are
//! our own module's. `known.json` lists all of them. The tests of `teams-client/` compare it with the table of the
//! installed SDK.

use super::Cause::{
    self, Client, Declined, Devices, ElsewhereOpen, Ended, Forbidden, Left, LobbyTimeout, Network, NotFound, Removed,
    Token, Unsupported,
};

/// Code, sub-code (None: any), cause, whether joining again is worth a try, sentence. The first row that fits counts.
pub type Row = (i32, Option<i32>, Cause, bool, &'static str);

const OVER: &str = "The meeting has ended. You can close this page.";
const TAKEN_OUT: &str = "You were taken out of the meeting. If you think this is a mistake, please contact your host.";
const NOT_LET_IN: &str =
    "You were not let in this time. If you think this is a mistake, please contact your host, or ask again.";
const NOBODY_LET_IN: &str = "Nobody let you in for a long time, so Teams closed the lobby for you. Join again to let your host know that you are still here.";
const NO_GUESTS: &str = "The organisation of this meeting does not let guests in from here yet. Open it in Teams instead, or contact your host.";
const NOT_ADMITTED: &str = "The meeting did not let you in. Open it in Teams instead, or contact your host.";
const NO_SUCH_LINK: &str = "Teams can\u{2019}t read the link of this meeting. Open it in Teams instead, or contact your host for the right link.";
const BUSY: &str = "Teams is very busy at the moment. Please join again in a minute.";
const RAN_OUT: &str = "Your permission to be in the meeting ran out. Join again to get a new one.";
const UNREACHABLE: &str =
    "Your network does not reach Teams. Try another network (a phone\u{2019}s hotspot), or open it in Teams instead.";
const LOST: &str = "The connection to Teams was lost. Check your network, and join again.";
const NO_ANSWER: &str = "Teams did not answer in time. Please join again in a minute.";
const THEIR_PROBLEM: &str = "Teams had a problem of its own. Please join again in a minute.";
const NOT_ALLOWED: &str =
    "Your browser does not let this page use the microphone or camera. Allow it at the address bar, then join again.";
const CAMERA_FAILED: &str =
    "Your camera could not be started. Close other programs that may use it, or join again without it.";
const NOT_TAKEN: &str = "Nobody in the meeting could take your call just now. Please join again in a minute.";
const GONE: &str = "This meeting is not there any more. Please contact your host for the right link.";
const IN_ANOTHER_TAB: &str = "The meeting is open in another tab or window already. Close that one, or go on there.";
const CANNOT: &str =
    "This browser can\u{2019}t do what the meeting needs. Try another browser, or open it in Teams instead.";
const BROKEN_OFF: &str = "Joining was broken off before you were in. You can join again.";

/// One row a line, so that the table can be compared with Microsoft's.
#[rustfmt::skip]
pub const TABLE: &[Row] = &[
    (0, Some(0), Left, true, "You left the meeting."),
    (0, Some(4097), Ended, false, "The host has ended the meeting. You can close this page."),
    (0, Some(4521), Left, true, "The page was closed during the meeting. You can join again."),
    (0, Some(5000), Removed, false, TAKEN_OUT),
    (0, Some(5300), Removed, false, TAKEN_OUT),
    (0, Some(4501), Left, true, BROKEN_OFF),
    (0, Some(5003), Ended, false, OVER),
    (0, Some(5010), Ended, true, "Everybody else has left the meeting, so Teams closed it. You can join again."),
    (0, Some(5014), Ended, true, "The meeting has ended for you. You can join again."),
    (0, Some(5013), Ended, true, "Nobody else came to the meeting, so Teams closed it. You can join again."),
    (0, Some(5317), Removed, true, "Your role in the meeting was changed, so you have to come in again."),
    (0, Some(5854), Declined, true, NOT_LET_IN),
    (0, Some(5855), LobbyTimeout, true, NOBODY_LET_IN),
    (200, Some(5854), Declined, true, NOT_LET_IN),
    (200, Some(5855), LobbyTimeout, true, NOBODY_LET_IN),
    (0, Some(7000), Ended, false, OVER),
    (0, Some(7015), Ended, true, "You were passed on to another call, which this page can\u{2019}t follow. You can join again."),
    (0, Some(540_000), Ended, false, OVER),
    (0, Some(560_000), Ended, false, OVER),
    (400, Some(40100), Client, false, "This page was not opened over a secure connection (https), so Teams can\u{2019}t be joined from it. Open the meeting in Teams instead."),
    (400, Some(40119), Unsupported, false, CANNOT),
    (400, Some(40201), Token, true, RAN_OUT),
    (400, Some(40209), NotFound, false, NO_SUCH_LINK),
    (400, Some(40210), NotFound, false, NO_SUCH_LINK),
    (400, Some(40233), Token, true, RAN_OUT),
    (400, Some(40234), Token, true, RAN_OUT),
    (400, Some(40238), Unsupported, false, "This is somebody\u{2019}s personal Teams meeting, which can\u{2019}t be joined from here. Open it in Teams instead."),
    (400, Some(40613), Devices, true, NOT_ALLOWED),
    (400, Some(580_040), Forbidden, false, NOT_ADMITTED),
    (401, Some(10009), Token, true, RAN_OUT),
    (401, None, Token, true, "Your permission to be in the meeting was not accepted. Join again to get a new one."),
    (495, None, Token, true, RAN_OUT),
    (403, Some(5221), Forbidden, false, NO_GUESTS),
    (403, Some(5222), Forbidden, false, NO_GUESTS),
    (403, Some(5723), Forbidden, false, NO_GUESTS),
    (403, Some(5829), Forbidden, true, "The meeting is not open at this time. Join again at the time of your appointment, or open it in Teams instead."),
    (403, Some(43001), Devices, true, NOT_ALLOWED),
    (403, None, Forbidden, false, NOT_ADMITTED),
    (404, None, NotFound, false, GONE),
    (484, None, NotFound, false, GONE),
    (604, None, NotFound, false, GONE),
    (405, None, Unsupported, false, CANNOT),
    (606, None, Unsupported, false, CANNOT),
    (408, Some(40101), Network, true, UNREACHABLE),
    (408, Some(40104), Network, true, UNREACHABLE),
    (408, Some(40114), Network, true, UNREACHABLE),
    (408, None, Network, true, NO_ANSWER),
    (409, Some(40228), ElsewhereOpen, true, IN_ANOTHER_TAB),
    (409, Some(40230), ElsewhereOpen, true, IN_ANOTHER_TAB),
    (409, Some(40232), Token, true, RAN_OUT),
    (410, Some(41048), Devices, true, CAMERA_FAILED),
    (410, None, Network, true, "Sound and picture could not be kept up. Check your network, or try another browser, and join again."),
    (412, Some(40115), Network, true, UNREACHABLE),
    (412, Some(41056), Forbidden, false, NO_GUESTS),
    (412, Some(43000), Devices, true, "Your camera is used by another program. Close that program, then join again."),
    (412, Some(43013), Devices, true, "No camera was found. Plug one in and switch it on, or join again without it."),
    (412, Some(43014), Devices, true, CAMERA_FAILED),
    (412, Some(43017), Devices, true, CAMERA_FAILED),
    (412, Some(43018), Devices, true, CAMERA_FAILED),
    (412, Some(43019), Devices, true, CAMERA_FAILED),
    (412, Some(43015), Devices, true, NOT_ALLOWED),
    (412, Some(43016), Devices, true, NOT_ALLOWED),
    (429, Some(10110), Ended, true, "The meeting has gone on for as long as Teams lets one call. Join again to go on."),
    (429, None, Network, true, BUSY),
    (430, None, Network, true, LOST),
    (480, None, NotFound, true, "Nobody could be reached in this meeting. Please join again."),
    (481, None, Network, true, THEIR_PROBLEM),
    (486, None, Declined, true, NOT_TAKEN),
    (600, None, Declined, true, NOT_TAKEN),
    (487, Some(10003), ElsewhereOpen, true, IN_ANOTHER_TAB),
    (487, Some(10004), LobbyTimeout, true, NOBODY_LET_IN),
    (487, Some(10024), Declined, true, NOT_LET_IN),
    (487, None, Left, true, BROKEN_OFF),
    (490, None, Network, true, UNREACHABLE),
    (491, None, Network, true, LOST),
    (496, None, Network, true, LOST),
    (497, None, Network, true, LOST),
    (498, None, Network, true, LOST),
    (500, Some(40614), Devices, true, NOT_ALLOWED),
    (500, Some(43002), Devices, true, CAMERA_FAILED),
    (500, None, Network, true, THEIR_PROBLEM),
    (503, None, Network, true, BUSY),
    (504, None, Network, true, NO_ANSWER),
    (603, None, Declined, true, NOT_LET_IN),
    (-1, Some(1), Client, true, "The part of this page that talks to Teams could not be loaded. Check your network and join again, or open it in Teams instead."),
    (-1, Some(2), Network, true, "Teams did not answer for a long time. Check your network and join again, or open it in Teams instead."),
    (-1, None, Client, true, "Something in this page stopped the meeting. Join again, or open it in Teams instead."),
];

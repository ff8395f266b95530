//! Parsing the links on Teams' own hosts.

use serde::Deserialize;

use super::address::Address;
use super::id::is_id;
use super::percent::decode;
use super::{Cloud, LinkError, MeetingLink};
use crate::value::EntraId;

/// The target of an address.
pub enum Leads {
    /// The address is a meeting's.
    To(MeetingLink),
    /// The address is wrapped around this other link.
    On(String),
}

/// Reads an address on one of Teams' own hosts.
pub fn in_teams(address: &Address<'_>, cloud: Cloud) -> Result<Leads, LinkError> {
    // The web client has the path of the meeting behind the `#`.
    if matches!(address.path, "/_" | "/v2/") && address.fragment.starts_with('/') {
        return Ok(Leads::On(format!("https://{}{}", address.host, address.fragment)));
    }
    let segments: Vec<&str> = address.path.split('/').skip(1).collect();
    match segments.as_slice() {
        ["l", "meetup-join", thread, message] | ["l", "meetup-join", thread, message, ""] => {
            in_thread(thread, message, address, cloud).map(Leads::To)
        }
        ["l", "meetup-join", ..] => Err(LinkError::Broken),
        ["meet", id] | ["meet", id, ""] => short(id, address, cloud).map(Leads::To),
        ["dl", "launcher", "launcher.html"] => match address.required("url")? {
            path if path.starts_with('/') => Ok(Leads::On(format!("https://{}{path}", address.host))),
            link => Ok(Leads::On(link)),
        },
        ["l", "call" | "chat" | "channel" | "message", ..] => Err(LinkError::CallOrChat),
        ["convene", "townhall", ..] => Err(LinkError::TownHall),
        ["registration" | "event", ..] => Err(LinkError::EventPage),
        ["_broadcast" | "broadcast", ..] => Err(LinkError::LiveEvent),
        _ => Err(LinkError::NotAMeeting),
    }
}

/// The JSON in the `context` parameter of a long link.
#[derive(Deserialize)]
struct Context {
    #[serde(rename = "Tid")]
    tenant: String,
    #[serde(rename = "Oid")]
    organizer: String,
    #[serde(rename = "IsBroadcastMeeting", default)]
    is_live_event: bool,
}

/// Reads a long link.
fn in_thread(thread: &str, message: &str, address: &Address<'_>, cloud: Cloud) -> Result<MeetingLink, LinkError> {
    let thread = decode(thread)
        .filter(|thread| is_thread(thread))
        .ok_or(LinkError::Broken)?;
    if thread.starts_with("19:dod:") {
        return Err(LinkError::Dod);
    }
    let message = decode(message)
        .filter(|message| is_message(message))
        .ok_or(LinkError::Broken)?;
    let context: Context = serde_json::from_str(&address.required("context")?).map_err(|_| LinkError::Broken)?;
    if context.is_live_event {
        return Err(LinkError::LiveEvent);
    }
    Ok(MeetingLink::Thread {
        cloud,
        tenant: guid(&context.tenant)?,
        organizer: guid(&context.organizer)?,
        thread,
        message,
    })
}

/// A GUID in lower case.
fn guid(text: &str) -> Result<String, LinkError> {
    text.parse::<EntraId>().map(String::from).map_err(|_| LinkError::Broken)
}

/// Whether `thread` is a chat thread of Teams, such as `19:meeting_NjA3…@thread.v2`, `19:gcch:meeting_abc@thread.v2` or
/// `19:0f1e…@thread.tacv2`.
fn is_thread(thread: &str) -> bool {
    let Some((name, kind)) = thread.strip_prefix("19:").and_then(|rest| rest.split_once("@thread.")) else {
        return false;
    };
    (1..=200).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-=:.".contains(&byte))
        && matches!(kind, "v2" | "skype" | "tacv2")
}

/// Whether `text` is the id of a message: its time in milliseconds, or 0.
fn is_message(text: &str) -> bool {
    (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Reads a short link.
fn short(id: &str, address: &Address<'_>, cloud: Cloud) -> Result<MeetingLink, LinkError> {
    let key = address.parameter("p")?;
    let is_key = |key: &String| {
        (1..=64).contains(&key.len())
            && key
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    if !is_id(id) || !key.iter().all(is_key) {
        return Err(LinkError::Broken);
    }
    Ok(MeetingLink::Short {
        cloud,
        id: id.to_owned(),
        key,
    })
}

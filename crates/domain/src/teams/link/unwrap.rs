//! Unwrapping: links that carry the meeting's link inside, such as Safe Links.

use super::address::Address;
use super::filter;
use super::parse::{Leads, in_teams};
use super::{Cloud, LinkError, MeetingLink};

/// The deepest nesting: Safe Links, around Bookings, around the web client's launcher, around the web client's own
/// address.
const DEEPEST: usize = 4;

/// Reads one link, however deeply it is wrapped.
pub fn parse_link(link: &str) -> Result<MeetingLink, LinkError> {
    let mut link = link.to_owned();
    for _ in 0..=DEEPEST {
        match follow(&Address::read(&link)?, &link)? {
            Leads::To(meeting) => return Ok(meeting),
            Leads::On(inner) => link = inner,
        }
    }
    Err(LinkError::Broken)
}

/// Follows an address by one step. Nothing is fetched: the inner link is a part of the address.
fn follow(address: &Address<'_>, link: &str) -> Result<Leads, LinkError> {
    match address.host.as_str() {
        "teams.microsoft.com" | "teams.cloud.microsoft" => in_teams(address, Cloud::Public),
        "gov.teams.microsoft.us" => in_teams(address, Cloud::GccHigh),
        "dod.teams.microsoft.us" => Err(LinkError::Dod),
        "teams.live.com" => Err(LinkError::Personal),
        "events.teams.microsoft.com" => Err(LinkError::EventPage),
        "visit.teams.microsoft.com" if address.path == "/webrtc-svc/api/route" => {
            address.required("JoinWebUrl").map(Leads::On)
        }
        "visit.teams.microsoft.com" => Err(LinkError::NotAMeeting),
        host if is_safe_links(host, address.path) => address.required("url").map(Leads::On),
        _ => match filter::inside(address, link) {
            Some(inner) => Ok(Leads::On(inner)),
            None if filter::is_one(&address.host) => Err(LinkError::Rewritten),
            None => Err(LinkError::OtherHost),
        },
    }
}

/// Whether the address is a Safe Link.
///
/// In mail the host has exactly one label before the service's name: `eur02.safelinks.protection.outlook.com`. Links
/// that were clicked or copied in a Teams chat lead to a page of Teams' own instead.
fn is_safe_links(host: &str, path: &str) -> bool {
    let is_of_mail = ["safelinks.protection.outlook.com", "safelinks.protection.office365.us"]
        .iter()
        .filter_map(|name| host.strip_suffix(name)?.strip_suffix('.'))
        .any(|label| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let is_of_chat = matches!(
        host,
        "statics.teams.cdn.office.net" | "teams.public.onecdn.static.microsoft"
    ) && matches!(
        path,
        "/evergreen-assets/safelinks/1/atp-safelinks.html" | "/evergreen-assets/safelinks/2/atp-safelinks.html"
    );
    is_of_mail || is_of_chat
}

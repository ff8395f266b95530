//! Mail filters, which rewrite every link so that a click goes through them first. Some put the original link inside
//! the new one. Others do not, and only they know where the new link leads.

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::address::Address;
use super::percent::decode;

/// The hosts of known filters. A name with a leading dot stands for all hosts that end in it.
const HOSTS: [&str; 12] = [
    "urldefense.com",
    "urldefense.us",
    "urldefense.proofpoint.com",
    "linkprotect.cudasvc.com",
    ".trendmicro.com",
    "secure-web.cisco.com",
    ".mimecast.com",
    ".mimecastprotect.com",
    ".protection.sophos.com",
    "protect2.fireeye.com",
    "clicktime.symantec.com",
    ".hornetsecurity.com",
];

/// Whether the host is a known filter's.
pub fn is_one(host: &str) -> bool {
    HOSTS
        .iter()
        .any(|name| host == *name || (name.starts_with('.') && host.ends_with(name)))
}

/// The original link inside `link`, whose parts are `address`. None if `link` is no filter's, or does not tell.
pub fn inside(address: &Address<'_>, link: &str) -> Option<String> {
    let parameter = |name: &str| address.parameter(name).ok().flatten();
    match address.host.as_str() {
        "www.google.com" if address.path == "/url" => parameter("q").or_else(|| parameter("url")),
        "linkprotect.cudasvc.com" if address.path == "/url" => parameter("a"),
        host if host.ends_with(".trendmicro.com") => parameter("url"),
        "protect2.fireeye.com" => parameter("u"),
        "urldefense.proofpoint.com" if address.path == "/v1/url" => parameter("u"),
        "urldefense.proofpoint.com" if address.path == "/v2/url" => {
            // The second form encodes twice: in the inner encoding `-` stands for `%` and `_` for `/`.
            decode(&parameter("u")?.replace('-', "%").replace('_', "/"))
        }
        "urldefense.proofpoint.com" | "urldefense.com" | "urldefense.us" => proofpoint_3(link),
        "secure-web.cisco.com" => {
            let (_, last) = address.path.rsplit_once('/')?;
            decode(last).filter(|inner| inner.starts_with("https://"))
        }
        _ => None,
    }
}

/// The original link in Proofpoint's third form, `/v3/__<link>__;<characters>!…`.
///
/// The characters are in base64. In the link, `*` stands for the next of them, and `**` with a letter stands for
/// several: two for `A`, three for `B`, and so on.
fn proofpoint_3(link: &str) -> Option<String> {
    const LENGTHS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (_, rest) = link.split_once("/v3/__")?;
    let (masked, rest) = rest.split_once("__;")?;
    let (characters, _) = rest.split_once('!')?;
    let padding = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let characters = GeneralPurpose::new(&URL_SAFE, padding).decode(characters).ok()?;
    let characters = String::from_utf8(characters).ok()?;
    let mut characters = characters.chars();
    let mut inner = String::with_capacity(masked.len());
    let mut masked = masked.chars().peekable();
    while let Some(c) = masked.next() {
        match c {
            '*' if masked.next_if_eq(&'*').is_some() => {
                let length = masked.next()?;
                let length = LENGTHS.find(length)? + 2;
                inner.extend(characters.by_ref().take(length));
            }
            '*' => inner.push(characters.next()?),
            c => inner.push(c),
        }
    }
    // Some mail gateways collapse the two slashes into one.
    match inner.strip_prefix("https:/") {
        Some(rest) if !rest.starts_with('/') => Some(format!("https://{rest}")),
        _ => Some(inner),
    }
}

//! Our cookies: few, short, and never readable by scripts.

use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};

use crate::instance::Instance;

/// The session of a member of staff.
pub const SESSION: &str = "anteroom-session";
/// Knows a browser in which someone has signed in before.
pub const BROWSER: &str = "anteroom-browser";
/// A guest link that was just made: shown once on the page that follows, instead of being written into a URL.
pub const FRESH_LINK: &str = "anteroom-fresh-link";
/// What the form that was just posted did: said once on the page that follows.
pub const DONE: &str = "anteroom-done";

/// The language that somebody chose in this browser.
pub const LANGUAGE: &str = "anteroom-language";
/// Whose consultations this browser showed last: the page comes as it was left.
pub const WHOSE: &str = "anteroom-whose";

pub const YEAR_SECONDS: i64 = 365 * 24 * 3600;

/// With TLS a cookie is bound to this very host (RFC 6265bis §4.1.3.2).
fn name(site: &Instance, name: &str) -> String {
    if site.is_secure() {
        format!("__Host-{name}")
    } else {
        name.to_owned()
    }
}

pub fn read(site: &Instance, headers: &HeaderMap, cookie: &str) -> Option<String> {
    let wanted = name(site, cookie);
    headers
        .get_all(COOKIE)
        .iter()
        // Bytes, one pair at a time: others on the same domain set cookies too, in whatever encoding.
        .flat_map(|header| header.as_bytes().split(|byte| *byte == b';'))
        .filter_map(|pair| str::from_utf8(pair).ok())
        .find_map(|pair| {
            let (name, value) = pair.trim().split_once('=')?;
            (name == wanted && is_plain(value)).then(|| value.to_owned())
        })
}

/// Secrets are URL-safe base64 and numbers; nothing else is a value of ours.
fn is_plain(value: &str) -> bool {
    value.len() <= 200 && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}

/// A `Set-Cookie` value; `seconds` of None is until the browser closes.
pub fn set(site: &Instance, cookie: &str, value: &str, seconds: Option<i64>) -> Option<HeaderValue> {
    let name = name(site, cookie);
    let secure = if site.is_secure() { "; Secure" } else { "" };
    let age = seconds
        .map(|seconds| format!("; Max-Age={seconds}"))
        .unwrap_or_default();
    HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}")).ok()
}

pub fn forget(site: &Instance, cookie: &str) -> Option<HeaderValue> {
    set(site, cookie, "", Some(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_of_others_do_not_hide_ours() {
        let mut headers = HeaderMap::new();
        let sent = b"greeting=gr\xfc\xdfe; anteroom-session=abc-1; name=\xc3\xa4";
        headers.append(COOKIE, HeaderValue::from_bytes(sent).unwrap());
        assert_eq!(read(&Instance::bare(), &headers, SESSION).as_deref(), Some("abc-1"));
        assert_eq!(read(&Instance::bare(), &headers, BROWSER), None);
    }
}

//! The parts of a link (RFC 3986 §3), read as strictly as the links of Teams allow.

use super::LinkError;
use super::percent::decode;

/// The parts of a link. None of them is decoded.
pub struct Address<'a> {
    /// The host, in lower case.
    pub host: String,
    /// The path, with its leading slash. It may be empty.
    pub path: &'a str,
    /// The text between `?` and `#`.
    pub query: &'a str,
    /// The text behind `#`.
    pub fragment: &'a str,
}

impl<'a> Address<'a> {
    /// Splits an `https://` link. A user name or a port at the host is refused, because it can disguise where the link
    /// leads.
    pub fn read(link: &'a str) -> Result<Self, LinkError> {
        let (scheme, after) = link.split_once(':').ok_or(LinkError::NotHttps)?;
        if scheme.eq_ignore_ascii_case("msteams") {
            return Err(LinkError::App);
        }
        if !scheme.eq_ignore_ascii_case("https") {
            return Err(LinkError::NotHttps);
        }
        let after = after.strip_prefix("//").ok_or(LinkError::Broken)?;
        let end = after.find(['/', '?', '#']).unwrap_or(after.len());
        let (host, rest) = after.split_at(end);
        // Some mail filters write out the default port.
        let host = host.strip_suffix(":443").unwrap_or(host);
        // A user name, another port, or the backslash, which some browsers take for a slash.
        if host.contains(['@', ':', '\\']) {
            return Err(LinkError::Disguised);
        }
        let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        Ok(Self {
            host: host.to_ascii_lowercase(),
            path,
            query,
            fragment,
        })
    }

    /// The decoded value of the first parameter with this name, in any case.
    pub fn parameter(&self, name: &str) -> Result<Option<String>, LinkError> {
        self.query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| decode(value).ok_or(LinkError::Broken))
            .transpose()
    }

    /// The decoded value of a parameter without which the link is broken.
    pub fn required(&self, name: &str) -> Result<String, LinkError> {
        self.parameter(name)?.ok_or(LinkError::Broken)
    }
}

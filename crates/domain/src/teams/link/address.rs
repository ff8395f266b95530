use super::LinkError;
use super::percent::decode;

/// A link in its parts, none of them decoded.
pub struct Address<'a> {
    /// In lower case.
    pub host: String,
    pub path: &'a str,
    pub query: &'a str,
    pub fragment: &'a str,
}

impl<'a> Address<'a> {
    /// `https://`, a host with nothing but itself, and what follows it.
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
        // The port of https itself, which some filters write out.
        let host = host.strip_suffix(":443").unwrap_or(host);
        // A user's name, another port, or what some browsers take for a slash.
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

    /// Decoded; the first of that name.
    pub fn parameter(&self, name: &str) -> Result<Option<String>, LinkError> {
        self.query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| decode(value).ok_or(LinkError::Broken))
            .transpose()
    }

    pub fn required(&self, name: &str) -> Result<String, LinkError> {
        self.parameter(name)?.ok_or(LinkError::Broken)
    }
}

//! What an operator sets about Microsoft Teams. All of it is optional; without any, Teams is off.

use std::path::{Path, PathBuf};

use url::Url;

use super::setting::Given;
use super::value;

/// A text that is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretSetting(pub String);

impl std::fmt::Debug for SecretSetting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamsConfig {
    /// Of Azure Communication Services: where it is, and the key to it.
    pub connection_string: Option<SecretSetting>,
    /// Where it is, when Microsoft Entra says who we are.
    pub endpoint: Option<Url>,
    pub tenant: Option<String>,
    pub client_id: Option<String>,
    pub client_secret: Option<SecretSetting>,
    /// The certificate and its key, in one PEM file.
    pub certificate: Option<PathBuf>,
    pub managed_identity: bool,
    /// Are meetings made through Graph?
    pub graph: bool,
    /// Of a guest's token: `voip`, or `voip.join`.
    pub scope: String,
    pub api_version: String,
    /// Is the meeting's own chat used, until Microsoft ends it?
    pub chat: bool,
    /// May a consultation be a webinar, whose guests only watch and listen?
    pub webinars: bool,
    /// Where the module that joins is built, and served from. None: in the data folder.
    pub client: Option<PathBuf>,
    pub minute_price: String,
    pub message_price: String,
    pub currency: String,
    /// Of Microsoft Entra and of Graph; other clouds have others.
    pub login_url: Option<Url>,
    pub graph_url: Option<Url>,
    /// Hosts beside Microsoft's that the module may reach: another cloud's.
    pub connect: Vec<String>,
}

/// Off, with what would hold if it were on.
impl Default for TeamsConfig {
    fn default() -> Self {
        Self {
            connection_string: None,
            endpoint: None,
            tenant: None,
            client_id: None,
            client_secret: None,
            certificate: None,
            managed_identity: false,
            graph: false,
            scope: "voip".to_owned(),
            api_version: "2023-10-01".to_owned(),
            chat: false,
            webinars: false,
            client: None,
            // What Microsoft published in 2022, and still did in 2026 (docs/TEAMS.md).
            minute_price: "0.004".to_owned(),
            message_price: "0.0008".to_owned(),
            currency: "USD".to_owned(),
            // Microsoft's public cloud.
            login_url: "https://login.microsoftonline.com".parse().ok(),
            graph_url: "https://graph.microsoft.com".parse().ok(),
            connect: Vec::new(),
        }
    }
}

pub fn switch(given: &Given) -> Option<bool> {
    match given.text.trim() {
        "on" => Some(true),
        "off" => Some(false),
        _ => None,
    }
}

pub fn hidden(given: &Given) -> Option<SecretSetting> {
    let text = given.text.trim();
    (!text.is_empty()).then(|| SecretSetting(text.to_owned()))
}

pub fn guid(given: &Given) -> Option<String> {
    given
        .text
        .parse::<anteroom_domain::value::EntraId>()
        .ok()
        .map(String::from)
}

pub fn scope(given: &Given) -> Option<String> {
    let text = given.text.trim();
    ["voip", "voip.join"].contains(&text).then(|| text.to_owned())
}

pub fn version(given: &Given) -> Option<String> {
    let text = given.text.trim();
    text.parse::<jiff::civil::Date>().ok().map(|_| text.to_owned())
}

/// Checked by the estimate's own rules.
pub fn price(given: &Given) -> Option<String> {
    let text = given.text.trim();
    anteroom_domain::teams::cost::parse_price(text)
        .ok()
        .map(|_| text.to_owned())
}

pub fn currency(given: &Given) -> Option<String> {
    let text = given.text.trim();
    (text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase())).then(|| text.to_owned())
}

/// A file that exists; that it holds a certificate is found out when it is used.
pub fn file(given: &Given) -> Option<PathBuf> {
    value::path(given).filter(|path| Path::is_file(path))
}

/// An origin over TLS; without it on this machine only, where tests and emulators are.
pub fn outside(given: &Given) -> Option<Url> {
    value::origin(given)
        .filter(|url| url.scheme() == "https" || matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]")))
}

/// Sources as a content security policy writes them: scheme, host, perhaps a first label of `*`, perhaps a port.
pub fn sources(given: &Given) -> Option<Vec<String>> {
    let is_source = |text: &str| {
        let host = ["https://", "wss://", "http://localhost", "ws://localhost"]
            .iter()
            .find_map(|scheme| text.strip_prefix(scheme));
        host.is_some_and(|host| {
            let host = host.strip_prefix("*.").unwrap_or(host);
            host.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".-:".contains(&byte))
        })
    };
    let sources: Vec<_> = given
        .text
        .split(',')
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .collect();
    sources
        .iter()
        .all(|text| is_source(text))
        .then(|| sources.into_iter().map(str::to_owned).collect())
}

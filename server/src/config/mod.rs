//! What an operator can set, and where each value came from: a flag wins over an environment variable, that over the
//! file, that over the default. A key that nobody knows or a value that makes no sense stops the start with a sentence
//! that names it; nothing is skipped in silence.

mod environment;
mod error;
mod file;
mod load;
mod report;
mod setting;
mod teams;
mod value;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use anteroom_app::branding::Colour;
use anteroom_domain::organisation::Contact;
use http::HeaderName;
use url::Url;

pub use error::{ConfigError, Problem};
pub use load::{Effective, Flags, load};
pub use setting::{Setting, Source};
pub use teams::{SecretSetting, TeamsConfig};

/// The configuration in effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    pub listen: SocketAddr,
    /// The folder of the database.
    pub data: PathBuf,
    /// Where the outside reaches us. With `https`, cookies are secure and browsers are told to stay with it.
    pub public_url: Option<Url>,
    /// In which a proxy says who asks. Only behind a proxy: anyone else could write what they like into it.
    pub client_address_header: Option<HeaderName>,
    pub media: MediaConfig,
    pub organisation: Organisation,
    pub teams: TeamsConfig,
    pub log: LogConfig,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaConfig {
    /// UDP, and TCP for networks that let no UDP through.
    pub listen: SocketAddr,
    /// The addresses that browsers are told to send to. Empty: that of `listen`.
    pub advertise: Vec<IpAddr>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    pub name: String,
    pub accent: Colour,
    pub logo: Option<PathBuf>,
    /// How guests reach it whose branch is not known.
    pub contact: Contact,
    pub privacy_url: Option<Url>,
    pub imprint_url: Option<Url>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogConfig {
    /// In the grammar of `tracing`: a level, or `target=level`, comma-separated.
    pub filter: String,
    pub format: LogFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

impl LogFormat {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
        }
    }
}

impl Config {
    /// The public address as links begin with it: without a slash at the end.
    pub fn base(&self) -> Option<String> {
        self.public_url
            .as_ref()
            .map(|url| url.as_str().trim_end_matches('/').to_owned())
    }
}

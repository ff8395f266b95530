//! What was written, as what it means. `None` is: that makes no sense.

use anteroom_domain::value::{EmailAddress, Name, PublishedPhone};
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use anteroom_http::is_origin;
use http::HeaderName;
use tracing_subscriber::EnvFilter;
use url::Url;

use super::LogFormat;
use super::setting::{Given, Source};

pub fn address(given: &Given) -> Option<SocketAddr> {
    let text = given.text.trim();
    // What people type first; the name itself may stand for two addresses.
    match text.strip_prefix("localhost:") {
        Some(port) => Some(SocketAddr::from(([127, 0, 0, 1], port.parse().ok()?))),
        None => text.parse().ok(),
    }
}

/// A path in the file is meant from where the file is; elsewhere from where the command runs.
pub fn path(given: &Given) -> Option<PathBuf> {
    let path = PathBuf::from(given.text.trim());
    if path.as_os_str().is_empty() {
        return None;
    }
    match &given.source {
        Source::File { path: file, .. } => Some(file.parent().unwrap_or(Path::new("")).join(path)),
        _ => Some(path),
    }
}

pub fn logo(given: &Given) -> Option<PathBuf> {
    let path = path(given)?;
    let extension = path.extension()?.to_str()?.to_lowercase();
    let is_picture = ["svg", "png", "jpg", "jpeg", "webp"].contains(&extension.as_str());
    (is_picture && path.is_file()).then_some(path)
}

/// An origin: our links begin with it, so it has nothing after the host.
pub fn origin(given: &Given) -> Option<Url> {
    let url: Url = given.text.trim().parse().ok()?;
    is_origin(&url).then_some(url)
}

pub fn header(given: &Given) -> Option<HeaderName> {
    given.text.trim().parse().ok()
}

pub fn addresses(given: &Given) -> Option<Vec<IpAddr>> {
    let parse = |text: &str| {
        text.trim()
            .parse::<IpAddr>()
            .ok()
            .filter(|address| !address.is_unspecified())
    };
    given
        .text
        .split(',')
        .filter(|text| !text.trim().is_empty())
        .map(parse)
        .collect()
}

pub fn name(given: &Given) -> Option<String> {
    given.text.parse::<Name>().ok().map(String::from)
}

pub fn phone(given: &Given) -> Option<String> {
    match given.text.trim() {
        "" => Some(String::new()),
        text => text.parse::<PublishedPhone>().ok().map(String::from),
    }
}

pub fn email(given: &Given) -> Option<String> {
    given.text.parse::<EmailAddress>().ok().map(String::from)
}

/// A page that people open.
pub fn page(given: &Given) -> Option<Url> {
    let url: Url = given.text.trim().parse().ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
}

pub fn filter(given: &Given) -> Option<String> {
    let text = given.text.trim();
    let is_filter = !text.is_empty() && EnvFilter::builder().parse(text).is_ok();
    is_filter.then(|| text.to_owned())
}

pub fn format(given: &Given) -> Option<LogFormat> {
    [LogFormat::Text, LogFormat::Json]
        .into_iter()
        .find(|format| format.as_str() == given.text.trim())
}

//! This installation.

use std::path::PathBuf;
use std::sync::Arc;

use anteroom_app::branding::Branding;
use anteroom_app::shell::Assets;
use anteroom_service::Secret;
use http::header::HOST;
use http::{HeaderMap, HeaderName};

use crate::teams::TeamsClient;

/// The settings of this installation that pages, links and cookies need.
#[derive(Debug)]
pub struct Instance {
    pub branding: Branding,
    pub assets: Assets,
    /// The public address, without a slash at the end. None: the request's own host (see [`Instance::base`]).
    pub public_url: Option<String>,
    /// The header in which the proxy passes the client's address; set only where there is a proxy.
    pub client_address_header: Option<HeaderName>,
    /// The organisation's logo, served at `/logo`.
    pub logo: Option<PathBuf>,
    /// The browser module that joins Teams, where it is built.
    pub teams_client: Option<Arc<TeamsClient>>,
    /// Hosts that this module may reach, beside Microsoft's.
    pub teams_connect: Vec<String>,
    /// Guards the set-up page. None once there is an admin, and in the demo.
    pub setup_code: Option<Secret>,
}

impl Instance {
    /// With nothing configured.
    #[cfg(test)]
    pub(crate) fn bare() -> Self {
        Self {
            branding: Branding::default(),
            assets: Assets::default(),
            public_url: None,
            client_address_header: None,
            logo: None,
            teams_client: None,
            teams_connect: Vec::new(),
            setup_code: None,
        }
    }

    /// Is the public address one of TLS? Then cookies are bound to it.
    pub fn is_secure(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https:"))
    }

    /// The beginning of every absolute link. Without a configured public address the installation serves one machine, and
    /// the browser's own `Host` is used; such a link never gets into mail.
    pub fn base(&self, headers: &HeaderMap) -> String {
        if let Some(url) = &self.public_url {
            return url.clone();
        }
        let host = headers
            .get(HOST)
            .and_then(|host| host.to_str().ok())
            .unwrap_or("localhost");
        format!("http://{host}")
    }
}

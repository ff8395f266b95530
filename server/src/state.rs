//! What every handler can reach.

use std::sync::Arc;

use anteroom_app::branding::Branding;
use anteroom_app::shell::Assets;
use anteroom_service::port::Entropy;
use anteroom_service::{Secret, UseCases};
use anteroom_sfu::SfuHandle;
use axum::extract::FromRef;
use http::HeaderName;
use leptos::config::LeptosOptions;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::connections::ConnectionLimits;
use crate::middleware::{Intentions, Refusals};
use crate::rate_limiter::RateLimiter;
use crate::socket::Hub;
use crate::teams::TeamsClient;

#[derive(Clone, FromRef)]
pub struct AppState {
    pub use_cases: UseCases,
    pub entropy: Arc<dyn Entropy>,
    pub site: Arc<Instance>,
    pub hub: Arc<Hub>,
    pub sfu: SfuHandle,
    pub leptos: LeptosOptions,
    pub lifecycle: Lifecycle,
    pub limits: ConnectionLimits,
    pub rate_limiter: Arc<RateLimiter>,
    pub intentions: Arc<Intentions>,
    pub refusals: Arc<Refusals>,
}

/// This installation, as pages and links need to know it.
#[derive(Debug)]
pub struct Instance {
    pub branding: Branding,
    pub assets: Assets,
    /// Where the outside reaches us, without a slash at the end. None: what the request says (see [`Instance::base`]).
    pub public_url: Option<String>,
    /// The header in which a proxy says who asks; set only where there is one.
    pub client_address_header: Option<HeaderName>,
    /// The organisation's logo, served at `/logo`.
    pub logo: Option<std::path::PathBuf>,
    /// The module that joins Teams, where it is built.
    pub teams_client: Option<Arc<TeamsClient>>,
    /// Hosts that it may reach, beside Microsoft's.
    pub teams_connect: Vec<String>,
    /// Guards the set-up page; None once there is an admin, and where the demo runs.
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

    /// Are we reached over TLS? Then cookies say so.
    pub fn is_secure(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https:"))
    }

    /// The beginning of every absolute link. Without a configured public address this is a set-up for one machine, and
    /// the host that the browser named is as good as any; it never gets into mail.
    pub fn base(&self, headers: &http::HeaderMap) -> String {
        if let Some(url) = &self.public_url {
            return url.clone();
        }
        let host = headers
            .get(http::header::HOST)
            .and_then(|host| host.to_str().ok())
            .unwrap_or("localhost");
        format!("http://{host}")
    }
}

/// Soft stop: no new work, sockets say goodbye. The tracker knows what is still under way.
#[derive(Clone, Debug, Default)]
pub struct Lifecycle {
    pub stopping: CancellationToken,
    pub tasks: TaskTracker,
}

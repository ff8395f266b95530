//! What every handler can reach. It stands above everything that it holds, and below the handlers.

use std::sync::Arc;

use anteroom_service::UseCases;
use anteroom_service::port::Entropy;
use anteroom_sfu::SfuHandle;
use axum::extract::FromRef;
use leptos::config::LeptosOptions;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::connections::ConnectionLimits;
use crate::hub::Hub;
use crate::instance::Instance;
use crate::intentions::Intentions;
use crate::rate_limiter::RateLimiter;
use crate::refusals::Refusals;

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

/// A graceful stop: `stopping` ends sockets and new work, `tasks` are waited for.
#[derive(Clone, Debug, Default)]
pub struct Lifecycle {
    pub stopping: CancellationToken,
    pub tasks: TaskTracker,
}

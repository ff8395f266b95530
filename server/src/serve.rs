//! Puts everything together, runs it, and takes it apart again.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anteroom_app::branding::Branding;
use anteroom_domain::job::Queue;
use anteroom_engines::builtin::Builtin;
use anteroom_service::port::{Clock, Entropy, LocalBus};
use anteroom_service::{Secret, UseCases};
use anteroom_sfu::{Sfu, SfuHandle};
use anteroom_storage::{OpenError, SqliteStore};
use leptos::config::LeptosOptions;
use strum::IntoEnumIterator as _;
use tokio::net::{TcpListener, TcpSocket};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;

use crate::connections::{self, ConnectionLimits};
use crate::hub::Hub;
use crate::instance::Instance;
use crate::state::{AppState, Lifecycle};
use crate::teams::Teams;
use crate::{assets, router};

/// How often time itself is looked at: seats that nobody came back to, consultations that were missed.
const SWEEP: Duration = Duration::from_secs(1);
const TIDY: Duration = Duration::from_mins(10);
/// How often sockets' memory is compared with the visits that go on.
const FORGET: Duration = Duration::from_secs(30);
/// How often the log says what was refused.
const TELL: Duration = Duration::from_mins(1);
/// Connections that wait to be taken. With the usual 128 a rush (a launch, everybody at the full hour) overflows the
/// queue, and whoever is dropped hangs for minutes while TCP tries again.
const BACKLOG: u32 = 4096;
/// How long a stop waits for what is under way.
const FAREWELL: Duration = Duration::from_secs(10);

/// What a running server needs to be told.
pub struct Plan {
    pub listen: SocketAddr,
    pub database: std::path::PathBuf,
    pub public_url: Option<String>,
    pub media: anteroom_sfu::Config,
    pub branding: Branding,
    pub logo: Option<std::path::PathBuf>,
    pub client_address_header: Option<http::HeaderName>,
    pub teams: Teams,
    pub limits: ConnectionLimits,
}

#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error(transparent)]
    Database(#[from] OpenError),
    #[error("the media engine can't start: {0}")]
    Media(#[from] anteroom_sfu::StartError),
    #[error("{address} can't be listened on: {source}. Is another server running there? Choose another with --listen.")]
    Listen { address: SocketAddr, source: io::Error },
    #[error("the server failed: {0}")]
    Io(#[from] io::Error),
    #[error(transparent)]
    Service(#[from] anteroom_service::Error),
}

/// A server that is ready to be run: its port is open, nothing is answered yet.
pub struct Server {
    listener: TcpListener,
    app: AppState,
    store: SqliteStore,
    sfu: Sfu,
    /// Where it can be reached.
    pub url: String,
    /// For the first admin, where there is none yet.
    pub setup_code: Option<Secret>,
}

impl Server {
    pub async fn bind(plan: Plan, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Result<Self, ServeError> {
        let store = SqliteStore::open(&plan.database).await?;
        let (sfu, handle) = Sfu::start(plan.media)?;
        let listener = listen(plan.listen).map_err(|source| ServeError::Listen {
            address: plan.listen,
            source,
        })?;
        let address = listener.local_addr()?;
        let use_cases = UseCases::new(
            Arc::new(store.clone()),
            clock,
            entropy.clone(),
            Arc::new(LocalBus::default()),
            plan.teams.engines(Builtin::new(handle.clone())),
        );
        use_cases.disconnect_all().await?;
        use_cases.release_jobs().await?;
        let setup_code = if use_cases.needs_set_up().await? {
            Some(Secret::draw(&*entropy))
        } else {
            None
        };
        let site = Instance {
            branding: plan.branding,
            assets: assets::links(),
            public_url: plan.public_url.clone(),
            client_address_header: plan.client_address_header,
            teams_client: plan.teams.client,
            teams_connect: plan.teams.connect,
            logo: plan.logo,
            setup_code: setup_code.clone(),
        };
        let host = if address.ip().is_loopback() {
            "localhost".to_owned()
        } else {
            address.ip().to_string()
        };
        let url = plan
            .public_url
            .unwrap_or_else(|| format!("http://{host}:{}", address.port()));
        let app = AppState {
            use_cases,
            entropy,
            site: Arc::new(site),
            hub: Arc::new(Hub::default()),
            sfu: handle,
            leptos: LeptosOptions::builder()
                .output_name("anteroom")
                .site_addr(address)
                .build(),
            lifecycle: Lifecycle::default(),
            limits: plan.limits,
            rate_limiter: Arc::default(),
            intentions: Arc::default(),
            refusals: Arc::default(),
        };
        Ok(Self {
            listener,
            app,
            store,
            sfu,
            url,
            setup_code,
        })
    }

    pub fn use_cases(&self) -> &UseCases {
        &self.app.use_cases
    }

    pub fn media(&self) -> &SfuHandle {
        &self.app.sfu
    }

    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers until `stop` fires, then says goodbye to sockets, lets what is under way finish, and closes the database.
    pub async fn run(self, stop: CancellationToken) -> Result<(), ServeError> {
        self.run_then(stop, std::future::ready(())).await
    }

    /// With something to be done when nobody is served any more, while the database is still open.
    pub async fn run_then(self, stop: CancellationToken, last: impl Future<Output = ()>) -> Result<(), ServeError> {
        let Self {
            listener,
            app,
            store,
            sfu,
            ..
        } = self;
        let lifecycle = app.lifecycle.clone();
        let sweeper = tokio::spawn(sweep(app.clone()));
        let mut runners = JoinSet::new();
        for queue in Queue::iter() {
            let (use_cases, stopping) = (app.use_cases.clone(), lifecycle.stopping.clone());
            runners.spawn(async move { use_cases.run_queue(queue, stopping.cancelled_owned()).await });
        }
        let served = {
            let stopping = lifecycle.stopping.clone();
            let (limits, behind_proxy) = (app.limits, app.site.client_address_header.is_some());
            let router = router::router(app);
            connections::serve(listener, router, limits, behind_proxy, stopping)
        };
        let stops = async {
            stop.cancelled().await;
            lifecycle.stopping.cancel();
        };
        let drained = async {
            lifecycle.stopping.cancelled().await;
            lifecycle.tasks.close();
            lifecycle.tasks.wait().await;
        };
        let stopped = lifecycle.stopping.clone();
        tokio::select! {
            ((), (), ()) = async { tokio::join!(stops, served, drained) } => {}
            () = async { stopped.cancelled().await; tokio::time::sleep(FAREWELL).await } => {
                tracing::warn!("stopped with requests still under way");
            }
        }
        lifecycle.stopping.cancel();
        // Errors say that the sweeper has stopped already.
        let _ = timeout(FAREWELL, sweeper).await;
        let _ = timeout(FAREWELL, runners.join_all()).await;
        last.await;
        tokio::task::spawn_blocking(move || sfu.shutdown())
            .await
            .map_err(io::Error::other)?;
        store.close().await;
        Ok(())
    }
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4(),
        SocketAddr::V6(_) => TcpSocket::new_v6(),
    }?;
    // After a restart the port is taken at once, though old connections linger. (On Windows it would mean sharing it.)
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

async fn sweep(app: AppState) {
    let mut sweeps = interval(SWEEP);
    let mut tidies = interval(TIDY);
    let mut forgets = interval(FORGET);
    forgets.set_missed_tick_behavior(MissedTickBehavior::Delay);
    sweeps.set_missed_tick_behavior(MissedTickBehavior::Delay);
    tidies.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut tellings = interval(TELL);
    loop {
        let use_cases = app.use_cases.clone();
        tokio::select! {
            () = app.lifecycle.stopping.cancelled() => return,
            _ = sweeps.tick() => survive(async move { use_cases.sweep().await.map(|_| ()) }).await,
            _ = tellings.tick() => app.refusals.tell(),
            _ = tidies.tick() => survive(async move { use_cases.tidy().await }).await,
            _ = forgets.tick() => survive(forget_who_left(app.clone())).await,
        }
    }
}

/// A round of work that comes again: whatever goes wrong in it, a panic included, is logged, and the next one comes.
async fn survive(round: impl Future<Output = Result<(), anteroom_service::Error>> + Send + 'static) {
    match tokio::spawn(round).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!(
            error = &error as &dyn std::error::Error,
            "what is due could not be done; it is tried again"
        ),
        Err(error) => tracing::error!(%error, "what is due broke off; it is tried again"),
    }
}

/// Visits end while no socket of theirs is open, too.
async fn forget_who_left(app: AppState) -> anteroom_service::Result<()> {
    let known = app.hub.visits();
    let open = app.use_cases.open_visits().await?.into_iter().collect();
    app.hub.forget_ended(&known, &open);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_round_that_fails_or_panics_is_survived() {
        survive(async { Err(anteroom_service::Error::Forbidden) }).await;
        survive(async { panic!("a round of a test") }).await;
        let (tell, told) = tokio::sync::oneshot::channel();
        survive(async move {
            let _ = tell.send("the next");
            Ok(())
        })
        .await;
        assert_eq!(told.await, Ok("the next"));
    }
}

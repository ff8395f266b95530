use std::convert::Infallible;
use std::net::SocketAddr;
use std::thread::JoinHandle;
use std::time::Duration;

use axum::Router;
use axum::http::header::DATE;
use axum::http::{HeaderValue, Request};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use jiff::SignedDuration;
use jiff::fmt::rfc2822::DateTimePrinter;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tower::ServiceExt;

use crate::fault::{Dropped, Fault, Planned};
use crate::inspect::{Inspection, TokenState};
use crate::limit::Limits;
use crate::operation::Operation;
use crate::options::{Options, StartError};
use crate::tenant::TenantChange;
use crate::world::Shared;
use crate::{admin, entra, graph, identity};

pub struct Emulator;

/// A running emulator. It ends, with every connection, when this is dropped.
pub struct Handle {
    address: SocketAddr,
    shared: Shared,
    access_key: String,
    stop: Option<oneshot::Sender<Infallible>>,
    thread: Option<JoinHandle<()>>,
}

impl Emulator {
    /// Listens when this returns. Needs no runtime; inside one it does no harm.
    pub fn start(options: Options) -> Result<Handle, StartError> {
        let wanted = options.listen;
        if !wanted.ip().is_loopback() {
            return Err(StartError::NotLoopback(wanted));
        }
        let access_key = options.access_key.clone();
        let shared = Shared::new(options)?;
        let cannot_listen = |cause| StartError::Listen { address: wanted, cause };
        let listener = std::net::TcpListener::bind(wanted).map_err(cannot_listen)?;
        listener.set_nonblocking(true).map_err(cannot_listen)?;
        let address = listener.local_addr().map_err(cannot_listen)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(StartError::Thread)?;
        let router = router(&shared);
        let (stop, stopped) = oneshot::channel();
        let within = shared.clone();
        let thread = std::thread::Builder::new()
            .name("anteroom-emulator".to_owned())
            .spawn(move || runtime.block_on(serve(listener, router, within, stopped)))
            .map_err(StartError::Thread)?;
        Ok(Handle {
            address,
            shared,
            access_key,
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Handle {
    /// Without a slash at the end. Everything is under it: ACS, login, managed identity, Graph, `/_emulator`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn connection_string(&self) -> String {
        format!("endpoint={}/;accesskey={}", self.url(), self.access_key)
    }

    pub fn inspect(&self) -> Inspection {
        self.shared.inspect()
    }

    /// What an ACS token is good for now.
    pub fn token_state(&self, token: &str) -> TokenState {
        self.shared.token_state(token)
    }

    /// The next requests of the operation fail. Faults of one operation come up in the order in which they were asked for.
    pub fn fail(&self, operation: Operation, times: u32, fault: Fault) {
        self.plan(Planned {
            operation,
            times,
            after_effect: false,
            fault,
        });
    }

    pub fn plan(&self, planned: Planned) {
        if planned.times > 0 {
            self.shared.world().faults.push(planned);
        }
    }

    pub fn mend(&self) {
        self.shared.world().faults.clear();
    }

    pub fn change_tenant(&self, change: TenantChange) {
        self.shared.world().tenant.change(change);
    }

    pub fn set_limits(&self, limits: Limits) {
        self.shared.world().limits = limits;
    }

    /// Of every answer from now on.
    pub fn set_latency(&self, latency: Duration) {
        self.shared.world().latency = latency;
    }

    /// How far the emulator's clock is ahead.
    pub fn set_skew(&self, skew: SignedDuration) {
        self.shared.world().skew = skew;
    }

    pub fn reset(&self) {
        self.shared.reset();
    }

    /// Until the process ends.
    pub fn wait(mut self) {
        if let Some(thread) = self.thread.take() {
            // It ends by this handle's drop or with the process; a panic in it was already printed.
            let _ = thread.join();
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn router(shared: &Shared) -> Router {
    Router::new()
        // `:issueAccessToken` starts with a colon, which is how parameters were once written.
        .without_v07_checks()
        .merge(identity::routes(shared))
        .merge(entra::routes(shared))
        .merge(graph::routes(shared))
        .nest("/_emulator", admin::routes(shared))
}

async fn serve(
    listener: std::net::TcpListener,
    router: Router,
    shared: Shared,
    stopped: oneshot::Receiver<Infallible>,
) {
    let Ok(listener) = TcpListener::from_std(listener) else {
        return;
    };
    let accept = async {
        loop {
            if let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(connection(stream, router.clone(), shared.clone()));
            }
        }
    };
    tokio::select! {
        () = accept => {}
        // An error: the other end was dropped. The runtime goes with this thread, and every connection with it.
        _ = stopped => {}
    }
}

async fn connection(stream: TcpStream, router: Router, shared: Shared) {
    let service = service_fn(move |request| answer(router.clone(), shared.clone(), request));
    let mut server = http1::Builder::new();
    // The date is the emulator's own.
    server.timer(TokioTimer::new()).auto_date_header(false);
    // Whoever asks notices a broken connection, and here that is often what was asked for.
    let _ = server.serve_connection(TokioIo::new(stream), service).await;
}

/// The connection is closed without an answer: a fault that was asked for.
#[derive(Debug, thiserror::Error)]
#[error("dropped on demand")]
struct Dropping;

async fn answer(router: Router, shared: Shared, request: Request<Incoming>) -> Result<Response, Dropping> {
    let Ok(mut response) = router.oneshot(request).await;
    if response.extensions().get::<Dropped>().is_some() {
        return Err(Dropping);
    }
    let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&shared.now()).ok();
    if let Some(date) = date.and_then(|date| HeaderValue::from_str(&date).ok()) {
        response.headers_mut().insert(DATE, date);
    }
    Ok(response)
}

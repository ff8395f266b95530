//! Connections: how many there may be, and how long one may be silent. Anybody can open connections without proving
//! anything, so a client that holds many, or is slow on purpose, must not keep the others out.

mod limits;
mod permits;
mod stream;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{Request, Response, StatusCode};
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

pub use limits::ConnectionLimits;
use permits::{Permit, Permits};
use stream::ClientStream;

/// Proxies keep connections alive between requests, and handle slow clients themselves.
const HEAD_OF_PROXY: Duration = Duration::from_mins(2);
/// How long the listener pauses after a failed accept, often for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_secs(1);

/// Serves until `stop` is cancelled, and then until every request is answered. Dropping the future drops all connections.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: ConnectionLimits,
    behind_proxy: bool,
    stop: CancellationToken,
) {
    let permits = Permits::new(limits, behind_proxy);
    let mut tasks = JoinSet::new();
    loop {
        while tasks.try_join_next().is_some() {}
        let (stream, peer) = tokio::select! {
            accepted = accept(&listener) => accepted,
            () = stop.cancelled() => break,
        };
        let Some(permit) = permits.acquire(peer, Instant::now()) else {
            tracing::debug!("every permit is held by a client that is being answered; one more connection was closed");
            continue;
        };
        tasks.spawn(connection(stream, peer, permit, router.clone(), limits, stop.clone()));
    }
    drop(listener);
    while tasks.join_next().await.is_some() {}
}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            // An error of the one connection: it is gone already.
            Err(error) if matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be accepted; it is tried again");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    permit: Permit,
    router: Router,
    limits: ConnectionLimits,
    stop: CancellationToken,
) {
    let permit = Arc::new(permit);
    let head = if permit.is_of_proxy() {
        limits.head.max(HEAD_OF_PROXY)
    } else {
        limits.head
    };
    let has_request = Arc::new(AtomicBool::new(false));
    let service = {
        let (has_request, permit) = (has_request.clone(), permit.clone());
        service_fn(move |request: Request<Incoming>| {
            has_request.store(true, Ordering::Relaxed);
            let answering = Answering::begin(permit.clone());
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            let router = router.clone();
            async move {
                let response = router
                    .oneshot(request)
                    .await
                    .map_err(|never: Infallible| match never {})?;
                Ok::<_, Infallible>(answering.with(response))
            }
        })
    };
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head)
        // A client that has closed its sending side still reads, and its request has arrived whole.
        .half_close(true)
        .serve_connection(
            TokioIo::new(ClientStream::new(stream, limits.write, permit.clone())),
            service,
        )
        .with_upgrades();
    let mut connection = pin!(connection);
    let result = tokio::select! {
        result = connection.as_mut() => result,
        () = permit.evicted() => return,
        () = stop.cancelled() => {
            // Browsers open connections ahead of requests: nobody waits for an answer on those.
            if !has_request.load(Ordering::Relaxed) {
                return;
            }
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = result {
        // The client was too slow, left, or sent no HTTP: nothing to act on.
        tracing::debug!(%error, "a connection was closed");
    }
}

/// Lives from the head of a request until the connection has taken the last byte of its answer.
struct Answering(Arc<Permit>);

impl Answering {
    fn begin(permit: Arc<Permit>) -> Self {
        permit.request_started();
        Self(permit)
    }

    fn with(self, response: Response<Body>) -> Response<Answer> {
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            self.0.upgraded();
        }
        response.map(|body| Answer { body, _answering: self })
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.response_finished();
    }
}

/// A body that holds its [`Answering`]: hyper drops it once it is sent.
struct Answer {
    body: Body,
    _answering: Answering,
}

impl hyper::body::Body for Answer {
    type Data = <Body as hyper::body::Body>::Data;
    type Error = <Body as hyper::body::Body>::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

//! Connections: how many there may be, and how long one may say nothing. Nobody has to prove anything to open one, so
//! whoever holds many or is slow on purpose must not keep the others out.

mod held;
mod limits;
mod permits;

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

use held::Held;
pub use limits::ConnectionLimits;
use permits::{Permit, Permits};

/// A proxy keeps connections for the next request, and shields us from those who are slow itself.
const HEAD_OF_PROXY: Duration = Duration::from_secs(120);
/// Where nothing can be accepted, often because there are no file descriptors left, it is tried again after this long.
const PAUSE: Duration = Duration::from_secs(1);

/// Answers until `stop` fires, and then until everything that was asked is answered. Dropped, it drops all of it.
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
        let Some(place) = permits.enter(peer, Instant::now()) else {
            tracing::debug!("every place is taken by somebody who is being answered; one more connection was closed");
            continue;
        };
        tasks.spawn(connection(stream, peer, place, router.clone(), limits, stop.clone()));
    }
    drop(listener);
    while tasks.join_next().await.is_some() {}
}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            // Of the one that was to be accepted: it is gone.
            Err(error) if matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be accepted; it is tried again");
                sleep(PAUSE).await;
            }
        }
    }
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    place: Permit,
    router: Router,
    limits: ConnectionLimits,
    stop: CancellationToken,
) {
    let place = Arc::new(place);
    let head = match place.is_proxys() {
        true => limits.head.max(HEAD_OF_PROXY),
        false => limits.head,
    };
    let asked = Arc::new(AtomicBool::new(false));
    let service = {
        let (asked, place) = (asked.clone(), place.clone());
        service_fn(move |request: Request<Incoming>| {
            asked.store(true, Ordering::Relaxed);
            let answering = Answering::begin(place.clone());
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
        // Whoever says no more may still listen, and what they said has arrived whole.
        .half_close(true)
        .serve_connection(TokioIo::new(Held::new(stream, limits.write, place.clone())), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    let result = tokio::select! {
        result = connection.as_mut() => result,
        () = place.sent_away() => return,
        () = stop.cancelled() => {
            // Browsers open connections beforehand: nobody waits for an answer on those.
            if !asked.load(Ordering::Relaxed) {
                return;
            }
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = result {
        // Too slow, gone, or no HTTP: the other side's, and no news.
        tracing::debug!(%error, "a connection was closed");
    }
}

/// From the head of a request to the last byte of its answer that the connection takes.
struct Answering(Arc<Permit>);

impl Answering {
    fn begin(place: Arc<Permit>) -> Self {
        place.asks();
        Self(place)
    }

    fn with(self, response: Response<Body>) -> Response<Answer> {
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            self.0.becomes_socket();
        }
        response.map(|body| Answer {
            body,
            _until_taken: self,
        })
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.is_answered();
    }
}

/// A body that says when it is taken, by being dropped.
struct Answer {
    body: Body,
    _until_taken: Answering,
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

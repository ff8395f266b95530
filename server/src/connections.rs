//! Connections: how many there may be, and how long one may say nothing. Nobody has to prove anything to open one, so
//! whoever holds many or is slow on purpose must not keep the others out.

use std::collections::HashMap;
use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use crate::network::group;

/// A proxy keeps connections for the next request, and shields us from those who are slow itself.
const HEAD_OF_PROXY: Duration = Duration::from_secs(120);
/// Where nothing can be accepted, often because there are no file descriptors left, it is tried again after this long.
const PAUSE: Duration = Duration::from_secs(1);

#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// From the beginning of a request, or from the end of the one before, to the end of its headers.
    pub head: Duration,
    /// From there to the end of its body.
    pub body: Duration,
    /// Connections, open sockets of pages among them. Who comes after them waits for one to close.
    pub connections: usize,
    /// Of them, from one address: a whole office on one launch has room.
    pub of_one_address: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            body: Duration::from_secs(30),
            connections: 8192,
            of_one_address: 512,
        }
    }
}

/// Answers until `stop` fires, and then until everything that was asked is answered. Dropped, it drops all of it.
pub async fn serve(listener: TcpListener, router: Router, limits: Limits, behind_proxy: bool, stop: CancellationToken) {
    let places = Arc::new(Semaphore::new(limits.connections));
    let addresses = Arc::new(Addresses {
        most: limits.of_one_address,
        behind_proxy,
        open: Mutex::default(),
    });
    let mut tasks = JoinSet::new();
    loop {
        while tasks.try_join_next().is_some() {}
        let next = async {
            let place = places.clone().acquire_owned().await.ok()?;
            let (stream, peer) = accept(&listener).await;
            Some((place, stream, peer))
        };
        let (place, stream, peer) = tokio::select! {
            next = next => match next {
                Some(next) => next,
                None => break,
            },
            () = stop.cancelled() => break,
        };
        let Some(of_address) = addresses.enter(peer) else {
            tracing::debug!("an address has too many connections; one more was closed");
            continue;
        };
        let head = match of_address.is_proxys() {
            true => limits.head.max(HEAD_OF_PROXY),
            false => limits.head,
        };
        let stream = Held {
            stream,
            _place: place,
            _of_address: of_address,
        };
        tasks.spawn(connection(stream, peer, router.clone(), head, stop.clone()));
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

async fn connection(stream: Held, peer: SocketAddr, router: Router, head: Duration, stop: CancellationToken) {
    let asked = Arc::new(AtomicBool::new(false));
    let service = {
        let asked = asked.clone();
        service_fn(move |request: Request<Incoming>| {
            asked.store(true, Ordering::Relaxed);
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            let router = router.clone();
            async move {
                router
                    .oneshot(request)
                    .await
                    .map_err(|never: Infallible| match never {})
            }
        })
    };
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head)
        // Whoever says no more may still listen, and what they said has arrived whole.
        .half_close(true)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    let result = tokio::select! {
        result = connection.as_mut() => result,
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

/// How many connections each address has.
struct Addresses {
    most: usize,
    /// Then what comes from this machine, or from the network of its containers, is the proxy's, for any number of
    /// people.
    behind_proxy: bool,
    open: Mutex<HashMap<String, usize>>,
}

/// One of an address's connections, until it is dropped.
struct OfAddress {
    addresses: Arc<Addresses>,
    address: Option<String>,
}

impl Addresses {
    /// None where the address has as many as it may.
    fn enter(self: &Arc<Self>, peer: SocketAddr) -> Option<OfAddress> {
        let addresses = self.clone();
        if self.behind_proxy && is_near(peer.ip()) {
            return Some(OfAddress {
                addresses,
                address: None,
            });
        }
        let address = group(peer.ip());
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.get(&address).copied().unwrap_or_default();
        if self.most <= count {
            return None;
        }
        open.insert(address.clone(), count + 1);
        Some(OfAddress {
            addresses,
            address: Some(address),
        })
    }
}

impl OfAddress {
    fn is_proxys(&self) -> bool {
        self.address.is_none()
    }
}

fn is_near(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => address.is_loopback() || address.is_private(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
    }
}

impl Drop for OfAddress {
    fn drop(&mut self) {
        let Some(address) = self.address.take() else { return };
        let mut open = self.addresses.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&address) {
            *count -= 1;
            if *count == 0 {
                open.remove(&address);
            }
        }
    }
}

/// A connection that keeps its place for as long as it is open, as a WebSocket too.
struct Held {
    stream: TcpStream,
    _place: OwnedSemaphorePermit,
    _of_address: OfAddress,
}

impl AsyncRead for Held {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Held {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_on_this_machine_or_beside_it() {
        for near in [
            "127.0.0.1",
            "172.18.0.2",
            "10.0.0.7",
            "::1",
            "fd00::2",
            "::ffff:192.168.1.4",
        ] {
            assert!(is_near(near.parse().unwrap()), "{near}");
        }
        for far in ["203.0.113.9", "2001:db8::1", "::ffff:203.0.113.9"] {
            assert!(!is_near(far.parse().unwrap()), "{far}");
        }
    }
}

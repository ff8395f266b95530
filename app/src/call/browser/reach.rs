//! Tests whether a WebSocket reaches our server: some proxies let pages through, but no sockets.

use futures::{FutureExt, channel::oneshot, future::select_all};
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::WebSocket;

use crate::browser::socket_address;
use crate::paths::SEAT_SOCKET;

const PATIENCE_MS: u32 = 6_000;

/// Opens the signalling socket and says nothing on it.
pub async fn server() -> bool {
    let Some(socket) = socket_address(SEAT_SOCKET).and_then(|address| WebSocket::new(&address).ok()) else {
        return false;
    };
    let (opened, open) = oneshot::channel();
    let (failed, fail) = oneshot::channel();
    let on_open = Closure::once(move || {
        let _late = opened.send(true);
    });
    let on_error = Closure::once(move || {
        let _late = failed.send(false);
    });
    socket.set_onopen(Some(on_open.as_ref().unchecked_ref()));
    socket.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    let (reached, ..) = select_all([
        open.map(|open| open.unwrap_or(false)).boxed_local(),
        fail.map(|fail| fail.unwrap_or(false)).boxed_local(),
        TimeoutFuture::new(PATIENCE_MS).map(|()| false).boxed_local(),
    ])
    .await;
    socket.set_onopen(None);
    socket.set_onerror(None);
    let _closing = socket.close();
    reached
}

//! `GET /socket/seat`: one participant's socket. `docs/SIGNALLING.md` describes the protocol, `anteroom_protocol::seat` is
//! its grammar. Whatever a client sends costs at most its own socket.
//!
//! `wire` sends and receives frames; `session` is a seat's life and its loop; `room`, `dispatch`, `media` and `teams` are
//! what the session does for its participant; `credentials` are requests that run beside it.

mod credentials;
mod dispatch;
mod media;
mod room;
mod session;
mod teams;
mod wire;

use std::net::SocketAddr;
use std::time::Duration;

use anteroom_protocol::seat::{Closed, FromClient, FromServer, MAX_FRAME_BYTES};
use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::extract::{ConnectInfo, State};
use axum::response::Response;
use http::{Extensions, HeaderMap};
use tokio::time::timeout;
use tracing::{Instrument as _, Span};

use self::session::Session;
use self::wire::{Received, close, receive, send};
use crate::middleware::lang;
use crate::network::network;
use crate::state::AppState;

/// A client of ours says hello at once.
const HELLO_WITHIN: Duration = Duration::from_secs(10);
/// Most frames of a client fit. Only big offers are longer, and the buffer grows for those.
const READ_BUFFER: usize = 4 * 1024;

pub async fn seat(
    State(app): State<AppState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    extensions: Extensions,
    upgrade: WebSocketUpgrade,
) -> Response {
    let network = network(&app.site, &headers, peer);
    let lang = lang(&extensions);
    let span = Span::current();
    upgrade
        .read_buffer_size(READ_BUFFER)
        .max_message_size(MAX_FRAME_BYTES)
        .max_frame_size(MAX_FRAME_BYTES)
        .on_upgrade(move |socket| {
            let tasks = app.lifecycle.tasks.clone();
            let served = async move {
                let mut socket = socket;
                let why = match hello(&app, &mut socket, network).await {
                    Ok(token) => Session::open(&app, &mut socket, &token, lang).await,
                    Err(why) => Some(why),
                };
                if let Some(why) = why {
                    let _ = send(&mut socket, &FromServer::Closed { why }).await;
                }
                close(&mut socket).await;
            };
            tasks.track_future(served.instrument(span))
        })
}

/// Waits for the client's hello, and returns its token.
async fn hello(app: &AppState, socket: &mut WebSocket, network: String) -> Result<String, Closed> {
    let handshake = app.hub.handshakes.register(network);
    tokio::select! {
        received = timeout(HELLO_WITHIN, receive(socket)) => match received {
            Ok(Received::Message(message)) => match *message {
                FromClient::Hello { token } => Ok(token),
                _ => Err(Closed::Protocol),
            },
            _ => Err(Closed::Protocol),
        },
        () = handshake.evicted() => Err(Closed::Restarting),
    }
}

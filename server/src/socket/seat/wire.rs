//! Frames of a seat's socket: JSON text in both directions, and a time limit on everything that is sent.

use std::time::Duration;

use anteroom_protocol::seat::{FromClient, FromServer};
use axum::extract::ws::{Message, WebSocket};
use bytes::Bytes;
use tokio::time::timeout;

/// A client that takes nothing for this long is gone.
const SEND_WITHIN: Duration = Duration::from_secs(10);
/// How long a client may take to close its end: a round trip on a slow line.
const CLOSE_WITHIN: Duration = Duration::from_secs(2);
/// More than a client of ours has on its way when its socket is closed.
const MAX_BYTES_BEFORE_CLOSE: usize = 64 * 1024;

/// The client is no longer there.
#[derive(Debug)]
pub struct Gone;

pub enum Received {
    Message(Box<FromClient>),
    /// A ping or pong. Browsers answer pings themselves, also for a page that sleeps.
    Heartbeat,
    /// A frame that is no message of the protocol.
    Invalid,
    Gone,
}

pub async fn send(socket: &mut WebSocket, message: &FromServer) -> Result<(), Gone> {
    let text = serde_json::to_string(message).map_err(|_| Gone)?;
    send_frame(socket, Message::Text(text.into())).await
}

pub async fn send_ping(socket: &mut WebSocket) -> Result<(), Gone> {
    send_frame(socket, Message::Ping(Bytes::new())).await
}

async fn send_frame(socket: &mut WebSocket, frame: Message) -> Result<(), Gone> {
    match timeout(SEND_WITHIN, socket.send(frame)).await {
        Ok(Ok(())) => Ok(()),
        _ => Err(Gone),
    }
}

pub async fn receive(socket: &mut WebSocket) -> Received {
    match socket.recv().await {
        Some(Ok(Message::Text(text))) => match serde_json::from_str(&text) {
            Ok(message) => Received::Message(Box::new(message)),
            Err(_) => Received::Invalid,
        },
        Some(Ok(Message::Ping(_) | Message::Pong(_))) => Received::Heartbeat,
        Some(Ok(Message::Binary(_))) => Received::Invalid,
        Some(Ok(Message::Close(_)) | Err(_)) | None => Received::Gone,
    }
}

/// Closes the socket, and reads until the client has closed its end. A connection that is dropped with unread bytes (the
/// browser's pong) is reset, and a reset discards the last message on its way.
pub async fn close(socket: &mut WebSocket) {
    if send_frame(socket, Message::Close(None)).await.is_err() {
        return;
    }
    // A client that does not close in time, or goes on sending, is dropped.
    let drained = async {
        let mut bytes = 0;
        while let Some(Ok(message)) = socket.recv().await {
            bytes += message.into_data().len();
            if bytes > MAX_BYTES_BEFORE_CLOSE {
                return;
            }
        }
    };
    let _ = timeout(CLOSE_WITHIN, drained).await;
}

//! Why the engine does not start, and why it lets somebody in no room.

use std::net::SocketAddr;

/// The engine could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("the media port {address} cannot be opened: {source}; choose another one or stop what uses it")]
    Bind {
        address: SocketAddr,
        source: std::io::Error,
    },
    #[error("the media engine could not be set up: {0}")]
    Io(#[from] std::io::Error),
    #[error("the address {0} cannot be told to browsers as the media address; give the address that they can reach")]
    Advertise(SocketAddr),
}

/// A participant was not let into a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnterError {
    #[error("the room is full")]
    RoomFull,
    #[error("this server holds as many meetings as it can carry")]
    TooManyRooms,
    #[error("this server holds as many participants as it can carry")]
    ServerFull,
    #[error("the media engine has stopped")]
    Stopped,
    #[error("the media engine does not answer")]
    Unresponsive,
}

//! Reasons for which the engine does not start, and for which it refuses a participant.

use std::net::SocketAddr;

/// The reason why the engine could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The UDP port or the TCP listener could not be opened.
    #[error("the media port {address} cannot be opened: {source}; choose another one or stop what uses it")]
    Bind {
        /// The address from the configuration.
        address: SocketAddr,
        /// The operating system's answer.
        source: std::io::Error,
    },
    /// The poller, the waker or the thread could not be made.
    #[error("the media engine could not be set up: {0}")]
    Io(#[from] std::io::Error),
    /// An address to advertise cannot be an ICE candidate, for example a wildcard.
    #[error("the address {0} cannot be told to browsers as the media address; give the address that they can reach")]
    Advertise(SocketAddr),
}

/// The reason why a participant got no seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnterError {
    /// The room has as many participants, or as many senders, as [`Limits`](crate::Limits) allow.
    #[error("the room is full")]
    RoomFull,
    /// There are as many rooms as [`Limits::rooms`](crate::Limits::rooms) allows.
    #[error("this server holds as many meetings as it can carry")]
    TooManyRooms,
    /// All rooms together have as many participants as [`Limits::participants`](crate::Limits::participants) allows.
    #[error("this server holds as many participants as it can carry")]
    ServerFull,
    /// The engine's thread has ended.
    #[error("the media engine has stopped")]
    Stopped,
    /// The engine's thread runs and did not answer in time.
    #[error("the media engine does not answer")]
    Unresponsive,
}

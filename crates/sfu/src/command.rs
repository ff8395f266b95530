//! What crosses the channel between handles and the engine's thread: commands one way, events and answers the other.

use std::net::SocketAddr;

use anteroom_domain::signalling::{MediaFromClient, MediaFromServer, Publish};
use tokio::sync::{mpsc, oneshot};

use crate::id::{RoomId, SeatId};
use crate::output::Counters;

/// What the engine tells the one who entered a participant. When the channel closes, the participant's seat is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// To be passed on to the participant's browser.
    Media(MediaFromServer),
}

/// How the engine is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Health {
    /// The engine's thread answers.
    pub alive: bool,
    /// The media port, UDP and TCP.
    pub address: SocketAddr,
    pub rooms: usize,
    /// Seats that are taken.
    pub participants: usize,
    /// Of these, the ones with packets flowing.
    pub connected: usize,
    pub tcp_connections: usize,
    pub counters: Counters,
}

pub(crate) enum Command {
    Enter {
        seat: SeatId,
        publish: Publish,
        entry: u64,
        events: mpsc::Sender<Event>,
    },
    Media {
        seat: SeatId,
        message: MediaFromClient,
    },
    Leave {
        seat: SeatId,
    },
    Close {
        room: RoomId,
    },
    Health {
        answer: oneshot::Sender<Health>,
    },
    Stop,
}

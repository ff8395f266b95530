//! The channel between handles and the engine's thread: commands one way, events and answers the other.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};

use anteroom_domain::visit::Publish;
use anteroom_protocol::media::{MediaFromClient, MediaFromServer};
use mio::Waker;
use tokio::sync::{mpsc, oneshot};

use crate::error::EnterError;
use crate::id::{RoomId, SeatId};
use crate::output::Counters;

/// An event for the caller who entered a participant. When the channel closes, the participant's seat is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A message to pass on to the participant's browser.
    Media(MediaFromServer),
}

/// The state of the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Health {
    /// The engine's thread answers. If it does not, all numbers here are 0.
    pub alive: bool,
    /// The media port, for UDP and TCP.
    pub address: SocketAddr,
    /// Rooms with at least one seat taken.
    pub rooms: usize,
    /// Seats that are taken.
    pub participants: usize,
    /// Participants whose peer connection is up.
    pub connected: usize,
    /// Open TCP connections, those that belong to nobody yet included.
    pub tcp_connections: usize,
    /// The traffic since the engine's start.
    pub counters: Counters,
}

/// A command to the engine's thread.
pub(crate) enum Command {
    Enter {
        seat: SeatId,
        publish: Publish,
        events: mpsc::Sender<Event>,
        answer: oneshot::Sender<Result<(), EnterError>>,
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

/// Makes the queue of commands. Both ends share a count of the commands that wait in it.
pub(crate) fn queue() -> (CommandSender, CommandReceiver) {
    let (sender, receiver) = channel();
    let waiting = Arc::new(AtomicUsize::new(0));
    let sender = CommandSender {
        sender,
        waiting: waiting.clone(),
    };
    (sender, CommandReceiver { receiver, waiting })
}

#[derive(Clone)]
pub(crate) struct CommandSender {
    sender: Sender<Command>,
    waiting: Arc<AtomicUsize>,
}

impl CommandSender {
    /// How many commands the engine's thread has not taken yet.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Queues a command and wakes the engine's thread. A thread that has ended drops the command, and with it the
    /// sender of its answer.
    pub fn send(&self, command: Command, waker: &Waker) {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        // The thread looks at its commands whenever it wakes; a failing waker costs some delay, not the command.
        if self.sender.send(command).is_ok()
            && let Err(error) = waker.wake()
        {
            tracing::debug!(kind = ?error.kind(), "the media engine could not be woken");
        }
    }
}

pub(crate) struct CommandReceiver {
    receiver: Receiver<Command>,
    waiting: Arc<AtomicUsize>,
}

impl CommandReceiver {
    pub fn try_recv(&self) -> Result<Command, TryRecvError> {
        let command = self.receiver.try_recv()?;
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        Ok(command)
    }
}

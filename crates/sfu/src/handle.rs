//! The engine from outside: start it, hold a handle to it, ask how it is.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use anteroom_domain::signalling::{MediaFromClient, Publish};
use tokio::sync::{mpsc, oneshot};

use crate::command::{Command, Event, Health};
use crate::config::{Config, Limits};
use crate::error::{EnterError, StartError};
use crate::id::{ParticipantId, RoomId};
use crate::io;
use crate::output::Counters;
use crate::room::{self, Room, Seat};

/// Who has a seat, known on this side of the channel too so that [`SfuHandle::enter`] can answer at once.
pub(crate) struct Seats {
    rooms: Mutex<HashMap<RoomId, Room>>,
    entries: AtomicU64,
}

impl Seats {
    fn rooms(&self) -> MutexGuard<'_, HashMap<RoomId, Room>> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The engine has taken a seat away by itself; a newer entry of the same participant stays.
    pub fn dropped(&self, (room, participant): (RoomId, ParticipantId), entry: u64) {
        let mut rooms = self.rooms();
        let there = rooms.get(&room).and_then(|room| room.seats.get(&participant));
        if there.is_some_and(|seat| seat.entry == entry) {
            room::unseat(&mut rooms, room, participant);
        }
    }
}

/// How long [`SfuHandle::health`] waits: the thread looks at its commands after every batch of packets, so even under
/// full load within some 10 ms.
const HEALTH_PATIENCE: Duration = Duration::from_secs(2);

/// The running engine; dropping it stops it.
pub struct Sfu {
    thread: Option<JoinHandle<()>>,
    handle: SfuHandle,
}

/// Commands to the running engine. None of them waits for it.
#[derive(Clone)]
pub struct SfuHandle {
    commands: Sender<Command>,
    waker: Arc<mio::Waker>,
    waiting: Arc<AtomicUsize>,
    seats: Arc<Seats>,
    limits: Limits,
    address: SocketAddr,
}

impl Sfu {
    /// Opens the ports and starts the engine's thread.
    #[expect(clippy::needless_pass_by_value, reason = "a configuration is for one engine")]
    pub fn start(config: Config) -> Result<(Self, SfuHandle), StartError> {
        let (commands, inbox) = channel();
        let seats = Arc::new(Seats {
            rooms: Mutex::default(),
            entries: AtomicU64::new(0),
        });
        let waiting = Arc::new(AtomicUsize::new(0));
        let limits = config.limits;
        let (network, waker, address) = io::Network::open(&config)?;
        let handle = SfuHandle {
            commands,
            waker,
            waiting: waiting.clone(),
            seats: seats.clone(),
            limits,
            address,
        };
        let inbox = io::Inbox {
            commands: inbox,
            waiting,
            seats,
        };
        let thread = std::thread::Builder::new()
            .name("sfu".into())
            .spawn(move || network.run(&inbox))?;
        tracing::info!(port = address.port(), "media engine started");
        Ok((
            Self {
                thread: Some(thread),
                handle: handle.clone(),
            },
            handle,
        ))
    }

    /// The port that was really opened, for UDP and TCP.
    pub fn local_addr(&self) -> SocketAddr {
        self.handle.address
    }

    /// Stops the engine and waits until its thread has ended.
    pub fn shutdown(mut self) {
        self.stop();
    }

    fn stop(&mut self) {
        self.handle.send(Command::Stop);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the media engine had stopped by a panic");
        }
    }
}

impl Drop for Sfu {
    fn drop(&mut self) {
        self.stop();
    }
}

impl SfuHandle {
    /// Lets a participant into a room; from then on their browser's messages are heard ([`SfuHandle::media`]), `Join`
    /// first. An earlier entry of the same participant is replaced and its channel closed.
    ///
    /// Never blocks. A receiver that does not keep up gets [`MediaFromServer::Gone`] as its last event and loses the
    /// seat; 64 is a good capacity.
    pub fn enter(
        &self,
        room: RoomId,
        participant: ParticipantId,
        publish: Publish,
        events: mpsc::Sender<Event>,
    ) -> Result<(), EnterError> {
        let entry = self.seats.entries.fetch_add(1, Ordering::Relaxed) + 1;
        // Held while the command is sent, so that both sides see entries and leaves in the same order.
        let mut rooms = self.seats.rooms();
        let mut new = Seat::new(publish);
        new.entry = entry;
        if let Err(error) = room::seat(&mut rooms, (room, participant), new, &self.limits) {
            self.send(Command::Leave {
                seat: (room, participant),
            });
            return Err(error);
        }
        if !self.send(Command::Enter {
            seat: (room, participant),
            publish,
            entry,
            events,
        }) {
            room::unseat(&mut rooms, room, participant);
            return Err(EnterError::Stopped);
        }
        Ok(())
    }

    /// Passes on what a participant's browser says. Without a seat it is ignored.
    pub fn media(&self, room: RoomId, participant: ParticipantId, message: MediaFromClient) {
        if self.waiting.load(Ordering::Relaxed) >= self.limits.commands {
            tracing::warn!(
                room = room.0,
                "the media engine does not keep up; a message was dropped"
            );
            return;
        }
        self.send(Command::Media {
            seat: (room, participant),
            message,
        });
    }

    /// Takes a participant's seat away: left, removed, or their visit has ended.
    pub fn leave(&self, room: RoomId, participant: ParticipantId) {
        let mut rooms = self.seats.rooms();
        room::unseat(&mut rooms, room, participant);
        self.send(Command::Leave {
            seat: (room, participant),
        });
    }

    /// Takes everybody's seat in a room away.
    pub fn close(&self, room: RoomId) {
        let mut rooms = self.seats.rooms();
        rooms.remove(&room);
        self.send(Command::Close { room });
    }

    /// Asks the engine's thread how it is. One that does not answer is not alive.
    pub async fn health(&self) -> Health {
        let dead = Health {
            alive: false,
            address: self.address,
            rooms: 0,
            participants: 0,
            connected: 0,
            tcp_connections: 0,
            counters: Counters::default(),
        };
        let (answer, answered) = oneshot::channel();
        if !self.send(Command::Health { answer }) {
            return dead;
        }
        match tokio::time::timeout(HEALTH_PATIENCE, answered).await {
            Ok(Ok(health)) => health,
            _ => dead,
        }
    }

    fn send(&self, command: Command) -> bool {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let sent = self.commands.send(command).is_ok();
        // The thread looks at its commands whenever it wakes; a failing waker costs some delay, not the command.
        if sent && let Err(error) = self.waker.wake() {
            tracing::debug!(kind = ?error.kind(), "the media engine could not be woken");
        }
        sent
    }
}

//! The engine from outside: its thread, and the handle that sends it commands.

use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use anteroom_domain::visit::Publish;
use anteroom_protocol::media::MediaFromClient;
use mio::Waker;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use crate::command::{self, Command, CommandSender, Event, Health};
use crate::config::{Config, Limits};
use crate::error::{EnterError, StartError};
use crate::id::{ParticipantId, RoomId};
use crate::io::EventLoop;
use crate::output::Counters;

/// How long a caller waits for the engine's thread. The thread looks at its commands after every batch of packets, so
/// it answers within some 10 ms even under full load.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(2);

/// The running engine; dropping it stops it.
pub struct Sfu {
    thread: Option<JoinHandle<()>>,
    handle: SfuHandle,
}

/// Commands to the running engine.
#[derive(Clone)]
pub struct SfuHandle {
    commands: CommandSender,
    waker: Arc<Waker>,
    limits: Limits,
    address: SocketAddr,
}

impl Sfu {
    /// Opens the ports and starts the engine's thread.
    ///
    /// # Errors
    ///
    /// The ports cannot be opened, an address cannot be advertised, or the system gives no thread or poller.
    #[expect(clippy::needless_pass_by_value, reason = "a configuration is for one engine")]
    pub fn start(config: Config) -> Result<(Self, SfuHandle), StartError> {
        let (commands, receiver) = command::queue();
        let (event_loop, waker, address) = EventLoop::open(&config, receiver)?;
        let handle = SfuHandle {
            commands,
            waker,
            limits: config.limits,
            address,
        };
        let thread = std::thread::Builder::new()
            .name("sfu".into())
            .spawn(move || event_loop.run())?;
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
    /// Gives a participant a seat in a room. From then on their browser's messages count ([`SfuHandle::media`]), `Join`
    /// first. An earlier seat of the same participant is replaced and its channel closed, even where the new one is
    /// refused.
    ///
    /// The engine never waits for `events`. A receiver that does not keep up gets [`MediaFromServer::Gone`] as its last
    /// event and loses the seat; 64 is a good capacity. A receiver that was dropped loses the seat within some seconds.
    ///
    /// Dropping the future gives the entry up: a command that the engine has not taken yet is ignored, and a seat that
    /// it has just given is taken away again. Drop the receiver of `events` too, for an answer may be on its way.
    ///
    /// # Errors
    ///
    /// The room or the engine has reached one of its [`Limits`], or the engine's thread does not answer.
    ///
    /// [`MediaFromServer::Gone`]: anteroom_protocol::media::MediaFromServer::Gone
    pub async fn enter(
        &self,
        room: RoomId,
        participant: ParticipantId,
        publish: Publish,
        events: mpsc::Sender<Event>,
    ) -> Result<(), EnterError> {
        let (answer, answered) = oneshot::channel();
        self.send(Command::Enter {
            seat: (room, participant),
            publish,
            events,
            answer,
        });
        match timeout(ANSWER_TIMEOUT, answered).await {
            Ok(Ok(entered)) => entered,
            // The command was dropped unanswered, with the queue of a thread that has ended.
            Ok(Err(_)) => Err(EnterError::Stopped),
            Err(_) => Err(EnterError::Unresponsive),
        }
    }

    /// Passes on a message from a participant's browser. Without a seat it is ignored. Returns at once.
    pub fn media(&self, room: RoomId, participant: ParticipantId, message: MediaFromClient) {
        if self.commands.waiting() >= self.limits.commands {
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

    /// Takes a participant's seat away: left, removed, or their visit has ended. Returns at once.
    pub fn leave(&self, room: RoomId, participant: ParticipantId) {
        self.send(Command::Leave {
            seat: (room, participant),
        });
    }

    /// Takes everybody's seat in a room away. Returns at once.
    pub fn close(&self, room: RoomId) {
        self.send(Command::Close { room });
    }

    /// Asks the engine's thread for its state. A thread that does not answer is not alive.
    pub async fn health(&self) -> Health {
        let (answer, answered) = oneshot::channel();
        self.send(Command::Health { answer });
        match timeout(ANSWER_TIMEOUT, answered).await {
            Ok(Ok(health)) => health,
            _ => Health {
                alive: false,
                address: self.address,
                rooms: 0,
                participants: 0,
                connected: 0,
                tcp_connections: 0,
                counters: Counters::default(),
            },
        }
    }

    fn send(&self, command: Command) {
        self.commands.send(command, &self.waker);
    }
}

//! The thread around the engine: one UDP socket for everybody, a TCP listener on the same port number, and a waker for
//! commands. The engine's time comes from here. The thread waits in `poll` only.

mod tcp;
mod udp;

use std::collections::HashMap;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::TryRecvError;
use std::time::{Duration, Instant};

use anteroom_domain::visit::Publish;
use anteroom_protocol::media::MediaFromServer;
use mio::net::{TcpListener, UdpSocket};
use mio::{Events, Interest, Poll, Token, Waker};
use str0m::Candidate;
use str0m::net::Protocol;
use tokio::sync::{mpsc, oneshot};

use self::tcp::Tcp;
use self::udp::Udp;
use crate::command::{Command, CommandReceiver, Event, Health};
use crate::config::Config;
use crate::engine::Engine;
use crate::error::{EnterError, StartError};
use crate::id::{RoomId, SeatId};
use crate::output::Output;

const UDP: Token = Token(0);
const LISTENER: Token = Token(1);
const WAKER: Token = Token(2);
const FIRST_CONNECTION: usize = 3;

/// Packets read in a row before commands and timers get their turn: at 15 µs each about 4 ms.
const BATCH: usize = 256;
/// More than an Ethernet frame. Browsers stay below one; a longer packet is cut off and fails its authentication.
const PACKET: usize = 2048;
/// Bytes read from one TCP connection at a time, and how often in a row.
const CHUNK: usize = 16 * 1024;
const CHUNKS: usize = 4;
/// How often unclaimed TCP connections are closed, and seats taken away whose events nobody takes.
const SWEEP_INTERVAL: Duration = Duration::from_secs(2);
/// The pause before `poll` is called again after it failed.
const POLL_RETRY: Duration = Duration::from_millis(10);

/// The engine, its sockets, and the channels of everybody who has a seat.
pub(crate) struct EventLoop {
    poll: Poll,
    udp: Udp,
    tcp: Tcp,
    local: SocketAddr,
    engine: Engine,
    commands: CommandReceiver,
    /// More commands wait than one batch.
    has_commands: bool,
    events: HashMap<SeatId, mpsc::Sender<Event>>,
    next_sweep: Instant,
    stopping: bool,
}

#[expect(
    clippy::disallowed_methods,
    reason = "the IO loop is where the engine's time comes from"
)]
fn now() -> Instant {
    Instant::now()
}

/// A dual-stack socket shows IPv4 peers as mapped IPv6 addresses; the engine knows them as IPv4 addresses.
fn canonical(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

/// Opens both ports; with port 0 the UDP socket chooses, and the listener follows.
fn bind(address: SocketAddr) -> Result<(UdpSocket, TcpListener, SocketAddr), StartError> {
    // A free UDP port may be taken for TCP; a few other ones are tried then.
    const ATTEMPTS: usize = 8;
    let bind = || -> std::io::Result<(UdpSocket, TcpListener, SocketAddr)> {
        let udp = UdpSocket::bind(address)?;
        let local = udp.local_addr()?;
        Ok((udp, TcpListener::bind(local)?, local))
    };
    let attempts = if address.port() == 0 { ATTEMPTS } else { 1 };
    let mut opened = bind();
    for _ in 1..attempts {
        if opened.is_ok() {
            break;
        }
        opened = bind();
    }
    opened.map_err(|source| StartError::Bind { address, source })
}

impl EventLoop {
    /// Opens the ports. Returns the loop, its waker, and the address that was opened.
    pub fn open(config: &Config, commands: CommandReceiver) -> Result<(Self, Arc<Waker>, SocketAddr), StartError> {
        let (mut udp, mut listener, local) = bind(config.listen)?;
        let addresses = config.candidates(local);
        if let Some(bad) = addresses
            .iter()
            .find(|address| Candidate::host(**address, "udp").is_err())
        {
            return Err(StartError::Advertise(*bad));
        }
        let poll = Poll::new()?;
        poll.registry().register(&mut udp, UDP, Interest::READABLE)?;
        poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
        let waker = Arc::new(Waker::new(poll.registry(), WAKER)?);
        let start = now();
        let event_loop = Self {
            udp: Udp::new(udp, local),
            tcp: Tcp::new(listener, poll.registry().try_clone()?, config.limits),
            poll,
            local,
            engine: Engine::new(config.limits, addresses, start),
            commands,
            has_commands: false,
            events: HashMap::new(),
            next_sweep: start + SWEEP_INTERVAL,
            stopping: false,
        };
        Ok((event_loop, waker, local))
    }

    /// Runs until it is told to stop or every handle is gone.
    pub fn run(mut self) {
        let mut ready = Events::with_capacity(256);
        while !self.stopping {
            let wait = if self.udp.is_readable || !self.tcp.unread.is_empty() || self.has_commands {
                Duration::ZERO
            } else {
                self.engine
                    .deadline()
                    .min(self.next_sweep)
                    .saturating_duration_since(now())
            };
            if let Err(error) = self.poll.poll(&mut ready, Some(wait))
                && error.kind() != ErrorKind::Interrupted
            {
                // Meetings go on: the sockets are read all the same, and `poll` is called again.
                tracing::error!(kind = ?error.kind(), "the media engine could not wait for packets; it is tried again");
                ready.clear();
                self.udp.is_readable = true;
                std::thread::sleep(POLL_RETRY);
            }
            for event in &ready {
                match event.token() {
                    UDP => self.udp.is_readable = true,
                    LISTENER => self.tcp.accept(&mut self.engine),
                    WAKER => {}
                    token => {
                        if event.is_readable() {
                            self.read_tcp(token);
                        }
                        if event.is_writable() {
                            self.tcp.write(token, &mut self.engine);
                        }
                    }
                }
            }
            if self.udp.is_readable {
                self.read_udp();
            }
            for token in std::mem::take(&mut self.tcp.unread) {
                self.read_tcp(token);
            }
            self.handle_commands();
            let at = now();
            if self.engine.deadline() <= at {
                self.engine.advance(at);
                self.flush();
            }
            if self.next_sweep <= at {
                self.next_sweep = at + SWEEP_INTERVAL;
                self.tcp.sweep(at, &mut self.engine);
                self.sweep_seats();
            }
        }
    }

    // ---- sockets

    fn read_udp(&mut self) {
        let mut buffer = [0; PACKET];
        for _ in 0..BATCH {
            match self.udp.receive(&mut buffer) {
                Ok((packet, from)) => {
                    self.engine.receive((Protocol::Udp, from), packet, now());
                    self.flush();
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.udp.is_readable = false;
                    return;
                }
                // An ICMP error about a packet that was sent earlier: the next call goes on.
                Err(_) => {}
            }
        }
    }

    fn read_tcp(&mut self, token: Token) {
        let mut chunk = [0; CHUNK];
        for _ in 0..CHUNKS {
            let may_have_more = self.tcp.read(token, &mut chunk, &mut self.engine);
            // This may close the connection.
            self.flush();
            if !may_have_more {
                return;
            }
        }
        // `poll` reports readiness once, so the connection must be remembered.
        self.tcp.unread.push(token);
    }

    /// Carries out every output of the engine.
    fn flush(&mut self) {
        while let Some(output) = self.engine.poll() {
            match output {
                Output::Transmit(transmit) if transmit.proto == Protocol::Tcp => {
                    self.tcp
                        .send(transmit.destination, &transmit.contents, &mut self.engine);
                }
                Output::Transmit(transmit) => self.udp.send(&transmit),
                Output::Message {
                    room,
                    participant,
                    message,
                } => self.deliver((room, participant), message),
                Output::Release((Protocol::Tcp, address)) => self.tcp.close_address(address, &mut self.engine),
                Output::Release(_) => {}
            }
        }
    }

    // ---- commands

    fn handle_commands(&mut self) {
        self.has_commands = false;
        for _ in 0..BATCH {
            match self.commands.try_recv() {
                Ok(command) => self.handle_command(command),
                Err(TryRecvError::Empty) => return,
                Err(TryRecvError::Disconnected) => self.stopping = true,
            }
            if self.stopping {
                return;
            }
            self.flush();
        }
        // The packets get their turn first.
        self.has_commands = true;
    }

    fn handle_command(&mut self, command: Command) {
        match command {
            Command::Enter {
                seat,
                publish,
                events,
                answer,
            } => self.enter(seat, publish, events, answer),
            Command::Media { seat, message } => self.engine.media(seat.0, seat.1, message, now()),
            Command::Leave { seat } => self.leave(seat),
            Command::Close { room } => self.close(room),
            Command::Health { answer } => {
                if answer.send(self.health()).is_err() {
                    tracing::debug!("the caller no longer waits for the engine's health");
                }
            }
            Command::Stop => self.stopping = true,
        }
    }

    fn enter(
        &mut self,
        seat: SeatId,
        publish: Publish,
        events: mpsc::Sender<Event>,
        answer: oneshot::Sender<Result<(), EnterError>>,
    ) {
        // The caller has given up. Nobody would know of the seat.
        if answer.is_closed() {
            return;
        }
        let entered = self.engine.enter(seat.0, seat.1, publish, now());
        // Either way the channel of an earlier seat closes: that seat is gone even if the new one is refused.
        if entered.is_ok() {
            self.events.insert(seat, events);
        } else {
            self.events.remove(&seat);
        }
        if answer.send(entered).is_err() {
            tracing::debug!(
                room = seat.0.0,
                participant = seat.1.0,
                "the caller no longer waits for the seat; it is taken away again"
            );
            self.leave(seat);
        }
    }

    fn leave(&mut self, seat: SeatId) {
        self.events.remove(&seat);
        self.engine.leave(seat.0, seat.1, now());
    }

    fn close(&mut self, room: RoomId) {
        self.events.retain(|seat, _| seat.0 != room);
        self.engine.close(room, now());
    }

    fn health(&self) -> Health {
        let (rooms, participants, connected) = self.engine.occupancy();
        Health {
            alive: true,
            address: self.local,
            rooms,
            participants,
            connected,
            tcp_connections: self.tcp.len(),
            counters: self.engine.counters(),
        }
    }

    // ---- events

    /// Gives a message to the caller who entered the participant, or takes the seat away if the channel is full.
    fn deliver(&mut self, seat: SeatId, message: MediaFromServer) {
        let Some(events) = self.events.get(&seat) else {
            return;
        };
        // The last place in the channel is kept for `Gone`.
        if events.capacity() > 1 && events.try_send(Event::Media(message)).is_ok() {
            return;
        }
        tracing::debug!(
            room = seat.0.0,
            participant = seat.1.0,
            "a participant's events are not taken; seat dropped"
        );
        let reason = "The server could not reach this page; join again.".to_owned();
        drop(events.try_send(Event::Media(MediaFromServer::Gone { reason })));
        self.leave(seat);
    }

    /// Takes away every seat whose receiver of events was dropped: the caller has forgotten the participant, who must
    /// not go on listening unseen.
    fn sweep_seats(&mut self) {
        let abandoned: Vec<SeatId> = self
            .events
            .iter()
            .filter(|(_, events)| events.is_closed())
            .map(|(seat, _)| *seat)
            .collect();
        for seat in abandoned {
            self.leave(seat);
            self.flush();
        }
    }
}

//! The thread around the engine: one UDP socket for everybody, a TCP listener on the same port number, and a waker for
//! commands. It is where the time comes from. Nothing here waits but for `poll`.

use std::collections::{BTreeMap, HashMap};
use std::io::{ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::{Duration, Instant};

use anteroom_domain::signalling::MediaFromServer;
use mio::net::{TcpListener, TcpStream, UdpSocket};
use mio::{Events, Interest, Poll, Token, Waker};
use str0m::Candidate;
use str0m::net::{Protocol, Transmit};
use tokio::sync::mpsc;

use crate::command::{Command, Event, Health};
use crate::config::{Config, Limits};
use crate::engine::Engine;
use crate::error::StartError;
use crate::handle::Seats;
use crate::id::SeatId;
use crate::output::Output;
use crate::tcp::{Reader, Writer};

const UDP: Token = Token(0);
const LISTENER: Token = Token(1);
const WAKER: Token = Token(2);
const FIRST_CONNECTION: usize = 3;

/// Packets read in a row before commands and timers get their turn: at 15 µs each about 4 ms.
const BATCH: usize = 256;
/// An Ethernet frame; browsers stay below, and what is longer is cut off and fails its authentication.
const PACKET: usize = 2048;
/// Read from one TCP connection at a time, and how often in a row.
const CHUNK: usize = 16 * 1024;
const CHUNKS: usize = 4;
/// Asked of the kernel for either direction: a key frame of every room at once is about 200 × 100 kB. It gives less
/// where `net.core.rmem_max` is less, which is worth raising on a big server.
const SOCKET_BUFFER: usize = 4 * 1024 * 1024;
/// How often TCP connections that nobody claims, and seats that nobody holds, are looked for.
const SWEEP: Duration = Duration::from_secs(2);
/// Before packets are waited for again, where that failed.
const PAUSE: Duration = Duration::from_millis(10);

pub(crate) struct Inbox {
    pub commands: Receiver<Command>,
    pub waiting: Arc<AtomicUsize>,
    pub seats: Arc<Seats>,
}

struct Connection {
    stream: TcpStream,
    from: SocketAddr,
    reader: Reader,
    writer: Writer,
    since: Instant,
}

pub(crate) struct Network {
    poll: Poll,
    udp: UdpSocket,
    listener: TcpListener,
    bound: SocketAddr,
    limits: Limits,
    engine: Engine,
    connections: HashMap<Token, Connection>,
    by_address: HashMap<SocketAddr, Token>,
    /// Those of nobody, the oldest first, and some that were claimed since.
    unclaimed: BTreeMap<Token, SocketAddr>,
    /// Connections wait that could not be accepted.
    accept_again: bool,
    last_token: usize,
    listeners: HashMap<SeatId, (u64, mpsc::Sender<Event>)>,
    udp_ready: bool,
    /// Connections that had more to read than their turn allowed.
    tcp_ready: Vec<Token>,
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

/// A dual-stack socket shows IPv4 peers as mapped IPv6 addresses; the engine knows them as what they are.
fn canonical(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

/// Whom an address belongs to, as far as that can be told: a household has an IPv6 /64.
fn network_of(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => ip,
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
    }
}

impl Network {
    /// Opens both ports; with port 0 the UDP socket chooses, and the listener follows.
    pub fn open(config: &Config) -> Result<(Self, Arc<Waker>, SocketAddr), StartError> {
        // A free UDP port may be taken for TCP; a few other ones are tried then.
        const ATTEMPTS: usize = 8;
        let bind = || -> std::io::Result<(UdpSocket, TcpListener, SocketAddr)> {
            let udp = UdpSocket::bind(config.listen)?;
            let bound = udp.local_addr()?;
            Ok((udp, TcpListener::bind(bound)?, bound))
        };
        let attempts = if config.listen.port() == 0 { ATTEMPTS } else { 1 };
        let mut opened = bind();
        for _ in 1..attempts {
            if opened.is_ok() {
                break;
            }
            opened = bind();
        }
        let (mut udp, mut listener, bound) = opened.map_err(|source| StartError::Bind {
            address: config.listen,
            source,
        })?;
        let addresses = config.candidates(bound);
        if let Some(bad) = addresses
            .iter()
            .find(|address| Candidate::host(**address, "udp").is_err())
        {
            return Err(StartError::Advertise(*bad));
        }
        let buffers = socket2::SockRef::from(&udp);
        for asked in [
            buffers.set_recv_buffer_size(SOCKET_BUFFER),
            buffers.set_send_buffer_size(SOCKET_BUFFER),
        ] {
            if let Err(error) = asked {
                tracing::debug!(kind = ?error.kind(), "the media port keeps its default buffers");
            }
        }
        let poll = Poll::new()?;
        poll.registry().register(&mut udp, UDP, Interest::READABLE)?;
        poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
        let waker = Arc::new(Waker::new(poll.registry(), WAKER)?);
        let start = now();
        let network = Self {
            poll,
            udp,
            listener,
            bound,
            limits: config.limits,
            engine: Engine::new(config.limits, addresses, start),
            connections: HashMap::new(),
            by_address: HashMap::new(),
            unclaimed: BTreeMap::new(),
            accept_again: false,
            last_token: FIRST_CONNECTION,
            listeners: HashMap::new(),
            udp_ready: false,
            tcp_ready: vec![],
            next_sweep: start + SWEEP,
            stopping: false,
        };
        Ok((network, waker, bound))
    }

    /// Runs until it is told to stop or every handle is gone.
    pub fn run(mut self, inbox: &Inbox) {
        let mut events = Events::with_capacity(256);
        while !self.stopping {
            let wait = if self.udp_ready || !self.tcp_ready.is_empty() {
                Duration::ZERO
            } else {
                self.engine
                    .deadline()
                    .min(self.next_sweep)
                    .saturating_duration_since(now())
            };
            if let Err(error) = self.poll.poll(&mut events, Some(wait))
                && error.kind() != ErrorKind::Interrupted
            {
                // Meetings go on: what waits in the sockets is looked at all the same, and it is tried again.
                tracing::error!(kind = ?error.kind(), "the media engine could not wait for packets; it is tried again");
                events.clear();
                self.udp_ready = true;
                std::thread::sleep(PAUSE);
            }
            for event in &events {
                match event.token() {
                    UDP => self.udp_ready = true,
                    LISTENER => self.accept(),
                    WAKER => {}
                    token => {
                        if event.is_readable() {
                            self.read(token, inbox);
                        }
                        if event.is_writable() {
                            self.write(token, &[]);
                        }
                    }
                }
            }
            if self.udp_ready {
                self.receive(inbox);
            }
            for token in std::mem::take(&mut self.tcp_ready) {
                self.read(token, inbox);
            }
            self.obey(inbox);
            let at = now();
            if self.engine.deadline() <= at {
                self.engine.advance(at);
                self.flush(inbox);
            }
            if self.next_sweep <= at {
                self.next_sweep = at + SWEEP;
                self.sweep(at);
                if std::mem::take(&mut self.accept_again) {
                    self.accept();
                }
                self.drop_deserted(inbox);
            }
        }
    }

    fn receive(&mut self, inbox: &Inbox) {
        let mut packet = [0; PACKET];
        for _ in 0..BATCH {
            match self.udp.recv_from(&mut packet) {
                Ok((length, from)) => {
                    let packet = packet.get(..length).unwrap_or_default();
                    self.engine.receive((Protocol::Udp, canonical(from)), packet, now());
                    self.flush(inbox);
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.udp_ready = false;
                    return;
                }
                // An ICMP error about a packet that was sent earlier: the next call goes on.
                Err(_) => {}
            }
        }
    }

    fn obey(&mut self, inbox: &Inbox) {
        for _ in 0..BATCH {
            let command = match inbox.commands.try_recv() {
                Ok(command) => command,
                Err(TryRecvError::Empty) => return,
                Err(TryRecvError::Disconnected) => {
                    self.stopping = true;
                    return;
                }
            };
            inbox.waiting.fetch_sub(1, Ordering::Relaxed);
            match command {
                Command::Enter {
                    seat,
                    publish,
                    entry,
                    events,
                } => {
                    match self.engine.enter(seat.0, seat.1, publish, now()) {
                        // The earlier entry's channel closes by being replaced.
                        Ok(()) => drop(self.listeners.insert(seat, (entry, events))),
                        // Both sides count alike, so this does not happen; if it did, the seat must not linger.
                        Err(error) => {
                            let gone = Event::Media(MediaFromServer::Gone {
                                reason: error.to_string(),
                            });
                            drop(events.try_send(gone));
                            inbox.seats.dropped(seat, entry);
                        }
                    }
                }
                Command::Media { seat, message } => self.engine.media(seat.0, seat.1, message, now()),
                Command::Leave { seat } => {
                    self.listeners.remove(&seat);
                    self.engine.leave(seat.0, seat.1, now());
                }
                Command::Close { room } => {
                    self.listeners.retain(|seat, _| seat.0 != room);
                    self.engine.close(room, now());
                }
                Command::Health { answer } => {
                    let (rooms, participants, connected) = self.engine.occupancy();
                    let health = Health {
                        alive: true,
                        address: self.bound,
                        rooms,
                        participants,
                        connected,
                        tcp_connections: self.connections.len(),
                        counters: self.engine.counters(),
                    };
                    if answer.send(health).is_err() {
                        tracing::debug!("whoever asked for the engine's health has lost patience");
                    }
                }
                Command::Stop => {
                    self.stopping = true;
                    return;
                }
            }
            self.flush(inbox);
        }
        // More commands than one batch: come back at once, after the packets.
        self.udp_ready = true;
    }

    /// Does what the engine wants done.
    fn flush(&mut self, inbox: &Inbox) {
        while let Some(output) = self.engine.poll() {
            match output {
                Output::Transmit(transmit) => self.transmit(&transmit),
                Output::Tell {
                    room,
                    participant,
                    message,
                } => self.tell((room, participant), message, inbox),
                Output::Release((Protocol::Tcp, address)) => {
                    if let Some(token) = self.by_address.get(&address).copied() {
                        self.close(token);
                    }
                }
                Output::Release(_) => {}
            }
        }
    }

    fn transmit(&mut self, transmit: &Transmit) {
        if transmit.proto == Protocol::Tcp {
            match self.by_address.get(&transmit.destination).copied() {
                Some(token) => self.write(token, &transmit.contents),
                None => self.engine.disconnected((Protocol::Tcp, transmit.destination)),
            }
            return;
        }
        let mut to = transmit.destination;
        if let (SocketAddr::V6(_), IpAddr::V4(v4)) = (self.bound, to.ip()) {
            to.set_ip(v4.to_ipv6_mapped().into());
        }
        // A full socket buffer or an unreachable network loses a packet, as any router on the way may.
        if let Err(error) = self.udp.send_to(&transmit.contents, to) {
            tracing::trace!(kind = ?error.kind(), "a packet was not sent");
        }
    }

    fn tell(&mut self, seat: SeatId, message: MediaFromServer, inbox: &Inbox) {
        let Some((entry, events)) = self.listeners.get(&seat) else {
            return;
        };
        // The last place is kept for the last word.
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
        inbox.seats.dropped(seat, *entry);
        self.listeners.remove(&seat);
        self.engine.leave(seat.0, seat.1, now());
    }

    /// Nobody takes this participant's events any more: whoever let them in has forgotten them, and they must not go on
    /// listening unseen.
    fn drop_deserted(&mut self, inbox: &Inbox) {
        let deserted: Vec<(SeatId, u64)> = self
            .listeners
            .iter()
            .filter(|(_, (_, events))| events.is_closed())
            .map(|(seat, (entry, _))| (*seat, *entry))
            .collect();
        for (seat, entry) in deserted {
            inbox.seats.dropped(seat, entry);
            self.listeners.remove(&seat);
            self.engine.leave(seat.0, seat.1, now());
            self.flush(inbox);
        }
    }

    // ---- TCP

    fn accept(&mut self) {
        loop {
            let (mut stream, from) = match self.listener.accept() {
                Ok(accepted) => accepted,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                // Mostly a connection that was reset before it was accepted.
                Err(error) => {
                    tracing::debug!(kind = ?error.kind(), "a TCP connection was not accepted");
                    if error.kind() == ErrorKind::ConnectionAborted || error.kind() == ErrorKind::Interrupted {
                        continue;
                    }
                    // No descriptor is left, perhaps. Those who wait are not announced a second time.
                    self.accept_again = true;
                    return;
                }
            };
            let from = canonical(from);
            if !self.make_room(from.ip()) {
                continue;
            }
            let token = Token(self.last_token);
            self.last_token += 1;
            let interest = Interest::READABLE | Interest::WRITABLE;
            if self.poll.registry().register(&mut stream, token, interest).is_err() {
                continue;
            }
            // Small packets must not wait for each other.
            if stream.set_nodelay(true).is_err() {
                continue;
            }
            let writer = Writer::new(self.limits.tcp_buffer);
            let connection = Connection {
                stream,
                from,
                reader: Reader::default(),
                writer,
                since: now(),
            };
            self.connections.insert(token, connection);
            self.by_address.insert(from, token);
            self.unclaimed.insert(token, from);
        }
    }

    /// Sees to it that one more connection of this network fits, at the cost of the oldest that belongs to nobody.
    fn make_room(&mut self, ip: IpAddr) -> bool {
        let is_full = self.connections.len() >= self.limits.tcp_connections;
        // Who has been claimed meanwhile is found out when it matters.
        if is_full || self.limits.tcp_unclaimed_of_network.min(self.limits.tcp_unclaimed) <= self.unclaimed.len() {
            let engine = &self.engine;
            self.unclaimed
                .retain(|_, from| !engine.is_claimed((Protocol::Tcp, *from)));
        }
        let of_network = || {
            self.unclaimed
                .iter()
                .filter(|(_, other)| network_of(other.ip()) == network_of(ip))
        };
        let oldest = if of_network().count() >= self.limits.tcp_unclaimed_of_network {
            of_network().next()
        } else if is_full || self.unclaimed.len() >= self.limits.tcp_unclaimed {
            self.unclaimed.iter().next()
        } else {
            return true;
        };
        match oldest.map(|(token, _)| *token) {
            Some(token) => self.close(token),
            None => return !is_full,
        }
        true
    }

    fn read(&mut self, token: Token, inbox: &Inbox) {
        let mut chunk = [0; CHUNK];
        // Readiness is told once, so what is left must be remembered; `flush` may close the connection in between.
        for _ in 0..CHUNKS {
            let Some(connection) = self.connections.get_mut(&token) else {
                return;
            };
            let length = match connection.stream.read(&mut chunk) {
                Ok(0) => return self.close(token),
                Ok(length) => length,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(_) => return self.close(token),
            };
            connection.reader.push(chunk.get(..length).unwrap_or_default());
            let from = (Protocol::Tcp, connection.from);
            loop {
                match connection.reader.next() {
                    Ok(Some(packet)) => self.engine.receive(from, packet, now()),
                    Ok(None) => break,
                    Err(crate::tcp::NotWebRtc) => return self.close(token),
                }
            }
            self.flush(inbox);
        }
        self.tcp_ready.push(token);
    }

    /// Queues a packet (an empty one is none) and writes as much as the socket takes.
    fn write(&mut self, token: Token, packet: &[u8]) {
        let Some(connection) = self.connections.get_mut(&token) else {
            return;
        };
        if !packet.is_empty() && !connection.writer.push(packet) {
            tracing::trace!("a packet for a slow TCP connection was dropped");
        }
        while !connection.writer.head().is_empty() {
            match connection.stream.write(connection.writer.head()) {
                Ok(0) => return self.close(token),
                Ok(length) => connection.writer.written(length),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // Not connected yet, or not any more: in the second case reading tells.
                Err(error) if error.kind() == ErrorKind::NotConnected => return,
                Err(_) => return self.close(token),
            }
        }
    }

    fn close(&mut self, token: Token) {
        let Some(mut connection) = self.connections.remove(&token) else {
            return;
        };
        self.by_address.remove(&connection.from);
        self.unclaimed.remove(&token);
        self.engine.disconnected((Protocol::Tcp, connection.from));
        if let Err(error) = self.poll.registry().deregister(&mut connection.stream) {
            tracing::debug!(kind = ?error.kind(), "a TCP connection was already unregistered");
        }
    }

    /// Closes connections that belong to nobody.
    fn sweep(&mut self, at: Instant) {
        let unclaimed = |connection: &Connection| {
            at.saturating_duration_since(connection.since) >= self.limits.tcp_claim
                && !self.engine.is_claimed((Protocol::Tcp, connection.from))
        };
        let tokens: Vec<Token> = self
            .connections
            .iter()
            .filter(|(_, c)| unclaimed(c))
            .map(|(t, _)| *t)
            .collect();
        for token in tokens {
            self.close(token);
        }
    }
}

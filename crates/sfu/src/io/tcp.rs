//! The TCP listener and its connections, for networks that block UDP. A connection is unclaimed until ICE has validated
//! its address for a participant. The number of unclaimed connections is bounded, and the time that each may stay so.

use std::collections::{BTreeMap, HashMap};
use std::io::{ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::time::Instant;

use mio::net::{TcpListener, TcpStream};
use mio::{Interest, Registry, Token};
use str0m::net::Protocol;

use super::{FIRST_CONNECTION, canonical, now};
use crate::config::Limits;
use crate::engine::Engine;
use crate::framing::{NotWebRtc, Reader, Writer};

struct Connection {
    stream: TcpStream,
    from: SocketAddr,
    reader: Reader,
    writer: Writer,
    since: Instant,
}

pub(super) struct Tcp {
    listener: TcpListener,
    registry: Registry,
    limits: Limits,
    connections: HashMap<Token, Connection>,
    by_address: HashMap<SocketAddr, Token>,
    /// Unclaimed connections, the oldest first, and some that were claimed since.
    unclaimed: BTreeMap<Token, SocketAddr>,
    /// Accepting failed; connections may wait at the listener.
    is_accept_due: bool,
    next_token: usize,
    /// Connections that had more to read than their turn allowed.
    pub unread: Vec<Token>,
}

/// The network that an address probably belongs to: a household has one IPv4 address or an IPv6 /64.
fn network_of(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => ip,
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
    }
}

impl Tcp {
    pub fn new(listener: TcpListener, registry: Registry, limits: Limits) -> Self {
        Self {
            listener,
            registry,
            limits,
            connections: HashMap::new(),
            by_address: HashMap::new(),
            unclaimed: BTreeMap::new(),
            is_accept_due: false,
            next_token: FIRST_CONNECTION,
            unread: vec![],
        }
    }

    /// How many connections are open.
    pub fn len(&self) -> usize {
        self.connections.len()
    }

    /// Accepts every connection that waits at the listener.
    pub fn accept(&mut self, engine: &mut Engine) {
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
                    // No descriptor is left, perhaps. The listener does not announce those connections a second time.
                    self.is_accept_due = true;
                    return;
                }
            };
            let from = canonical(from);
            if !self.evict_for(from.ip(), engine) {
                continue;
            }
            let token = Token(self.next_token);
            self.next_token += 1;
            let interest = Interest::READABLE | Interest::WRITABLE;
            if self.registry.register(&mut stream, token, interest).is_err() {
                continue;
            }
            // Small packets must not wait for each other.
            if stream.set_nodelay(true).is_err() {
                continue;
            }
            let connection = Connection {
                stream,
                from,
                reader: Reader::default(),
                writer: Writer::new(self.limits.tcp_buffer),
                since: now(),
            };
            self.connections.insert(token, connection);
            self.by_address.insert(from, token);
            self.unclaimed.insert(token, from);
        }
    }

    /// Makes room for one more connection of this network by closing the oldest unclaimed one. Returns whether there is
    /// room.
    fn evict_for(&mut self, ip: IpAddr, engine: &mut Engine) -> bool {
        let is_full = self.connections.len() >= self.limits.tcp_connections;
        // Connections that were claimed since are found out only when it matters.
        if is_full || self.unclaimed.len() >= self.limits.tcp_unclaimed_of_network.min(self.limits.tcp_unclaimed) {
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
            Some(token) => self.close(token, engine),
            None => return !is_full,
        }
        true
    }

    /// Reads one chunk and gives the engine its packets. Returns whether there may be more to read.
    pub fn read(&mut self, token: Token, chunk: &mut [u8], engine: &mut Engine) -> bool {
        let Some(connection) = self.connections.get_mut(&token) else {
            return false;
        };
        let length = match connection.stream.read(chunk) {
            Ok(length) if length > 0 => length,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return false,
            Err(error) if error.kind() == ErrorKind::Interrupted => return true,
            Ok(_) | Err(_) => {
                self.close(token, engine);
                return false;
            }
        };
        connection.reader.push(chunk.get(..length).unwrap_or_default());
        let from = (Protocol::Tcp, connection.from);
        loop {
            match connection.reader.next() {
                Ok(Some(packet)) => engine.receive(from, packet, now()),
                Ok(None) => return true,
                Err(NotWebRtc) => {
                    self.close(token, engine);
                    return false;
                }
            }
        }
    }

    /// Queues a packet for the connection to this address and writes as much as the socket takes.
    pub fn send(&mut self, to: SocketAddr, packet: &[u8], engine: &mut Engine) {
        let token = self.by_address.get(&to).copied();
        let Some((token, connection)) = token.and_then(|token| Some((token, self.connections.get_mut(&token)?))) else {
            return engine.disconnected((Protocol::Tcp, to));
        };
        if !connection.writer.push(packet) {
            tracing::trace!("a packet for a slow TCP connection was dropped");
        }
        self.write(token, engine);
    }

    /// Writes as much of the queued packets as the socket takes.
    pub fn write(&mut self, token: Token, engine: &mut Engine) {
        let Some(connection) = self.connections.get_mut(&token) else {
            return;
        };
        while !connection.writer.head().is_empty() {
            match connection.stream.write(connection.writer.head()) {
                Ok(length) if length > 0 => connection.writer.written(length),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // Not connected yet, or not any more; in the second case reading fails too and closes it.
                Err(error) if error.kind() == ErrorKind::NotConnected => return,
                Ok(_) | Err(_) => return self.close(token, engine),
            }
        }
    }

    /// Closes the connection to this address, if there is one.
    pub fn close_address(&mut self, address: SocketAddr, engine: &mut Engine) {
        if let Some(token) = self.by_address.get(&address).copied() {
            self.close(token, engine);
        }
    }

    fn close(&mut self, token: Token, engine: &mut Engine) {
        let Some(mut connection) = self.connections.remove(&token) else {
            return;
        };
        self.by_address.remove(&connection.from);
        self.unclaimed.remove(&token);
        engine.disconnected((Protocol::Tcp, connection.from));
        if let Err(error) = self.registry.deregister(&mut connection.stream) {
            tracing::debug!(kind = ?error.kind(), "a TCP connection was already unregistered");
        }
    }

    /// Closes connections that have been unclaimed for too long, and accepts connections whose accepting failed before.
    pub fn sweep(&mut self, now: Instant, engine: &mut Engine) {
        let is_overdue = |connection: &Connection| {
            now.saturating_duration_since(connection.since) >= self.limits.tcp_claim
                && !engine.is_claimed((Protocol::Tcp, connection.from))
        };
        let overdue: Vec<Token> = self
            .connections
            .iter()
            .filter(|(_, connection)| is_overdue(connection))
            .map(|(token, _)| *token)
            .collect();
        for token in overdue {
            self.close(token, engine);
        }
        if std::mem::take(&mut self.is_accept_due) {
            self.accept(engine);
        }
    }
}

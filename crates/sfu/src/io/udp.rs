//! The one UDP socket of all participants.

use std::io;
use std::net::{IpAddr, SocketAddr};

use mio::net::UdpSocket;
use str0m::net::Transmit;

use super::canonical;

/// Asked of the kernel for either direction: a key frame of every room at once is about 200 × 100 kB. It gives less
/// where `net.core.rmem_max` is less, which is worth raising on a big server.
const SOCKET_BUFFER: usize = 4 * 1024 * 1024;

pub(super) struct Udp {
    socket: UdpSocket,
    local: SocketAddr,
    /// The socket may have packets to read. `poll` reports readiness once, so this stays set until reading would block.
    pub is_readable: bool,
}

impl Udp {
    pub fn new(socket: UdpSocket, local: SocketAddr) -> Self {
        let buffers = socket2::SockRef::from(&socket);
        for asked in [
            buffers.set_recv_buffer_size(SOCKET_BUFFER),
            buffers.set_send_buffer_size(SOCKET_BUFFER),
        ] {
            if let Err(error) = asked {
                tracing::debug!(kind = ?error.kind(), "the media port keeps its default buffers");
            }
        }
        Self {
            socket,
            local,
            is_readable: false,
        }
    }

    /// The next packet and its sender.
    pub fn receive<'a>(&self, buffer: &'a mut [u8]) -> io::Result<(&'a [u8], SocketAddr)> {
        let (length, from) = self.socket.recv_from(buffer)?;
        Ok((buffer.get(..length).unwrap_or_default(), canonical(from)))
    }

    pub fn send(&self, transmit: &Transmit) {
        let mut to = transmit.destination;
        if let (SocketAddr::V6(_), IpAddr::V4(v4)) = (self.local, to.ip()) {
            to.set_ip(v4.to_ipv6_mapped().into());
        }
        // A full socket buffer or an unreachable network loses a packet, as any router on the way may.
        if let Err(error) = self.socket.send_to(&transmit.contents, to) {
            tracing::trace!(kind = ?error.kind(), "a packet was not sent");
        }
    }
}

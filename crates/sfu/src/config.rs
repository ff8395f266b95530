//! The configuration of the engine, and the limits that keep it bounded. Every limit says where it comes from.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

/// The configuration of one engine.
#[derive(Clone, Debug)]
pub struct Config {
    /// The UDP address for all media. The TCP listener, for networks that block UDP, has the same port number. Port 0
    /// takes a free port; [`Sfu::local_addr`](crate::Sfu::local_addr) returns it.
    pub listen: SocketAddr,
    /// The addresses that offers name as the ones to send to; the port is always the one listened on. Empty: the
    /// listening address itself, or loopback of the same family where that is a wildcard (good for a demonstration on
    /// one machine only). Behind NAT or in a container this must be the public address.
    pub advertise: Vec<IpAddr>,
    /// The limits of this engine.
    pub limits: Limits,
}

impl Config {
    /// The ICE candidates in the offers, for a socket that was bound to `bound`.
    pub fn candidates(&self, bound: SocketAddr) -> Vec<SocketAddr> {
        let addresses = if !self.advertise.is_empty() {
            self.advertise.clone()
        } else if !bound.ip().is_unspecified() {
            vec![bound.ip()]
        } else if bound.is_ipv4() {
            vec![IpAddr::V4(Ipv4Addr::LOCALHOST)]
        } else {
            vec![IpAddr::V6(Ipv6Addr::LOCALHOST)]
        };
        addresses
            .into_iter()
            .map(|ip| SocketAddr::new(ip, bound.port()))
            .collect()
    }
}

/// The bounds of one engine. The defaults fit one core and 1 GB of memory.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Rooms. One core forwards about 100 rooms of two (see the README's figures); twice that leaves room for people
    /// who sit in a room alone, and refuses before everybody suffers.
    pub rooms: usize,
    /// Participants in one room. A launch has one presenter and a hundred viewers on phones; a viewer costs about 160 packets/s out.
    pub participants_per_room: usize,
    /// Participants in one room who may send. Each of them is up to three m-lines (about 1.3 kB each) in everybody's
    /// answer, and an answer must fit the signalling socket's 128 kB: 24 × 3 × 1.3 kB = 94 kB.
    pub senders_per_room: usize,
    /// Participants in all rooms together. Each takes about 1.2 MB of memory, so all take 600 MB.
    pub participants: usize,
    /// The time from `Join` until ICE and DTLS are up. A person answers the permission prompt before `Join`, so only the
    /// network counts: 30 s cover a UDP attempt that fails (10 s) and TCP afterwards, on a slow line.
    pub connect: Duration,
    /// The time that a peer may stay silent after ICE has noticed it, which takes about 13 s. Then the peer is given up.
    /// A browser needs up to 10 s to change from Wi-Fi to mobile data.
    pub lost: Duration,
    /// The time that a browser may take to answer an offer; after it the page is gone or broken. As long as `connect`.
    pub answer: Duration,
    /// Bytes that wait for one TCP connection: 2 s at 1 Mbit/s. More would be heard as delay, so packets are dropped.
    pub tcp_buffer: usize,
    /// TCP connections in all: one for every participant, and as many again for reconnects.
    pub tcp_connections: usize,
    /// TCP connections that belong to nobody yet, in all. ICE claims one within a round trip, so there are few of them at
    /// any moment. Beyond this bound the oldest is closed.
    pub tcp_unclaimed: usize,
    /// The same for one network (an IPv4 address, or an IPv6 /64): enough for a branch whose clerks all come at once.
    pub tcp_unclaimed_of_network: usize,
    /// The time within which ICE must claim a TCP connection. A browser sends its first check at once.
    pub tcp_claim: Duration,
    /// Commands that may wait for the engine's thread; beyond it messages of browsers are dropped. The thread handles
    /// some 10,000/s, so a longer queue means that it is stuck.
    pub commands: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            rooms: 200,
            participants_per_room: 128,
            senders_per_room: 24,
            participants: 512,
            connect: Duration::from_secs(30),
            lost: Duration::from_secs(15),
            answer: Duration::from_secs(30),
            tcp_buffer: 256 * 1024,
            tcp_connections: 1024,
            tcp_unclaimed: 256,
            tcp_unclaimed_of_network: 32,
            tcp_claim: Duration::from_secs(10),
            commands: 8192,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(listen: &str, advertise: &[&str]) -> Config {
        let advertise = advertise.iter().map(|ip| ip.parse().unwrap()).collect();
        Config {
            listen: listen.parse().unwrap(),
            advertise,
            limits: Limits::default(),
        }
    }

    #[test]
    fn a_wildcard_is_never_told_to_a_browser() {
        let bound = "0.0.0.0:5000".parse().unwrap();
        assert_eq!(
            config("0.0.0.0:0", &[]).candidates(bound),
            ["127.0.0.1:5000".parse().unwrap()]
        );
        let bound = "[::]:5000".parse().unwrap();
        assert_eq!(config("[::]:0", &[]).candidates(bound), ["[::1]:5000".parse().unwrap()]);
    }

    #[test]
    fn the_advertised_address_has_the_port_that_was_bound() {
        let bound = "0.0.0.0:5000".parse().unwrap();
        assert_eq!(
            config("0.0.0.0:0", &["198.51.100.7"]).candidates(bound),
            ["198.51.100.7:5000".parse().unwrap()]
        );
    }
}

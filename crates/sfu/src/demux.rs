//! Demultiplexing: the peer that a packet belongs to. A STUN binding request names the ICE user fragment from the offer.
//! Every other packet is known by its address, which a peer claims when ICE *answers* such a request with a success, at
//! once or later. ICE gives that answer only to requests that are signed with the password of the offer; its error
//! replies, and every other packet to that address, prove nothing. So an address belongs to a participant only once its
//! STUN message integrity was checked, and no packet is ever tried on every peer.

use std::collections::HashMap;
use std::net::SocketAddr;

use str0m::net::Protocol;

use crate::id::PeerId;

/// A transport address. The same IP address and port over UDP and over TCP are two.
pub type Address = (Protocol, SocketAddr);

/// Addresses that one peer may have at a time. A browser with two interfaces, two families and TCP uses about 8 in its
/// life; beyond this bound the oldest is released.
const ADDRESSES_PER_PEER: usize = 16;

/// The user fragment in use, and the next one while a restart is being answered.
const UFRAGS_PER_PEER: usize = 2;

const STUN_HEADER: usize = 20;
const STUN_MAGIC: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
const STUN_BINDING_REQUEST: [u8; 2] = [0, 1];
const STUN_BINDING_SUCCESS: [u8; 2] = [1, 1];
const STUN_USERNAME: u16 = 6;

/// The attributes of a STUN message of this type; `None` for every other packet.
fn stun_attributes(packet: &[u8], message: [u8; 2]) -> Option<&[u8]> {
    let (header, attributes) = packet.split_at_checked(STUN_HEADER)?;
    let is_it = header.starts_with(&message) && header.get(4..8)? == STUN_MAGIC;
    is_it.then_some(attributes)
}

/// Whether this is the success response to a binding request.
pub(crate) fn is_stun_success(packet: &[u8]) -> bool {
    stun_attributes(packet, STUN_BINDING_SUCCESS).is_some()
}

/// The receiver's user fragment of a STUN binding request; `None` for every other packet.
pub(crate) fn stun_ufrag(packet: &[u8]) -> Option<&str> {
    let mut attributes = stun_attributes(packet, STUN_BINDING_REQUEST)?;
    while let [t0, t1, l0, l1, rest @ ..] = attributes {
        let length = usize::from(u16::from_be_bytes([*l0, *l1]));
        if u16::from_be_bytes([*t0, *t1]) == STUN_USERNAME {
            let username = std::str::from_utf8(rest.get(..length)?).ok()?;
            return username.split_once(':').map(|(ours, _theirs)| ours);
        }
        // Attributes are padded to four bytes.
        attributes = rest.get(length.next_multiple_of(4)..)?;
    }
    None
}

/// The peers by user fragment and by address, and both ways back.
#[derive(Default)]
pub(crate) struct Demux {
    by_ufrag: HashMap<String, PeerId>,
    /// Oldest first, one for each ICE restart.
    ufrags: HashMap<PeerId, Vec<String>>,
    by_address: HashMap<Address, PeerId>,
    /// Oldest first.
    addresses: HashMap<PeerId, Vec<Address>>,
}

impl Demux {
    /// Finds the peer by this user fragment from now on, and still by the one before, until ICE has moved over.
    pub fn add_ufrag(&mut self, ufrag: String, peer: PeerId) {
        let ufrags = self.ufrags.entry(peer).or_default();
        if ufrags.contains(&ufrag) {
            return;
        }
        ufrags.push(ufrag.clone());
        if ufrags.len() > UFRAGS_PER_PEER {
            self.by_ufrag.remove(&ufrags.remove(0));
        }
        self.by_ufrag.insert(ufrag, peer);
    }

    /// The peer of a packet.
    pub fn find(&self, address: Address, packet: &[u8]) -> Option<PeerId> {
        match stun_ufrag(packet) {
            Some(ufrag) => self.by_ufrag.get(ufrag).copied(),
            None => self.by_address.get(&address).copied(),
        }
    }

    /// Gives the peer this address. Returns the peer's oldest address if it has too many and loses that one.
    pub fn claim(&mut self, address: Address, peer: PeerId) -> Option<Address> {
        let earlier = self.by_address.insert(address, peer);
        if earlier == Some(peer) {
            return None;
        }
        if let Some(addresses) = earlier.and_then(|earlier| self.addresses.get_mut(&earlier)) {
            addresses.retain(|a| *a != address);
        }
        let addresses = self.addresses.entry(peer).or_default();
        addresses.push(address);
        if addresses.len() <= ADDRESSES_PER_PEER {
            return None;
        }
        let oldest = addresses.remove(0);
        self.by_address.remove(&oldest);
        Some(oldest)
    }

    /// Whether this address belongs to a peer.
    pub fn is_claimed(&self, address: Address) -> bool {
        self.by_address.contains_key(&address)
    }

    /// Forgets an address: its TCP connection has closed.
    pub fn release(&mut self, address: Address) {
        if let Some(peer) = self.by_address.remove(&address)
            && let Some(addresses) = self.addresses.get_mut(&peer)
        {
            addresses.retain(|a| *a != address);
        }
    }

    /// Forgets a peer. Returns the addresses that it had.
    pub fn remove_peer(&mut self, peer: PeerId) -> Vec<Address> {
        for ufrag in self.ufrags.remove(&peer).unwrap_or_default() {
            self.by_ufrag.remove(&ufrag);
        }
        let addresses = self.addresses.remove(&peer).unwrap_or_default();
        for address in &addresses {
            self.by_address.remove(address);
        }
        addresses
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn binding_request(attributes: &[(u16, &[u8])]) -> Vec<u8> {
        let mut packet = vec![0, 1, 0, 0];
        packet.extend(STUN_MAGIC);
        packet.extend([7; 12]);
        for (kind, value) in attributes {
            packet.extend(kind.to_be_bytes());
            packet.extend(u16::try_from(value.len()).unwrap().to_be_bytes());
            packet.extend(*value);
            packet.resize(packet.len().next_multiple_of(4), 0);
        }
        packet
    }

    fn address(port: u16) -> Address {
        (Protocol::Udp, SocketAddr::from(([192, 0, 2, 1], port)))
    }

    #[test]
    fn the_first_half_of_the_user_name_is_ours() {
        assert_eq!(
            stun_ufrag(&binding_request(&[(0x8022, b"abc"), (6, b"ours:theirs")])),
            Some("ours")
        );
    }

    #[test]
    fn only_a_success_grants_a_request() {
        let request = binding_request(&[]);
        for (message, grants) in [([0, 1], false), ([1, 1], true), ([1, 0x11], false), ([0, 0x11], false)] {
            let mut packet = request.clone();
            packet[..2].copy_from_slice(&message);
            assert_eq!(is_stun_success(&packet), grants, "{message:?}");
        }
        assert!(!is_stun_success(&[1; 64]));
        assert!(!is_stun_success(&[1, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42]));
    }

    #[test]
    fn what_is_no_binding_request_names_nobody() {
        assert_eq!(stun_ufrag(&[]), None);
        assert_eq!(stun_ufrag(&[0x80; 64]), None);
        assert_eq!(stun_ufrag(&binding_request(&[])), None);
        assert_eq!(stun_ufrag(&binding_request(&[(6, b"no colon")])), None);
        let mut lying = binding_request(&[(6, b"ours:theirs")]);
        lying[23] = 200; // longer than the packet
        assert_eq!(stun_ufrag(&lying), None);
        for end in 0..lying.len() {
            assert_eq!(stun_ufrag(&lying[..end]), None);
        }
    }

    #[test]
    fn an_address_is_known_only_once_it_is_proved() {
        let mut demux = Demux::default();
        demux.add_ufrag("ours".into(), PeerId(1));
        let request = binding_request(&[(6, b"ours:theirs")]);
        assert_eq!(demux.find(address(1), &request), Some(PeerId(1)));
        assert_eq!(demux.find(address(1), &[0x80; 32]), None);
        for _ in 0..=ADDRESSES_PER_PEER {
            assert_eq!(demux.claim(address(1), PeerId(1)), None);
        }
        assert_eq!(demux.find(address(1), &request), Some(PeerId(1)));
        assert_eq!(demux.find(address(1), &[0x80; 32]), Some(PeerId(1)));
        assert_eq!(demux.remove_peer(PeerId(1)), [address(1)]);
        assert_eq!(demux.find(address(1), &request), None);
    }

    #[test]
    fn restarts_leave_no_names_behind() {
        let mut demux = Demux::default();
        let request = |name: &str| binding_request(&[(6, format!("{name}:theirs").as_bytes())]);
        for n in 0..100 {
            demux.add_ufrag(format!("name{n}"), PeerId(1));
            // Every further offer names the same one.
            demux.add_ufrag(format!("name{n}"), PeerId(1));
        }
        assert_eq!(demux.by_ufrag.len(), UFRAGS_PER_PEER);
        for name in ["name98", "name99"] {
            assert_eq!(demux.find(address(1), &request(name)), Some(PeerId(1)), "{name}");
        }
        demux.remove_peer(PeerId(1));
        assert!(demux.by_ufrag.is_empty() && demux.ufrags.is_empty());
    }

    #[test]
    fn an_address_moves_to_the_newest_peer_and_is_bounded() {
        let mut demux = Demux::default();
        demux.claim(address(1), PeerId(1));
        demux.claim(address(1), PeerId(2));
        assert!(demux.remove_peer(PeerId(1)).is_empty());
        let lost: Vec<_> = (2..100)
            .filter_map(|port| demux.claim(address(port), PeerId(2)))
            .collect();
        assert_eq!(lost.first(), Some(&address(1)));
        assert_eq!(demux.remove_peer(PeerId(2)).len(), ADDRESSES_PER_PEER);
        assert!(demux.by_address.is_empty());
    }
}

//! Which participant a packet belongs to. A STUN binding request names the ICE user fragment that we gave in the
//! offer; everything else is known by the address that such a request was *answered* to, with a success, at once or
//! later. ICE answers so only what is signed with the password of the offer; its error replies, and whatever else is
//! sent somewhere, prove nothing. So an address belongs to a participant only once its STUN message integrity was
//! checked, and no packet is ever shown to everybody.

use std::collections::HashMap;
use std::net::SocketAddr;

use str0m::net::Protocol;

use crate::id::PeerId;

/// A transport address: the same IP and port over UDP and TCP are two.
pub type Address = (Protocol, SocketAddr);

/// Addresses that one peer may hold at a time. A browser with two interfaces, two families and TCP has about 8 in its
/// life; beyond this the oldest is forgotten.
const ADDRESSES_PER_PEER: usize = 16;

/// The user fragment in use, and the next one while a restart is being answered.
const NAMES_PER_PEER: usize = 2;

const STUN_HEADER: usize = 20;
const STUN_MAGIC: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
const STUN_BINDING_REQUEST: [u8; 2] = [0, 1];
const STUN_BINDING_SUCCESS: [u8; 2] = [1, 1];
const STUN_USERNAME: u16 = 6;

/// What follows the header of a STUN message of this type; `None` for every other packet.
fn stun_attributes(packet: &[u8], message: [u8; 2]) -> Option<&[u8]> {
    let (header, attributes) = packet.split_at_checked(STUN_HEADER)?;
    let is_it = header.starts_with(&message) && header.get(4..8)? == STUN_MAGIC;
    is_it.then_some(attributes)
}

/// Is this the reply that grants a binding request?
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

/// The two maps, kept in step.
#[derive(Default)]
pub(crate) struct Demux {
    by_ufrag: HashMap<String, PeerId>,
    /// Oldest first, one for each ICE restart.
    names: HashMap<PeerId, Vec<String>>,
    by_address: HashMap<Address, PeerId>,
    /// Oldest first.
    held: HashMap<PeerId, Vec<Address>>,
}

impl Demux {
    /// The peer answers to this name from now on, and to the one before until ICE has moved over.
    pub fn expect(&mut self, ufrag: String, peer: PeerId) {
        let names = self.names.entry(peer).or_default();
        if names.contains(&ufrag) {
            return;
        }
        names.push(ufrag.clone());
        if names.len() > NAMES_PER_PEER {
            self.by_ufrag.remove(&names.remove(0));
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

    /// The peer has answered to this address: it is its own from now on. Returns one that it has lost over it.
    pub fn prove(&mut self, address: Address, peer: PeerId) -> Option<Address> {
        let earlier = self.by_address.insert(address, peer);
        if earlier == Some(peer) {
            return None;
        }
        if let Some(held) = earlier.and_then(|earlier| self.held.get_mut(&earlier)) {
            held.retain(|a| *a != address);
        }
        let held = self.held.entry(peer).or_default();
        held.push(address);
        if held.len() <= ADDRESSES_PER_PEER {
            return None;
        }
        let oldest = held.remove(0);
        self.by_address.remove(&oldest);
        Some(oldest)
    }

    /// Does any participant own this address?
    pub fn is_proved(&self, address: Address) -> bool {
        self.by_address.contains_key(&address)
    }

    /// The address is no more (its TCP connection has closed).
    pub fn lose(&mut self, address: Address) {
        if let Some(peer) = self.by_address.remove(&address)
            && let Some(held) = self.held.get_mut(&peer)
        {
            held.retain(|a| *a != address);
        }
    }

    /// The peer is gone; returns the addresses that it had.
    pub fn forget(&mut self, peer: PeerId) -> Vec<Address> {
        for name in self.names.remove(&peer).unwrap_or_default() {
            self.by_ufrag.remove(&name);
        }
        let held = self.held.remove(&peer).unwrap_or_default();
        for address in &held {
            self.by_address.remove(address);
        }
        held
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
        demux.expect("ours".into(), PeerId(1));
        let request = binding_request(&[(6, b"ours:theirs")]);
        assert_eq!(demux.find(address(1), &request), Some(PeerId(1)));
        assert_eq!(demux.find(address(1), &[0x80; 32]), None);
        for _ in 0..=ADDRESSES_PER_PEER {
            assert_eq!(demux.prove(address(1), PeerId(1)), None);
        }
        assert_eq!(demux.find(address(1), &request), Some(PeerId(1)));
        assert_eq!(demux.find(address(1), &[0x80; 32]), Some(PeerId(1)));
        assert_eq!(demux.forget(PeerId(1)), [address(1)]);
        assert_eq!(demux.find(address(1), &request), None);
    }

    #[test]
    fn restarts_leave_no_names_behind() {
        let mut demux = Demux::default();
        let request = |name: &str| binding_request(&[(6, format!("{name}:theirs").as_bytes())]);
        for n in 0..100 {
            demux.expect(format!("name{n}"), PeerId(1));
            // Every further offer names the same one.
            demux.expect(format!("name{n}"), PeerId(1));
        }
        assert_eq!(demux.by_ufrag.len(), NAMES_PER_PEER);
        for name in ["name98", "name99"] {
            assert_eq!(demux.find(address(1), &request(name)), Some(PeerId(1)), "{name}");
        }
        demux.forget(PeerId(1));
        assert!(demux.by_ufrag.is_empty() && demux.names.is_empty());
    }

    #[test]
    fn an_address_moves_to_the_newest_peer_and_is_bounded() {
        let mut demux = Demux::default();
        demux.prove(address(1), PeerId(1));
        demux.prove(address(1), PeerId(2));
        assert!(demux.forget(PeerId(1)).is_empty());
        let lost: Vec<_> = (2..100)
            .filter_map(|port| demux.prove(address(port), PeerId(2)))
            .collect();
        assert_eq!(lost.first(), Some(&address(1)));
        assert_eq!(demux.forget(PeerId(2)).len(), ADDRESSES_PER_PEER);
        assert!(demux.by_address.is_empty());
    }
}

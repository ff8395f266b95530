//! Where a request comes from.

use std::net::{IpAddr, SocketAddr};

use http::HeaderMap;

use crate::state::Instance;

/// What attempts are counted by: an IPv4 address, or the /64 that an IPv6 client can choose its addresses from. What a
/// header says counts only where it comes from our own proxy: anybody else who reaches this port says what they like.
pub fn network(site: &Instance, headers: &HeaderMap, peer: SocketAddr) -> String {
    let said = is_near(peer.ip()).then(|| said(site, headers)).flatten();
    group(said.unwrap_or(peer.ip()))
}

/// On this machine, or in the network of its containers: there a proxy stands.
pub fn is_near(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => address.is_loopback() || address.is_private(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
    }
}

/// Addresses that one client can choose from are one.
pub fn group(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// The last address of the last line is the one that our own proxy wrote down: some append to the line that is there,
/// some add one. What stands before it, anybody can claim. Where it is no address, the peer counts.
fn said(site: &Instance, headers: &HeaderMap) -> Option<IpAddr> {
    let line = headers
        .get_all(site.client_address_header.as_ref()?)
        .iter()
        .next_back()?;
    let last = line.to_str().ok()?.rsplit(',').next()?.trim();
    let with_port = || last.parse::<SocketAddr>().ok().map(|address| address.ip());
    // RFC 7239 writes IPv6 in brackets also where no port follows.
    let bare = last.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    bare.unwrap_or(last).parse().ok().or_else(with_port)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderName, HeaderValue};

    #[test]
    fn a_client_address_is_believed_only_from_a_configured_proxy() {
        let mut site = Instance::bare();
        let mut headers = HeaderMap::new();
        let mut add = |text: &str| {
            headers.append("x-forwarded-for", HeaderValue::from_bytes(text.as_bytes()).unwrap());
            headers.clone()
        };
        let peer = "[fd00:1:2:3:4:5:6:7]:4711".parse().unwrap();
        let stranger = "[2001:db8:1:2:3:4:5:6]:4711".parse().unwrap();
        let one_line = add("198.51.100.7, 203.0.113.9");
        assert_eq!(network(&site, &one_line, peer), "fd00:1:2:3::/64");
        site.client_address_header = Some(HeaderName::from_static("x-forwarded-for"));
        assert_eq!(network(&site, &one_line, peer), "203.0.113.9");
        // Who reaches the port past the proxy is nobody's proxy.
        assert_eq!(network(&site, &one_line, stranger), "2001:db8:1:2::/64");
        // A proxy that adds a line of its own.
        assert_eq!(network(&site, &add("192.0.2.1"), peer), "192.0.2.1");
        assert_eq!(network(&site, &add("192.0.2.2:51234"), peer), "192.0.2.2");
        assert_eq!(network(&site, &add("[2001:db8:9:8::7]"), peer), "2001:db8:9:8::/64");
        assert_eq!(network(&site, &add("[2001:db8:9:7::7]:443"), peer), "2001:db8:9:7::/64");
        // What is no address is nobody's word: not the line before it either.
        assert_eq!(network(&site, &add("unknown"), peer), "fd00:1:2:3::/64");
        assert_eq!(network(&site, &add("\u{e4}"), peer), "fd00:1:2:3::/64");
    }

    #[test]
    fn a_proxy_is_on_this_machine_or_beside_it() {
        for near in [
            "127.0.0.1",
            "172.18.0.2",
            "10.0.0.7",
            "::1",
            "fd00::2",
            "::ffff:192.168.1.4",
        ] {
            assert!(is_near(near.parse().unwrap()), "{near}");
        }
        for far in ["203.0.113.9", "2001:db8::1", "::ffff:203.0.113.9"] {
            assert!(!is_near(far.parse().unwrap()), "{far}");
        }
    }
}

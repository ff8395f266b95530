//! The network that a request comes from.

use std::net::{IpAddr, SocketAddr};

use http::HeaderMap;

use crate::address::{group, is_near};
use crate::instance::Instance;

/// The client's network, by which attempts are counted (see [`group`]). The proxy's header is believed only if the peer
/// is our own proxy: any other peer can write into it what it likes.
pub fn network(site: &Instance, headers: &HeaderMap, peer: SocketAddr) -> String {
    let forwarded = is_near(peer.ip()).then(|| forwarded(site, headers)).flatten();
    group(forwarded.unwrap_or(peer.ip()))
}

/// The last address of the last header line: our own proxy wrote it. (Some proxies append to the line that is there, some
/// add a line.) Anything before it is the client's claim. None, where it is not an address: then the peer counts.
fn forwarded(site: &Instance, headers: &HeaderMap) -> Option<IpAddr> {
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
        // A peer that reaches the port past the proxy.
        assert_eq!(network(&site, &one_line, stranger), "2001:db8:1:2::/64");
        // A proxy that adds a line of its own.
        assert_eq!(network(&site, &add("192.0.2.1"), peer), "192.0.2.1");
        assert_eq!(network(&site, &add("192.0.2.2:51234"), peer), "192.0.2.2");
        assert_eq!(network(&site, &add("[2001:db8:9:8::7]"), peer), "2001:db8:9:8::/64");
        assert_eq!(network(&site, &add("[2001:db8:9:7::7]:443"), peer), "2001:db8:9:7::/64");
        // Where the last entry is no address, the one before it is not used either.
        assert_eq!(network(&site, &add("unknown"), peer), "fd00:1:2:3::/64");
        assert_eq!(network(&site, &add("\u{e4}"), peer), "fd00:1:2:3::/64");
    }
}

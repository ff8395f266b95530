//! Ranges of addresses.

use std::net::IpAddr;

/// This machine, or a private network such as that of its containers: where its own proxy runs.
pub fn is_near(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => address.is_loopback() || address.is_private(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
    }
}

/// The addresses that one client can choose from, as one text: an IPv4 address, or the /64 of an IPv6 address.
pub fn group(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

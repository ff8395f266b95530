//! The one place that reads the clock, the system's randomness and the machine's surroundings. Everything else is given
//! them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, UdpSocket};
use std::path::Path;

use anteroom_domain::time::Zone;
use anteroom_service::port::{Clock, Entropy};
use jiff::Timestamp;
use rand::rngs::OsRng;
use rand::{RngCore as _, TryRngCore as _};

/// The time of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the clock that everything else is given"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The operating system's generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    /// Panics where the system has no randomness to give: no secret can be made then, and a weak one must not be.
    fn fill(&self, bytes: &mut [u8]) {
        OsRng.unwrap_err().fill_bytes(bytes);
    }
}

/// The time zone that this machine is set to, or UTC where it does not say.
pub fn zone() -> Zone {
    let named = std::env::var("TZ")
        .ok()
        .and_then(|name| name.trim_start_matches(':').parse().ok());
    named
        .or_else(|| zone_of_link(&std::fs::read_link("/etc/localtime").ok()?))
        .unwrap_or_else(Zone::utc)
}

/// `/etc/localtime` points into the time zone database.
fn zone_of_link(target: &Path) -> Option<Zone> {
    target.to_str()?.split_once("zoneinfo/")?.1.parse().ok()
}

/// The address by which this machine reaches others. Asking for the route sends nothing: the destination is a
/// documentation address (RFC 5737, RFC 3849).
pub fn outward_address(v6: bool) -> Option<IpAddr> {
    let (from, to): (IpAddr, IpAddr) = if v6 {
        (
            Ipv6Addr::UNSPECIFIED.into(),
            Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1).into(),
        )
    } else {
        (Ipv4Addr::UNSPECIFIED.into(), Ipv4Addr::new(192, 0, 2, 1).into())
    };
    let socket = UdpSocket::bind((from, 0)).ok()?;
    socket.connect((to, 9)).ok()?;
    Some(socket.local_addr().ok()?.ip()).filter(|address| !address.is_unspecified())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_into_the_time_zone_database_names_the_zone() {
        let zone = |path: &str| zone_of_link(Path::new(path)).map(|zone| zone.as_str().to_owned());
        assert_eq!(
            zone("/usr/share/zoneinfo/Europe/Zurich").as_deref(),
            Some("Europe/Zurich")
        );
        assert_eq!(zone("../usr/share/zoneinfo/UTC").as_deref(), Some("UTC"));
        assert_eq!(zone("/usr/share/zoneinfo/Moon/Base"), None);
        assert_eq!(zone("/somewhere/else"), None);
    }

    #[test]
    fn the_systems_randomness_does_not_repeat() {
        let draw = || {
            let mut bytes = [0; 16];
            SystemEntropy.fill(&mut bytes);
            bytes
        };
        assert_ne!(draw(), draw());
    }
}

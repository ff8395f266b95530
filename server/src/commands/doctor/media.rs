//! The port of sound and picture, and the addresses that guests' browsers are told to send to.

use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, TcpListener, UdpSocket};

use super::finding::Finding;
use super::port::refused;
use super::web::Server;
use crate::address::is_near;
use crate::commands::serve::advertised;
use crate::config::MediaConfig;

const PORT: &str = "media port";
const ADDRESSES: &str = "media addresses";

pub fn port(listen: SocketAddr, server: Server) -> Finding {
    let udp = UdpSocket::bind(listen).err().map(|error| error.kind());
    let tcp = TcpListener::bind(listen).err().map(|error| error.kind());
    judge_port(listen, udp, tcp, server.is_running())
}

/// By why it can't be had; the engine wants both or neither.
fn judge_port(listen: SocketAddr, udp: Option<ErrorKind>, tcp: Option<ErrorKind>, is_running: bool) -> Finding {
    let is_held = |kind: &Option<ErrorKind>| matches!(kind, Some(ErrorKind::AddrInUse | ErrorKind::PermissionDenied));
    match (udp, tcp) {
        _ if listen.port() == 0 => Finding::warning(
            PORT,
            "another one at each start. Give `media.listen` a port that a firewall can know.",
        ),
        (None, None) if is_running => Finding::warning(
            PORT,
            format!("{listen} is free, though a server runs: it was started with other settings than these."),
        ),
        (None, None) => Finding::good(PORT, format!("{listen} is free, for UDP and TCP.")),
        (udp, tcp) if is_running && is_held(&udp) && is_held(&tcp) => Finding::good(
            PORT,
            format!("{listen} is taken, for UDP and TCP, as it should be while the server runs."),
        ),
        (Some(kind), _) => refused(PORT, &format!("{listen} (UDP)"), listen, kind, "media.listen"),
        (None, Some(kind)) => refused(PORT, &format!("{listen} (TCP)"), listen, kind, "media.listen"),
    }
}

/// `is_for_outsiders`: the public address is one of the internet's.
pub fn offered(media: &MediaConfig, is_for_outsiders: bool) -> Finding {
    let engine = anteroom_sfu::Config {
        listen: media.listen,
        advertise: advertised(media),
        limits: anteroom_sfu::Limits::default(),
    };
    let candidates = engine.candidates(media.listen);
    let addresses: Vec<IpAddr> = candidates.iter().map(SocketAddr::ip).collect();
    judge_addresses(&addresses, media.listen.port(), is_for_outsiders)
}

fn judge_addresses(addresses: &[IpAddr], port: u16, is_for_outsiders: bool) -> Finding {
    let told: Vec<String> = addresses.iter().map(ToString::to_string).collect();
    let told = told.join(" and ");
    if addresses.iter().all(|address| address.to_canonical().is_loopback()) {
        return Finding::warning(
            ADDRESSES,
            format!(
                "browsers are told to send to {told}: no guest on another machine can be heard or seen. Set `media.listen` \
                 to 0.0.0.0:{port}, and `media.advertise` to the address by which guests reach this machine."
            ),
        );
    }
    if is_for_outsiders && addresses.iter().copied().all(is_private) {
        return Finding::warning(
            ADDRESSES,
            format!(
                "browsers are told to send to {told}: no guest outside of this network can be heard or seen. Set \
                 `media.advertise` to the public address of this machine, and let port {port} through to it, UDP and TCP."
            ),
        );
    }
    Finding::good(
        ADDRESSES,
        format!(
            "browsers are told to send to {told}, port {port}. Whether a firewall lets them shows from outside only."
        ),
    )
}

/// Not to be reached from the internet.
pub fn is_private(address: IpAddr) -> bool {
    is_near(address)
        || match address.to_canonical() {
            // What providers share among their customers, RFC 6598.
            IpAddr::V4(address) => address.is_link_local() || matches!(address.octets(), [100, 64..128, ..]),
            IpAddr::V6(address) => address.is_unicast_link_local(),
        }
}

#[cfg(test)]
mod tests {
    use super::super::finding::Grade;
    use super::*;

    #[test]
    fn the_media_port_is_free_or_our_servers() {
        let listen = "0.0.0.0:3001".parse().unwrap();
        let taken = Some(ErrorKind::AddrInUse);
        let grade = |udp, tcp, is_running| judge_port(listen, udp, tcp, is_running).grade;
        assert_eq!(grade(None, None, false), Grade::Good);
        assert_eq!(grade(taken, taken, true), Grade::Good);
        assert_eq!(grade(None, None, true), Grade::Warning);
        assert_eq!(grade(taken, taken, false), Grade::Bad);
        // One alone is not the engine's.
        assert_eq!(grade(taken, None, true), Grade::Bad);
        let half = judge_port(listen, None, taken, true);
        assert!(half.grade == Grade::Bad && half.sentence.contains("(TCP)"), "{half}");
        assert_eq!(grade(Some(ErrorKind::AddrNotAvailable), taken, true), Grade::Bad);
    }

    #[test]
    fn a_port_is_tried_for_both_protocols() {
        let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
        let listen = udp.local_addr().unwrap();
        let found = port(listen, Server::Absent);
        assert!(found.grade == Grade::Bad && found.sentence.contains("(UDP)"), "{found}");
    }

    #[test]
    fn addresses_that_guests_can_not_reach_are_told() {
        let judge = |texts: &[&str], is_for_outsiders| {
            let addresses: Vec<IpAddr> = texts.iter().map(|text| text.parse().unwrap()).collect();
            judge_addresses(&addresses, 3001, is_for_outsiders)
        };
        let alone = judge(&["127.0.0.1"], false);
        assert!(
            alone.grade == Grade::Warning && alone.sentence.contains("no guest on another machine"),
            "{alone}"
        );
        for private in ["10.0.0.7", "100.64.0.1", "169.254.1.1", "fd00::1", "fe80::1"] {
            assert_eq!(judge(&[private], true).grade, Grade::Warning, "{private}");
            assert_eq!(judge(&[private], false).grade, Grade::Good, "{private}");
        }
        for public in ["203.0.113.7", "100.128.0.1", "2001:db8::1"] {
            assert_eq!(judge(&["10.0.0.7", public], true).grade, Grade::Good, "{public}");
        }
    }

    #[test]
    fn a_wildcard_without_a_way_out_is_offered_as_the_engine_offers_it() {
        let media = |listen: &str, advertise: &[&str]| MediaConfig {
            listen: listen.parse().unwrap(),
            advertise: advertise.iter().map(|text| text.parse().unwrap()).collect(),
        };
        let found = offered(&media("127.0.0.1:3001", &[]), false);
        assert!(found.sentence.contains("send to 127.0.0.1:"), "{found}");
        let found = offered(&media("0.0.0.0:3001", &["203.0.113.7", "2001:db8::1"]), true);
        assert!(
            found.sentence.contains("203.0.113.7 and 2001:db8::1, port 3001"),
            "{found}"
        );
    }
}

//! The port of pages: free, or our own server's.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};

use super::finding::Finding;
use super::port::refused;
use crate::commands::healthcheck;

const WHAT: &str = "web port";

/// Ours, on the configured port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    Absent,
    Ready,
    NotReady,
}

impl Server {
    pub fn is_running(self) -> bool {
        self != Self::Absent
    }
}

pub fn check(listen: SocketAddr) -> (Finding, Server) {
    let refused = TcpListener::bind(listen).err().map(|error| error.kind());
    let server = match refused {
        None => Server::Absent,
        Some(_) => who_answers(listen),
    };
    (verdict(listen, refused, server), server)
}

fn who_answers(listen: SocketAddr) -> Server {
    let said = healthcheck::readiness(listen).unwrap_or_default();
    match said.split_once("\r\n\r\n") {
        Some((_, "ready\n")) => Server::Ready,
        Some((_, body)) if body.starts_with("not ready:") => Server::NotReady,
        _ => Server::Absent,
    }
}

fn verdict(listen: SocketAddr, kind: Option<ErrorKind>, server: Server) -> Finding {
    match (kind, server) {
        (_, Server::Ready) => Finding::good(WHAT, format!("Anteroom answers on {listen}, and is ready.")),
        (_, Server::NotReady) => Finding::bad(
            WHAT,
            format!("Anteroom answers on {listen}, but is not ready. Its log says why."),
        ),
        (None, Server::Absent) if listen.port() == 0 => Finding::warning(
            WHAT,
            "another one at each start. Give `listen` a port that a proxy can know.",
        ),
        (None, Server::Absent) => Finding::good(WHAT, format!("{listen} is free; no server runs there.")),
        (Some(kind), Server::Absent) => refused(WHAT, &listen.to_string(), listen, kind, "listen"),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Write as _};

    use super::super::finding::Grade;
    use super::*;

    /// What is found where this is the answer of whoever listens.
    fn found(answer: &'static str) -> (Grade, Server) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let listen = listener.local_addr().unwrap();
        let answers = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let request = BufReader::new(&stream).lines().map(Result::unwrap);
            assert_eq!(request.take_while(|line| !line.is_empty()).count(), 3);
            stream.write_all(answer.as_bytes()).unwrap();
        });
        let (finding, server) = check(listen);
        answers.join().unwrap();
        (finding.grade, server)
    }

    #[test]
    fn our_own_server_is_told_from_anybody_elses() {
        let ready = "HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nready\n";
        assert_eq!(found(ready), (Grade::Good, Server::Ready));
        let not = "HTTP/1.1 503 Service Unavailable\r\n\r\nnot ready: see the server's log\n";
        assert_eq!(found(not), (Grade::Bad, Server::NotReady));
        assert_eq!(found("HTTP/1.1 200 OK\r\n\r\nhello"), (Grade::Bad, Server::Absent));
        assert_eq!(found("SSH-2.0-OpenSSH\r\n"), (Grade::Bad, Server::Absent));
    }

    #[test]
    fn why_a_port_can_not_be_had_is_told_with_what_to_do() {
        let of = |listen: &str, kind| verdict(listen.parse().unwrap(), kind, Server::Absent);
        assert_eq!(of("127.0.0.1:3000", None).grade, Grade::Good);
        assert_eq!(of("127.0.0.1:0", None).grade, Grade::Warning);
        let taken = of("127.0.0.1:3000", Some(ErrorKind::AddrInUse));
        assert!(taken.grade == Grade::Bad && taken.sentence.contains("another program"));
        let elsewhere = of("192.0.2.1:3000", Some(ErrorKind::AddrNotAvailable));
        assert!(elsewhere.grade == Grade::Bad && elsewhere.sentence.contains("0.0.0.0:3000"));
        let low = of("0.0.0.0:80", Some(ErrorKind::PermissionDenied));
        assert!(low.grade == Grade::Warning && low.sentence.contains("as the user that the server runs as"));
    }
}

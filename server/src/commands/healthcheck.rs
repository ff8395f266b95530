use std::io::{self, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use url::Url;

use crate::commands::{Failure, configuration};
use crate::config::Flags;

/// A server that takes longer is not one to send people to.
const PATIENCE: Duration = Duration::from_secs(5);
/// Our answer is a tenth of it; whoever says more is somebody else.
const LONGEST: u64 = 16 * 1024;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The server to ask, such as <http://127.0.0.1:3000> [default: the one of this configuration]
    #[arg(long, value_name = "URL")]
    url: Option<Url>,
    /// The folder of the database and of anteroom.toml
    #[arg(long, value_name = "DIR")]
    data: Option<String>,
    /// The configuration file, where it is not DIR/anteroom.toml
    #[arg(long, value_name = "FILE")]
    config: Option<std::path::PathBuf>,
}

#[derive(Debug, thiserror::Error)]
enum Unready {
    #[error("{0} is no address to ask: use http and a host, such as http://127.0.0.1:3000")]
    Url(Url),
    #[error("{url} does not answer: {source}")]
    Silent { url: Url, source: io::Error },
    #[error("{url} answers with {status}, so the server is not ready. Its log says why.")]
    Status { url: Url, status: String },
}

pub fn run(args: &Args) -> Result<(), Failure> {
    let mut url = if let Some(url) = &args.url {
        url.clone()
    } else {
        let flags = Flags {
            data: args.data.clone(),
            config: args.config.clone(),
            ..Flags::default()
        };
        url_of(configuration(&flags)?.config.listen)?
    };
    if url.path() == "/" {
        url.set_path("/readyz");
    }
    Ok(check(url)?)
}

/// Everything that a server of ours that listens there says about being ready.
pub(super) fn readiness(listen: SocketAddr) -> io::Result<String> {
    let url = url_of(listen).and_then(|url| url.join("/readyz"));
    let url = url.map_err(io::Error::other)?;
    ask(&url, url.host_str().unwrap_or_default())
}

fn url_of(listen: SocketAddr) -> Result<Url, url::ParseError> {
    format!("http://{}", reachable(listen)).parse()
}

/// An address to ask a server that listens there: a wildcard listens on loopback, too.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

fn check(url: Url) -> Result<(), Unready> {
    let (Some(host), "http") = (url.host_str(), url.scheme()) else {
        return Err(Unready::Url(url));
    };
    let status = ask(&url, host).and_then(|answer| status(&answer));
    let status = status.map_err(|source| Unready::Silent {
        url: url.clone(),
        source,
    })?;
    match status.as_str() {
        "200" => Ok(()),
        _ => Err(Unready::Status { url, status }),
    }
}

/// The whole answer to a GET, as text. One request does not need a client library.
fn ask(url: &Url, host: &str) -> io::Result<String> {
    let port = url.port_or_known_default().unwrap_or(80);
    let mut failure = io::Error::new(io::ErrorKind::NotFound, "the host has no address");
    for address in (host.trim_matches(['[', ']']), port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, PATIENCE) {
            Ok(mut stream) => {
                stream.set_read_timeout(Some(PATIENCE))?;
                stream.set_write_timeout(Some(PATIENCE))?;
                let path = url.path();
                write!(
                    stream,
                    "GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n"
                )?;
                let mut answer = Vec::new();
                match stream.take(LONGEST).read_to_end(&mut answer) {
                    Err(error) if answer.is_empty() => return Err(error),
                    // Whoever does not hang up has said what they had to say.
                    _ => return Ok(String::from_utf8_lossy(&answer).into_owned()),
                }
            }
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

/// From the first line, `HTTP/1.1 200 OK`.
fn status(answer: &str) -> io::Result<String> {
    let status = answer
        .strip_prefix("HTTP/1.")
        .and_then(|line| line.split_whitespace().nth(1));
    let status = status.filter(|status| status.len() == 3 && status.bytes().all(|b| b.is_ascii_digit()));
    status
        .map(str::to_owned)
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "this is not HTTP"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufRead, BufReader};
    use std::net::TcpListener;

    fn server(answer: &'static str) -> Url {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/readyz", listener.local_addr().unwrap())
            .parse()
            .unwrap();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            // The whole request: it may come in pieces, and what is left unread resets the connection.
            let request = BufReader::new(&stream).lines().map(Result::unwrap);
            let request: Vec<String> = request.take_while(|line| !line.is_empty()).collect();
            assert_eq!(request[0], "GET /readyz HTTP/1.1");
            stream.write_all(answer.as_bytes()).unwrap();
        });
        url
    }

    #[test]
    fn only_a_200_is_ready() {
        check(server("HTTP/1.1 200 OK\r\n\r\nready")).unwrap();
        let error = check(server("HTTP/1.1 503 Service Unavailable\r\n\r\n")).unwrap_err();
        assert!(error.to_string().contains("answers with 503"), "{error}");
        let error = check(server("SSH-2.0-OpenSSH\r\n")).unwrap_err();
        assert!(error.to_string().contains("not HTTP"), "{error}");
    }

    #[test]
    fn nobody_there_and_no_http_are_said() {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let error = check(format!("http://{free}/").parse().unwrap()).unwrap_err();
        assert!(error.to_string().contains("does not answer"), "{error}");
        assert!(matches!(
            check("https://example.com/".parse().unwrap()),
            Err(Unready::Url(_))
        ));
    }

    #[test]
    fn a_wildcard_is_asked_on_loopback() {
        assert_eq!(reachable("0.0.0.0:3000".parse().unwrap()).to_string(), "127.0.0.1:3000");
        assert_eq!(reachable("[::]:3000".parse().unwrap()).to_string(), "[::1]:3000");
        assert_eq!(reachable("192.0.2.1:80".parse().unwrap()).to_string(), "192.0.2.1:80");
    }
}

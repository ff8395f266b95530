use std::error::Error as _;

use http::header;
use jiff::Timestamp;
use reqwest::tls::TlsInfo;
use url::Url;

use crate::Timeouts;
use crate::answer::instant;
use crate::client::{builder, is_near, unusable};
use crate::validity::Validity;

/// Whoever says more than this is not who was looked for.
const ENOUGH: usize = 1024;

/// What a server showed of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub status: u16,
    /// Its beginning.
    pub body: Vec<u8>,
    /// Its clock.
    pub date: Option<Timestamp>,
    /// Of the certificate, which was accepted.
    pub certificate: Option<Validity>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unseen {
    #[error("its certificate is not accepted: {0}")]
    Untrusted(String),
    /// Nobody is there, or nobody who speaks HTTP, or nobody in time.
    #[error("it can't be reached: {0}")]
    Unreachable(String),
}

/// One GET, which is not led elsewhere.
pub async fn look(url: Url) -> Result<Seen, Unseen> {
    let builder = builder(Timeouts::default()).tls_info(true);
    let builder = if is_near(&url) { builder.no_proxy() } else { builder };
    let client = builder
        .build()
        .map_err(|_| Unseen::Unreachable(unusable().to_string()))?;
    let mut response = client.get(url).send().await.map_err(|error| unseen(&error))?;
    let certificate = response
        .extensions()
        .get::<TlsInfo>()
        .and_then(TlsInfo::peer_certificate)
        .and_then(Validity::of);
    let date = response.headers().get(header::DATE);
    let date = date.and_then(|date| instant(date.to_str().ok()?));
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|error| unseen(&error))? {
        body.extend_from_slice(&piece);
        if ENOUGH < body.len() {
            body.truncate(ENOUGH);
            break;
        }
    }
    Ok(Seen {
        status,
        body,
        date,
        certificate,
    })
}

/// The innermost cause says most; what reqwest says first repeats the address.
fn unseen(error: &reqwest::Error) -> Unseen {
    if error.is_timeout() {
        return Unseen::Unreachable("no answer in time".to_owned());
    }
    let mut why = "no answer".to_owned();
    let mut cause = error.source();
    while let Some(error) = cause {
        why = error.to_string();
        // As rustls begins what it says about certificates; the type itself is not to be had from here.
        if let Some(why) = why.strip_prefix("invalid peer certificate: ") {
            return Unseen::Untrusted(why.to_owned());
        }
        cause = error.source();
    }
    Unseen::Unreachable(why)
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;
    use std::thread::JoinHandle;

    use super::*;

    /// Somebody who says this to whoever comes first.
    fn somebody(answer: &'static str) -> (String, JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let thread = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 4096]);
            stream.write_all(answer.as_bytes()).unwrap();
        });
        (address, thread)
    }

    async fn seen(scheme: &str, answer: &'static str) -> Result<Seen, Unseen> {
        let (address, thread) = somebody(answer);
        let seen = look(format!("{scheme}://{address}/healthz").parse().unwrap()).await;
        thread.join().unwrap();
        seen
    }

    #[tokio::test]
    async fn a_server_shows_its_answer_and_its_clock() {
        let answer = "HTTP/1.1 200 OK\r\nDate: Tue, 24 Nov 2026 12:00:05 GMT\r\nContent-Length: 3\r\n\r\nok\n";
        let expected = Seen {
            status: 200,
            body: b"ok\n".to_vec(),
            date: Some("2026-11-24T12:00:05Z".parse().unwrap()),
            certificate: None,
        };
        assert_eq!(seen("http", answer).await, Ok(expected));
        let elsewhere = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n";
        assert_eq!(seen("http", elsewhere).await.unwrap().status, 302);
    }

    #[tokio::test]
    async fn nobody_and_somebody_else_are_told_without_the_address() {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        for found in [
            look(format!("http://{free}/healthz").parse().unwrap()).await,
            seen("http", "SSH-2.0-OpenSSH\r\n").await,
            seen("https", "HTTP/1.1 400 Bad Request\r\n\r\n").await,
        ] {
            let Err(Unseen::Unreachable(why)) = found else {
                panic!("{found:?}")
            };
            assert!(!why.contains("healthz"), "{why}");
        }
    }
}

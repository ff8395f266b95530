//! The public address, as seen from this machine: its name, its certificate, and whether it leads here.

use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::time::Duration;

use anteroom_http::{Seen, Unseen, look};
use anteroom_service::port::Clock as _;
use tokio::time::timeout;
use url::Url;

use super::finding::{Finding, Findings};
use super::media::is_private;
use super::web::Server;
use super::{certificate, clock};
use crate::config::Config;
use crate::system::SystemClock;

const WHAT: &str = "public address";
/// A name that takes longer is as good as none.
const PATIENCE: Duration = Duration::from_secs(10);

/// What others need to know of it.
#[derive(Debug, Default)]
pub struct Public {
    /// Guests come from the internet, as far as anybody can tell.
    pub is_for_outsiders: bool,
    /// Its clock, where that is another than this machine's.
    pub compared: Option<clock::Compared>,
}

pub async fn check(config: &Config, server: Server, findings: &mut Findings) -> Public {
    let Some(url) = &config.public_url else {
        findings.tell(&Finding::good(
            WHAT,
            "`public_url` is not set: links begin with whatever address the page was opened with.",
        ));
        return Public::default();
    };
    let host = url.host_str().unwrap_or_default();
    let addresses = match resolve(url).await {
        Ok(addresses) => addresses,
        Err(why) => {
            findings.tell(&Finding::bad(
                WHAT,
                format!("the name {host} has no address ({why}). Enter it in the DNS, or put `public_url` right."),
            ));
            return Public {
                is_for_outsiders: true,
                compared: None,
            };
        }
    };
    let seen = match url.join("/healthz") {
        Ok(healthz) => look(healthz).await,
        Err(error) => Err(Unseen::Unreachable(error.to_string())),
    };
    let now = SystemClock.now();
    findings.tell(&judge(url, &seen, server, config.listen));
    let seen = seen.ok();
    if let Some(validity) = seen.as_ref().and_then(|seen| seen.certificate) {
        findings.tell(&certificate::judge(validity, now));
    }
    let is_here = addresses.iter().copied().any(is_of_this_machine);
    let there = seen.and_then(|seen| seen.date).filter(|_| !is_here);
    Public {
        is_for_outsiders: !addresses.iter().copied().all(is_private),
        compared: there.map(|there| clock::Compared {
            ahead: now.duration_since(there),
            whose: host.to_owned(),
        }),
    }
}

async fn resolve(url: &Url) -> Result<Vec<IpAddr>, String> {
    let url = url.clone();
    let asked = tokio::task::spawn_blocking(move || url.socket_addrs(|| None));
    match timeout(PATIENCE, asked).await {
        Ok(Ok(Ok(found))) if !found.is_empty() => Ok(found.into_iter().map(|address| address.ip()).collect()),
        Ok(Ok(Ok(_))) => Err("none was found".to_owned()),
        Ok(Ok(Err(error))) => Err(error.to_string()),
        Ok(Err(_)) | Err(_) => Err("no answer in time".to_owned()),
    }
}

/// Then its answers bear the time of our own clock.
fn is_of_this_machine(address: IpAddr) -> bool {
    UdpSocket::bind((address, 0)).is_ok()
}

fn judge(url: &Url, seen: &Result<Seen, Unseen>, server: Server, listen: SocketAddr) -> Finding {
    let origin = url.as_str().trim_end_matches('/');
    match seen {
        Ok(seen) if seen.status == 200 && seen.body == b"ok\n" => {
            Finding::good(WHAT, format!("{origin} answers, and it is Anteroom."))
        }
        Ok(Seen {
            status: status @ 502..=504,
            ..
        }) => {
            if server.is_running() {
                Finding::bad(
                    WHAT,
                    format!(
                        "the proxy at {origin} finds no server (status {status}), though one runs here: let it pass requests on \
                     to {listen}."
                    ),
                )
            } else {
                Finding::warning(
                    WHAT,
                    format!("the proxy at {origin} finds no server (status {status}). Start it with `anteroom serve`."),
                )
            }
        }
        Ok(Seen { status, .. }) => Finding::warning(
            WHAT,
            format!(
                "{origin}/healthz answers with status {status}, and not as Anteroom does: something else is there, or the \
                 proxy keeps this page to itself. Open {origin} in a browser."
            ),
        ),
        Err(Unseen::Untrusted(why)) => Finding::bad(
            WHAT,
            format!(
                "the certificate of {origin} is not accepted: {why}. Renew it, and have the proxy send the whole chain; if it is \
                 of an authority of your own, install that on this machine."
            ),
        ),
        Err(Unseen::Unreachable(why)) => Finding::warning(
            WHAT,
            format!(
                "{origin} does not answer this machine: {why}. A machine may not reach itself from the inside, so open it \
                 from outside."
            ),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::Grade;
    use super::*;

    fn found(seen: &Result<Seen, Unseen>, server: Server) -> Finding {
        let url = "https://meet.example.org".parse().unwrap();
        judge(&url, seen, server, ([127, 0, 0, 1], 3000).into())
    }

    fn answer(status: u16, body: &str) -> Seen {
        Seen {
            status,
            body: body.as_bytes().to_vec(),
            date: None,
            certificate: None,
        }
    }

    #[test]
    fn what_the_public_address_says_is_judged_by_who_says_it() {
        assert_eq!(found(&Ok(answer(200, "ok\n")), Server::Absent).grade, Grade::Good);
        for other in [answer(200, "It works!"), answer(302, ""), answer(404, "ok\n")] {
            let finding = found(&Ok(other), Server::Ready);
            assert!(
                finding.grade == Grade::Warning && finding.sentence.contains("/healthz"),
                "{finding}"
            );
        }
        let stopped = found(&Ok(answer(502, "")), Server::Absent);
        assert!(stopped.grade == Grade::Warning && stopped.sentence.contains("anteroom serve"));
        let lost = found(&Ok(answer(503, "")), Server::Ready);
        assert!(
            lost.grade == Grade::Bad && lost.sentence.contains("to 127.0.0.1:3000"),
            "{lost}"
        );
    }

    #[test]
    fn a_certificate_that_nobody_accepts_is_bad_and_silence_is_not() {
        let expired = Unseen::Untrusted("certificate expired".to_owned());
        let expired = found(&Err(expired), Server::Ready);
        assert!(expired.grade == Grade::Bad && expired.sentence.contains("certificate expired"));
        let silent = Unseen::Unreachable("no answer in time".to_owned());
        assert_eq!(found(&Err(silent), Server::Ready).grade, Grade::Warning);
    }

    #[test]
    fn this_machines_own_addresses_are_known() {
        assert!(is_of_this_machine("127.0.0.1".parse().unwrap()));
        assert!(!is_of_this_machine("192.0.2.1".parse().unwrap()));
    }

    #[tokio::test]
    async fn a_name_is_resolved_or_it_is_said_why_not() {
        let (here, nowhere) = ("http://127.0.0.1:3000", "https://nowhere.invalid");
        let address: IpAddr = "127.0.0.1".parse().unwrap();
        assert_eq!(resolve(&here.parse().unwrap()).await, Ok(vec![address]));
        assert!(resolve(&nowhere.parse().unwrap()).await.is_err());
    }
}

use std::net::SocketAddr;
use std::time::Duration;

use anteroom_domain::trouble::Setting;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, header};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder};
use url::{Host, Url};
use zeroize::Zeroizing;

use crate::answer::Answer;
use crate::failure::Failure;
use crate::secret::ApiSecret;

/// The largest answer that is read. No answer that we ask for is a tenth of it.
const LARGEST: usize = 256 * 1024;

/// How long to wait for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    pub connect: Duration,
    /// Of one request, to the last byte of its answer.
    pub request: Duration,
    /// Of all attempts and the pauses between them.
    pub total: Duration,
    /// How many attempts at most.
    pub attempts: u32,
    /// Before the second attempt; doubled before each further one.
    pub pause: Duration,
    /// What a host is left alone for that takes no more requests, and does not say for how long.
    pub quiet: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            request: Duration::from_secs(5),
            total: Duration::from_secs(10),
            attempts: 4,
            pause: Duration::from_millis(250),
            quiet: Duration::from_secs(5),
        }
    }
}

/// The one HTTP client; cheap to clone.
#[derive(Clone, Debug)]
pub struct Http {
    outside: Client,
    /// For this machine and the metadata service of its cloud: no proxy may stand in between.
    near: Client,
    patience: Timeouts,
}

impl Http {
    pub fn new(patience: Timeouts) -> Result<Self, Failure> {
        Ok(Self {
            outside: builder(patience).build().map_err(|_| unusable())?,
            near: builder(patience).no_proxy().build().map_err(|_| unusable())?,
            patience,
        })
    }

    /// This machine's services under one name are at this address: for a test in which the name is signed.
    pub fn with_near(self, name: &str, address: SocketAddr) -> Result<Self, Failure> {
        let near = builder(self.patience).no_proxy().resolve(name, address);
        Ok(Self {
            near: near.build().map_err(|_| unusable())?,
            ..self
        })
    }

    pub fn patience(&self) -> Timeouts {
        self.patience
    }

    /// One attempt.
    pub(crate) async fn send(&self, request: Request) -> Result<Answer, Failure> {
        let host = host(&request.url);
        let client = if is_near(&request.url) {
            &self.near
        } else {
            &self.outside
        };
        let mut response = client
            .request(request.method, request.url)
            .headers(request.headers)
            .body(request.body)
            .send()
            .await
            .map_err(|error| not_there(&error, &host))?;
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|error| not_whole(&error, &host))? {
            if body.len() + piece.len() > LARGEST {
                return Err(Failure::Malformed { host });
            }
            body.extend_from_slice(&piece);
        }
        Ok(Answer {
            host,
            status,
            headers,
            body,
        })
    }
}

pub(crate) fn builder(patience: Timeouts) -> ClientBuilder {
    Client::builder()
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(patience.connect)
        .timeout(patience.request)
        .user_agent(concat!("anteroom/", env!("CARGO_PKG_VERSION")))
}

pub(crate) fn unusable() -> Failure {
    Failure::NotConfigured {
        setting: Setting::Https,
        told: "No HTTPS client can be set up: install the certificates of the public authorities on this machine (package \
               ca-certificates), and check the proxy in HTTPS_PROXY.",
    }
}

fn not_there(error: &reqwest::Error, host: &str) -> Failure {
    let host = host.to_owned();
    match (error.is_connect(), error.is_timeout()) {
        (true, _) => Failure::Unreachable { host },
        (false, true) => Failure::TimedOut { host },
        (false, false) => Failure::BrokenOff { host },
    }
}

fn not_whole(error: &reqwest::Error, host: &str) -> Failure {
    let host = host.to_owned();
    if error.is_timeout() {
        Failure::TimedOut { host }
    } else {
        Failure::Malformed { host }
    }
}

/// With the port, unless it is the scheme's own: as in the header.
pub fn host(url: &Url) -> String {
    let name = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{name}:{port}"),
        None => name.to_owned(),
    }
}

/// Is it an address over HTTP or HTTPS with nothing behind the host and its port?
pub fn is_origin(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none()
}

/// Is it this machine, or the metadata service of its cloud?
pub fn is_near(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback() || address.is_link_local(),
        Some(Host::Ipv6(address)) => address.is_loopback() || address.is_unicast_link_local(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// A request that can be sent once.
pub struct Request {
    pub method: Method,
    pub url: Url,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Request {
    pub fn new(method: Method, url: Url) -> Self {
        Self {
            method,
            url,
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }
    }

    #[must_use]
    pub fn json(mut self, body: Bytes) -> Self {
        self.headers
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        self.body = body;
        self
    }

    #[must_use]
    pub fn form(mut self, body: String) -> Self {
        self.headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/x-www-form-urlencoded"),
        );
        self.body = body.into();
        self
    }

    #[must_use]
    pub fn bearer(self, token: &ApiSecret) -> Self {
        let value = Zeroizing::new(format!("Bearer {}", token.reveal()));
        self.authorization(&value)
    }

    /// It is marked so that nobody prints it. One with characters that no header can have is not sent at all, and then
    /// refused like any that is missing.
    #[must_use]
    pub fn authorization(mut self, value: &str) -> Self {
        if let Ok(mut value) = HeaderValue::from_str(value) {
            value.set_sensitive(true);
            self.headers.insert(header::AUTHORIZATION, value);
        }
        self
    }
}

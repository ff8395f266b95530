//! A browser without a screen: cookies, the headers that say where a request comes from, and nothing in between that
//! would tidy up what a test sends.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Long enough for a machine that builds something else at the same time.
const PATIENCE: Duration = Duration::from_mins(1);

#[derive(Clone, Debug)]
pub struct Client {
    pub address: SocketAddr,
    pub cookies: BTreeMap<String, String>,
    /// Where requests say they come from.
    pub origin: Vec<(String, String)>,
}

#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub fn all(&self, name: &str) -> Vec<&str> {
        let found = self.headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str()).collect()
    }

    pub fn location(&self) -> &str {
        self.header("location").unwrap_or_default()
    }

    /// The secret of a link that was made just now: the next page shows it once, and has it by this cookie.
    pub fn fresh_secret(&self) -> String {
        let cookies = self.all("set-cookie").join("");
        let cookie = cookies.split(';').next().unwrap();
        cookie.rsplit('.').next().unwrap().to_owned()
    }

    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{:?}\n{}", self.headers, self.text());
        self
    }

    #[track_caller]
    pub fn says(self, what: &str) -> Self {
        let text = self.text();
        assert!(text.contains(what), "{} without {what:?}:\n{text}", self.status);
        self
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = head.split("\r\n");
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
            .collect();
        let mut reply = Self {
            status,
            headers,
            body: bytes[end + 4..].to_vec(),
        };
        if reply.header("transfer-encoding") == Some("chunked") {
            reply.body = unchunk(&reply.body);
        }
        Some(reply)
    }
}

fn unchunk(mut bytes: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(end) = bytes.windows(2).position(|two| two == b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&bytes[..end]).unwrap().trim(), 16).unwrap();
        if size == 0 {
            return body;
        }
        body.extend_from_slice(&bytes[end + 2..end + 2 + size]);
        bytes = &bytes[end + 4 + size..];
    }
    panic!("the answer broke off: {}", String::from_utf8_lossy(&body));
}

pub fn url_encoded(fields: &[(&str, &str)]) -> String {
    serde_urlencoded::to_string(fields).unwrap()
}

impl Client {
    pub fn new(address: SocketAddr) -> Self {
        Self {
            address,
            cookies: BTreeMap::new(),
            origin: vec![("sec-fetch-site".into(), "same-origin".into())],
        }
    }

    /// A browser that says something else about where its requests come from.
    pub fn from(&self, origin: &[(&str, &str)]) -> Self {
        let origin = origin.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        Self {
            origin: origin.collect(),
            ..self.clone()
        }
    }

    pub fn cookie_header(&self) -> String {
        let pairs: Vec<_> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("; ")
    }

    fn head(&self, method: &str, path: &str, extra: &[(&str, &str)]) -> String {
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n",
            self.address
        );
        // The application's own code asks for data, a person for pages.
        let accept = if path.starts_with("/api/") {
            "application/json"
        } else {
            "text/html"
        };
        head.push_str(&format!("accept: {accept}\r\n"));
        for (name, value) in &self.origin {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !self.cookies.is_empty() {
            head.push_str(&format!("cookie: {}\r\n", self.cookie_header()));
        }
        for (name, value) in extra {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head
    }

    /// The bytes of a form, for those who send them at a moment of their own.
    pub fn form_bytes(&self, path: &str, body: &str) -> Vec<u8> {
        let mut request = self.head("POST", path, &[("content-type", "application/x-www-form-urlencoded")]);
        request.push_str(&format!("content-length: {}\r\n\r\n{body}", body.len()));
        request.into_bytes()
    }

    pub async fn get(&mut self, path: &str) -> Reply {
        self.get_with(path, &[]).await
    }

    pub async fn get_with(&mut self, path: &str, headers: &[(&str, &str)]) -> Reply {
        let request = format!("{}\r\n", self.head("GET", path, headers));
        self.send(request.as_bytes()).await
    }

    pub async fn head_of(&mut self, path: &str) -> Reply {
        let request = format!("{}\r\n", self.head("HEAD", path, &[]));
        self.send(request.as_bytes()).await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        self.post_body(path, &url_encoded(fields)).await
    }

    pub async fn post_body(&mut self, path: &str, body: &str) -> Reply {
        let request = self.form_bytes(path, body);
        self.send(&request).await
    }

    /// Any body of any kind.
    pub async fn post_raw(&mut self, path: &str, kind: &str, body: &[u8]) -> Reply {
        let mut request = self.head("POST", path, &[("content-type", kind)]).into_bytes();
        request.extend_from_slice(format!("content-length: {}\r\n\r\n", body.len()).as_bytes());
        request.extend_from_slice(body);
        self.send(&request).await
    }

    pub async fn send(&mut self, request: &[u8]) -> Reply {
        let reply = exchange(self.address, request).await.expect("an answer");
        self.keep(&reply);
        reply
    }

    /// Keeps what a browser would keep.
    pub fn keep(&mut self, reply: &Reply) {
        for cookie in reply.all("set-cookie") {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// One request on a connection of its own; None where the server went away without an answer.
pub async fn exchange(address: SocketAddr, request: &[u8]) -> Option<Reply> {
    let mut stream = TcpStream::connect(address).await.ok()?;
    finish(&mut stream, request).await
}

/// The rest of an exchange on a connection that is open already.
pub async fn finish(stream: &mut TcpStream, request: &[u8]) -> Option<Reply> {
    let mut bytes = Vec::new();
    let (mut from, mut to) = stream.split();
    let done = timeout(PATIENCE, async {
        // A server that refuses a long body may stop reading: what it says still counts.
        let (_, ()) = tokio::join!(to.write_all(request), async {
            let _ = from.read_to_end(&mut bytes).await;
        });
    })
    .await;
    if done.is_err() {
        let line = request.split(|byte| *byte == b'\r').next().unwrap_or_default();
        let (line, bytes) = (String::from_utf8_lossy(line), String::from_utf8_lossy(&bytes));
        panic!("no whole answer in time to {line:.100}: {bytes}");
    }
    Reply::parse(&bytes)
}

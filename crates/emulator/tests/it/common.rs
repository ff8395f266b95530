//! A client without comfort: it writes the bytes it is told to, and shows what came.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anteroom_emulator::{Clock, Emulator, Handle, Options};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use ring::{digest, hmac};
use serde_json::Value;

pub const VERSION: &str = "api-version=2023-10-01";

pub fn now() -> Timestamp {
    "2027-03-04T05:06:07Z".parse().unwrap()
}

pub fn options() -> Options {
    Options {
        clock: Clock::fixed(now()),
        ..Options::default()
    }
}

pub fn start() -> Handle {
    Emulator::start(options()).unwrap()
}

pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub fn code(&self) -> String {
        self.json()["error"]["code"].as_str().unwrap_or_default().to_owned()
    }
}

pub struct Ask {
    pub method: &'static str,
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Ask {
    pub fn new(method: &'static str, target: impl Into<String>) -> Self {
        Self {
            method,
            target: target.into(),
            headers: Vec::new(),
            body: String::new(),
        }
    }

    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub fn body(mut self, body: impl Into<String>) -> Self {
        self.body = body.into();
        self
    }

    pub fn json(self, body: &Value) -> Self {
        self.header("Content-Type", "application/json").body(body.to_string())
    }

    pub fn bearer(self, token: &str) -> Self {
        self.header("Authorization", format!("Bearer {token}"))
    }

    /// Signed as the documentation says.
    pub fn signed(self, emulator: &Handle) -> Self {
        let host = emulator.address().to_string();
        self.signed_with(Options::ACCESS_KEY, &host, now())
    }

    pub fn signed_with(self, key: &str, host: &str, at: Timestamp) -> Self {
        let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&at).unwrap();
        let hash = BASE64_STANDARD.encode(digest::digest(&digest::SHA256, self.body.as_bytes()));
        let text = format!("{}\n{}\n{date};{host};{hash}", self.method, self.target);
        let key = hmac::Key::new(hmac::HMAC_SHA256, &BASE64_STANDARD.decode(key).unwrap());
        let signature = BASE64_STANDARD.encode(hmac::sign(&key, text.as_bytes()));
        self.authorized(&date, &hash, &signature)
    }

    pub fn authorized(self, date: &str, hash: &str, signature: &str) -> Self {
        let form = "HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=";
        self.header("x-ms-date", date)
            .header("x-ms-content-sha256", hash)
            .header("Authorization", format!("{form}{signature}"))
    }

    pub fn send(self, emulator: &Handle) -> Answer {
        self.try_send(emulator.address(), Duration::from_secs(20)).unwrap()
    }

    /// `Err` where the connection ended, or nothing came for so long, before the answer was whole.
    pub fn try_send(self, address: SocketAddr, patience: Duration) -> std::io::Result<Answer> {
        read(&mut self.open(address, patience))
    }

    pub fn open(self, address: SocketAddr, patience: Duration) -> TcpStream {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(patience)).unwrap();
        let mut text = format!("{} {} HTTP/1.1\r\n", self.method, self.target);
        if !self.headers.iter().any(|(name, _)| name == "Host") {
            text += &format!("Host: {address}\r\n");
        }
        for (name, value) in &self.headers {
            text += &format!("{name}: {value}\r\n");
        }
        text += &format!(
            "Content-Length: {}\r\nConnection: close\r\n\r\n{}",
            self.body.len(),
            self.body
        );
        stream.write_all(text.as_bytes()).unwrap();
        stream
    }
}

fn read(stream: &mut TcpStream) -> std::io::Result<Answer> {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let cut = |what: &str| std::io::Error::new(ErrorKind::UnexpectedEof, what.to_owned());
    let end = bytes
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .ok_or_else(|| cut("no head"))?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let mut answer = Answer {
        status,
        headers,
        body: bytes[end + 4..].to_vec(),
    };
    if answer.header("transfer-encoding").is_some() {
        answer.body = unchunk(&answer.body).ok_or_else(|| cut("no last chunk"))?;
    } else if let Some(length) = answer.header("content-length")
        && answer.body.len() < length.parse().unwrap()
    {
        return Err(cut("short body"));
    }
    Ok(answer)
}

fn unchunk(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|two| two == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).ok()?, 16).ok()?;
        rest = rest.get(end + 2..)?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(rest.get(..size)?);
        rest = rest.get(size + 2..)?;
    }
}

// ------------------------------------------------------------------------------------------------ the usual requests

pub fn create(emulator: &Handle) -> String {
    let answer = Ask::new("POST", format!("/identities?{VERSION}"))
        .signed(emulator)
        .send(emulator);
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["identity"]["id"].as_str().unwrap().to_owned()
}

pub fn of(identity: &str, action: &str) -> String {
    format!("/identities/{}{action}?{VERSION}", identity.replace(':', "%3A"))
}

pub fn issue(emulator: &Handle, identity: &str, body: &Value) -> Answer {
    Ask::new("POST", of(identity, "/:issueAccessToken"))
        .json(body)
        .signed(emulator)
        .send(emulator)
}

pub fn form(pairs: &[(&str, &str)]) -> String {
    let encode = |text: &str| -> String {
        text.bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
                _ => format!("%{byte:02X}"),
            })
            .collect()
    };
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={}", encode(value)))
        .collect();
    pairs.join("&")
}

pub fn ask_token(emulator: &Handle, pairs: &[(&str, &str)]) -> Answer {
    Ask::new("POST", format!("/{}/oauth2/v2.0/token", Options::TENANT_ID))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(form(pairs))
        .send(emulator)
}

pub fn bearer(emulator: &Handle, scope: &str) -> String {
    let answer = ask_token(
        emulator,
        &[
            ("grant_type", "client_credentials"),
            ("client_id", Options::CLIENT_ID),
            ("client_secret", Options::CLIENT_SECRET),
            ("scope", scope),
        ],
    );
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

pub const ACS: &str = "https://communication.azure.com//.default";
pub const GRAPH: &str = "https://graph.microsoft.com/.default";

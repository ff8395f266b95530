use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use crate::clock::Clock;
use crate::cloud::Cloud;
use crate::limit::Limits;
use crate::tenant::Tenant;

/// How an emulator starts. The defaults are well known and therefore no secrets.
#[derive(Clone)]
pub struct Options {
    /// Loopback only. Port 0 takes any that is free.
    pub listen: SocketAddr,
    pub clock: Clock,
    /// Of every id, token and passcode: the same seed makes the same ones in the same order.
    pub seed: u64,
    /// The GUID in front of every identity.
    pub resource: String,
    /// Base64.
    pub access_key: String,
    pub tenant_id: String,
    pub client_id: String,
    pub client_secret: String,
    /// Certificates (PEM) with which the client may sign its assertions.
    pub certificates: Vec<String>,
    pub tenant: Tenant,
    pub limits: Limits,
    pub cloud: Cloud,
}

impl Options {
    pub const RESOURCE: &str = "a17e0000-0000-4000-8000-00000000ac50";
    /// Base64 of "an emulator's key is not a secret".
    pub const ACCESS_KEY: &str = "YW4gZW11bGF0b3IncyBrZXkgaXMgbm90IGEgc2VjcmV0";
    pub const TENANT_ID: &str = "a17e0000-0000-4000-8000-00000000ae4a";
    pub const CLIENT_ID: &str = "a17e0000-0000-4000-8000-0000000000a9";
    pub const CLIENT_SECRET: &str = "an-emulators-secret-is-not-one";
    /// What App Service would put into `IDENTITY_HEADER`.
    pub const IDENTITY_HEADER: &str = "an-emulators-identity-header";
    /// The Entra object id of the one user there is at first.
    pub const USER: &str = "a17e0000-0000-4000-8000-0000000000c1";
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            clock: Clock::system(),
            seed: 0,
            resource: Self::RESOURCE.to_owned(),
            access_key: Self::ACCESS_KEY.to_owned(),
            tenant_id: Self::TENANT_ID.to_owned(),
            client_id: Self::CLIENT_ID.to_owned(),
            client_secret: Self::CLIENT_SECRET.to_owned(),
            certificates: Vec::new(),
            tenant: Tenant::default(),
            limits: Limits::published(),
            cloud: Cloud::Public,
        }
    }
}

/// Why an emulator did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(
        "The emulator takes what a real service would be trusted with: let it listen on 127.0.0.1 or [::1], not on {0}."
    )]
    NotLoopback(SocketAddr),
    #[error("The access key is not Base64: give one such as `openssl rand -base64 64` prints.")]
    AccessKey,
    #[error("A certificate can't be used: {0}.")]
    Certificate(String),
    #[error("{address} can't be listened on: {cause}. Choose another port, or 0 for any that is free.")]
    Listen { address: SocketAddr, cause: std::io::Error },
    #[error("The emulator's thread can't be started: {0}.")]
    Thread(std::io::Error),
}

use std::sync::Arc;
use std::time::Duration;

use anteroom_emulator::{Clock as EmulatorClock, Emulator, Handle, Options};
use anteroom_engines::teams::acs::{Auth, ConnectionString, Created, IdentityClient, NotCreated};
use anteroom_engines::teams::entra::{Credential, GRAPH, TokenSource};
use anteroom_engines::teams::graph::GraphClient;
use anteroom_http::{Failure, Http, Timeouts, Unanswered};
use anteroom_service::port::{Clock, EngineError, Entropy, FixedClock, QueueTicket, SeededEntropy};
use async_trait::async_trait;
use url::Url;

pub const VERSION: &str = "2023-10-01";
pub const SCOPES: &[&str] = &["voip", "chat.join.limited"];

/// An emulator, and clients whose clock is the same.
pub struct World {
    pub emulator: Handle,
    pub clock: Arc<FixedClock>,
    pub entropy: Arc<dyn Entropy>,
    pub http: Http,
}

/// Long enough for a busy machine.
pub fn patient() -> Timeouts {
    Timeouts {
        request: Duration::from_secs(20),
        total: Duration::from_mins(1),
        pause: Duration::from_millis(2),
        quiet: Duration::from_millis(2),
        ..Timeouts::default()
    }
}

/// For what never comes.
pub fn impatient() -> Timeouts {
    Timeouts {
        connect: Duration::from_secs(2),
        request: Duration::from_millis(200),
        total: Duration::from_millis(700),
        attempts: 2,
        pause: Duration::from_millis(2),
        quiet: Duration::from_millis(2),
    }
}

/// Somebody who takes what comes.
pub struct Guest;

#[async_trait]
impl QueueTicket for Guest {
    fn position(&self, _: u32) {}

    async fn called(&self) -> Result<(), EngineError> {
        Ok(())
    }
}

pub async fn create(client: &IdentityClient) -> Result<Created, Unanswered> {
    match client.create(SCOPES, 60, &Guest).await {
        Ok(created) => Ok(created),
        Err(NotCreated::Unanswered(unanswered)) => Err(unanswered),
        Err(NotCreated::Unwanted(error)) => panic!("{error}"),
    }
}

pub async fn not_created(client: &IdentityClient) -> Failure {
    create(client).await.unwrap_err().failure
}

pub async fn issue(client: &IdentityClient, identity: &str) -> Result<String, Failure> {
    let issued = client.issue(identity, SCOPES, 60, &|_| {}).await?;
    Ok(issued.token.reveal().to_owned())
}

impl World {
    pub fn new(patience: Timeouts) -> Self {
        Self::with(patience, Options::default())
    }

    pub fn with(patience: Timeouts, options: Options) -> Self {
        let clock = Arc::new(FixedClock::at("2027-03-04T05:06:07Z".parse().unwrap()));
        let theirs = Arc::clone(&clock);
        let emulator = Emulator::start(Options {
            clock: EmulatorClock::new(move || theirs.now()),
            ..options
        })
        .unwrap();
        Self {
            emulator,
            clock,
            entropy: Arc::new(SeededEntropy::new(7)),
            http: Http::new(patience).unwrap(),
        }
    }

    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock) as Arc<dyn Clock>
    }

    pub fn url(&self) -> Url {
        self.emulator.url().parse().unwrap()
    }

    pub fn identities(&self) -> IdentityClient {
        self.identities_of(&self.emulator.connection_string())
    }

    pub fn identities_of(&self, connection: &str) -> IdentityClient {
        let ConnectionString { endpoint, key } = connection.parse().unwrap();
        self.identities_with(endpoint, Auth::Key(key))
    }

    pub fn identities_with(&self, endpoint: Url, auth: Auth) -> IdentityClient {
        IdentityClient::new(
            self.http.clone(),
            endpoint,
            auth,
            VERSION,
            self.clock(),
            Arc::clone(&self.entropy),
        )
    }

    pub fn tokens(&self, resource: &str) -> Arc<TokenSource> {
        self.tokens_by(Credential::Secret(Options::CLIENT_SECRET.into()), resource)
    }

    pub fn tokens_by(&self, credential: Credential, resource: &str) -> Arc<TokenSource> {
        Arc::new(TokenSource::client(
            self.http.clone(),
            &self.url(),
            Options::TENANT_ID,
            Options::CLIENT_ID,
            credential,
            resource,
            self.clock(),
            Arc::clone(&self.entropy),
        ))
    }

    pub fn managed_tokens(&self, resource: &str) -> Arc<TokenSource> {
        Arc::new(TokenSource::managed(
            self.http.clone(),
            &self.url(),
            None,
            resource,
            self.clock(),
            Arc::clone(&self.entropy),
        ))
    }

    pub fn graph(&self) -> GraphClient {
        GraphClient::new(
            self.http.clone(),
            self.url(),
            self.tokens(GRAPH),
            Options::CLIENT_ID,
            self.clock(),
            Arc::clone(&self.entropy),
        )
    }
}

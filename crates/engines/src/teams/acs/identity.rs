use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anteroom_domain::trouble::Setting;
use anteroom_http::{
    Answer, ApiSecret, Failure, FairQueue, Http, Policy, Rate, Request, RetryClient, Unanswered, host,
};
use anteroom_service::port::{Clock, EngineError, Entropy, OnPosition, QueueTicket};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, StatusCode};
use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use url::{Position, Url};

use super::sign::{Key, sign};
use crate::teams::entra::TokenSource;
use crate::teams::error::failure;

/// With what we show that the resource is ours.
#[derive(Clone)]
pub enum Auth {
    Key(Key),
    Bearer(Arc<TokenSource>),
}

/// The ACS Identity service of one resource.
pub struct IdentityClient {
    line: RetryClient,
    /// ACS limits each operation by itself.
    creates: FairQueue,
    issues: FairQueue,
    deletes: FairQueue,
    endpoint: Url,
    auth: Auth,
    api_version: String,
}

/// A new identity with its first token.
#[derive(Debug)]
pub struct Created {
    pub identity: String,
    pub token: ApiSecret,
    /// As ACS wrote it.
    pub expires_on: String,
}

/// It is not to be looked into: Microsoft may encrypt it.
#[derive(Debug)]
pub struct Token {
    pub token: ApiSecret,
    /// As ACS wrote it.
    pub expires_on: String,
}

/// Why there is no new identity that anybody knows of.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotCreated {
    /// When the turn came nobody wanted it any more, and nothing was sent.
    #[error(transparent)]
    Unwanted(EngineError),
    #[error(transparent)]
    Unanswered(#[from] Unanswered),
}

/// In the order in which Microsoft's clients write it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Create<'a> {
    create_token_with_scopes: &'a [&'a str],
    expires_in_minutes: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Issue<'a> {
    scopes: &'a [&'a str],
    expires_in_minutes: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CreatedBody {
    identity: IdentityBody,
    access_token: TokenBody,
}

#[derive(Deserialize)]
struct IdentityBody {
    id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TokenBody {
    token: ApiSecret,
    expires_on: String,
}

impl From<TokenBody> for Token {
    fn from(TokenBody { token, expires_on }: TokenBody) -> Self {
        Self { token, expires_on }
    }
}

impl IdentityClient {
    pub fn new(
        http: Http,
        endpoint: Url,
        auth: Auth,
        api_version: &str,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        Self {
            line: RetryClient::new(http, &endpoint, clock, entropy),
            creates: FairQueue::new(rate(1_000)),
            issues: FairQueue::new(rate(1_000)),
            deletes: FairQueue::unseen(rate(500)),
            endpoint,
            auth,
            api_version: api_version.to_owned(),
        }
    }

    /// It is sent again only where nothing can have come of it: an identity whose name is lost on the way back could never
    /// be deleted. (Microsoft's headers for repeatable requests would be a way out, but its version 2023-08-01 alone has
    /// them; they were taken out of the next one, which its own clients use.)
    pub async fn create(&self, scopes: &[&str], minutes: u32, ticket: &dyn QueueTicket) -> Result<Created, NotCreated> {
        let body = json(&Create {
            create_token_with_scopes: scopes,
            expires_in_minutes: minutes,
        })?;
        let url = self.url("identities");
        let (has_come, unwanted) = (AtomicBool::new(false), OnceLock::new());
        let on_position = |position| ticket.position(position);
        let lane = Policy {
            queue: &self.creates,
            told: &on_position,
            repeats: false,
        };
        let request = async || {
            let request = self.request(&Method::POST, &url, &body).await?;
            if !has_come.swap(true, Ordering::Relaxed) {
                ticket.called().await.map_err(|error| {
                    let _ = unwanted.set(error);
                    Failure::Unwanted
                })?;
            }
            Ok(request)
        };
        let created = self
            .line
            .ask(&lane, request, |answer| created(answer, self.line.clock().now()));
        let created = created.await;
        self.look_at(created.as_ref().err().map(|unanswered| &unanswered.failure))
            .await;
        match unwanted.into_inner() {
            Some(error) => Err(NotCreated::Unwanted(error)),
            None => Ok(created?),
        }
    }

    /// One token more or less of the same identity makes no difference.
    pub async fn issue(
        &self,
        identity: &str,
        scopes: &[&str],
        minutes: u32,
        told: OnPosition<'_>,
    ) -> Result<Token, Failure> {
        let body = json(&Issue {
            scopes,
            expires_in_minutes: minutes,
        })?;
        let url = self.url(&format!("identities/{}/:issueAccessToken", encoded(identity)));
        let lane = Policy {
            told,
            ..Policy::again(&self.issues)
        };
        let request = async || self.request(&Method::POST, &url, &body).await;
        let issued = self
            .line
            .ask(&lane, request, |answer| issued(answer, self.line.clock().now()));
        self.seen(issued.await).await
    }

    /// Its tokens are worth nothing afterwards. One that is gone already is as good.
    pub async fn delete(&self, identity: &str) -> Result<(), Failure> {
        let url = self.url(&format!("identities/{}", encoded(identity)));
        let lane = Policy::again(&self.deletes);
        let request = async || self.request(&Method::DELETE, &url, &Bytes::new()).await;
        let deleted = self
            .line
            .ask(&lane, request, |answer| deleted(answer, self.line.clock().now()));
        self.seen(deleted.await).await
    }

    fn url(&self, path: &str) -> Url {
        let mut url = self.endpoint.clone();
        url.set_path(path);
        url.set_query(Some(&format!("api-version={}", encoded(&self.api_version))));
        url
    }

    async fn seen<T>(&self, answered: Result<T, Unanswered>) -> Result<T, Failure> {
        let answered = answered.map_err(Failure::from);
        self.look_at(answered.as_ref().err()).await;
        answered
    }

    /// The application's roles are written into the token.
    async fn look_at(&self, failure: Option<&Failure>) {
        if let Auth::Bearer(source) = &self.auth
            && let Some(Failure::Denied { .. } | Failure::Refused { status: 403, .. }) = failure
        {
            source.refused().await;
        }
    }

    async fn request(&self, method: &Method, url: &Url, body: &Bytes) -> Result<Request, Failure> {
        let mut request = Request::new(method.clone(), url.clone());
        if !body.is_empty() {
            request = request.json(body.clone());
        }
        match &self.auth {
            Auth::Bearer(source) => {
                let token = source.token().await?;
                Ok(request.bearer(&token))
            }
            Auth::Key(key) => Ok(self.signed(key, request)),
        }
    }

    fn signed(&self, key: &Key, mut request: Request) -> Request {
        let now = self.line.clock().now();
        let date = now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        let url = &request.url;
        let path_and_query = &url[Position::BeforePath..Position::AfterQuery];
        let host = host(url);
        let signed = sign(
            key,
            request.method.as_str(),
            path_and_query,
            &host,
            &date,
            &request.body,
        );
        for (name, value) in [("x-ms-date", signed.date), ("x-ms-content-sha256", signed.content_hash)] {
            if let Ok(value) = HeaderValue::try_from(value) {
                request.headers.insert(HeaderName::from_static(name), value);
            }
        }
        request.authorization(&signed.authorization)
    }
}

/// Nine tenths of what ACS publishes for half a minute. Less than all: requests that leave here evenly may arrive bunched,
/// and what is asked for again counts, too.
const fn rate(published: usize) -> Rate {
    Rate {
        count: published * 9 / 10,
        window: Duration::from_secs(30),
    }
}

/// Texts and numbers always can be written.
fn json(body: &impl Serialize) -> Result<Bytes, Unanswered> {
    match serde_json::to_vec(body) {
        Ok(body) => Ok(body.into()),
        Err(_) => Err(Failure::NotConfigured {
            setting: Setting::Request,
            told: "A setting holds what can’t be sent.",
        }
        .into()),
    }
}

pub(crate) fn created(answer: &Answer, now: Timestamp) -> Result<Created, Failure> {
    if let Some(failure) = failure(answer, now) {
        return Err(failure);
    }
    let CreatedBody { identity, access_token } = answer.json()?;
    if identity.id.is_empty() || access_token.token.reveal().is_empty() {
        return Err(answer.malformed());
    }
    Ok(Created {
        identity: identity.id,
        token: access_token.token,
        expires_on: access_token.expires_on,
    })
}

pub(crate) fn issued(answer: &Answer, now: Timestamp) -> Result<Token, Failure> {
    if let Some(failure) = failure(answer, now) {
        return Err(failure);
    }
    let body: TokenBody = answer.json()?;
    if body.token.reveal().is_empty() {
        return Err(answer.malformed());
    }
    Ok(body.into())
}

/// Whoever answers with a page has deleted nothing.
pub(crate) fn deleted(answer: &Answer, now: Timestamp) -> Result<(), Failure> {
    match failure(answer, now) {
        None if answer.status == StatusCode::NO_CONTENT => Ok(()),
        None => Err(answer.malformed()),
        Some(Failure::NotThere { .. }) => Ok(()),
        Some(failure) => Err(failure),
    }
}

/// As Microsoft's clients send an identity: the signature is over these very bytes.
fn encoded(text: &str) -> String {
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    utf8_percent_encode(text, KEPT).to_string()
}

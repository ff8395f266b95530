use std::sync::Arc;

use anteroom_domain::trouble::Setting;
use anteroom_http::{Answer, ApiSecret, Failure, FairQueue, Http, Policy, Request, RetryClient};
use anteroom_service::port::{Clock, Entropy};
use http::{HeaderName, HeaderValue, Method};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use tokio::sync::Mutex;
use tokio::time::Instant;
use url::Url;

use super::certificate::Certificate;
use crate::teams::error::failure;

/// The metadata service of an Azure machine.
pub const METADATA: &str = "http://169.254.169.254/";

/// Before its end a token is replaced, so that none ends on its way.
const EARLY: SignedDuration = SignedDuration::from_mins(5);

/// A token that is younger is not replaced, even if it was refused: the reason is another one.
const YOUNG: SignedDuration = SignedDuration::from_secs(30);

/// With what the application shows who it is.
#[derive(Clone, Debug)]
pub enum Credential {
    Secret(ApiSecret),
    Certificate(Certificate),
}

enum Asking {
    Client {
        endpoint: Url,
        client_id: String,
        credential: Credential,
        scope: String,
    },
    Managed {
        url: Url,
        /// Shows that no page or proxy asks, but somebody on the machine.
        header: (HeaderName, ApiSecret),
    },
}

/// Tokens for one resource: asked for once, kept while they are good.
pub struct TokenSource {
    line: RetryClient,
    lane: FairQueue,
    entropy: Arc<dyn Entropy>,
    asking: Asking,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    token: Option<Good>,
    /// So that those who waited for an answer share it when it is none, too.
    failed: Option<(Instant, Failure)>,
}

pub(crate) struct Good {
    token: ApiSecret,
    since: Timestamp,
    until: Timestamp,
    is_refused: bool,
}

impl Good {
    fn is_good(&self, now: Timestamp) -> bool {
        self.until > now && !self.is_refused
    }

    fn is_fresh(&self, now: Timestamp) -> bool {
        let is_young = now.duration_since(self.since) < YOUNG;
        self.until > now && is_young || !self.is_refused && self.until.duration_since(now) > EARLY
    }
}

#[derive(Deserialize)]
struct Body {
    access_token: ApiSecret,
    expires_in: Option<Seconds>,
    /// Since 1970; all that App Service says.
    expires_on: Option<Seconds>,
}

/// Entra writes a number, a machine's own service the same as text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Seconds {
    Number(u32),
    Text(String),
}

impl Seconds {
    fn count(&self) -> Option<u32> {
        match self {
            Self::Number(seconds) => Some(*seconds),
            Self::Text(text) => text.parse().ok(),
        }
    }
}

impl TokenSource {
    /// An application of `tenant`. `login` is `https://login.microsoftonline.com/`, `resource` what the
    /// tokens are for: [`acs_of`](super::acs_of), [`graph_of`](super::graph_of).
    #[expect(clippy::too_many_arguments, reason = "what identifies an application, and the ports")]
    pub fn client(
        http: Http,
        login: &Url,
        tenant: &str,
        client_id: &str,
        credential: Credential,
        resource: &str,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        let mut endpoint = login.clone();
        endpoint.set_path(&format!("{tenant}/oauth2/v2.0/token"));
        let asking = Asking::Client {
            endpoint,
            client_id: client_id.to_owned(),
            credential,
            scope: format!("{resource}/.default"),
        };
        Self::new(http, login, asking, clock, entropy)
    }

    /// The identity of the machine that this runs on, or with `client_id` one that was assigned to it. `metadata` is
    /// [`METADATA`].
    pub fn managed(
        http: Http,
        metadata: &Url,
        client_id: Option<&str>,
        resource: &str,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        let mut url = metadata.clone();
        url.set_path("metadata/identity/oauth2/token");
        let header = (HeaderName::from_static("metadata"), ApiSecret::new("true"));
        let url = managed_query(url, "2018-02-01", resource, client_id);
        Self::new(http, metadata, Asking::Managed { url, header }, clock, entropy)
    }

    /// The same in App Service and Container Apps, which have no metadata service: they put the address of what stands
    /// in for it into `IDENTITY_ENDPOINT`, and what it must be shown into `IDENTITY_HEADER`.
    pub fn hosted(
        http: Http,
        endpoint: &Url,
        header: ApiSecret,
        client_id: Option<&str>,
        resource: &str,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        let header = (HeaderName::from_static("x-identity-header"), header);
        let url = managed_query(endpoint.clone(), "2019-08-01", resource, client_id);
        Self::new(http, endpoint, Asking::Managed { url, header }, clock, entropy)
    }

    fn new(http: Http, host: &Url, asking: Asking, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Self {
            line: RetryClient::new(http, host, clock, Arc::clone(&entropy)),
            lane: FairQueue::unlimited(),
            entropy,
            asking,
            kept: Mutex::default(),
        }
    }

    /// For `Authorization: Bearer`.
    pub async fn token(&self) -> Result<ApiSecret, Failure> {
        let since = Instant::now();
        let mut kept = self.kept.lock().await;
        let now = self.line.clock().now();
        if let Some(good) = kept.token.as_ref().filter(|good| good.is_fresh(now)) {
            return Ok(good.token.clone());
        }
        if let Some((at, failure)) = &kept.failed
            && *at >= since
        {
            return Err(failure.clone());
        }
        let asked = self
            .line
            .ask(
                &Policy::again(&self.lane),
                async || self.request(),
                |answer| read(answer, self.line.clock().now()),
            )
            .await
            .map_err(Failure::from);
        match asked {
            Ok(good) => {
                let token = good.token.clone();
                *kept = Kept {
                    token: Some(good),
                    failed: None,
                };
                Ok(token)
            }
            Err(failure) => {
                kept.failed = Some((Instant::now(), failure.clone()));
                match &kept.token {
                    Some(good) if good.is_good(now) && failure.is_passing() => Ok(good.token.clone()),
                    _ => Err(failure),
                }
            }
        }
    }

    /// The token was refused: a new one may do better, for roles and consent are written into it.
    pub async fn refused(&self) {
        if let Some(good) = &mut self.kept.lock().await.token {
            good.is_refused = true;
        }
    }

    fn request(&self) -> Result<Request, Failure> {
        match &self.asking {
            Asking::Managed { url, header } => {
                let (name, value) = header;
                let mut value = HeaderValue::from_str(value.reveal()).map_err(|_| Failure::NotConfigured {
                    setting: Setting::IdentityHeader,
                    told: "IDENTITY_HEADER can’t be sent: leave it as Azure sets it.",
                })?;
                value.set_sensitive(true);
                let mut request = Request::new(Method::GET, url.clone());
                request.headers.insert(name.clone(), value);
                Ok(request)
            }
            Asking::Client {
                endpoint,
                client_id,
                credential,
                scope,
            } => {
                let mut form = vec![
                    ("grant_type", "client_credentials"),
                    ("client_id", client_id),
                    ("scope", scope),
                ];
                let assertion;
                match credential {
                    Credential::Secret(secret) => form.push(("client_secret", secret.reveal())),
                    Credential::Certificate(certificate) => {
                        let now = self.line.clock().now();
                        assertion = certificate.assertion(client_id, endpoint.as_str(), now, &*self.entropy)?;
                        form.push((
                            "client_assertion_type",
                            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                        ));
                        form.push(("client_assertion", &assertion));
                    }
                }
                let body = serde_urlencoded::to_string(&form).map_err(|_| Failure::NotConfigured {
                    setting: Setting::Secret,
                    told: "The application’s secret can’t be sent: give it anew.",
                })?;
                Ok(Request::new(Method::POST, endpoint.clone()).form(body))
            }
        }
    }
}

fn managed_query(mut url: Url, version: &str, resource: &str, client_id: Option<&str>) -> Url {
    url.query_pairs_mut()
        .clear()
        .append_pair("api-version", version)
        .append_pair("resource", resource);
    if let Some(id) = client_id {
        url.query_pairs_mut().append_pair("client_id", id);
    }
    url
}

pub(crate) fn read(answer: &Answer, now: Timestamp) -> Result<Good, Failure> {
    if let Some(failure) = failure(answer, now) {
        return Err(failure);
    }
    let body: Body = answer.json()?;
    let until = match (&body.expires_in, &body.expires_on) {
        (Some(seconds), _) => seconds
            .count()
            .and_then(|seconds| now.checked_add(SignedDuration::from_secs(seconds.into())).ok()),
        (None, Some(seconds)) => seconds
            .count()
            .and_then(|seconds| Timestamp::from_second(seconds.into()).ok()),
        (None, None) => None,
    };
    match until {
        Some(until) if !body.access_token.reveal().is_empty() => Ok(Good {
            token: body.access_token,
            since: now,
            until,
            is_refused: false,
        }),
        _ => Err(answer.malformed()),
    }
}

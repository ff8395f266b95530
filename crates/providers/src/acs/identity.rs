use std::sync::Arc;

use anteroom_service::port::{Clock, Entropy};
use http::{HeaderName, HeaderValue, Method};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::{Value, json};
use url::{Position, Url};

use super::sign::{Key, sign};
use crate::entra::TokenSource;
use crate::http::{Answer, Failure, Http, Line, Request};
use crate::secret::Secret;

/// With what we show that the resource is ours.
#[derive(Clone)]
pub enum Auth {
    Key(Key),
    Bearer(Arc<TokenSource>),
}

/// The ACS Identity service of one resource.
pub struct IdentityClient {
    line: Line,
    endpoint: Url,
    auth: Auth,
    api_version: String,
}

/// A new identity with its first token.
#[derive(Debug)]
pub struct Created {
    pub identity: String,
    pub token: Secret,
    /// As ACS wrote it.
    pub expires_on: String,
}

/// It is not to be looked into: Microsoft may encrypt it.
#[derive(Debug)]
pub struct Token {
    pub token: Secret,
    /// As ACS wrote it.
    pub expires_on: String,
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
    token: Secret,
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
            line: Line::new(http, &endpoint, clock, entropy),
            endpoint,
            auth,
            api_version: api_version.to_owned(),
        }
    }

    /// Where it is lost on the way back and asked for again, an identity without a holder stays behind. It costs nothing
    /// and nobody has its token.
    pub async fn create(&self, scopes: &[&str], minutes: u32) -> Result<Created, Failure> {
        let body = json!({ "createTokenWithScopes": scopes, "expiresInMinutes": minutes });
        self.ask(Method::POST, "identities", Some(&body), |answer| {
            let CreatedBody { identity, access_token } = answer.json()?;
            if identity.id.is_empty() || access_token.token.reveal().is_empty() {
                return Err(answer.malformed());
            }
            Ok(Created {
                identity: identity.id,
                token: access_token.token,
                expires_on: access_token.expires_on,
            })
        })
        .await
    }

    pub async fn issue(&self, identity: &str, scopes: &[&str], minutes: u32) -> Result<Token, Failure> {
        let body = json!({ "scopes": scopes, "expiresInMinutes": minutes });
        let path = format!("identities/{}/:issueAccessToken", encoded(identity));
        self.ask(Method::POST, &path, Some(&body), |answer| {
            let body: TokenBody = answer.json()?;
            if body.token.reveal().is_empty() {
                return Err(answer.malformed());
            }
            Ok(body.into())
        })
        .await
    }

    /// Its tokens are worth nothing afterwards. One that is gone already is as good.
    pub async fn delete(&self, identity: &str) -> Result<(), Failure> {
        let path = format!("identities/{}", encoded(identity));
        let gone = self.ask(Method::DELETE, &path, None, |_| Ok(())).await;
        match gone {
            Err(Failure::Refused { status: 404, .. }) => Ok(()),
            result => result,
        }
    }

    async fn ask<T>(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        read: impl Fn(&Answer) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let mut url = self.endpoint.clone();
        url.set_path(path);
        url.set_query(Some(&format!("api-version={}", encoded(&self.api_version))));
        let answered = self
            .line
            .ask(
                || self.request(&method, &url, body),
                |answer| match answer.failure(self.line.clock().now()) {
                    None => read(answer),
                    Some(failure) => Err(failure),
                },
            )
            .await;
        // The application's roles are written into the token.
        if let Auth::Bearer(source) = &self.auth
            && let Err(Failure::Denied { .. } | Failure::Refused { status: 403, .. }) = &answered
        {
            source.refused().await;
        }
        answered
    }

    async fn request(&self, method: &Method, url: &Url, body: Option<&Value>) -> Result<Request, Failure> {
        let mut request = Request::new(method.clone(), url.clone());
        if let Some(body) = body {
            request = request.json(body);
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
        let host = crate::http::host(url);
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

/// As Microsoft's clients send an identity: the signature is over these very bytes.
fn encoded(text: &str) -> String {
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    utf8_percent_encode(text, KEPT).to_string()
}

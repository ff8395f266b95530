use std::sync::Arc;

use anteroom_http::{Answer, Failure, FairQueue, Http, Policy, Request, RetryClient};
use anteroom_service::port::{Clock, Entropy};
use bytes::Bytes;
use http::{Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::trouble::GraphTrouble;
use crate::teams::entra::TokenSource;
use crate::teams::error::failure;

const CREATE_OR_GET: &str = "createOrGet";

/// Makes meetings in the name of users, as an application.
pub struct GraphClient {
    line: RetryClient,
    makes: FairQueue,
    updates: FairQueue,
    deletes: FairQueue,
    base: Url,
    source: Arc<TokenSource>,
    application: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalMeeting {
    pub id: String,
    pub join_web_url: String,
    /// Of its chat, where it has one.
    pub thread_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    id: String,
    join_web_url: String,
    chat_info: Option<Chat>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Chat {
    thread_id: Option<String>,
}

impl GraphClient {
    /// `base` is `https://graph.microsoft.com/`; `application` is the client's id, for sentences that say what to set up.
    pub fn new(
        http: Http,
        base: Url,
        source: Arc<TokenSource>,
        application: &str,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        Self {
            line: RetryClient::new(http, &base, clock, entropy),
            makes: FairQueue::unlimited(),
            updates: FairQueue::unlimited(),
            deletes: FairQueue::unlimited(),
            base,
            source,
            application: application.to_owned(),
        }
    }

    /// The same `external_id` of the same user gives the same meeting, however often it is asked for.
    pub async fn create_or_get(
        &self,
        user: &str,
        external_id: &str,
        subject: &str,
        starts_at: Timestamp,
        ends_at: Timestamp,
    ) -> Result<ExternalMeeting, GraphTrouble> {
        self.make(user, external_id, subject, starts_at, ends_at).await
    }

    /// Graph takes both times or none. [`Failure::NotThere`]: somebody deleted the meeting, or its user.
    pub async fn update(
        &self,
        user: &str,
        id: &str,
        subject: &str,
        starts_at: Timestamp,
        ends_at: Timestamp,
    ) -> Result<(), GraphTrouble> {
        let asked = Asked {
            method: Method::PATCH,
            user,
            under: id,
            body: Some(times(subject, starts_at, ends_at)),
        };
        self.ask(&self.updates, asked, updated).await
    }

    /// One that is gone already is as good.
    pub async fn delete(&self, user: &str, id: &str) -> Result<(), GraphTrouble> {
        self.remove(user, id).await
    }

    /// Would it work? Makes a meeting that nobody hears of, and takes it away: nothing less shows that all is set up.
    pub async fn check(&self, user: &str) -> Result<(), GraphTrouble> {
        let now = self.line.clock().now();
        let soon = now
            .saturating_add(SignedDuration::from_mins(1))
            .unwrap_or(Timestamp::MAX);
        let key = format!("anteroom-check-{}", now.as_second());
        let made = self.make(user, &key, "Anteroom checks its settings", now, soon).await?;
        self.remove(user, &made.id).await
    }

    async fn make(
        &self,
        user: &str,
        external_id: &str,
        subject: &str,
        starts_at: Timestamp,
        ends_at: Timestamp,
    ) -> Result<ExternalMeeting, GraphTrouble> {
        let mut body = times(subject, starts_at, ends_at);
        if let Some(body) = body.as_object_mut() {
            body.insert("externalId".to_owned(), external_id.into());
        }
        let asked = Asked {
            method: Method::POST,
            user,
            under: CREATE_OR_GET,
            body: Some(body),
        };
        match self.ask(&self.makes, asked, made).await {
            // There is nothing else in this address that there could be none of.
            Err(GraphTrouble::Failed(Failure::NotThere { .. })) => {
                Err(GraphTrouble::UnknownUser { user: user.to_owned() })
            }
            result => result,
        }
    }

    async fn remove(&self, user: &str, id: &str) -> Result<(), GraphTrouble> {
        let asked = Asked {
            method: Method::DELETE,
            user,
            under: id,
            body: None,
        };
        match self.ask(&self.deletes, asked, deleted).await {
            Err(GraphTrouble::Failed(Failure::NotThere { .. })) => Ok(()),
            result => result,
        }
    }

    /// All of it can be asked for twice: a key makes one meeting, and times are set, not shifted.
    async fn ask<T>(
        &self,
        queue: &FairQueue,
        asked: Asked<'_>,
        read: impl Fn(&Answer) -> Result<T, Failure>,
    ) -> Result<T, GraphTrouble> {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.clear()
                .extend(["v1.0", "users", asked.user, "onlineMeetings", asked.under]);
        }
        let request = async || {
            let token = self.source.token().await?;
            let mut request = Request::new(asked.method.clone(), url.clone());
            if let Some(body) = &asked.body {
                request = request.json(Bytes::from(body.to_string()));
            }
            Ok(request.bearer(&token))
        };
        let answered = self
            .line
            .ask(&Policy::again(queue), request, |answer| {
                match failure(answer, self.line.clock().now()) {
                    None => read(answer).map(Ok),
                    Some(failure) => GraphTrouble::of(answer, &self.application, asked.user)
                        .map(Err)
                        .ok_or(failure),
                }
            })
            .await
            .map_err(Failure::from);
        // Consent is written into the token.
        if let Err(Failure::Denied { .. }) | Ok(Err(GraphTrouble::MissingConsent { .. })) = &answered {
            self.source.refused().await;
        }
        answered?
    }
}

struct Asked<'a> {
    method: Method,
    user: &'a str,
    /// Below the user's meetings.
    under: &'a str,
    body: Option<Value>,
}

pub(crate) fn made(answer: &Answer) -> Result<ExternalMeeting, Failure> {
    let body: Body = answer.json()?;
    if body.id.is_empty() || body.join_web_url.is_empty() {
        return Err(answer.malformed());
    }
    Ok(ExternalMeeting {
        id: body.id,
        join_web_url: body.join_web_url,
        thread_id: body.chat_info.and_then(|chat| chat.thread_id),
    })
}

/// The meeting as it is now, or nothing.
pub(crate) fn updated(answer: &Answer) -> Result<(), Failure> {
    match answer.status {
        StatusCode::NO_CONTENT => Ok(()),
        _ => made(answer).map(drop),
    }
}

/// Whoever answers with a page has deleted nothing.
pub(crate) fn deleted(answer: &Answer) -> Result<(), Failure> {
    match answer.status {
        StatusCode::NO_CONTENT => Ok(()),
        _ => Err(answer.malformed()),
    }
}

fn times(subject: &str, starts_at: Timestamp, ends_at: Timestamp) -> Value {
    json!({
        "subject": subject,
        "startDateTime": starts_at.to_string(),
        "endDateTime": ends_at.to_string(),
    })
}

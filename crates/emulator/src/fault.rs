use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::operation::Operation;

/// How the next requests of an operation fail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Planned {
    pub operation: Operation,
    #[serde(default = "once")]
    pub times: u32,
    /// The operation is carried out and only its answer is lost: what a retry must be safe against.
    #[serde(default)]
    pub after_effect: bool,
    pub fault: Fault,
}

fn once() -> u32 {
    1
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Fault {
    /// An error status, with an error body of the right shape.
    Status {
        status: u16,
        #[serde(default)]
        retry_after: Option<String>,
    },
    /// The right answer, later.
    Delay {
        milliseconds: u64,
    },
    /// The request is read, and nothing follows.
    NoAnswer,
    /// The connection is closed instead of an answer.
    DropConnection,
    /// The connection is closed in the middle of the body.
    Truncated,
    /// Status of success, but the body is not JSON.
    Malformed,
    /// Status of success, the body of a proxy.
    Html,
    /// JSON with the right names and the wrong types.
    WrongTypes,
    /// An empty JSON object.
    Empty,
    /// A body of this size.
    Huge {
        bytes: u64,
    },
    /// A body that never ends: a piece of this size each time.
    Endless {
        #[serde(default = "piece")]
        bytes: usize,
        #[serde(default = "pause")]
        milliseconds: u64,
    },
    Redirect {
        location: String,
    },
}

fn piece() -> usize {
    4096
}

fn pause() -> u64 {
    10
}

/// Put onto a response: the connection is to be closed without it.
#[derive(Clone, Copy)]
pub struct Dropped;

impl Fault {
    /// What is answered instead. [`Fault::Delay`] and [`Fault::NoAnswer`] wait before they get here.
    pub fn answer(&self, error: impl FnOnce(StatusCode) -> Response) -> Response {
        match self {
            Self::Status { status, retry_after } => {
                let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                let mut response = error(status);
                if let Some(value) = retry_after.as_ref().and_then(|text| HeaderValue::from_str(text).ok()) {
                    response.headers_mut().insert(RETRY_AFTER, value);
                }
                response
            }
            Self::DropConnection | Self::Delay { .. } | Self::NoAnswer => dropped(),
            Self::Truncated => truncated(),
            Self::Malformed => good(Body::from(r#"{"identity":{"id":"8:acs:"#)),
            Self::Html => {
                let mut response = good(Body::from(
                    "<!doctype html><title>Sign in to the hotel's network</title>",
                ));
                response
                    .headers_mut()
                    .insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
                response
            }
            Self::WrongTypes => good(Body::from(wrong_types().to_string())),
            Self::Empty => good(Body::from("{}")),
            Self::Huge { bytes } => good(huge(*bytes)),
            Self::Endless { bytes, milliseconds } => good(endless(*bytes, *milliseconds)),
            Self::Redirect { location } => {
                let mut response = StatusCode::TEMPORARY_REDIRECT.into_response();
                if let Ok(value) = HeaderValue::from_str(location) {
                    response.headers_mut().insert(LOCATION, value);
                }
                response
            }
        }
    }
}

fn good(body: Body) -> Response {
    ([(CONTENT_TYPE, "application/json; charset=utf-8")], body).into_response()
}

fn dropped() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.extensions_mut().insert(Dropped);
    response
}

fn truncated() -> Response {
    let pieces = [
        Ok(Bytes::from_static(br#"{"identity":{"id":"#)),
        Err("the emulator was asked to stop here"),
    ];
    let mut response = good(Body::from_stream(stream::iter(pieces)));
    response
        .headers_mut()
        .insert(CONTENT_LENGTH, HeaderValue::from_static("500"));
    response
}

/// Every name that any of the answers has.
fn wrong_types() -> serde_json::Value {
    json!({
        "identity": { "id": 17 },
        "accessToken": ["no"],
        "token": { "is": "an object" },
        "expiresOn": false,
        "access_token": 5,
        "token_type": null,
        "expires_in": "soon",
        "id": [],
        "joinWebUrl": 42,
        "chatInfo": "none",
        "joinMeetingIdSettings": 7,
    })
}

fn huge(bytes: u64) -> Body {
    const PIECE: u64 = 64 * 1024;
    let pieces = stream::unfold(bytes, |left| async move {
        let now = usize::try_from(left.min(PIECE)).ok().filter(|now| *now > 0)?;
        Some((
            Ok::<_, Infallible>(Bytes::from(vec![b' '; now])),
            left - left.min(PIECE),
        ))
    });
    Body::from_stream(pieces)
}

fn endless(bytes: usize, milliseconds: u64) -> Body {
    let pieces = stream::unfold((), move |()| async move {
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
        Some((Ok::<_, Infallible>(Bytes::from(vec![b' '; bytes.max(1)])), ()))
    });
    Body::from_stream(pieces)
}

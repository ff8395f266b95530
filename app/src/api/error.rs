use crate::forms::FieldErrors;
#[cfg(feature = "ssr")]
use leptos::prelude::use_context;
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

use super::RequestId;

/// What a page is told instead of what it asked for. Never holds internal text, and nothing of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum ApiError {
    #[error("This does not exist, or not for you.")]
    NotFound,
    #[error("You are not signed in any more.")]
    SignedOut,
    #[error("You may not do that. Ask an administrator.")]
    Forbidden,
    #[error("{0}")]
    Refused(String),
    #[error("Some entries need another look.")]
    Invalid(FieldErrors),
    /// With the id of the request that failed, where there is one.
    #[error("Something went wrong on our side. Try again; if it stays so, tell your administrator.{}", in_words(.0.as_ref()))]
    Internal(Option<RequestId>),
    #[error("The server can't be reached. Check your connection and try again.")]
    Network,
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::Network,
            #[cfg(feature = "ssr")]
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
                answer(http::StatusCode::BAD_REQUEST);
                Self::Refused("The server does not understand this request. Reload the page and try again.".into())
            }
            _ => Self::internal(),
        }
    }
}

/// What follows the sentence of a failure.
fn in_words(request: Option<&RequestId>) -> String {
    request.map(|id| format!(" {}", id.sentence())).unwrap_or_default()
}

impl ApiError {
    /// A fault of ours in what is being answered; in the browser it belongs to no request that we know of.
    pub(super) fn internal() -> Self {
        #[cfg(feature = "ssr")]
        let request =
            use_context::<http::request::Parts>().and_then(|mut parts| parts.extensions.remove::<RequestId>());
        #[cfg(not(feature = "ssr"))]
        let request = None;
        Self::Internal(request)
    }
}

/// The status of the answer that is being made.
#[cfg(feature = "ssr")]
pub(in crate::api) fn answer(status: http::StatusCode) {
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(status);
    }
}

#[cfg(feature = "ssr")]
impl ApiError {
    /// It does not exist, or not for whoever asks.
    pub(super) fn not_found() -> Self {
        answer(http::StatusCode::NOT_FOUND);
        Self::NotFound
    }
}

#[cfg(feature = "ssr")]
impl From<anteroom_service::Error> for ApiError {
    fn from(error: anteroom_service::Error) -> Self {
        use anteroom_service::Error;
        use http::StatusCode;

        use crate::words::{NotDone, Told};

        let (status, error) = match error {
            Error::NotFound => return Self::not_found(),
            Error::Forbidden => (StatusCode::FORBIDDEN, Self::Forbidden),
            error => match Told::of(NotDone::Refused(error)) {
                Ok(told) if told.status == StatusCode::UNPROCESSABLE_ENTITY => {
                    (told.status, Self::Invalid(told.errors))
                }
                Ok(told) => (told.status, Self::Refused(told.text())),
                Err(source) => {
                    tracing::error!(error = &*source as &dyn std::error::Error, "a server function failed");
                    (StatusCode::INTERNAL_SERVER_ERROR, Self::internal())
                }
            },
        };
        answer(status);
        error
    }
}

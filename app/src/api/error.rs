use crate::forms::FieldErrors;
use anteroom_i18n::{Lang, text};
#[cfg(feature = "ssr")]
use leptos::prelude::use_context;
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

use super::RequestId;

/// What a page is told instead of what it asked for. Never holds internal text, and nothing of a person. For a person there
/// is [`ApiError::sentence`]; what it displays is for the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum ApiError {
    #[error("not found")]
    NotFound,
    #[error("signed out")]
    SignedOut,
    #[error("forbidden")]
    Forbidden,
    /// With the sentence that says why, in the language of whoever asked.
    #[error("refused")]
    Refused(String),
    #[error("invalid")]
    Invalid(FieldErrors),
    /// With the id of the request that failed, where there is one.
    #[error("internal error")]
    Internal(Option<RequestId>),
    #[error("the server can't be reached")]
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
                Self::Refused(t!(guest::api::not_understood).to_owned())
            }
            _ => Self::internal(),
        }
    }
}

impl ApiError {
    /// For the person who asked.
    pub fn sentence(&self, lang: Lang) -> String {
        let sentence = match self {
            Self::NotFound => text!(lang, guest::api::not_found),
            Self::SignedOut => text!(lang, guest::api::signed_out),
            Self::Forbidden => text!(lang, guest::api::forbidden),
            Self::Refused(why) => why,
            Self::Invalid(_) => text!(lang, guest::api::invalid),
            Self::Internal(None) => text!(lang, guest::api::internal),
            Self::Internal(Some(request)) => {
                return text!(
                    lang,
                    guest::api::internal_with_number {
                        number: request.to_string()
                    }
                );
            }
            Self::Network => text!(lang, guest::api::network),
        };
        sentence.to_owned()
    }

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

        use crate::language::lang;
        use crate::words::{NotDone, Told};

        let (status, error) = match error {
            Error::NotFound => return Self::not_found(),
            Error::Forbidden => (StatusCode::FORBIDDEN, Self::Forbidden),
            error => match Told::of(NotDone::Refused(error), lang()) {
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

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// `{"error":{"code","message","target"?}}`
#[derive(Debug)]
pub struct AcsError {
    status: StatusCode,
    code: &'static str,
    message: String,
    target: Option<&'static str>,
}

impl AcsError {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            target: None,
        }
    }

    /// The real service does not say why either.
    pub fn denied() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Denied", "Denied by the resource provider.")
    }

    /// As in the recordings of Microsoft's own tests.
    pub fn not_owned() -> Self {
        let message = "Provided identity doesn't belong to the resource.";
        Self::new(StatusCode::UNAUTHORIZED, "IdentityNotOwned", message)
    }

    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "IdentityNotFound",
            "Provided identity doesn't exist.",
        )
    }

    pub fn no_version() -> Self {
        let message = "An API version is required, but was not specified.";
        Self::new(StatusCode::BAD_REQUEST, "ApiVersionUnspecified", message)
    }

    pub fn unsupported_version(url: &str, version: &str) -> Self {
        let message = format!(
            "The HTTP resource that matches the request URI '{url}' does not support the API version '{version}'."
        );
        Self::new(StatusCode::BAD_REQUEST, "UnsupportedApiVersion", message)
    }

    pub fn invalid(target: &'static str, message: impl Into<String>) -> Self {
        let mut error = Self::new(StatusCode::BAD_REQUEST, "BadRequest", message);
        error.target = Some(target);
        error
    }

    pub fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "BadRequest", "The request is too large.")
    }
}

impl IntoResponse for AcsError {
    fn into_response(self) -> Response {
        let Self {
            status,
            code,
            message,
            target,
        } = self;
        let error = match target {
            None => json!({ "code": code, "message": message }),
            Some(target) => json!({ "code": code, "message": message, "target": target }),
        };
        (status, Json(json!({ "error": error }))).into_response()
    }
}

pub fn of_status(status: StatusCode) -> Response {
    let (code, message) = match status {
        StatusCode::TOO_MANY_REQUESTS => ("TooManyRequests", "Too many requests. Try again later."),
        StatusCode::UNAUTHORIZED => ("Denied", "Denied by the resource provider."),
        StatusCode::FORBIDDEN => ("Forbidden", "The operation is forbidden."),
        StatusCode::SERVICE_UNAVAILABLE => ("ServiceUnavailable", "The service is unavailable."),
        _ => ("InternalServerError", "Internal server error."),
    };
    AcsError::new(status, code, message).into_response()
}

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::bearer::BearerRefused;
use crate::tenant::PolicyWording;
use crate::world::Shared;

/// `{"error":{"code","message","innerError":{…}}}`
#[derive(Debug)]
pub struct GraphError {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl GraphError {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
        }
    }

    fn unauthenticated(message: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken", message)
    }

    pub fn no_token() -> Self {
        Self::unauthenticated("Access token is empty.")
    }

    pub fn token(refused: BearerRefused) -> Self {
        Self::unauthenticated(match refused {
            BearerRefused::Foreign => "Access token validation failure. Invalid signature.",
            BearerRefused::Audience => "Access token validation failure. Invalid audience.",
            BearerRefused::Expired => "Lifetime validation failed, the token is expired.",
        })
    }

    /// The permission was not consented to when the token was issued.
    pub fn no_role() -> Self {
        let message = "Missing role permissions on the request. API requires one of 'OnlineMeetings.ReadWrite.All'. \
                       Roles on the request ''.";
        Self::new(StatusCode::FORBIDDEN, "Forbidden", message)
    }

    pub fn no_policy(wording: PolicyWording, application: &str, user: &str, verb: &str) -> Self {
        let (code, message) = match wording {
            PolicyWording::Current => (
                "Forbidden",
                format!("No application access policy found for this app {application} on the user {user}."),
            ),
            PolicyWording::Former => (
                "Unauthorized",
                format!("App {application} is not authorized to {verb} meeting on behalf of user {user}"),
            ),
        };
        Self::new(StatusCode::FORBIDDEN, code, message)
    }

    pub fn no_user() -> Self {
        Self::new(StatusCode::NOT_FOUND, "NotFound", "User not found.")
    }

    pub fn no_meeting() -> Self {
        Self::new(StatusCode::NOT_FOUND, "NotFound", "The meeting was not found.")
    }

    pub fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    pub fn answer(self, shared: &Shared) -> Response {
        let date = shared.now().strftime("%Y-%m-%dT%H:%M:%S").to_string();
        let request_id = shared.world().random.guid();
        let body = json!({
            "error": {
                "code": self.code,
                "message": self.message,
                "innerError": { "date": date, "request-id": request_id, "client-request-id": request_id },
            }
        });
        (self.status, Json(body)).into_response()
    }
}

pub fn of_status(shared: &Shared, status: StatusCode) -> Response {
    let (code, message) = match status {
        StatusCode::TOO_MANY_REQUESTS => ("TooManyRequests", "Too many requests."),
        StatusCode::UNAUTHORIZED => ("InvalidAuthenticationToken", "Access token validation failure."),
        StatusCode::FORBIDDEN => ("Forbidden", "Forbidden."),
        StatusCode::SERVICE_UNAVAILABLE => ("ServiceUnavailable", "The service is unavailable."),
        _ => ("InternalServerError", "An error has occurred."),
    };
    GraphError::new(status, code, message).answer(shared)
}

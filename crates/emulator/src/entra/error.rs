use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::world::Shared;

/// What Entra refuses, with its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    status: StatusCode,
    error: &'static str,
    number: u32,
    text: &'static str,
}

impl Refused {
    const fn bad(error: &'static str, number: u32, text: &'static str) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            error,
            number,
            text,
        }
    }

    const fn client(number: u32, text: &'static str) -> Self {
        Self {
            status: StatusCode::UNAUTHORIZED,
            error: "invalid_client",
            number,
            text,
        }
    }

    pub const MALFORMED: Self = Self::bad(
        "invalid_request",
        900_144,
        "The request body is not a form of the right fields.",
    );
    pub const TENANT: Self = Self::bad(
        "invalid_request",
        90_002,
        "Tenant not found. Check to make sure you have the correct tenant ID.",
    );
    pub const GRANT_TYPE: Self = Self::bad(
        "unsupported_grant_type",
        70_003,
        "The app requested an unsupported grant type.",
    );
    pub const APPLICATION: Self = Self::bad(
        "unauthorized_client",
        700_016,
        "Application was not found in the directory.",
    );
    pub const SCOPE: Self = Self::bad(
        "invalid_scope",
        1_002_012,
        "Client credential flows must have a scope value with /.default suffixed to the resource identifier.",
    );
    pub const RESOURCE: Self = Self::bad(
        "invalid_resource",
        500_011,
        "The resource principal was not found in the tenant.",
    );
    pub const NO_CREDENTIAL: Self = Self::client(
        7_000_216,
        "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
    );
    pub const SECRET: Self = Self::client(
        7_000_215,
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID.",
    );
    pub const SECRET_EXPIRED: Self = Self::client(7_000_222, "The provided client secret keys are expired.");
    pub const ASSERTION_MALFORMED: Self = Self::client(50_027, "JWT token is invalid or malformed.");
    pub const ASSERTION_KEY: Self = Self::client(
        700_027,
        "The certificate with identifier used to sign the client assertion is not registered on application, or is expired.",
    );
    pub const ASSERTION_SIGNATURE: Self = Self::client(700_027, "Client assertion failed signature validation.");
    pub const ASSERTION_AUDIENCE: Self =
        Self::client(700_023, "Client assertion audience claim does not match Realm issuer.");
    pub const ASSERTION_APPLICATION: Self = Self::client(
        700_021,
        "Client assertion application identifier doesn't match 'client_id' parameter.",
    );
    pub const ASSERTION_TIME: Self = Self::client(700_024, "Client assertion is not within its valid time range.");

    pub fn answer(self, shared: &Shared) -> Response {
        let now = shared.now().strftime("%Y-%m-%d %H:%M:%SZ").to_string();
        let (trace, correlation) = {
            let mut world = shared.world();
            (world.random.guid(), world.random.guid())
        };
        let number = self.number;
        let text = self.text;
        let body = json!({
            "error": self.error,
            "error_description":
                format!("AADSTS{number}: {text} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {now}"),
            "error_codes": [number],
            "timestamp": now,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": format!("https://login.microsoftonline.com/error?code={number}"),
        });
        (self.status, Json(body)).into_response()
    }
}

/// How a managed identity's endpoint refuses: two fields, no number.
pub fn of_managed(status: StatusCode, error: &str, description: &str) -> Response {
    (
        status,
        Json(json!({ "error": error, "error_description": description })),
    )
        .into_response()
}

pub fn of_status(shared: &Shared, status: StatusCode) -> Response {
    let number = match status {
        StatusCode::TOO_MANY_REQUESTS => 90_055,
        _ => 90_033,
    };
    let text = "A transient error has occurred. Please try again.";
    Refused {
        status,
        error: "temporarily_unavailable",
        number,
        text,
    }
    .answer(shared)
}

//! What every operation passes on its way in and out: counting, limits, faults, and its family's headers.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use crate::fault::{Dropped, Fault, Planned};
use crate::operation::{Family, Operation};
use crate::world::Shared;
use crate::{entra, graph, identity};

/// The header by which a client recognises its request in logs; it comes back.
const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("x-ms-client-request-id");

pub async fn gate(
    State((shared, operation)): State<(Shared, Operation)>,
    mut request: Request,
    next: Next,
) -> Response {
    request.extensions_mut().insert(operation);
    let client_request_id = request.headers().get(CLIENT_REQUEST_ID).cloned();
    let now = shared.now();
    let (latency, verdict) = {
        let mut world = shared.world();
        world.asked(operation);
        let verdict = match world.within_limit(operation, now) {
            Err(seconds) => Verdict::Throttled(seconds),
            Ok(()) => world.next_fault(operation).map_or(Verdict::Pass, Verdict::Fail),
        };
        (world.latency, verdict)
    };
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    let mut response = match verdict {
        Verdict::Pass => next.run(request).await,
        Verdict::Fail(planned) => fail(&shared, planned, request, next).await,
        Verdict::Throttled(seconds) => {
            let mut response = error(&shared, operation, StatusCode::TOO_MANY_REQUESTS);
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
            response
        }
    };
    if response.extensions().get::<Dropped>().is_none() {
        shared.world().answered(operation, response.status().as_u16());
        dress(&shared, operation, client_request_id, response.headers_mut());
    }
    response
}

enum Verdict {
    Pass,
    Throttled(i64),
    Fail(Planned),
}

async fn fail(shared: &Shared, planned: Planned, request: Request, next: Next) -> Response {
    if let Fault::Delay { milliseconds } = planned.fault {
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
        return next.run(request).await;
    }
    if planned.after_effect {
        next.run(request).await;
    }
    if planned.fault == Fault::NoAnswer {
        std::future::pending::<()>().await;
    }
    planned.fault.answer(|status| error(shared, planned.operation, status))
}

/// An error that the operation itself had no part in.
fn error(shared: &Shared, operation: Operation, status: StatusCode) -> Response {
    match operation.family() {
        Family::Acs => identity::error::of_status(status),
        Family::Entra => entra::error::of_status(shared, status),
        Family::Graph => graph::error::of_status(shared, status),
    }
}

fn dress(shared: &Shared, operation: Operation, client_request_id: Option<HeaderValue>, headers: &mut HeaderMap) {
    let (request_id, vector) = {
        let mut world = shared.world();
        (world.random.guid(), world.random.text(16))
    };
    let mut put = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    match operation.family() {
        Family::Acs => {
            put("x-ms-request-id", &request_id);
            put("ms-cv", &format!("{vector}.0"));
            put("request-context", "appId=");
            put("api-supported-versions", &identity::API_VERSIONS.join(", "));
            put("x-processing-time", "1ms");
            if let Some(id) = client_request_id {
                headers.insert(CLIENT_REQUEST_ID, id);
            }
        }
        Family::Entra => {
            put("x-ms-request-id", &request_id);
            put("cache-control", "no-store, no-cache");
            put("pragma", "no-cache");
        }
        Family::Graph => {
            put("request-id", &request_id);
            put("client-request-id", &request_id);
            put("odata-version", "4.0");
            put("cache-control", "private");
        }
    }
}

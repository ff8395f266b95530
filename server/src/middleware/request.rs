//! What the log says of every request, and the id by which it is found when somebody saw it fail.

use std::any::Any;
use std::sync::Arc;

use anteroom_app::api::RequestId;
use anteroom_i18n::text;
use anteroom_service::port::Entropy;
use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderName, HeaderValue, Method, StatusCode};
use tokio::time::Instant;
use tracing::{Instrument as _, Span};

use super::lang;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Instead of the pattern: a file of the site, or an address that nothing has.
const NO_ROUTE: &str = "(none)";
/// Sentences are shorter.
const MAX_WORDS_BYTES: usize = 4096;

/// Gives the request an id of ours, whatever it brought along, and a span that everything runs in that is done for it; and
/// writes the one line that every request has.
pub async fn request(State(entropy): State<Arc<dyn Entropy>>, mut request: Request, next: Next) -> Response {
    let mut bits = [0; 4];
    entropy.fill(&mut bits);
    let id = RequestId::of(u32::from_le_bytes(bits));
    let mut line = Line::begin(&id, &request);
    let header = HeaderValue::from_str(&id.to_string());
    request.extensions_mut().insert(id);
    let mut response = next.run(request).instrument(line.span.clone()).await;
    if let Ok(header) = header {
        response.headers_mut().insert(X_REQUEST_ID, header);
    }
    line.status = Some(response.status());
    response
}

/// Written when it is dropped: a request that is given up has a line, too.
struct Line {
    span: Span,
    method: &'static str,
    route: Option<MatchedPath>,
    since: Instant,
    status: Option<StatusCode>,
}

impl Line {
    fn begin(id: &RequestId, request: &Request) -> Self {
        let method = name(request.method());
        let route = request.extensions().get::<MatchedPath>().cloned();
        // Of the highest level: a line that is logged at all has the id, whatever the filter lets through.
        let span = tracing::error_span!("request", request.id = %id, method, route = pattern(route.as_ref()));
        Self {
            span,
            method,
            route,
            since: Instant::now(),
            status: None,
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let _in_span = self.span.enter();
        let (method, route) = (self.method, pattern(self.route.as_ref()));
        let duration_ms = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        let status = self.status.map(|status| status.as_u16());
        match status {
            None => tracing::debug!(
                duration_ms,
                "{method} {route} was given up after {duration_ms} ms: the other side has gone"
            ),
            Some(101) => tracing::debug!(status, duration_ms, "{method} {route} became a socket"),
            Some(said) => tracing::debug!(
                status,
                duration_ms,
                "{method} {route} was answered with {said} in {duration_ms} ms"
            ),
        }
    }
}

/// Never the path itself: a guest's link is one.
fn pattern(route: Option<&MatchedPath>) -> &str {
    route.map_or(NO_ROUTE, MatchedPath::as_str)
}

/// A method may be any word that the other side makes up; those of ours are known.
fn name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::OPTIONS => "OPTIONS",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        _ => "(other)",
    }
}

/// An answer in plain words, or in none, that says that we failed says by which id help is found. Pages and answers to
/// scripts do so themselves. It stands inside of compression: to what is packed nothing can be added.
pub async fn request_id_in_words(request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().cloned();
    let lang = lang(request.extensions());
    let response = next.run(request).await;
    let Some(id) = id.filter(|_| response.status().is_server_error() && is_plain(&response)) else {
        return response;
    };
    let (mut parts, body) = response.into_parts();
    let said = to_bytes(body, MAX_WORDS_BYTES).await.unwrap_or_default();
    let said = String::from_utf8_lossy(&said);
    let words = match said.trim_end() {
        "" => text!(lang, guest::answer::failed),
        words => words,
    };
    parts.headers.remove(CONTENT_LENGTH);
    parts
        .headers
        .insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    Response::from_parts(parts, Body::from(format!("{words}\n{}\n", id.sentence(lang))))
}

/// The answer to a request whose handler panicked. The panic hook has logged the panic, and [`request_id_in_words`] adds
/// the words.
pub fn panicked(_: Box<dyn Any + Send>) -> Response {
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

fn is_plain(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE);
    kind.is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"))
}

#[cfg(test)]
mod tests {
    use anteroom_service::port::SeededEntropy;
    use axum::Router;
    use axum::middleware::{from_fn, from_fn_with_state};
    use axum::routing::get;
    use tower::ServiceExt as _;
    use tower_http::catch_panic::CatchPanicLayer;

    use super::*;
    use crate::logging::listen::listen;

    /// The layers that make a panic an answer, as the router has them.
    fn router() -> Router {
        async fn fall() -> &'static str {
            panic!("of this test")
        }
        async fn never() -> &'static str {
            std::future::pending().await
        }
        let entropy: Arc<dyn Entropy> = Arc::new(SeededEntropy::new(1));
        Router::new()
            .route("/fall/{secret}", get(fall))
            .route("/never/{secret}", get(never))
            .layer(CatchPanicLayer::custom(panicked))
            .layer(from_fn(request_id_in_words))
            .layer(from_fn_with_state(entropy, request))
    }

    fn ask(method: &str, path: &str) -> Request {
        Request::builder().method(method).uri(path).body(Body::empty()).unwrap()
    }

    #[tokio::test]
    async fn a_handler_that_panics_has_a_line_with_500_and_the_id_that_its_answer_shows() {
        let (lines, _guard) = listen();
        let response = router().oneshot(ask("GET", "/fall/AbC")).await.unwrap();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let id = response
            .headers()
            .get(X_REQUEST_ID)
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        let body = to_bytes(response.into_body(), MAX_WORDS_BYTES).await.unwrap();
        let sorry = "Something went wrong on our side. Go back and try again.";
        let wanted = format!("{sorry}\nIf you ask for help, give this number: {id}\n");
        assert_eq!(String::from_utf8_lossy(&body), wanted);
        let text = lines.text();
        assert_eq!(text.lines().count(), 1, "{text}");
        for part in [
            &format!("request.id={id}"),
            "status=500",
            "GET /fall/{secret} was answered with 500",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains("AbC"), "{text}");
    }

    #[tokio::test]
    async fn a_request_that_is_given_up_has_a_line() {
        let (lines, _guard) = listen();
        let answer = router().oneshot(ask("GET", "/never/AbC"));
        let waited = tokio::time::timeout(std::time::Duration::from_millis(10), answer).await;
        assert!(waited.is_err());
        let text = lines.text();
        assert!(text.contains("GET /never/{secret} was given up"), "{text}");
        assert!(!text.contains("AbC"), "{text}");
    }

    #[tokio::test]
    async fn a_method_that_somebody_made_up_is_not_repeated() {
        let (lines, _guard) = listen();
        let response = router().oneshot(ask("SECRET", "/fall/AbC")).await.unwrap();
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
        let text = lines.text();
        assert!(text.contains("(other) /fall/{secret} was answered with 405"), "{text}");
        assert!(!text.contains("SECRET"), "{text}");
    }
}

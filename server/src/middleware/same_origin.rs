use anteroom_i18n::text;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{HOST, ORIGIN, UPGRADE};
use http::{HeaderMap, Method, StatusCode};

use super::lang;
use crate::instance::Instance;
use crate::state::AppState;

/// Nothing that changes anything, and no socket, is for other sites' pages. Browsers say where a request comes from
/// (Fetch Metadata, or `Origin`); a request that says neither is no browser's, or a very old one's, and is refused too.
pub async fn same_origin(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    // What else a client would upgrade to (h2c, of curl and of Java) is not taken up, and the request is answered.
    let upgrade = request.headers().get(UPGRADE);
    let is_socket = upgrade.is_some_and(|to| to.as_bytes().eq_ignore_ascii_case(b"websocket"));
    if (changes || is_socket) && !is_ours(&app.site, request.headers()) {
        return (
            StatusCode::FORBIDDEN,
            text!(lang(request.extensions()), guest::answer::other_site),
        )
            .into_response();
    }
    next.run(request).await
}

fn is_ours(site: &Instance, headers: &HeaderMap) -> bool {
    if let Some(from) = headers.get("sec-fetch-site") {
        return from == "same-origin";
    }
    let Some(origin) = headers.get(ORIGIN).and_then(|origin| origin.to_str().ok()) else {
        return false;
    };
    if let Some(url) = &site.public_url {
        return origin == url;
    }
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    host.is_some_and(|host| origin == format!("http://{host}") || origin == format!("https://{host}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn says(pairs: &[(&'static str, &'static str)]) -> bool {
        let site = Instance::bare();
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        is_ours(&site, &headers)
    }

    #[test]
    fn only_our_own_pages_may_ask() {
        assert!(says(&[("sec-fetch-site", "same-origin")]));
        assert!(!says(&[("sec-fetch-site", "same-site")]));
        assert!(!says(&[
            ("sec-fetch-site", "cross-site"),
            ("origin", "http://a"),
            ("host", "a")
        ]));
        assert!(says(&[("origin", "http://a:3000"), ("host", "a:3000")]));
        assert!(!says(&[("origin", "http://b:3000"), ("host", "a:3000")]));
        assert!(!says(&[("origin", "null"), ("host", "a")]));
        assert!(!says(&[("host", "a")]));
    }
}

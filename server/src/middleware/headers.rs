use std::sync::LazyLock;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::instance::Instance;
use crate::state::AppState;

/// For what is no page: it may do nothing.
const BARE_POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; base-uri 'none'");
/// `same-origin`, not `no-referrer`: forms that are answered without scripts need to know where they came from. A
/// guest's link, which is a secret in a path, goes to nobody else either way.
const REFERRERS: HeaderValue = HeaderValue::from_static("same-origin");
const FEATURES: HeaderValue = HeaderValue::from_static(
    "camera=(self), microphone=(self), display-capture=(self), screen-wake-lock=(self), autoplay=(self), fullscreen=(self), geolocation=(), payment=(), usb=()",
);
/// Two years (OWASP ASVS 5.0 §3.4.1 asks for one at least).
const TLS_ONLY: HeaderValue = HeaderValue::from_static("max-age=63072000; includeSubDomains");

pub async fn security_headers(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(BARE_POLICY);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, REFERRERS);
    headers.insert(HeaderName::from_static("permissions-policy"), FEATURES);
    headers.insert(
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    );
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    );
    // Pages are about one person; only hashed assets say otherwise.
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    if app.site.is_secure() {
        headers.insert(STRICT_TRANSPORT_SECURITY, TLS_ONLY);
    }
    response
}

/// The policy of a page: our own files, one inline script that carries the nonce, wasm, and sockets to this very host
/// (named, because older Safari does not count them to `'self'`). On a page that joins Teams, the SDK's workers and
/// `teams`, the hosts that it may reach.
pub fn content_security_policy(nonce: &str, site: &Instance, headers: &HeaderMap, teams: Option<&[String]>) -> String {
    let sockets = sockets(site, headers);
    let (reach, workers) = match teams {
        None => (String::new(), ""),
        Some(more) => {
            let hosts = TEAMS_HOSTS.iter().chain(more);
            let reach = hosts.fold(String::new(), |reach, host| reach + " " + host);
            (reach, " worker-src 'self' blob:;")
        }
    };
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'self' 'wasm-unsafe-eval'; style-src 'self'; \
        img-src 'self' data: blob:; media-src 'self' blob: mediastream:; connect-src 'self'{sockets}{reach}; \
        font-src 'self';{workers} manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
        object-src 'none'"
    )
}

/// With TLS no socket is without.
fn sockets(site: &Instance, headers: &HeaderMap) -> String {
    let base = site.base(headers);
    let Some((_, host)) = base.split_once("://") else {
        return String::new();
    };
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
    match (host.bytes().all(is_plain), site.is_secure()) {
        (false, _) => String::new(),
        (true, true) => format!(" wss://{host}"),
        (true, false) => format!(" ws://{host} wss://{host}"),
    }
}

/// What the Calling SDK reaches: the hosts that were seen, and their regional siblings. (Microsoft documents no policy;
/// what a live meeting reaches beyond these is listed in docs/TEAMS.md as unverified.) The module's own list.
static TEAMS_HOSTS: LazyLock<Vec<String>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../teams-client/hosts.json")).unwrap_or_default());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_joins_teams_reaches_what_the_module_says_that_it_reaches() {
        let more = ["https://own.example".to_owned()];
        let (site, headers) = (Instance::bare(), HeaderMap::new());
        let policy = content_security_policy("n", &site, &headers, Some(&more));
        assert!(TEAMS_HOSTS.len() > 10);
        for host in TEAMS_HOSTS.iter().chain(&more) {
            assert!(policy.contains(&format!(" {host}")), "{host}");
        }
        assert!(!content_security_policy("n", &site, &headers, None).contains("microsoft"));
    }

    #[test]
    fn sockets_are_as_secure_as_the_page() {
        let mut site = Instance::bare();
        let mut headers = HeaderMap::new();
        headers.insert(http::header::HOST, HeaderValue::from_static("a.example:3000"));
        assert_eq!(sockets(&site, &headers), " ws://a.example:3000 wss://a.example:3000");
        site.public_url = Some("https://b.example".to_owned());
        assert_eq!(sockets(&site, &headers), " wss://b.example");
        site.public_url = Some("https://b.example/x;y".to_owned());
        assert_eq!(sockets(&site, &headers), "");
    }
}

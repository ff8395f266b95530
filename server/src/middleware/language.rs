//! In which language whoever asks is answered.

use anteroom_i18n::{Embedded, Lang, find, negotiated};
use anteroom_service::{Actor, Secret};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::header::{ACCEPT_LANGUAGE, CONTENT_LANGUAGE, REFERER, VARY};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Uri};

use super::is_page;
use crate::cookies;
use crate::state::AppState;

/// Before anything is known of who asks: what was chosen in this browser, or what the browser asks for. For what is answered
/// before [`language`] is reached.
pub async fn language_at_first(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    let headers = request.headers();
    let found = chosen(&app, headers).or_else(|| asked(headers));
    let lang = found.map(Embedded::lang).unwrap_or_default();
    request.extensions_mut().insert(lang);
    next.run(request).await
}

/// Puts the language into the request, and says with a page which one it is.
pub async fn language(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let lang = read(&app, &parts).await;
    parts.extensions.insert(lang);
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if is_page(&response) {
        let headers = response.headers_mut();
        headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(lang.tag()));
        headers.append(VARY, HeaderValue::from_static("accept-language, cookie"));
    }
    response
}

/// The first of these that is a language of ours: what the page that opens a socket is written in; what somebody of staff has
/// chosen; what was chosen in this browser; what the guest whose link it is reads; what the browser asks for. Else English.
async fn read(app: &AppState, request: &Parts) -> Lang {
    let headers = &request.headers;
    let mut found = of_page(&request.uri).and_then(find);
    if found.is_none()
        && let Some(actor) = request.extensions.get::<Actor>()
    {
        found = stored(app, actor).await;
    }
    if found.is_none() {
        found = chosen(app, headers);
    }
    if found.is_none()
        && let Some(secret) = link(request)
    {
        found = stored(app, &Actor::with_link(&secret)).await;
    }
    found.or_else(|| asked(headers)).map(Embedded::lang).unwrap_or_default()
}

fn chosen(app: &AppState, headers: &HeaderMap) -> Option<&'static Embedded> {
    find(&cookies::read(&app.site, headers, cookies::LANGUAGE)?)
}

fn asked(headers: &HeaderMap) -> Option<&'static Embedded> {
    negotiated(headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?)
}

async fn stored(app: &AppState, actor: &Actor) -> Option<&'static Embedded> {
    match app.use_cases.language(actor).await {
        Ok(tag) => tag.as_deref().and_then(find),
        Err(error) => {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "a stored language could not be read"
            );
            None
        }
    }
}

/// A socket says in which language its page is: what the one says stands on the other.
fn of_page(uri: &Uri) -> Option<&str> {
    if !uri.path().starts_with("/socket/") {
        return None;
    }
    uri.query()?.split('&').find_map(|pair| pair.strip_prefix("language="))
}

/// The secret of the guest's link that this is about: the address itself, or the page that asks.
fn link(request: &Parts) -> Option<String> {
    let referer = || {
        let referer = request.headers.get(REFERER)?.to_str().ok()?;
        Some(referer.parse::<Uri>().ok()?.path().to_owned())
    };
    let of = |path: &str| {
        let rest = path.strip_prefix("/j/")?;
        let secret = rest.split('/').next()?;
        (secret.len() == Secret::LENGTH && secret.chars().all(Secret::has)).then(|| secret.to_owned())
    };
    // A page's files have no language.
    let path = request.uri.path();
    if path.starts_with("/api/") {
        of(&referer()?)
    } else {
        of(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_found_in_the_address_and_in_that_of_the_page_that_asks() {
        const SECRET: &str = "AbC-dEf_gHi1jKl2mNo3pQr4";
        let request = |uri: &str, referer: &str| {
            let request = Request::builder().uri(uri).header(REFERER, referer);
            link(&request.body(()).unwrap().into_parts().0)
        };
        let found = Some(SECRET.to_owned());
        assert_eq!(request(&format!("/j/{SECRET}/check"), ""), found);
        assert_eq!(request("/api/join", &format!("https://a.example/j/{SECRET}")), found);
        assert_eq!(request("/api/join", "https://a.example/"), None);
        assert_eq!(request("/j/short", "no address"), None);
        assert_eq!(
            request("/pkg/a.css", &format!("https://a.example/j/{SECRET}")),
            None,
            "a file"
        );
    }

    #[test]
    fn a_socket_says_in_which_language_its_page_is() {
        let of = |uri: &str| of_page(&uri.parse().unwrap()).map(str::to_owned);
        assert_eq!(of("/socket/seat?language=zh-Hans"), Some("zh-Hans".to_owned()));
        assert_eq!(of("/socket/staff?a=b&language=de"), Some("de".to_owned()));
        assert_eq!(of("/socket/seat"), None);
        assert_eq!(of("/sign-in?language=de"), None);
    }
}

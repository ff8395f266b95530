//! Pages: what stands around every rendering of the application.

use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};

use anteroom_app::api::consultation::day::{Whose, WhoseKept};
use anteroom_app::api::rate_limit::{Limited, RateLimit};
use anteroom_app::api::{Base, FreshLink, JoinsTeams, LinkOf};
use anteroom_app::shell::shell;
use anteroom_app::{App, paths};
use anteroom_domain::id::ConsultationId;
use anteroom_i18n::Lang;
use anteroom_service::Secret;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::Response;
use http::header::{CONTENT_SECURITY_POLICY, SET_COOKIE};
use http::{HeaderMap, HeaderValue, Request};
use leptos::nonce::use_nonce;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{AxumRouteListing, LeptosRoutes, ResponseOptions, generate_route_list};

use crate::instance::Instance;
use crate::middleware::content_security_policy;
use crate::network::network;
use crate::rate_limiter::Act;
use crate::state::AppState;
use crate::{cookies, executor};

/// Made once in a process: while they are made, every resource that a page of any server in this process begins to load
/// is put to sleep for ever (<https://github.com/leptos-rs/leptos/issues/4773>), and that page is never answered.
static ROUTES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| {
    executor::start();
    generate_route_list(App)
});

/// Every page by GET, and every server function.
pub fn routes(app: &AppState) -> Router<AppState> {
    let routes = ROUTES.clone();
    let (context, document) = (context(app), document(app));
    Router::new().leptos_routes_with_context(app, routes, context, document)
}

/// One page, rendered with something more in its context.
pub async fn render(
    app: &AppState,
    request: Request<Body>,
    more: impl Fn() + Clone + Send + Sync + 'static,
) -> Response {
    let common = context(app);
    let context = move || {
        common();
        more();
    };
    leptos_axum::render_app_async_with_context(context, document(app))(request).await
}

/// What the application's code may use on the server.
fn context(app: &AppState) -> impl Fn() + Clone + Send + Sync + 'static {
    let app = app.clone();
    move || {
        provide_context(app.use_cases.clone());
        provide_context(app.site.branding.clone());
        let Some(parts) = use_context::<http::request::Parts>() else {
            return;
        };
        provide_context(parts.extensions.get::<Lang>().copied().unwrap_or_default());
        let base = app.site.base(&parts.headers);
        if let Some(fresh) = fresh_link(&app.site, &parts, &base) {
            provide_context(fresh);
        }
        provide_context(Base(base));
        provide_context(whose_kept(&app.site, &parts.headers));
        if let Some(ConnectInfo(peer)) = parts.extensions.get::<ConnectInfo<SocketAddr>>().copied() {
            provide_context(rate_limit_of(&app, network(&app.site, &parts.headers, peer)));
        }
        if app.site.teams_client.is_some() {
            provide_context(joins_teams(&app.site));
        }
    }
}

/// The document, and its content security policy with the nonce of this very answer.
fn document(app: &AppState) -> impl Fn() -> leptos::prelude::AnyView + Clone + Send + Sync + 'static {
    use leptos::prelude::IntoAny;
    let site = app.site.clone();
    move || {
        if let (Some(response), Some(nonce)) = (use_context::<ResponseOptions>(), use_nonce()) {
            let headers = use_context::<http::request::Parts>()
                .map(|parts| parts.headers)
                .unwrap_or_default();
            let policy = content_security_policy(&nonce, &site, &headers, None);
            if let Ok(policy) = HeaderValue::from_str(&policy) {
                response.insert_header(CONTENT_SECURITY_POLICY, policy);
            }
        }
        shell(site.assets.clone()).into_any()
    }
}

/// A page that turns out to join Teams says so while it is rendered, and gets the wider policy.
fn joins_teams(site: &Arc<Instance>) -> JoinsTeams {
    let site = site.clone();
    JoinsTeams(Arc::new(move || {
        let headers = use_context::<http::request::Parts>().map(|parts| parts.headers);
        if let (Some(response), Some(nonce), Some(headers)) = (use_context::<ResponseOptions>(), use_nonce(), headers) {
            let policy = content_security_policy(&nonce, &site, &headers, Some(&site.teams_connect));
            if let Ok(policy) = HeaderValue::from_str(&policy) {
                response.insert_header(CONTENT_SECURITY_POLICY, policy);
            }
        }
    }))
}

fn rate_limit_of(app: &AppState, network: String) -> RateLimit {
    let app = app.clone();
    RateLimit(Arc::new(move |act, secret| {
        let (app, network) = (app.clone(), network.clone());
        let act = match act {
            Limited::Join => Act::Join,
            Limited::Rate => Act::Rate,
        };
        Box::pin(async move { app.rate_limiter.check(&app.use_cases, act, &network, &secret).await })
    }))
}

fn whose_kept(site: &Arc<Instance>, headers: &HeaderMap) -> WhoseKept {
    let last = cookies::read(site, headers, cookies::WHOSE).and_then(|value| Whose::parse(&value));
    let site = site.clone();
    let keep = Arc::new(move |whose: Whose| {
        let cookie = cookies::set(&site, cookies::WHOSE, whose.as_str(), Some(cookies::YEAR_SECONDS));
        if let (Some(response), Some(cookie)) = (use_context::<ResponseOptions>(), cookie) {
            response.append_header(SET_COOKIE, cookie);
        }
    });
    WhoseKept { last, keep }
}

/// Stands for a guest's number where a link is for everybody who registers with it.
const REGISTRATION: &str = "registration";

/// The cookie that carries a link to the page that shows it once.
pub fn fresh_link_cookie(id: ConsultationId, of: LinkOf, link: &Secret) -> String {
    let link = link.reveal();
    match of {
        LinkOf::Guest(guest) => format!("{id}.{guest}.{link}"),
        LinkOf::Registration => format!("{id}.{REGISTRATION}.{link}"),
    }
}

/// The link that was made a moment ago, on the page of its consultation; and it is forgotten with this answer.
fn fresh_link(site: &Instance, parts: &http::request::Parts, base: &str) -> Option<FreshLink> {
    let value = cookies::read(site, &parts.headers, cookies::FRESH_LINK)?;
    let mut fields = value.splitn(3, '.');
    let consultation = fields.next()?.parse().ok()?;
    let of = match fields.next()? {
        REGISTRATION => LinkOf::Registration,
        guest => LinkOf::Guest(guest.parse().ok()?),
    };
    let secret = fields.next()?;
    if parts.uri.path() != paths::consultation(consultation) {
        return None;
    }
    if let (Some(response), Some(cookie)) = (
        use_context::<ResponseOptions>(),
        cookies::forget(site, cookies::FRESH_LINK),
    ) {
        response.append_header(SET_COOKIE, cookie);
    }
    Some(FreshLink {
        of,
        url: match of {
            LinkOf::Registration => format!("{base}{}", paths::registration(secret)),
            LinkOf::Guest(_) => format!("{base}{}", paths::invitation(secret)),
        },
    })
}

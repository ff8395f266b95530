//! Every route, and the layers around them.

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{Method, Request, StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::services::ServeFile;

use crate::readiness::Readiness;
use crate::state::AppState;
use crate::teams::served;
use crate::{assets, calendar, export, forms, middleware, pages, socket};

/// From the outside in: a line in the log, headers on every answer, the whole body, no request from another site's page,
/// the session, the handler. What has arrived whole is finished, whoever hangs up.
pub fn router(app: AppState) -> Router {
    let readiness = Readiness::default();
    Router::new()
        .merge(pages::routes(&app))
        .merge(forms::routes(&app))
        .route(anteroom_app::paths::SEAT_SOCKET, get(socket::seat))
        .route(anteroom_app::paths::STAFF_SOCKET, get(socket::staff))
        .route("/j/{secret}/appointment.ics", get(calendar::appointment))
        .route(anteroom_app::paths::DASHBOARD_CSV, get(export::consultations))
        .route("/consultations/{id}/events.csv", get(export::events))
        .route("/brand.css", get(brand))
        .route("/logo", get(logo))
        .route("/teams-client/{name}", get(teams_client))
        .route("/healthz", get(healthz))
        .route(
            "/readyz",
            get(move |State(app): State<AppState>| readyz(app, readiness)),
        )
        .fallback(fallback)
        .layer(from_fn(middleware::shape))
        .layer(DefaultBodyLimit::max(middleware::MAX_BODY_BYTES))
        .layer(from_fn_with_state(app.clone(), middleware::flash))
        .layer(from_fn(forms::form_to_page))
        .layer(from_fn(middleware::scripts_only))
        .layer(from_fn_with_state(app.clone(), middleware::language))
        .layer(from_fn_with_state(app.clone(), middleware::session))
        .layer(from_fn_with_state(app.clone(), middleware::same_origin))
        .layer(from_fn_with_state(app.clone(), middleware::detach))
        .layer(from_fn_with_state(app.clone(), middleware::body_limit))
        .layer(from_fn(middleware::link))
        .layer(from_fn(middleware::host))
        .layer(CatchPanicLayer::custom(middleware::panicked))
        .layer(from_fn(middleware::request_id_in_words))
        .layer(CompressionLayer::new().quality(CompressionLevel::Precise(4)))
        .layer(from_fn_with_state(app.clone(), middleware::language_at_first))
        .layer(from_fn_with_state(app.clone(), middleware::refusals))
        .layer(from_fn_with_state(app.clone(), middleware::security_headers))
        .layer(from_fn_with_state(app.clone(), middleware::request))
        .with_state(app)
}

/// A file of the site, or the page that says there is nothing here.
async fn fallback(State(app): State<AppState>, request: Request<Body>) -> Response {
    let asset = matches!(*request.method(), Method::GET | Method::HEAD)
        .then(|| assets::respond(request.uri().path(), request.headers()))
        .flatten();
    match asset {
        Some(response) => response,
        None => pages::render(&app, request, || {}).await,
    }
}

/// The organisation's colour.
async fn brand(State(app): State<AppState>) -> Response {
    let css = anteroom_app::branding::brand_css(&app.site.branding);
    // Its address changes with its content.
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, css).into_response()
}

/// The organisation's logo, from the file that the configuration names.
async fn logo(State(app): State<AppState>, request: Request<Body>) -> Response {
    match &app.site.logo {
        Some(path) => served(ServeFile::new(path), request, "public, max-age=3600").await,
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A file of the module that joins Teams.
async fn teams_client(State(app): State<AppState>, Path(name): Path<String>, request: Request<Body>) -> Response {
    match &app.site.teams_client {
        Some(client) => client.respond(&name, request).await,
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The process answers.
async fn healthz() -> &'static str {
    "ok\n"
}

/// The database can be written and the media engine runs.
async fn readyz(app: AppState, readiness: Readiness) -> Response {
    let clock = app.use_cases.clone();
    let check = async move {
        let ready = app.use_cases.ready().await;
        if let Err(error) = &ready {
            tracing::error!(error = error as &dyn std::error::Error, "not ready");
        }
        ready.is_ok()
    };
    if readiness.ask(move || clock.now(), check).await {
        "ready\n".into_response()
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not ready: see the server's log\n").into_response()
    }
}

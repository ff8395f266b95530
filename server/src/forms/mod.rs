//! Forms, as the browser posts them. A good one is answered with a redirect (303), so that reloading sends nothing
//! twice; a bad one with its page, rendered again with what was typed and a sentence at each field.

mod account;
mod consultation;
mod form_replay;
mod guest;
mod language;
mod organisation;
mod session;
mod to_page;

use anteroom_app::api::{ApiError, CanonicalPath, Flash, FormState, RequestId};
use anteroom_app::forms::FieldErrors;
use anteroom_app::paths;
use anteroom_app::words::{NotDone, Told};
use anteroom_i18n::{Lang, text};
use anteroom_service::Actor;
use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use http::header::SET_COOKIE;
use http::request::Parts;
use http::{HeaderMap, Method, Request, StatusCode, Uri};
use leptos::prelude::provide_context;
use serde::de::DeserializeOwned;

pub use to_page::form_to_page;

use crate::instance::Instance;
use crate::middleware::{lang, once};
use crate::state::AppState;
use crate::{cookies, pages};

pub fn routes(app: &AppState) -> Router<AppState> {
    Router::new()
        .route(paths::SIGN_IN, post(session::sign_in))
        .route(paths::SIGN_OUT, post(session::sign_out))
        .route(paths::SIGN_OUT_EVERYWHERE, post(session::sign_out_everywhere))
        .route("/account/sessions/{id}/end", post(session::end_session))
        .route(paths::SET_UP, post(session::set_up))
        .route(paths::ACCOUNT, post(account::change_password))
        .route(paths::LANGUAGE, post(language::choose))
        .route(paths::SCHEDULE, post(consultation::schedule))
        .route("/consultations/{id}/edit", post(consultation::change))
        .route("/consultations/{id}/cancel", post(consultation::cancel))
        .route("/consultations/{id}/outcome", post(consultation::note_outcome))
        .route("/consultations/{id}/guests", post(consultation::add_guest))
        .route(
            "/consultations/{id}/registration",
            post(consultation::open_registration),
        )
        .route(
            "/consultations/{id}/registration/close",
            post(consultation::close_registration),
        )
        .route("/r/{secret}", post(guest::register))
        .route("/consultations/{id}/guests/{guest}/link", post(consultation::make_link))
        .route(
            "/consultations/{id}/guests/{guest}/revoke",
            post(consultation::revoke_links),
        )
        .route(
            "/consultations/{id}/guests/{guest}/out",
            post(consultation::remove_guest),
        )
        .route(
            "/consultations/{id}/guests/{guest}/back",
            post(consultation::restore_guest),
        )
        .route("/consultations/{id}/guests/{guest}", post(consultation::change_guest))
        .route("/j/{secret}/cancel", post(guest::cancel))
        .route("/j/{secret}/rate", post(guest::rate))
        .route(paths::BRANCHES, post(organisation::add_branch))
        .route("/admin/branches/{id}", post(organisation::save_branch))
        .route(paths::SERVICES, post(organisation::add_service))
        .route("/admin/services/{id}", post(organisation::save_service))
        .route(paths::JOBS, post(organisation::try_job_again))
        .route(paths::TEAMS, post(organisation::set_tenants))
        .route(paths::TEAMS_IDENTITIES, post(organisation::acknowledge_identity))
        .route(paths::ACCOUNTS, post(organisation::add_account))
        .route("/admin/accounts/{id}", post(organisation::save_account))
        .route_layer(from_fn_with_state(app.clone(), once))
        .route_layer(from_fn_with_state(app.clone(), form_replay::keep))
}

/// Someone who has signed in; everybody else is led to the sign-in page, and what they typed goes along (see [`kept`]).
pub struct Signed(pub Actor);

impl FromRequestParts<AppState> for Signed {
    type Rejection = Redirect;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Redirect> {
        let actor = parts.extensions.get::<Actor>().cloned();
        actor
            .map(Self)
            .ok_or_else(|| Redirect::to(&form_replay::sign_in_for(parts.uri.path())))
    }
}

/// The fields of a form. What can't be read as one is answered in words: a browser does not send it, but a person may
/// paste a book into a field.
pub struct Form<T>(pub T);

impl<T: DeserializeOwned> FromRequest<AppState> for Form<T> {
    type Rejection = (StatusCode, &'static str);

    async fn from_request(request: Request<Body>, app: &AppState) -> Result<Self, Self::Rejection> {
        let lang = lang(request.extensions());
        match axum::Form::from_request(request, app).await {
            Ok(axum::Form(form)) => Ok(Self(form)),
            Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err((StatusCode::PAYLOAD_TOO_LARGE, text!(lang, guest::answer::too_long)))
            }
            Err(rejection) => Err((rejection.status(), text!(lang, guest::answer::form_unreadable))),
        }
    }
}

/// What a path names. What it can't name is no address of ours, and is answered as such.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<AppState> for Path<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Response> {
        if let Ok(axum::extract::Path(named)) = axum::extract::Path::from_request_parts(parts, app).await {
            return Ok(Self(named));
        }
        let Ok(asked) = Asked::from_request_parts(parts, app).await;
        Err(asked.page(app, NOWHERE, StatusCode::NOT_FOUND, || {}).await)
    }
}

/// A path that no page has.
const NOWHERE: &str = "/nowhere";

/// The request as the page's rendering wants to see it: who asks, and nothing of what was posted.
pub struct Asked {
    path: String,
    headers: HeaderMap,
    actor: Option<Actor>,
    id: Option<RequestId>,
    lang: Lang,
}

impl FromRequestParts<AppState> for Asked {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Self::Rejection> {
        Ok(Self {
            path: parts.uri.path().to_owned(),
            headers: parts.headers.clone(),
            actor: parts.extensions.get::<Actor>().cloned(),
            id: parts.extensions.get::<RequestId>().cloned(),
            lang: lang(&parts.extensions),
        })
    }
}

impl Asked {
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The page at `path`, with a form that came back.
    pub async fn again<F>(self, app: &AppState, path: &str, returned: FormState<F>, status: StatusCode) -> Response
    where
        F: Clone + Send + Sync + 'static,
    {
        self.page(app, path, status, move || provide_context(returned.clone()))
            .await
    }

    async fn page(
        self,
        app: &AppState,
        path: &str,
        status: StatusCode,
        context: impl Fn() + Clone + Send + Sync + 'static,
    ) -> Response {
        let Ok(uri) = path.parse::<Uri>() else {
            return StatusCode::NOT_FOUND.into_response();
        };
        let mut request = Request::new(Body::empty());
        *request.method_mut() = Method::GET;
        *request.uri_mut() = uri.clone();
        *request.headers_mut() = self.headers;
        request.extensions_mut().insert(self.lang);
        if let Some(actor) = self.actor {
            request.extensions_mut().insert(actor);
        }
        if let Some(id) = self.id {
            request.extensions_mut().insert(id);
        }
        // The browser is where it sent the form to; the page is that of another address.
        let shown_at = (path != NOWHERE && uri.path() != self.path).then(|| CanonicalPath(path.to_owned()));
        let context = move || {
            context();
            if let Some(shown_at) = shown_at.clone() {
                provide_context(shown_at);
            }
        };
        let mut response = pages::render(app, request, context).await;
        if response.status() == StatusCode::OK {
            *response.status_mut() = status;
        }
        response
    }

    /// What a use case answered: on to `there`, or the page at `path` again.
    pub async fn answer<T, F>(
        self,
        app: &AppState,
        path: &str,
        form: F,
        result: Result<T, impl Into<NotDone>>,
        there: impl FnOnce(T) -> Response,
    ) -> Response
    where
        F: Clone + Send + Sync + 'static,
    {
        match result {
            Ok(done) => there(done),
            Err(error) => {
                let told = self.told(error.into());
                self.again_with(app, path, form, told).await
            }
        }
    }

    /// The page at `path`, with a form that came back and what is said about it.
    pub async fn again_with<F>(self, app: &AppState, path: &str, form: F, told: Told) -> Response
    where
        F: Clone + Send + Sync + 'static,
    {
        let Told { status, errors, free } = told;
        self.again(app, path, FormState { form, errors, free }, status).await
    }

    /// Why something is not done, for whoever asked. A fault of ours is logged.
    pub fn told(&self, not_done: NotDone) -> Told {
        Told::of(not_done, self.lang).unwrap_or_else(|source| {
            tracing::error!(
                error = &*source as &dyn std::error::Error,
                "a form could not be carried out"
            );
            Told {
                status: StatusCode::INTERNAL_SERVER_ERROR,
                errors: FieldErrors::one("", ApiError::Internal(self.id.clone()).sentence(self.lang)),
                free: Vec::new(),
            }
        })
    }
}

pub fn see(path: &str) -> Response {
    Redirect::to(path).into_response()
}

/// How long it may take from one page to the next.
const DONE_SECONDS: i64 = 60;

/// On to a page that says what was done.
pub fn see_done(site: &Instance, path: &str, done: Flash) -> Response {
    let mut response = see(path);
    if let Some(cookie) = cookies::set(site, cookies::DONE, done.as_str(), Some(DONE_SECONDS)) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

use std::net::SocketAddr;

use anteroom_app::api::session::sign_in_form::{SetUpForm, SignInForm};
use anteroom_app::api::{Flash, FormState};
use anteroom_app::forms::FieldErrors;
use anteroom_app::paths;
use anteroom_app::words::{NotDone, Sentence as _};
use anteroom_domain::account::AccountRole;
use anteroom_domain::id::SessionId;
use anteroom_domain::time::Zone;
use anteroom_i18n::{Lang, text};
use anteroom_service::{Browser, Chosen, NewAccount, SignIn, SignInError};
use axum::extract::{ConnectInfo, State};
use axum::response::Response;
use http::StatusCode;
use http::header::SET_COOKIE;

use super::{Asked, Form, Path, Signed, form_replay, see, see_done};
use crate::browser::browser_name;
use crate::cookies;
use crate::network::network;
use crate::state::AppState;

pub async fn sign_in(
    State(app): State<AppState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    asked: Asked,
    Form(form): Form<SignInForm>,
) -> Response {
    let headers = asked.headers();
    let network = network(&app.site, headers, peer);
    let known = cookies::read(&app.site, headers, cookies::BROWSER);
    let name = browser_name(headers);
    let before = cookies::read(&app.site, headers, cookies::SESSION);
    let tried = app
        .use_cases
        .sign_in(SignIn {
            email: &form.email,
            password: &form.password,
            own: &form.own,
            network: &network,
            browser: Browser {
                secret: known.as_deref(),
                name: &name,
            },
            before: before.as_deref(),
        })
        .await;
    let form = SignInForm {
        password: String::new(),
        asks_own: matches!(tried, Err(SignInError::Given)) || !form.own.is_empty(),
        own: String::new(),
        ..form
    };
    let refusal = match tried {
        Ok(signed) => {
            let mut response = match form_replay::show(&app, asked, &form, &signed.session).await {
                Some(filled_in) => filled_in,
                None => see(paths::safe_next(&form.next)),
            };
            let session = cookies::set(&app.site, cookies::SESSION, signed.session.reveal(), None);
            let browser = cookies::set(
                &app.site,
                cookies::BROWSER,
                signed.browser.reveal(),
                Some(cookies::YEAR_SECONDS),
            );
            for cookie in [session, browser].into_iter().flatten() {
                response.headers_mut().append(SET_COOKIE, cookie);
            }
            return response;
        }
        Err(SignInError::Other(error)) => {
            let told = asked.told(error.into()).at("password", "own");
            return asked.again_with(&app, paths::SIGN_IN, form, told).await;
        }
        Err(refusal) => refusal,
    };
    if matches!(refusal, SignInError::Wrong) {
        app.refusals.wrong_password();
    }
    let status = match refusal {
        SignInError::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
        SignInError::Busy => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let errors = FieldErrors::one("", refusal.sentence(asked.lang));
    asked
        .again(
            &app,
            paths::SIGN_IN,
            FormState {
                form,
                errors,
                free: Vec::new(),
            },
            status,
        )
        .await
}

pub async fn sign_out(State(app): State<AppState>, asked: Asked) -> Response {
    if let Some(secret) = cookies::read(&app.site, asked.headers(), cookies::SESSION)
        && let Err(error) = app.use_cases.sign_out(&secret).await
    {
        tracing::error!(error = &error as &dyn std::error::Error, "a session could not be ended");
        return asked
            .answer(&app, paths::ACCOUNT, (), Err::<(), _>(error), |()| see(paths::SIGN_IN))
            .await;
    }
    signed_out(&app)
}

pub async fn sign_out_everywhere(State(app): State<AppState>, Signed(actor): Signed, asked: Asked) -> Response {
    let browser = cookies::read(&app.site, asked.headers(), cookies::BROWSER);
    let result = app.use_cases.sign_out_everywhere(&actor, browser.as_deref()).await;
    asked
        .answer(&app, paths::ACCOUNT, (), result, |()| signed_out(&app))
        .await
}

/// Signs out one of one's own browsers, from another.
pub async fn end_session(
    State(app): State<AppState>,
    Path(session): Path<i64>,
    Signed(actor): Signed,
    asked: Asked,
) -> Response {
    let result = app.use_cases.end_own_session(&actor, SessionId(session)).await;
    asked
        .answer(&app, paths::ACCOUNT, (), result, |()| {
            see_done(&app.site, paths::ACCOUNT, Flash::SignedOut)
        })
        .await
}

fn signed_out(app: &AppState) -> Response {
    let mut response = see(paths::SIGN_IN);
    if let Some(cookie) = cookies::forget(&app.site, cookies::SESSION) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

pub async fn set_up(State(app): State<AppState>, asked: Asked, Form(form): Form<SetUpForm>) -> Response {
    let result = set_up_with(&app, &form, asked.lang).await;
    let shown = SetUpForm {
        code: String::new(),
        password: String::new(),
        ..form
    };
    asked
        .answer(&app, paths::SET_UP, shown, result, |()| see(paths::SIGN_IN))
        .await
}

async fn set_up_with(app: &AppState, form: &SetUpForm, lang: Lang) -> Result<(), NotDone> {
    let code = app.site.setup_code.as_ref().filter(|code| {
        // Compared by hash: how long it takes says nothing about how much of it was right.
        anteroom_service::hash_secret(form.code.trim()) == code.hash()
    });
    if code.is_none() {
        return Err(FieldErrors::one("code", text!(lang, staff::sign_in::wrong_set_up_code)).into());
    }
    let mut errors = FieldErrors::default();
    let name = errors.take(lang, "name", form.name.parse());
    let email = errors.take(lang, "email", form.email.parse());
    let zone = errors.take(lang, "zone", form.zone.parse::<Zone>());
    let password = errors.take(lang, "password", form.password.parse());
    let (Some(name), Some(email), Some(zone), Some(password)) = (name, email, zone, password) else {
        return Err(errors.into());
    };
    let new = NewAccount {
        chosen: Chosen::ByOwner,
        entra_id: None,
        email,
        name,
        password,
        role: AccountRole::Admin,
        branch: None,
        zone,
    };
    app.use_cases.set_up(new).await?;
    Ok(())
}

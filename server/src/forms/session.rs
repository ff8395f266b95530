use std::net::{IpAddr, SocketAddr};

use anteroom_app::api::Returned;
use anteroom_app::api::session::sign_in_form::{SetUpForm, SignInForm};
use anteroom_app::paths;
use anteroom_domain::account::AccountRole;
use anteroom_domain::form::FieldErrors;
use anteroom_domain::time::Zone;
use anteroom_service::{Error, NewAccount, SignInError};
use axum::extract::{ConnectInfo, State};
use axum::response::Response;
use http::header::SET_COOKIE;
use http::{HeaderMap, StatusCode};

use super::{Asked, Form, Signed, see};
use crate::cookies;
use crate::state::{AppState, Site};

/// A browser is known again for a year.
const BROWSER_SECONDS: i64 = 365 * 24 * 3600;

/// Where a request comes from, as sign-in attempts are counted: an IPv4 address, or the /64 that an IPv6 client can
/// choose its addresses from.
fn network(site: &Site, headers: &HeaderMap, peer: SocketAddr) -> String {
    let said = site
        .client_address_header
        .as_ref()
        .and_then(|name| headers.get(name))
        .and_then(|value| value.to_str().ok());
    // The last address is the one that our own proxy wrote down; what stands before it, anybody can claim.
    let said = said
        .and_then(|value| value.rsplit(',').next())
        .and_then(|address| address.trim().parse::<IpAddr>().ok());
    match said.unwrap_or(peer.ip()).to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

pub async fn sign_in(
    State(app): State<AppState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    asked: Asked,
    Form(form): Form<SignInForm>,
) -> Response {
    let headers = asked.headers();
    let network = network(&app.site, headers, peer);
    let browser = cookies::read(&app.site, headers, cookies::BROWSER);
    let before = cookies::read(&app.site, headers, cookies::SESSION);
    let tried = app
        .services
        .sign_in(
            &form.email,
            &form.password,
            &network,
            browser.as_deref(),
            before.as_deref(),
        )
        .await;
    let form = SignInForm {
        password: String::new(),
        ..form
    };
    let sentence = match tried {
        Ok(signed) => {
            let mut response = see(paths::safe_next(&form.next));
            let session = cookies::set(&app.site, cookies::SESSION, signed.session.reveal(), None);
            let browser = cookies::set(
                &app.site,
                cookies::BROWSER,
                signed.browser.reveal(),
                Some(BROWSER_SECONDS),
            );
            for cookie in [session, browser].into_iter().flatten() {
                response.headers_mut().append(SET_COOKIE, cookie);
            }
            return response;
        }
        Err(SignInError::Other(error)) => {
            return asked
                .answer(&app, paths::SIGN_IN, form, Err::<(), _>(error), |()| see(paths::TODAY))
                .await;
        }
        Err(sentence) => sentence,
    };
    let status = match sentence {
        SignInError::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let errors = FieldErrors::one("", sentence.to_string());
    asked
        .again(
            &app,
            paths::SIGN_IN,
            Returned {
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
        && let Err(error) = app.services.sign_out(&secret).await
    {
        tracing::error!(error = &error as &dyn std::error::Error, "a session could not be ended");
        return asked
            .answer(&app, paths::ACCOUNT, (), Err::<(), _>(error), |()| see(paths::SIGN_IN))
            .await;
    }
    signed_out(&app)
}

pub async fn sign_out_everywhere(State(app): State<AppState>, Signed(staff): Signed, asked: Asked) -> Response {
    let result = app.services.sign_out_everywhere(&staff).await;
    asked
        .answer(&app, paths::ACCOUNT, (), result, |()| signed_out(&app))
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
    let result = set_up_with(&app, &form).await;
    let shown = SetUpForm {
        code: String::new(),
        password: String::new(),
        ..form
    };
    asked
        .answer(&app, paths::SET_UP, shown, result, |()| see(paths::SIGN_IN))
        .await
}

async fn set_up_with(app: &AppState, form: &SetUpForm) -> Result<(), Error> {
    let code = app.site.setup_code.as_ref().filter(|code| {
        // Compared by hash: how long it takes says nothing about how much of it was right.
        anteroom_service::hash_secret(form.code.trim()) == code.hash()
    });
    if code.is_none() {
        let sentence = "This is not the code that the server printed when it started. Copy it from the terminal.";
        return Err(Error::Invalid(FieldErrors::one("code", sentence)));
    }
    let zone: Zone = form.zone.parse().map_err(|error| {
        let error: anteroom_domain::time::UnknownZone = error;
        Error::Invalid(FieldErrors::one("zone", error.to_string()))
    })?;
    let new = NewAccount {
        entra_id: String::new(),
        email: form.email.clone(),
        name: form.name.clone(),
        password: form.password.clone(),
        role: AccountRole::Admin,
        branch: None,
        zone,
    };
    app.services.set_up(new).await.map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderName, HeaderValue};

    #[test]
    fn a_client_address_is_believed_only_from_a_configured_proxy() {
        let mut site = Site {
            branding: Default::default(),
            assets: Default::default(),
            public_url: None,
            client_address_header: None,
            teams_client: None,
            teams_connect: Vec::new(),
            logo: None,
            setup_code: None,
        };
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static("198.51.100.7, 203.0.113.9"));
        let peer = "[2001:db8:1:2:3:4:5:6]:4711".parse().unwrap();
        assert_eq!(network(&site, &headers, peer), "2001:db8:1:2::/64");
        site.client_address_header = Some(HeaderName::from_static("x-forwarded-for"));
        assert_eq!(network(&site, &headers, peer), "203.0.113.9");
    }
}

use std::net::SocketAddr;

use anteroom_app::api::consultation::details::CancelForm;
use anteroom_app::api::guest::registration::RegisterForm;
use anteroom_app::paths;
use anteroom_service::{Actor, Error, Registrant, Secret};
use axum::extract::{ConnectInfo, State};
use axum::response::Response;
use serde::Deserialize;

use super::{Asked, Form, Path, see};
use crate::network::network;
use crate::rate_limiter::Act;
use crate::state::AppState;

async fn check_rate(app: &AppState, act: Act, asked: &Asked, peer: SocketAddr, secret: &str) -> Result<(), Error> {
    let network = network(&app.site, asked.headers(), peer);
    app.rate_limiter.check(&app.use_cases, act, &network, secret).await
}

pub async fn cancel(
    State(app): State<AppState>,
    Path(secret): Path<String>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    asked: Asked,
    Form(form): Form<CancelForm>,
) -> Response {
    let result = match check_rate(&app, Act::Decline, &asked, peer, &secret).await {
        Ok(()) => app
            .use_cases
            .decline_invitation(&Actor::with_link(&secret), &form.reason)
            .await
            .map(drop),
        Err(error) => Err(error),
    };
    asked
        .answer(&app, &paths::invitation(&secret), form, result, |()| {
            see(&paths::invitation(&secret))
        })
        .await
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct RateForm {
    pub stars: String,
}

pub async fn rate(
    State(app): State<AppState>,
    Path(secret): Path<String>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    asked: Asked,
    Form(form): Form<RateForm>,
) -> Response {
    let result = match check_rate(&app, Act::Rate, &asked, peer, &secret).await {
        Ok(()) => {
            app.use_cases
                .rate(&Actor::with_link(&secret), form.stars.parse().unwrap_or(0))
                .await
        }
        Err(error) => Err(error),
    };
    asked
        .answer(&app, &paths::invitation(&secret), (), result, |()| {
            see(&paths::invitation(&secret))
        })
        .await
}

pub async fn register(
    State(app): State<AppState>,
    Path(secret): Path<String>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    asked: Asked,
    Form(form): Form<RegisterForm>,
) -> Response {
    let registrant = Registrant {
        name: &form.name,
        email: &form.email,
        zone: &form.zone,
        language: &form.language,
    };
    let result = match check_rate(&app, Act::Register, &asked, peer, &secret).await {
        Ok(()) => app.use_cases.register(&Actor::with_link(&secret), &registrant).await,
        Err(error) => Err(error),
    };
    asked
        .answer(&app, &paths::registration(&secret), form, result, |link: Secret| {
            see(&paths::invitation(link.reveal()))
        })
        .await
}

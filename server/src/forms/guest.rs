use std::net::SocketAddr;

use anteroom_app::forms::{CancelForm, FieldErrors, RegisterForm};
use anteroom_app::paths;
use anteroom_app::words::{NotDone, Sentence as _};
use anteroom_domain::value::Stars;
use anteroom_service::{Actor, Error, Register, Secret};
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
    let result: Result<_, NotDone> = async {
        check_rate(&app, Act::Decline, &asked, peer, &secret).await?;
        let (link, reason) = (Actor::with_link(&secret), form.parse(asked.lang)?);
        app.use_cases.decline_invitation(&link, reason).await?;
        Ok(())
    }
    .await;
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
    let result: Result<_, NotDone> = async {
        check_rate(&app, Act::Rate, &asked, peer, &secret).await?;
        let stars = form.stars.parse::<Stars>();
        let stars = stars.map_err(|wrong| FieldErrors::one("", wrong.sentence(asked.lang)))?;
        app.use_cases.rate(&Actor::with_link(&secret), stars).await?;
        Ok(())
    }
    .await;
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
    let result: Result<_, NotDone> = async {
        check_rate(&app, Act::Register, &asked, peer, &secret).await?;
        let (name, email, zone) = form.parse(asked.lang)?;
        let register = Register {
            name,
            email,
            zone,
            language: asked.lang.tag().parse().ok(),
        };
        Ok(app.use_cases.register(&Actor::with_link(&secret), register).await?)
    }
    .await;
    asked
        .answer(&app, &paths::registration(&secret), form, result, |link: Secret| {
            see(&paths::invitation(link.reveal()))
        })
        .await
}

use anteroom_app::api::consultation::details::CancelForm;
use anteroom_app::api::guest::registration::RegisterForm;
use anteroom_app::paths;
use anteroom_service::Secret;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use super::{Asked, Form, Path, see};
use crate::state::AppState;

pub async fn cancel(
    State(app): State<AppState>,
    Path(secret): Path<String>,
    asked: Asked,
    Form(form): Form<CancelForm>,
) -> Response {
    let result = app.services.cancel_as_guest(&secret, &form.reason).await;
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
    asked: Asked,
    Form(form): Form<RateForm>,
) -> Response {
    let result = app.services.rate(&secret, form.stars.parse().unwrap_or(0)).await;
    asked
        .answer(&app, &paths::invitation(&secret), (), result, |()| {
            see(&paths::invitation(&secret))
        })
        .await
}

pub async fn register(
    State(app): State<AppState>,
    Path(secret): Path<String>,
    asked: Asked,
    Form(form): Form<RegisterForm>,
) -> Response {
    let result = app.services.register(&secret, &form.name, &form.email).await;
    asked
        .answer(&app, &paths::registration(&secret), form, result, |link: Secret| {
            see(&paths::invitation(link.reveal()))
        })
        .await
}

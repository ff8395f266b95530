use anteroom_app::api::Flash;
use anteroom_app::api::session::sign_in_form::PasswordForm;
use anteroom_app::paths;
use axum::extract::State;
use axum::response::Response;

use super::{Asked, Form, Signed, see_done};
use crate::cookies;
use crate::state::AppState;

/// Ends every session, so that whoever knew the old password is out; this person signs in with the new one.
pub async fn change_password(
    State(app): State<AppState>,
    Signed(actor): Signed,
    asked: Asked,
    Form(form): Form<PasswordForm>,
) -> Response {
    let browser = cookies::read(&app.site, asked.headers(), cookies::BROWSER);
    let result = app
        .use_cases
        .change_password(&actor, browser.as_deref(), &form.current, &form.new)
        .await;
    asked
        .answer(&app, paths::ACCOUNT, PasswordForm::default(), result, |()| {
            see_done(&app.site, paths::SIGN_IN, Flash::PasswordChanged)
        })
        .await
}

use anteroom_app::api::Flash;
use anteroom_app::api::session::sign_in_form::PasswordForm;
use anteroom_app::forms::FieldErrors;
use anteroom_app::paths;
use anteroom_app::words::{NotDone, Sentence as _};
use anteroom_domain::value::Password;
use anteroom_service::ChangePassword;
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
    let result: Result<_, NotDone> = async {
        let new = form.new.parse::<Password>();
        let command = ChangePassword {
            browser: browser.as_deref(),
            current: &form.current,
            new: new.map_err(|wrong| FieldErrors::one("new", wrong.sentence(asked.lang)))?,
        };
        Ok(app.use_cases.change_password(&actor, command).await?)
    }
    .await;
    match result {
        Ok(()) => see_done(&app.site, paths::SIGN_IN, Flash::PasswordChanged),
        Err(not_done) => {
            let told = asked.told(not_done).at("password", "new");
            asked
                .again_with(&app, paths::ACCOUNT, PasswordForm::default(), told)
                .await
        }
    }
}

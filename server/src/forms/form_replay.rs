//! What was typed when the session had ended. It goes along with the sign-in form, in the pages of that one browser and
//! nowhere else, and after signing in stands in its own form again, to be sent by a person's click.

use anteroom_app::api::FormState;
use anteroom_app::api::organisation::teams::TenantsForm;
use anteroom_app::api::session::sign_in_form::SignInForm;
use anteroom_app::forms::{
    AccountForm, BranchForm, CancelForm, ConsultationForm, FieldErrors, GuestForm, OutcomeForm, ServiceForm,
};
use anteroom_app::paths;
use anteroom_domain::id::{AccountId, BranchId, ConsultationId, GuestId, ServiceId};
use anteroom_i18n::text;
use anteroom_service::{Actor, Secret};
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{Request, StatusCode};
use serde::de::DeserializeOwned;

use super::{Asked, see};
use crate::middleware::MAX_BODY_BYTES;
use crate::state::AppState;

/// Longer than any form that is good, and short enough to be sent once more, encoded again, beside a sign-in.
const MAX_KEPT: usize = 64 * 1024;
/// Never kept, whichever form they are of.
const SECRETS: [&str; 4] = ["password", "current", "new", "code"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Consultation,
    Cancel,
    Outcome,
    Guest,
    Branch,
    Service,
    Account,
    Tenants,
    /// Nothing but a button, or nothing but secrets.
    Bare,
}

/// The page that a form of staff stands on, by the path that it is posted to. None: no such form.
fn find(path: &str) -> Option<(String, Kind)> {
    let segments: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
    let found = match segments.as_slice() {
        ["consultations", "new"] => (paths::SCHEDULE.to_owned(), Kind::Consultation),
        ["consultations", id, rest @ ..] => {
            let id: ConsultationId = id.parse().ok()?;
            let page = paths::consultation(id);
            match rest {
                ["edit"] => (paths::edit(id), Kind::Consultation),
                ["cancel"] => (page, Kind::Cancel),
                ["outcome"] => (page, Kind::Outcome),
                ["guests"] => (page, Kind::Guest),
                ["guests", guest] => (paths::guest(id, GuestId(guest.parse().ok()?)), Kind::Guest),
                ["guests", _, "link" | "revoke" | "out" | "back"] | ["registration"] | ["registration", "close"] => {
                    (page, Kind::Bare)
                }
                _ => return None,
            }
        }
        ["admin", "branches"] => (paths::BRANCHES.to_owned(), Kind::Branch),
        ["admin", "branches", id] => (paths::branch(BranchId(id.parse().ok()?)), Kind::Branch),
        ["admin", "services"] => (paths::SERVICES.to_owned(), Kind::Service),
        ["admin", "services", id] => (paths::service(ServiceId(id.parse().ok()?)), Kind::Service),
        ["admin", "accounts"] => (paths::ACCOUNTS.to_owned(), Kind::Account),
        ["admin", "accounts", id] => (paths::account(AccountId(id.parse().ok()?)), Kind::Account),
        ["admin", "jobs"] => (paths::JOBS.to_owned(), Kind::Bare),
        ["admin", "teams"] => (paths::TEAMS.to_owned(), Kind::Tenants),
        ["admin", "teams", "identities"] => (paths::TEAMS.to_owned(), Kind::Bare),
        ["account"] | ["account", "sign-out-everywhere"] | ["account", "sessions", _, "end"] => {
            (paths::ACCOUNT.to_owned(), Kind::Bare)
        }
        _ => return None,
    };
    Some(found)
}

/// The page that a form stands on, anybody's.
pub fn page_of(path: &str) -> Option<String> {
    let segments: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
    match segments.as_slice() {
        ["j", secret, "cancel" | "rate"] => Some(paths::invitation(secret)),
        ["sign-out"] => Some(paths::TODAY.to_owned()),
        _ => find(path).map(|(page, _)| page),
    }
}

/// Where somebody signs in who has sent a form to this path, and where they are led then.
pub fn sign_in_for(path: &str) -> String {
    match find(path) {
        Some((page, _)) => paths::sign_in_then(&page),
        None => paths::SIGN_IN.to_owned(),
    }
}

/// Around every form: who has not signed in is asked to, with what they typed.
pub async fn keep(State(app): State<AppState>, request: Request<Body>, next: Next) -> Response {
    let is_signed_in = request.extensions().get::<Actor>().is_some();
    let path = request.uri().path().to_owned();
    let Some((page, kind)) = find(&path).filter(|_| !is_signed_in) else {
        return next.run(request).await;
    };
    let is_form = request.headers().get(CONTENT_TYPE).is_some_and(|kind| {
        kind.to_str()
            .is_ok_and(|kind| kind.starts_with("application/x-www-form-urlencoded"))
    });
    let (mut parts, body) = request.into_parts();
    let Ok(asked) = Asked::from_request_parts(&mut parts, &app).await;
    let Ok(body) = to_bytes(body, MAX_BODY_BYTES).await else {
        return (
            StatusCode::PAYLOAD_TOO_LARGE,
            text!(asked.lang, guest::answer::too_long),
        )
            .into_response();
    };
    let kept = match kind {
        Kind::Bare => String::new(),
        _ if is_form => typed(&body).unwrap_or_default(),
        _ => String::new(),
    };
    let there = paths::sign_in_then(&page);
    if kept.is_empty() {
        return see(&there);
    }
    let errors = FieldErrors::one("", text!(asked.lang, staff::sign_in::kept_what_was_typed));
    let form = SignInForm {
        next: page,
        target: path,
        kept,
        ..SignInForm::default()
    };
    let returned = FormState {
        form,
        errors,
        free: Vec::new(),
    };
    asked.again(&app, &there, returned, StatusCode::UNAUTHORIZED).await
}

/// The fields, without secrets, as they are written in a form's body.
fn typed(body: &[u8]) -> Option<String> {
    let mut fields: Vec<(String, String)> = serde_urlencoded::from_bytes(body).ok()?;
    fields.retain(|(name, value)| !value.is_empty() && !SECRETS.contains(&name.as_str()));
    let kept = serde_urlencoded::to_string(fields).ok()?;
    (kept.len() <= MAX_KEPT).then_some(kept)
}

/// The form that was kept, filled in again for who has just signed in. None where nothing was kept.
pub async fn show(app: &AppState, asked: Asked, form: &SignInForm, session: &Secret) -> Option<Response> {
    let (page, kind) = find(&form.target)?;
    if form.kept.is_empty() {
        return None;
    }
    let actor = app.use_cases.session(session.reveal()).await.ok()??;
    let asked = Asked {
        actor: Some(actor),
        ..asked
    };
    let (page, kept) = (page.as_str(), form.kept.as_str());
    match kind {
        Kind::Consultation => back::<ConsultationForm>(app, asked, page, kept).await,
        Kind::Cancel => back::<CancelForm>(app, asked, page, kept).await,
        Kind::Outcome => back::<OutcomeForm>(app, asked, page, kept).await,
        Kind::Guest => back::<GuestForm>(app, asked, page, kept).await,
        Kind::Branch => back::<BranchForm>(app, asked, page, kept).await,
        Kind::Service => back::<ServiceForm>(app, asked, page, kept).await,
        Kind::Account => back::<AccountForm>(app, asked, page, kept).await,
        Kind::Tenants => back::<TenantsForm>(app, asked, page, kept).await,
        Kind::Bare => None,
    }
}

async fn back<F>(app: &AppState, asked: Asked, page: &str, kept: &str) -> Option<Response>
where
    F: DeserializeOwned + Clone + Send + Sync + 'static,
{
    let returned = FormState {
        form: serde_urlencoded::from_str::<F>(kept).ok()?,
        errors: FieldErrors::one("", text!(asked.lang, staff::sign_in::nothing_saved_yet)),
        free: Vec::new(),
    };
    Some(asked.again(app, page, returned, StatusCode::OK).await)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_forms_of_staff_are_kept() {
        for path in [
            "/sign-in",
            "/setup",
            "/j/secret/cancel",
            "/r/secret",
            "/consultations/x/edit",
            "//evil.example",
            "",
        ] {
            assert_eq!(find(path), None, "{path}");
        }
        let edit = find("/consultations/7/edit");
        assert_eq!(edit, Some(("/consultations/7/edit".to_owned(), Kind::Consultation)));
        assert_eq!(find("/account").map(|(_, kind)| kind), Some(Kind::Bare));
    }

    #[test]
    fn a_secret_is_never_kept_and_nothing_endless() {
        let kept = typed(b"name=Ann&password=hunter2hunter2&new=x&current=y&code=z&notes=a%26b").unwrap();
        assert_eq!(kept, "name=Ann&notes=a%26b");
        assert_eq!(typed(format!("notes={}", "x".repeat(MAX_KEPT)).as_bytes()), None);
    }
}

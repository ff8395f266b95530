use anteroom_app::api::{Flash, FormState, LinkOf};
use anteroom_app::forms::{CancelForm, ConsultationForm, GuestForm, OutcomeForm};
use anteroom_app::paths;
use anteroom_app::words::NotDone;
use anteroom_domain::id::{ConsultationId, GuestId};
use anteroom_domain::refusal::ConsultationRefusal;
use anteroom_service::{AddGuest, Cancel, Change, ChangeGuest, Error, NoteOutcome, OfGuest, Schedule, Secret};
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use http::header::SET_COOKIE;

use super::{Asked, Form, Path, Signed, see, see_done};
use crate::cookies;
use crate::instance::Instance;
use crate::pages::fresh_link_cookie;
use crate::state::AppState;

/// How long a link that was just made can be shown. It is shown on the page that follows at once.
const FRESH_SECONDS: i64 = 60;

pub async fn schedule(
    State(app): State<AppState>,
    Signed(actor): Signed,
    asked: Asked,
    Form(form): Form<ConsultationForm>,
) -> Response {
    if let Some(filled_in) = picked(&form) {
        return asked.again(&app, paths::SCHEDULE, filled_in, StatusCode::OK).await;
    }
    let result: Result<_, NotDone> = async {
        let (plan, guest) = form.parse(asked.lang)?;
        Ok(app.use_cases.schedule(&actor, Schedule { plan, guest }).await?)
    }
    .await;
    let there = |done: anteroom_service::Scheduled| {
        with_link(&app.site, done.consultation, LinkOf::Guest(done.guest), &done.link)
    };
    asked.answer(&app, paths::SCHEDULE, form, result, there).await
}

pub async fn change(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Path(id): Path<ConsultationId>,
    asked: Asked,
    Form(form): Form<ConsultationForm>,
) -> Response {
    if let Some(filled_in) = picked(&form) {
        return asked.again(&app, &paths::edit(id), filled_in, StatusCode::OK).await;
    }
    let result: Result<_, NotDone> = async {
        let (plan, guest) = form.parse(asked.lang)?;
        let change = Change {
            consultation: id,
            plan,
            guest,
            seen: form.seen(),
        };
        Ok(app.use_cases.change(&actor, change).await?)
    }
    .await;
    // Told what is different now, whoever sends it again has seen it.
    let form = match &result {
        Err(NotDone::Refused(Error::Consultation(refusals))) => match refusals.as_slice() {
            [ConsultationRefusal::Stale { version, .. }] => ConsultationForm {
                version: version.to_string(),
                ..form
            },
            _ => form,
        },
        _ => form,
    };
    asked
        .answer(&app, &paths::edit(id), form, result, |()| {
            see_done(&app.site, &paths::consultation(id), Flash::Saved)
        })
        .await
}

pub async fn cancel(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Path(id): Path<ConsultationId>,
    asked: Asked,
    Form(form): Form<CancelForm>,
) -> Response {
    let result: Result<_, NotDone> = async {
        let cancel = Cancel {
            consultation: id,
            reason: form.parse(asked.lang)?,
        };
        Ok(app.use_cases.cancel(&actor, cancel).await?)
    }
    .await;
    asked
        .answer(&app, &paths::consultation(id), form, result, |()| {
            see(&paths::consultation(id))
        })
        .await
}

pub async fn note_outcome(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Path(id): Path<ConsultationId>,
    asked: Asked,
    Form(form): Form<OutcomeForm>,
) -> Response {
    let result: Result<_, NotDone> = async {
        let (conclusion, outcome) = form.parse(asked.lang)?;
        let note = NoteOutcome {
            consultation: id,
            conclusion,
            outcome,
        };
        Ok(app.use_cases.note_outcome(&actor, note).await?)
    }
    .await;
    asked
        .answer(&app, &paths::consultation(id), form, result, |()| {
            see_done(&app.site, &paths::consultation(id), Flash::Saved)
        })
        .await
}

pub async fn add_guest(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Path(id): Path<ConsultationId>,
    asked: Asked,
    Form(form): Form<GuestForm>,
) -> Response {
    let result: Result<_, NotDone> = async {
        let add = AddGuest {
            consultation: id,
            guest: form.parse(asked.lang)?,
        };
        Ok(app.use_cases.add_guest(&actor, add).await?)
    }
    .await;
    let there = |(guest, link): (GuestId, Secret)| with_link(&app.site, id, LinkOf::Guest(guest), &link);
    asked.answer(&app, &paths::consultation(id), form, result, there).await
}

pub async fn change_guest(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Path((id, guest)): Path<(ConsultationId, GuestId)>,
    asked: Asked,
    Form(form): Form<GuestForm>,
) -> Response {
    let result: Result<_, NotDone> = async {
        let change = ChangeGuest {
            consultation: id,
            guest,
            terms: form.parse(asked.lang)?,
        };
        Ok(app.use_cases.change_guest(&actor, change).await?)
    }
    .await;
    asked
        .answer(&app, &paths::guest(id, guest), form, result, |()| {
            see_done(&app.site, &paths::consultation(id), Flash::Saved)
        })
        .await
}

pub async fn make_link(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Path((id, guest)): Path<(ConsultationId, GuestId)>,
    asked: Asked,
) -> Response {
    let result = app
        .use_cases
        .make_link(
            &actor,
            OfGuest {
                consultation: id,
                guest,
            },
        )
        .await;
    let there = |link: Secret| with_link(&app.site, id, LinkOf::Guest(guest), &link);
    asked.answer(&app, &paths::consultation(id), (), result, there).await
}

pub async fn revoke_links(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Path((id, guest)): Path<(ConsultationId, GuestId)>,
    asked: Asked,
) -> Response {
    let result = app
        .use_cases
        .revoke_links(
            &actor,
            OfGuest {
                consultation: id,
                guest,
            },
        )
        .await;
    asked
        .answer(&app, &paths::consultation(id), (), result, |()| {
            see(&paths::consultation(id))
        })
        .await
}

pub async fn remove_guest(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Path((id, guest)): Path<(ConsultationId, GuestId)>,
    asked: Asked,
) -> Response {
    let result = app
        .use_cases
        .remove_guest(
            &actor,
            OfGuest {
                consultation: id,
                guest,
            },
        )
        .await;
    asked
        .answer(&app, &paths::consultation(id), (), result, |()| {
            see(&paths::consultation(id))
        })
        .await
}

pub async fn restore_guest(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Path((id, guest)): Path<(ConsultationId, GuestId)>,
    asked: Asked,
) -> Response {
    let result = app
        .use_cases
        .restore_guest(
            &actor,
            OfGuest {
                consultation: id,
                guest,
            },
        )
        .await;
    asked
        .answer(&app, &paths::consultation(id), (), result, |()| {
            see(&paths::consultation(id))
        })
        .await
}

pub async fn open_registration(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Path(id): Path<ConsultationId>,
    asked: Asked,
) -> Response {
    let result = app.use_cases.open_registration(&actor, id).await;
    let there = |link: Secret| with_link(&app.site, id, LinkOf::Registration, &link);
    asked.answer(&app, &paths::consultation(id), (), result, there).await
}

pub async fn close_registration(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Path(id): Path<ConsultationId>,
    asked: Asked,
) -> Response {
    let result = app.use_cases.close_registration(&actor, id).await;
    asked
        .answer(&app, &paths::consultation(id), (), result, |()| {
            see(&paths::consultation(id))
        })
        .await
}

/// Where one of the free times was chosen that had been offered: the form with that time in it, to be sent by another
/// click.
fn picked(form: &ConsultationForm) -> Option<FormState<ConsultationForm>> {
    let start = form.pick.parse().ok()?;
    Some(FormState {
        form: form.clone().at(start),
        ..FormState::default()
    })
}

/// On to the consultation's page, which shows the link once. The link travels in a cookie of this browser, because a
/// URL would stay in its history.
fn with_link(site: &Instance, id: ConsultationId, of: LinkOf, link: &Secret) -> Response {
    let mut response = see(&paths::consultation(id));
    let value = fresh_link_cookie(id, of, link);
    if let Some(cookie) = cookies::set(site, cookies::FRESH_LINK, &value, Some(FRESH_SECONDS)) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

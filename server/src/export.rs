//! The consultations behind a figure, as a file for a spreadsheet.

use anteroom_app::api::consultation::list::ListForm;
use anteroom_domain::consultation::State as ConsultationState;
use anteroom_domain::figures::Outcome;
use anteroom_domain::id::ConsultationId;
use anteroom_domain::view::{ConsultationRow, HistoryLine};
use anteroom_service::Error;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::forms::Signed;
use crate::state::AppState;

/// `GET /dashboard/consultations.csv`, with the filters of the list. Times are UTC, RFC 3339.
pub async fn consultations(
    State(app): State<AppState>,
    Signed(staff): Signed,
    Query(form): Query<ListForm>,
) -> Response {
    match app.services.export(&staff, form.query(&staff.account().zone)).await {
        Ok(rows) => file("consultations.csv", write(&rows)),
        Err(Error::Forbidden) => (StatusCode::FORBIDDEN, "Only administrators can export.").into_response(),
        Err(Error::Refused(sentence)) => (StatusCode::UNPROCESSABLE_ENTITY, sentence).into_response(),
        Err(error) => failed(&error),
    }
}

/// `GET /consultations/<id>/events.csv`: every event of a consultation, what was announced and agreed to among them, with
/// the version of its text.
pub async fn events(State(app): State<AppState>, Signed(staff): Signed, Path(id): Path<ConsultationId>) -> Response {
    match app.services.consultation(&staff, id).await {
        Ok(details) => file("events.csv", write_events(&details.history)),
        Err(Error::NotFound | Error::Forbidden) => {
            (StatusCode::NOT_FOUND, "There is no such consultation.").into_response()
        }
        Err(error) => failed(&error),
    }
}

fn file(name: &str, csv: Result<Vec<u8>, csv::Error>) -> Response {
    match csv {
        Ok(csv) => {
            let headers = [
                (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
                (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
            ];
            (headers, csv).into_response()
        }
        Err(error) => failed(&error),
    }
}

/// Ids and times only, as the log holds them; `data` is the whole event as JSON.
fn write_events(lines: &[HistoryLine]) -> Result<Vec<u8>, csv::Error> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(["id", "at", "kind", "guest", "visit", "account", "data"])?;
    for HistoryLine { event, .. } in lines {
        let or_nothing = |id: Option<String>| id.unwrap_or_default();
        csv.write_record([
            event.id.to_string(),
            event.at.to_string(),
            event.happening.kind().to_owned(),
            or_nothing(event.guest.map(|id| id.to_string())),
            or_nothing(event.visit.map(|id| id.to_string())),
            or_nothing(event.by.map(|id| id.to_string())),
            serde_json::to_string(&event.happening).unwrap_or_default(),
        ])?;
    }
    csv.into_inner().map_err(|error| error.into_error().into())
}

fn failed(error: &(dyn std::error::Error + 'static)) -> Response {
    tracing::error!(error, "an export failed");
    (StatusCode::INTERNAL_SERVER_ERROR, "The export failed. Try again.").into_response()
}

fn write(rows: &[ConsultationRow]) -> Result<Vec<u8>, csv::Error> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record([
        "id",
        "starts_at",
        "ends_at",
        "zone",
        "branch",
        "service",
        "host",
        "guests",
        "state",
        "outcome",
    ])?;
    for row in rows {
        let state: ConsultationState = row.state;
        csv.write_record([
            &row.id.to_string(),
            &row.starts_at.to_string(),
            &row.ends_at.to_string(),
            row.zone.as_str(),
            &plain(&row.branch),
            &plain(&row.service),
            &plain(&row.host_name),
            &plain(&row.guests),
            state.as_str(),
            Outcome::of(state).as_str(),
        ])?;
    }
    csv.into_inner().map_err(|error| error.into_error().into())
}

/// A spreadsheet takes a text that begins like this for a formula (OWASP, CSV Injection).
fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_never_a_formula() {
        assert_eq!(plain("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
        assert_eq!(plain("Anna"), "Anna");
    }
}

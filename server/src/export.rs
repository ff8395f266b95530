//! The consultations behind a figure, as a file for a spreadsheet.

use anteroom_app::api::consultation::list::ListForm;
use anteroom_app::words::Sentence as _;
use anteroom_domain::event::EventActor;
use anteroom_domain::figures::Outcome;
use anteroom_domain::id::ConsultationId;
use anteroom_domain::view::HistoryLine;
use anteroom_i18n::{Lang, text};
use anteroom_service::Error;
use anteroom_service::port::ExportRow;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;

use crate::forms::Signed;
use crate::state::AppState;

/// `GET /dashboard/consultations.csv`, with the filters of the list. Instants are UTC, RFC 3339.
pub async fn consultations(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Extension(lang): Extension<Lang>,
    Query(form): Query<ListForm>,
) -> Response {
    let Ok(staff) = actor.staff() else {
        return StatusCode::FORBIDDEN.into_response();
    };
    match app.use_cases.export(&actor, form.query(&staff.account().zone)).await {
        Ok(rows) => file(lang, "consultations.csv", write(lang, &rows)),
        Err(Error::Forbidden) => (StatusCode::FORBIDDEN, text!(lang, admin::export::only_admins)).into_response(),
        Err(Error::Report(refusal)) => (StatusCode::UNPROCESSABLE_ENTITY, refusal.sentence(lang)).into_response(),
        Err(error) => failed(lang, &error),
    }
}

/// `GET /consultations/<id>/events.csv`: every event of a consultation, what was announced and agreed to among them, with
/// the version of its text.
pub async fn events(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Extension(lang): Extension<Lang>,
    Path(id): Path<ConsultationId>,
) -> Response {
    match app.use_cases.consultation(&actor, id).await {
        Ok(details) => file(lang, "events.csv", write_events(&details.history)),
        Err(Error::NotFound | Error::Forbidden) => {
            (StatusCode::NOT_FOUND, text!(lang, admin::export::no_consultation)).into_response()
        }
        Err(error) => failed(lang, &error),
    }
}

fn file(lang: Lang, name: &str, csv: Result<Vec<u8>, csv::Error>) -> Response {
    match csv {
        Ok(csv) => {
            let headers = [
                (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
                (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
            ];
            (headers, csv).into_response()
        }
        Err(error) => failed(lang, &error),
    }
}

/// Ids and times only, as the log holds them; `data` is the whole event as JSON.
fn write_events(lines: &[HistoryLine]) -> Result<Vec<u8>, csv::Error> {
    let mut csv = writer();
    csv.write_record([
        "id",
        "at",
        "kind",
        "guest",
        "visit",
        "account",
        "by_account",
        "by_guest",
        "data",
    ])?;
    for HistoryLine { event, .. } in lines {
        let or_nothing = |id: Option<String>| id.unwrap_or_default();
        let (by_account, by_guest) = match event.actor {
            EventActor::Staff(account) => (account.to_string(), String::new()),
            EventActor::Guest(guest) => (String::new(), guest.to_string()),
            EventActor::System => (String::new(), String::new()),
        };
        csv.write_record([
            event.id.to_string(),
            event.at.to_string(),
            event.kind.kind().to_owned(),
            or_nothing(event.guest.map(|id| id.to_string())),
            or_nothing(event.visit.map(|id| id.to_string())),
            or_nothing(event.account.map(|id| id.to_string())),
            by_account,
            by_guest,
            serde_json::to_string(&event.kind).unwrap_or_default(),
        ])?;
    }
    finished(csv)
}

fn failed(lang: Lang, error: &(dyn std::error::Error + 'static)) -> Response {
    tracing::error!(error, "an export failed");
    (StatusCode::INTERNAL_SERVER_ERROR, text!(lang, admin::export::failed)).into_response()
}

fn write(lang: Lang, exported: &[ExportRow]) -> Result<Vec<u8>, csv::Error> {
    let mut csv = writer();
    csv.write_record([
        text!(lang, admin::csv::id),
        text!(lang, admin::csv::starts_at),
        text!(lang, admin::csv::ends_at),
        text!(lang, admin::csv::zone),
        text!(lang, admin::csv::local_start),
        text!(lang, admin::csv::branch),
        text!(lang, admin::csv::service),
        text!(lang, admin::csv::host),
        text!(lang, admin::csv::guests),
        text!(lang, admin::csv::engine),
        text!(lang, admin::csv::state),
        text!(lang, admin::csv::outcome),
        text!(lang, admin::csv::waited_seconds),
        text!(lang, admin::csv::length_seconds),
        text!(lang, admin::csv::rating),
        text!(lang, admin::csv::conclusion),
        text!(lang, admin::csv::outcome_note),
    ])?;
    for export in exported {
        let row = &export.row;
        let seconds = |span: Option<SignedDuration>| span.map(|span| span.as_secs().to_string()).unwrap_or_default();
        let rating = export.rating.map(|rating| format!("{rating:.1}").replace(".0", ""));
        let conclusion = export.conclusion.map_or("", <&str>::from);
        csv.write_record([
            row.id.to_string().as_str(),
            &row.starts_at.to_string(),
            &row.ends_at.to_string(),
            row.zone.as_str(),
            // As spreadsheets of every language read a date.
            &row.zone.at(row.starts_at).strftime("%Y-%m-%d %H:%M").to_string(),
            &plain(&row.branch),
            &plain(&row.service),
            &plain(&row.host_name),
            &plain(&row.guests),
            export.engine.into_str(),
            row.state.into_str(),
            Outcome::of(row.state).into_str(),
            &seconds(export.waited),
            &seconds(export.length),
            &rating.unwrap_or_default(),
            conclusion,
            &plain(&export.outcome_note),
        ])?;
    }
    finished(csv)
}

/// Without the mark in front, Excel takes UTF-8 for the encoding of its own country.
fn writer() -> csv::Writer<Vec<u8>> {
    csv::Writer::from_writer("\u{FEFF}".as_bytes().to_vec())
}

fn finished(csv: csv::Writer<Vec<u8>>) -> Result<Vec<u8>, csv::Error> {
    csv.into_inner().map_err(|error| error.into_error().into())
}

/// A spreadsheet takes a text that begins like this for a formula (OWASP, CSV Injection). What separates cells depends on
/// the country: where it is a semicolon, a text that has one is two cells, and so it is with what begins behind a quote or
/// in a new line.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut begins = true;
    for c in text.chars() {
        if begins
            && matches!(
                c,
                '=' | '+' | '-' | '@' | '\u{FF1D}' | '\u{FF0B}' | '\u{FF0D}' | '\u{FF20}'
            )
        {
            plain.push('\'');
        }
        let separates = matches!(c, ';' | ',' | '|' | '\t' | '\r' | '\n' | '"');
        begins = separates || (begins && c.is_whitespace());
        plain.push(c);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_never_a_formula_wherever_it_is_cut() {
        for (typed, written) in [
            ("=HYPERLINK(\"x\")", "'=HYPERLINK(\"x\")"),
            ("x;=HYPERLINK(1)", "x;'=HYPERLINK(1)"),
            ("x\t+1", "x\t'+1"),
            ("x\"@SUM(1)", "x\"'@SUM(1)"),
            ("first\n  -2+3", "first\n  '-2+3"),
            ("\u{FF1D}1", "'\u{FF1D}1"),
            ("Anna-Lena O'Neil, 1+1=2", "Anna-Lena O'Neil, 1+1=2"),
        ] {
            assert_eq!(plain(typed), written);
        }
    }
}

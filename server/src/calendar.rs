//! The appointment as a calendar entry (RFC 5545).

use anteroom_domain::consultation::Stage;
use anteroom_domain::view::Landing;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;

use crate::state::AppState;

pub async fn appointment(State(app): State<AppState>, Path(secret): Path<String>, headers: HeaderMap) -> Response {
    let landing = match app.services.landing(&secret).await {
        Ok(Some(landing)) => landing,
        Ok(None) => return (StatusCode::NOT_FOUND, "This link does not work.").into_response(),
        Err(error) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "a calendar entry could not be made"
            );
            return (StatusCode::INTERNAL_SERVER_ERROR, "Please try again in a moment.").into_response();
        }
    };
    let url = format!(
        "{}{}",
        app.site.base(&headers),
        anteroom_app::paths::invitation(&secret)
    );
    // The same entry, however often it is fetched: a calendar then updates it instead of adding another.
    let uid = anteroom_service::hash_secret(&secret)
        .iter()
        .take(12)
        .map(|byte| format!("{byte:02x}"))
        .collect::<String>();
    let text = entry(&landing, &app.site.branding.organisation, &url, &uid);
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8; method=PUBLISH"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"appointment.ics\""),
    ];
    (headers, text).into_response()
}

fn entry(landing: &Landing, organisation: &str, url: &str, uid: &str) -> String {
    let cancelled = matches!(landing.stage, Stage::Cancelled { .. });
    let summary = format!("{} with {}", landing.service, landing.host);
    let description = format!("{organisation}, {}\nJoin here, in your browser: {url}", landing.branch);
    let lines = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Anteroom//Anteroom//EN".to_owned(),
        "METHOD:PUBLISH".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{uid}@anteroom"),
        format!("DTSTAMP:{}", utc(landing.now)),
        // A calendar takes the entry with the higher number for the newer one.
        format!("SEQUENCE:{}", landing.now.as_second() / 60),
        format!("DTSTART:{}", utc(landing.starts_at)),
        format!("DTEND:{}", utc(landing.ends_at)),
        format!("SUMMARY:{}", escape(&summary)),
        format!("DESCRIPTION:{}", escape(&description)),
        format!("LOCATION:{}", escape(url)),
        format!("URL:{url}"),
        format!("STATUS:{}", if cancelled { "CANCELLED" } else { "CONFIRMED" }),
        "BEGIN:VALARM".to_owned(),
        "ACTION:DISPLAY".to_owned(),
        "TRIGGER:-PT15M".to_owned(),
        format!("DESCRIPTION:{}", escape(&summary)),
        "END:VALARM".to_owned(),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
    ];
    lines.iter().map(|line| fold(line)).collect()
}

fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// RFC 5545 §3.3.11.
fn escape(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace(';', "\\;")
        .replace(',', "\\,")
        .replace('\n', "\\n")
        .replace('\r', "")
}

/// Lines of at most 75 octets, continued behind a space (RFC 5545 §3.1); no character is cut in two.
fn fold(line: &str) -> String {
    let mut folded = String::with_capacity(line.len() + 8);
    let mut octets = 0;
    for c in line.chars() {
        if octets + c.len_utf8() > 75 {
            folded.push_str("\r\n ");
            octets = 1;
        }
        folded.push(c);
        octets += c.len_utf8();
    }
    folded.push_str("\r\n");
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_between_characters() {
        let folded = fold(&format!("SUMMARY:{}", "ü".repeat(60)));
        for line in folded.trim_end().split("\r\n") {
            assert!(line.len() <= 75, "{}", line.len());
        }
        assert_eq!(folded.replace("\r\n ", ""), format!("SUMMARY:{}\r\n", "ü".repeat(60)));
    }

    #[test]
    fn text_cannot_add_lines_of_its_own() {
        assert_eq!(escape("a;b,c\\d\r\nBEGIN:VEVENT"), "a\\;b\\,c\\\\d\\nBEGIN:VEVENT");
    }
}

//! The appointment as a calendar entry (RFC 5545).

use anteroom_domain::consultation::Stage;
use anteroom_domain::view::Landing;
use anteroom_i18n::{Lang, Plain, text};
use anteroom_service::{Actor, CalendarEntry};
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;

use crate::state::AppState;

pub async fn appointment(
    State(app): State<AppState>,
    Path(secret): Path<String>,
    Extension(lang): Extension<Lang>,
    headers: HeaderMap,
) -> Response {
    let entry = match app.use_cases.calendar_entry(&Actor::with_link(&secret)).await {
        Ok(Some(entry)) => entry,
        Ok(None) => return (StatusCode::NOT_FOUND, text!(lang, notice::calendar::unknown_link)).into_response(),
        Err(error) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "a calendar entry could not be made"
            );
            return (StatusCode::INTERNAL_SERVER_ERROR, text!(lang, notice::calendar::failed)).into_response();
        }
    };
    let base = app.site.base(&headers);
    let url = format!("{base}{}", anteroom_app::paths::invitation(&secret));
    let text = write(lang, &entry, &app.site.branding.organisation, &url, host(&base));
    let kind = format!("text/calendar; charset=utf-8; method={}", method(&entry.landing));
    let headers = [
        (header::CONTENT_TYPE, kind.as_str()),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"appointment.ics\""),
    ];
    (headers, text).into_response()
}

/// Of this installation, for what wants a domain.
fn host(base: &str) -> &str {
    let authority = base.split("://").last().unwrap_or_default();
    let host = authority.split([':', '/']).next().unwrap_or_default();
    let is_domain = !host.is_empty()
        && host
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
    if is_domain { host } else { "anteroom.invalid" }
}

/// What a calendar is to do with it (RFC 5546 §3.2): keep it, or take it out.
fn method(landing: &Landing) -> &'static str {
    if is_off(landing) { "CANCEL" } else { "PUBLISH" }
}

fn is_off(landing: &Landing) -> bool {
    matches!(landing.stage, Stage::Cancelled { .. }) || landing.excused || landing.kept_out.is_some()
}

fn write(lang: Lang, entry: &CalendarEntry, organisation: &str, url: &str, host: &str) -> String {
    let CalendarEntry {
        name,
        sequence,
        landing,
    } = entry;
    let (service, host_name) = (&landing.service, &landing.host);
    let summary = text!(
        lang,
        notice::calendar::summary {
            service,
            host: host_name
        }
    );
    let mut description = vec![text!(
        lang,
        notice::calendar::description {
            organisation,
            branch: &landing.branch,
            link: Plain(url)
        }
    )];
    let contact = &landing.contact;
    if !contact.phone.is_empty() {
        description.push(text!(lang, notice::calendar::phone { number: &contact.phone }));
    }
    if !contact.email.is_empty() {
        description.push(text!(
            lang,
            notice::calendar::email {
                address: &contact.email
            }
        ));
    }
    if !contact.address.is_empty() {
        let address = contact.address.replace('\n', ", ");
        description.push(text!(lang, notice::calendar::address { address }));
    }
    let description = description.join("\n");
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Anteroom//Anteroom//EN".to_owned(),
        format!("METHOD:{}", method(landing)),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{name}@{host}"),
        format!("DTSTAMP:{}", utc(landing.now)),
        format!("SEQUENCE:{sequence}"),
        // RFC 5546 §3.2.1 asks for one; nobody reads what is sent there.
        format!("ORGANIZER;CN={}:mailto:nobody@{host}", parameter(organisation)),
        format!("DTSTART:{}", utc(landing.starts_at)),
        format!("DTEND:{}", utc(landing.ends_at)),
        format!("SUMMARY;LANGUAGE={}:{}", lang.tag(), escape(&summary)),
        format!("DESCRIPTION;LANGUAGE={}:{}", lang.tag(), escape(&description)),
        format!("LOCATION:{}", escape(url)),
        format!("URL:{url}"),
    ];
    let rest = if is_off(landing) {
        vec!["STATUS:CANCELLED".to_owned()]
    } else {
        vec![
            "STATUS:CONFIRMED".to_owned(),
            "BEGIN:VALARM".to_owned(),
            "ACTION:DISPLAY".to_owned(),
            "TRIGGER:-PT15M".to_owned(),
            format!("DESCRIPTION:{}", escape(&summary)),
            "END:VALARM".to_owned(),
        ]
    };
    lines.extend(rest);
    lines.extend(["END:VEVENT".to_owned(), "END:VCALENDAR".to_owned()]);
    lines.iter().map(|line| fold(line)).collect()
}

/// In quotes, which it can't hold itself (RFC 5545 §3.2).
fn parameter(text: &str) -> String {
    let plain: String = text.chars().filter(|c| !c.is_control() && *c != '"').collect();
    format!("\"{plain}\"")
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

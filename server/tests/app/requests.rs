//! What the log says of requests, and how a person who saw one fail finds it there.

use std::path::Path;
use std::time::Duration;

use sqlx::Connection as _;
use tokio::time::sleep;

use super::support::{Client, Reply, TestApp, database, encoded, log, open_socket};

/// The lines of one request, and of no other.
fn lines_of(id: &str) -> Vec<String> {
    let log = log();
    let mark = format!("request.id={id} ");
    log.lines()
        .filter(|line| line.contains(&mark))
        .map(str::to_owned)
        .collect()
}

fn id_of(reply: &Reply) -> &str {
    reply.header("x-request-id").expect("every answer has an id")
}

fn sentence(id: &str) -> String {
    format!("If you ask for help, give this number: {id}")
}

/// What is kept of one thing is out of reach while this runs.
async fn without<T>(path: &Path, table: &str, meanwhile: impl AsyncFnOnce() -> T) -> T {
    let mut db = database::open(path).await;
    let rename = async |db: &mut sqlx::SqliteConnection, from: &str, to: &str| {
        let sql = format!("alter table {from} rename to {to}");
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(db).await.unwrap();
    };
    let aside = format!("{table}_aside");
    rename(&mut db, table, &aside).await;
    let came = meanwhile().await;
    rename(&mut db, &aside, table).await;
    db.close().await.unwrap();
    came
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_is_found_by_the_number_that_the_person_sees() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let booked = app.book(&mut anna, &app.form("10:00")).await;
    let ask = async |client: &mut Client| {
        let page = client.get(&booked.page()).await;
        let form = client
            .post_body("/consultations/new", &encoded(&app.form("14:00")))
            .await;
        let data = client.get(&format!("/api/consultation/details?id={}", booked.id)).await;
        let words = client.get(&format!("{}/appointment.ics", booked.link())).await;
        [page, form, data, words]
    };
    let failed = without(&app.database(), "consultations", async || ask(&mut anna).await).await;
    let routes = [
        "GET /consultations/{id}",
        "POST /consultations/new",
        "GET /api/consultation/details",
        "GET /j/{secret}/appointment.ics",
    ];
    for (reply, route) in failed.iter().zip(routes) {
        let id = id_of(reply);
        assert_eq!(reply.status, 500, "{route}");
        // A script makes its own sentence of it.
        let shown = if route.contains("/api/") {
            format!("\"{id}\"")
        } else {
            sentence(id)
        };
        assert!(reply.text().contains(&shown), "{route}: {id}");
        let lines = lines_of(id);
        let count = |part: &str| lines.iter().filter(|line| line.contains(part)).count();
        // A page asks for several things.
        assert!(1 <= count("ERROR"), "{route}: {lines:?}");
        assert_eq!(count("DEBUG"), 1, "{route}: {lines:?}");
        assert_eq!(count(&format!("{route} was answered with 500")), 1, "{lines:?}");
        assert_eq!(count("status=500"), 1, "{lines:?}");
        assert_eq!(count("duration_ms="), 1, "{lines:?}");
    }
    anna.get(&booked.page()).await.expect(200);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_guests_link_the_log_has_the_pattern() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let booked = app.book(&mut anna, &app.form("10:00")).await;
    let (link, secret) = (booked.link(), booked.secret.clone());
    let unknown = format!("Q{}", &secret[1..]);
    for (path, status, route) in [
        (link.clone(), 200, "/j/{secret}"),
        (format!("/j/{unknown}"), 404, "/j/{secret}"),
        (format!("{link}?utm_source=mail"), 200, "/j/{secret}"),
        (format!("{link}."), 308, "/j/{secret}"),
        (format!("{link}/check"), 200, "/j/{secret}/check"),
        (format!("{link}/appointment.ics"), 200, "/j/{secret}/appointment.ics"),
        (format!("/nothing{link}"), 404, "(none)"),
    ] {
        let reply = app.stranger().get(&path).await.expect(status);
        let lines = lines_of(id_of(&reply));
        assert_eq!(lines.len(), 1, "{path}: {lines:?}");
        let wanted = format!("GET {route} was answered with {status}");
        assert!(lines[0].contains(&wanted), "{path}: {lines:?}");
    }
    let log = log();
    for never in [&secret, &unknown, "utm_source", "127.0.0.1"] {
        assert!(!log.contains(never), "{never}");
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_has_an_id_of_ours_whatever_the_request_brought_along() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let brought = [("x-request-id", "made-up-outside")];
    let mut ids = Vec::new();
    for (path, status) in [
        ("/", 200),
        ("/healthz", 200),
        ("/brand.css", 200),
        ("/nothing", 404),
        ("/api/guest/join", 405),
        ("/consultations/new?x", 200),
    ] {
        let reply = anna.get_with(path, &brought).await.expect(status);
        assert_eq!(reply.all("x-request-id").len(), 1, "{path}");
        let id = id_of(&reply).to_owned();
        assert!(id.len() == 7 && id != brought[0].1, "{path}: {id}");
        assert!(!reply.text().contains(&id), "only a failure of ours shows it: {path}");
        ids.push(id);
    }
    let long = "x".repeat(200_000);
    let refused = anna.post("/sign-in", &[("email", &long)]).await.expect(413);
    ids.push(id_of(&refused).to_owned());
    let lured = anna.from(&[]).post("/sign-in", &[]).await.expect(403);
    ids.push(id_of(&lured).to_owned());
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 8);
    assert!(!log().contains("made-up-outside"));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_has_a_line_when_it_is_opened() {
    let app = TestApp::start().await;
    let cookies = app.anna().await.cookie_header();
    let headers = [("sec-fetch-site", "same-origin"), ("cookie", cookies.as_str())];
    let socket = open_socket(app.address, "/socket/staff", &headers).await.unwrap();
    let wanted = "GET /socket/staff became a socket";
    // The line follows the answer.
    for _ in 0..100 {
        if log().contains(wanted) {
            break;
        }
        sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(log().matches(wanted).count(), 1);
    drop(socket);
    app.finish().await;
}

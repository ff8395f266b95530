//! What guests of a service agree to before they join: asked, refused without it, written down with its version.

use anteroom_domain::id::ServiceId;
use anteroom_domain::visit::AdmissionStatus;
use anteroom_protocol::seat::SeatToken;

use super::support::{Booked, Client, Reply, Seat, TestApp, at, database};

const TEXT: &str = "A student may listen.\r\nYou can stop at any time.";

/// As an admin changes it.
async fn ask(app: &TestApp, text: &str) -> Reply {
    let mut admin = app.sign_in("admin@example.org").await;
    let fields = [
        ("branch", "1"),
        ("name", "Mortgage advice"),
        ("minutes", "45"),
        ("consent", text),
        ("active", "on"),
    ];
    admin.post(&service(app.advice), &fields).await
}

fn service(id: ServiceId) -> String {
    format!("/admin/services/{id}")
}

/// Ten minutes before a consultation whose service asks its guests.
async fn asked() -> (TestApp, Client, Booked) {
    let app = TestApp::start().await;
    ask(&app, TEXT).await.expect(303);
    let mut anna = app.anna().await;
    let booked = app.book(&mut anna, &app.form("10:00")).await;
    app.clock.set(at("2027-03-01T08:50:00Z"));
    (app, anna, booked)
}

async fn join(app: &TestApp, booked: &Booked, version: &str) -> Reply {
    let fields = [
        ("secret", booked.secret.as_str()),
        ("name", "Zeb"),
        ("consent", version),
    ];
    app.stranger().post("/api/guest/join", &fields).await
}

async fn given(app: &TestApp) -> Vec<String> {
    database::column(
        &app.database(),
        "select data from events where kind = 'service_consent_given' and guest_id is not null and visit_id is not null
            order by id",
    )
    .await
}

fn event(service: ServiceId, version: i64) -> String {
    format!("{{\"kind\":\"service_consent_given\",\"service\":{service},\"version\":{version}}}")
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_joins_without_agreeing_to_the_text_and_who_does_is_in_the_history_with_its_version() {
    let (app, mut anna, booked) = asked().await;
    let page = app.stranger().get(&booked.link()).await.expect(200);
    page.says("A student may listen.").says("I agree");

    app.ask_to_join(&booked.secret, "Zeb").await.expect(409).says("agree");
    assert_eq!(database::count(&app.database(), "select count(*) from visits").await, 0);
    assert_eq!(given(&app).await, Vec::<String>::new());

    let reply = join(&app, &booked, "1").await.expect(200);
    let grant: SeatToken = serde_json::from_slice(&reply.body).unwrap();
    let mut guest = Seat::hello(app.address, &grant.token).await;
    guest.status(AdmissionStatus::Waiting).await;
    assert_eq!(given(&app).await, [event(app.advice, 1)]);
    anna.get(&booked.page())
        .await
        .expect(200)
        .says("agreed to the service’s terms")
        .says("version 1 of the text");
    let csv = anna.get(&format!("{}/events.csv", booked.page())).await.expect(200);
    csv.says("service_consent_given").says("2027-03-01T08:50:00Z");
    // What the number stands for.
    let mut admin = app.sign_in("admin@example.org").await;
    admin
        .get(&service(app.advice))
        .await
        .expect(200)
        .says("Version <!>1<!>, from")
        .says("A student may listen.");
    drop(guest);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_changed_meanwhile_is_to_be_read_and_agreed_to_anew() {
    let (app, _anna, booked) = asked().await;
    // The same again is no new version.
    ask(&app, TEXT).await.expect(303);
    ask(&app, "A student may listen and take notes.").await.expect(303);
    join(&app, &booked, "1").await.expect(409).says("has changed");
    assert_eq!(given(&app).await, Vec::<String>::new());
    join(&app, &booked, "2").await.expect(200);
    // From another tab, while still waiting: they agreed there, too.
    join(&app, &booked, "2").await.expect(200);
    assert_eq!(given(&app).await, [event(app.advice, 2), event(app.advice, 2)]);
    // No longer asked: whoever has the old page open gets in all the same, and agreed to nothing.
    ask(&app, "").await.expect(303);
    join(&app, &booked, "2").await.expect(200);
    app.join(&booked.secret, "Zeb").await;
    assert_eq!(given(&app).await.len(), 2);
    assert_eq!(
        database::column(&app.database(), "select text from service_consents order by id").await,
        [
            "A student may listen.\nYou can stop at any time.",
            "A student may listen and take notes.",
            ""
        ]
    );
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_is_too_long_is_refused_at_its_field_and_kept_in_it() {
    let app = TestApp::start().await;
    let long = format!("Everything that matters. {}", "x".repeat(2_000));
    ask(&app, &long)
        .await
        .expect(422)
        .says("Use at most 2,000 characters.")
        .says("Everything that matters.");
    assert_eq!(
        database::count(&app.database(), "select count(*) from service_consents").await,
        0
    );
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_is_shown_as_text() {
    let app = TestApp::start().await;
    ask(&app, "<script>alert(1)</script></textarea>").await.expect(303);
    let mut anna = app.anna().await;
    let booked = app.book(&mut anna, &app.form("10:00")).await;
    app.clock.set(at("2027-03-01T08:50:00Z"));
    let mut admin = app.sign_in("admin@example.org").await;
    for page in [
        app.stranger().get(&booked.link()).await.expect(200),
        admin.get(&service(app.advice)).await.expect(200),
    ] {
        assert!(!page.text().contains("<script>alert"), "the text is markup");
    }
    app.finish().await;
}

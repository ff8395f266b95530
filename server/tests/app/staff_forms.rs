//! What staff type: kept when the session has ended, never overwritten unseen, and changed wherever it can be.

use anteroom_app::forms::{ConsultationForm, ServiceForm};

use super::support::{PASSWORD, Reply, TestApp, at, booking, database, encoded};

fn url_encoded(fields: &[(&str, &str)]) -> String {
    serde_urlencoded::to_string(fields).unwrap()
}

/// What a field of the page holds.
#[track_caller]
fn value(page: &Reply, name: &str) -> String {
    let text = page.text();
    let tag = text
        .split('<')
        .find(|tag| tag.contains(&format!("name=\"{name}\"")))
        .unwrap_or_else(|| panic!("no field {name}:\n{text}"));
    let (_, rest) = tag.split_once("value=\"").expect("a value");
    let raw = rest.split('"').next().unwrap();
    raw.replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_survives_the_end_of_the_session() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let booked = app.book(&mut anna, &app.form("10:00")).await;
    let edit = format!("{}/edit", booked.page());
    let typed = ConsultationForm {
        notes: "An hour's work, \"typed\" & <long>".into(),
        version: value(&anna.get(&edit).await.expect(200), "version"),
        ..app.form("10:00")
    };
    anna.post("/sign-out", &[]).await.expect(303);
    let before = database::everything(&app.database()).await;
    let asked = anna.post_body(&edit, &encoded(&typed)).await.expect(401);
    let asked = asked.says("You are not signed in any more").says("name=\"password\"");
    let fields = |page: &Reply, password: &str| {
        url_encoded(&[
            ("email", "anna@example.org"),
            ("password", password),
            ("next", &value(page, "next")),
            ("target", &value(page, "target")),
            ("kept", &value(page, "kept")),
        ])
    };
    // A slip of the hand costs nothing.
    let slip = anna
        .post_body("/sign-in", &fields(&asked, "not the password"))
        .await
        .expect(422);
    assert_eq!(value(&slip, "kept"), value(&asked, "kept"));
    // Signed in, the form is there again. Nothing is saved without a click.
    let again = anna.post_body("/sign-in", &fields(&slip, PASSWORD)).await.expect(200);
    let again = again
        .says("nothing was saved yet")
        .says("An hour's work, \"typed\" &amp; &lt;long&gt;");
    let notes = "select count(*) from consultations where notes like 'An hour%'";
    assert_eq!(database::count(&app.database(), notes).await, 0);
    // Two passwords were tried, and one was right.
    assert_eq!(
        database::everything(&app.database()).await["events"].len(),
        before["events"].len() + 3
    );
    assert_eq!(value(&again, "version"), typed.version);
    anna.post_body(&edit, &encoded(&typed)).await.expect(303);
    assert_eq!(database::count(&app.database(), notes).await, 1);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_form_is_one_of_ours_and_holds_no_password() {
    let app = TestApp::start().await;
    let account = [
        ("name", "Nora Neu"),
        ("email", "nora@example.org"),
        ("password", "a secret of theirs"),
    ];
    let page = app.stranger().post("/admin/accounts", &account).await.expect(401);
    assert!(page.text().contains("Nora"), "the name is kept");
    assert!(!page.text().contains("secret"), "a password is not");
    // A password's own form, and buttons, are asked for again where they stand.
    for (path, next) in [
        ("/account", "%2Faccount"),
        ("/consultations/1/guests/1/link", "%2Fconsultations%2F1"),
    ] {
        let reply = app
            .stranger()
            .post(path, &[("new", "a secret of theirs")])
            .await
            .expect(303);
        assert_eq!(reply.location(), format!("/sign-in?next={next}"), "{path}");
    }
    // What somebody else wrote into the hidden fields leads nowhere but to our own forms.
    for target in [
        "https://evil.example/",
        "//evil.example",
        "/sign-out",
        "/j/secret/cancel",
        "/setup",
    ] {
        let fields = [
            ("email", "anna@example.org"),
            ("password", PASSWORD),
            ("target", target),
            ("kept", "notes=x"),
        ];
        let reply = app.stranger().post("/sign-in", &fields).await.expect(303);
        assert_eq!(reply.location(), "/", "{target}");
    }
    // Nor is it shown to whom it is not for.
    let fields = [
        ("email", "anna@example.org"),
        ("password", PASSWORD),
        ("target", "/admin/accounts"),
        ("kept", "name=Nora"),
    ];
    app.stranger().post("/sign-in", &fields).await.expect(403);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_does_not_undo_another_one_unseen() {
    let app = TestApp::start().await;
    let (mut anna, mut ben) = (app.anna().await, app.sign_in("ben@example.org").await);
    let booked = app.book(&mut anna, &app.form("10:00")).await;
    let edit = format!("{}/edit", booked.page());
    let seen = value(&anna.get(&edit).await, "version");
    let moved = ConsultationForm {
        version: seen.clone(),
        ..app.form("12:00")
    };
    ben.post_body(&edit, &encoded(&moved)).await.expect(303);
    // Anna's page is from before: her notes would move it back.
    let stale = ConsultationForm {
        version: seen,
        notes: "Only the notes".into(),
        ..app.form("10:00")
    };
    let reply = anna.post_body(&edit, &encoded(&stale)).await.expect(409);
    let reply = reply
        .says("Ben Bauer changed this consultation after you opened it")
        .says("start 2027-03-01 at 12:00 (Europe/Berlin)")
        .says("Only the notes");
    let starts = "select count(*) from consultations where starts_at = unixepoch('2027-03-01T11:00:00Z') * 1000";
    assert_eq!(database::count(&app.database(), starts).await, 1);
    // Told, she can have it her way.
    let again = ConsultationForm {
        version: value(&reply, "version"),
        ..stale
    };
    anna.post_body(&edit, &encoded(&again)).await.expect(303);
    assert_eq!(database::count(&app.database(), starts).await, 0);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn particulars_can_be_changed_while_it_runs_and_after_and_its_time_can_not() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let booked = app.book(&mut anna, &app.form("10:00")).await;
    app.book(&mut anna, &app.form("11:30")).await;
    let edit = format!("{}/edit", booked.page());
    app.clock.set(at("2027-03-01T09:05:00Z"));
    // Her session has rested for too long by then.
    let mut anna = app.anna().await;
    let (_, guest) = app.arrive(&booked.secret, "Zeb").await;
    anna.get(&edit)
        .await
        .expect(200)
        .says("Someone is in the room or in the lobby");
    let noted = |notes: &str, minutes: &str| ConsultationForm {
        notes: notes.into(),
        guest_phone: "+49 30 5550194".into(),
        minutes: minutes.into(),
        ..app.form("10:00")
    };
    anna.post_body(&edit, &encoded(&noted("Wears a red hat", "45")))
        .await
        .expect(303);
    // It runs on; into the next one it does not.
    anna.post_body(&edit, &encoded(&noted("Wears a red hat", "90")))
        .await
        .expect(303);
    anna.post_body(&edit, &encoded(&noted("Wears a red hat", "91")))
        .await
        .expect(409);
    let moved = anna.post_body(&edit, &encoded(&app.form("14:00"))).await.expect(422);
    moved.says("Someone is in the room or in the lobby: this stays as it was.");
    // Over for longer than it can have been.
    app.clock.set(at("2027-03-01T09:40:00Z"));
    let mut anna = app.anna().await;
    let ended = anna.post_body(&edit, &encoded(&noted("", "30"))).await.expect(422);
    ended.says("With this length it would already be over.");
    let (_, seat) = app.enter(&mut anna, booked.id).await;
    anna.post_body(&edit, &encoded(&noted("Spoke of the roof", "90")))
        .await
        .expect(303);
    let stored = "select count(*) from consultations c join guests g on g.consultation_id = c.id
        where c.notes = 'Spoke of the roof' and g.phone = '+49305550194' and c.moved_from is null";
    assert_eq!(database::count(&app.database(), stored).await, 1);
    drop((seat, guest));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_longer_offered_stays_with_what_has_it() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let with_ben = booking(app.advice, app.ben, "2027-03-01", "10:00");
    let booked = app.book(&mut anna, &with_ben).await;
    let mut admin = app.sign_in("admin@example.org").await;
    let retired = ServiceForm {
        branch: "1".into(),
        name: "Mortgage advice".into(),
        minutes: "45".into(),
        ..ServiceForm::default()
    };
    let body = serde_urlencoded::to_string(&retired).unwrap();
    admin
        .post_body(&format!("/admin/services/{}", app.advice), &body)
        .await
        .expect(303);
    let gone = [
        ("name", "Ben Bauer"),
        ("role", "clerk"),
        ("branch", "1"),
        ("zone", "Europe/Berlin"),
    ];
    admin
        .post(&format!("/admin/accounts/{}", app.ben), &gone)
        .await
        .expect(303);
    let edit = format!("{}/edit", booked.page());
    let page = anna.get(&edit).await.expect(200);
    page.says("Mortgage advice, 45 min (no longer offered)")
        .says("Ben Bauer (no longer offered)");
    let noted = ConsultationForm {
        notes: "Still on".into(),
        ..with_ben.clone()
    };
    anna.post_body(&edit, &encoded(&noted)).await.expect(303);
    // For what is new, neither is there.
    let new = booking(app.advice, app.ben, "2027-03-02", "10:00");
    anna.post_body("/consultations/new", &encoded(&new)).await.expect(422);
    let other = app
        .book(&mut anna, &booking(app.review, app.anna, "2027-03-02", "10:00"))
        .await;
    let to_ben = booking(app.review, app.ben, "2027-03-02", "10:00");
    anna.post_body(&format!("{}/edit", other.page()), &encoded(&to_ben))
        .await
        .expect(422);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_guest_can_be_reached_and_changed() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let booked = app.book(&mut anna, &app.form("10:00")).await;
    let guests = format!("{}/guests", booked.page());
    let second = |email, zone| {
        [
            ("name", "Yara Quillfeather"),
            ("email", email),
            ("language", "de"),
            ("zone", zone),
        ]
    };
    anna.post(&guests, &second("", ""))
        .await
        .expect(422)
        .says("so that the guest can be reached");
    anna.post(&guests, &second("yara@example.org", "America/New_York"))
        .await
        .expect(303);
    let page = format!("{guests}/{}", booked.guest.0 + 1);
    anna.get(&page).await.expect(200).says("yara@example.org");
    let wrong = second("yara at example", "US/Pacific");
    anna.post(&page, &wrong)
        .await
        .expect(422)
        .says("Enter an e-mail address");
    anna.post(&page, &second("yara@example.net", "US/Pacific"))
        .await
        .expect(303);
    let stored = "select count(*) from guests where email = 'yara@example.net' and zone = 'America/Los_Angeles'";
    assert_eq!(database::count(&app.database(), stored).await, 1);
    anna.get(&booked.page())
        .await
        .expect(200)
        .says("Details of Yara Quillfeather changed");
    // Not from another consultation's address, and not once it is cancelled.
    let other = app.book(&mut anna, &app.form("12:00")).await;
    let astray = format!("{}/guests/{}", other.page(), booked.guest);
    anna.post(&astray, &second("yara@example.net", "")).await.expect(404);
    anna.post(&format!("{}/cancel", booked.page()), &[("reason", "")])
        .await
        .expect(303);
    anna.post(&page, &second("yara@example.org", ""))
        .await
        .expect(409)
        .says("cancelled");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_are_told_from_top_to_bottom_and_the_first_one_has_the_focus() {
    let app = TestApp::start().await;
    let mut admin = app.sign_in("admin@example.org").await;
    for (path, body) in [
        ("/consultations/new", "guest_zone=Atlantis"),
        ("/admin/branches", "phone=me"),
        ("/admin/services", "buffer_before=x&buffer_after=x"),
        ("/admin/accounts", "role=clerk&entra_id=me"),
    ] {
        let page = admin.post_body(path, body).await.expect(422).text();
        let told: Vec<&str> = page
            .split("href=\"#f-")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap())
            .collect();
        let fields: Vec<&str> = page
            .split('<')
            .filter(|tag| tag.contains("aria-invalid=\"true\""))
            .collect();
        let names = fields.iter().map(|tag| {
            let (_, rest) = tag.split_once("id=\"f-").unwrap();
            rest.split('"').next().unwrap()
        });
        assert_eq!(told, names.collect::<Vec<_>>(), "{path}");
        assert!(!told.is_empty(), "{path}");
        // A browser takes the first of them.
        let focused: Vec<&str> = page.split('<').filter(|tag| tag.contains(" autofocus")).collect();
        assert_eq!(focused, fields, "{path}");
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_zone_is_typed_as_a_city() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let page = anna.get("/consultations/new").await.expect(200);
    assert_eq!(value(&page, "zone"), "Berlin (UTC+1)");
    assert!(page.body.len() < 40_000, "{} bytes", page.body.len());
    assert!(!page.text().contains("Asia/Tokyo"), "the list comes when it is wanted");
    let zones = app.stranger().get("/api/zones").await.expect(200).text();
    assert!(
        zones.contains("\"Tokyo (UTC+9)\"") && !zones.contains("Asmera"),
        "{zones}"
    );
    let typed = |zone: &str, guest_zone: &str| ConsultationForm {
        zone: zone.into(),
        guest_zone: guest_zone.into(),
        ..app.form("10:00")
    };
    let odd = encoded(&typed("Atlantis", "new york"));
    let page = anna.post_body("/consultations/new", &odd).await.expect(422);
    let page = page.says("We don’t know the time zone “Atlantis”. Type a city such as Zurich or New York.");
    assert_eq!(value(&page, "zone"), "Atlantis");
    assert_eq!(value(&page, "guest_zone"), "New York (UTC\u{2212}5)");
    // As the page shows it, and as people write it.
    app.book(&mut anna, &typed(" europe/berlin ", &value(&page, "guest_zone")))
        .await;
    let stored = "select c.zone || ' ' || g.zone from consultations c join guests g on g.consultation_id = c.id";
    let stored = database::column(&app.database(), stored).await;
    assert_eq!(stored, ["Europe/Berlin America/New_York"]);
    // The times that are free instead are told in the zone that was meant.
    let taken = encoded(&typed("zurich", ""));
    let page = anna.post_body("/consultations/new", &taken).await.expect(409);
    page.says("Monday 1 March 2027, 10:45");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_without_a_field_is_said_on_the_page() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let booked = app.book(&mut anna, &app.form("10:00")).await;
    let rate = format!("{}/rate", booked.link());
    let reply = app.stranger().post(&rate, &[("stars", "5")]).await.expect(409);
    reply.says("You can rate this appointment once it has taken place.");
    anna.post(&format!("{}/cancel", booked.page()), &[("reason", "")])
        .await
        .expect(303);
    let open = format!("{}/registration", booked.page());
    anna.post(&open, &[]).await.expect(409).says("notice--danger");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_that_happens_twice_is_asked_about_at_its_field() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let twice = booking(app.advice, app.anna, "2027-10-31", "02:15");
    let reply = anna.post_body("/consultations/new", &encoded(&twice)).await.expect(422);
    reply.says("02:15 happens twice on that day").says("name=\"fold\"");
    let second = ConsultationForm {
        fold: "second".into(),
        ..twice
    };
    let booked = app.book(&mut anna, &second).await;
    let starts = "select count(*) from consultations where starts_at = unixepoch('2027-10-31T01:15:00Z') * 1000";
    assert_eq!(database::count(&app.database(), starts).await, 1);
    // Its form still says which one; saved again, it stays.
    let page = anna.get(&format!("{}/edit", booked.page())).await.expect(200);
    assert!(page.text().contains("value=\"second\" selected"), "{}", page.text());
    let gap = booking(app.advice, app.anna, "2027-03-28", "02:30");
    let reply = anna.post_body("/consultations/new", &encoded(&gap)).await.expect(422);
    reply.says("Choose 01:30 or 03:30, for example.");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_free_time_is_filled_in_by_the_server() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    app.book(&mut anna, &app.form("10:00")).await;
    let reply = anna
        .post_body("/consultations/new", &encoded(&app.form("10:00")))
        .await
        .expect(409);
    let first = value(&reply, "pick");
    assert_eq!(first, "2027-03-01T09:45:00Z");
    let picked = ConsultationForm {
        pick: first,
        ..app.form("10:00")
    };
    let page = anna
        .post_body("/consultations/new", &encoded(&picked))
        .await
        .expect(200);
    assert_eq!(
        (value(&page, "date"), value(&page, "time")),
        ("2027-03-01".into(), "10:45".into())
    );
    assert_eq!(value(&page, "guest_name"), "Zebedee Quillfeather");
    assert_eq!(
        database::count(&app.database(), "select count(*) from consultations").await,
        1
    );
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_one_that_began_long_ago_is_in_the_way_of_what_is_offered() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let mut admin = app.sign_in("admin@example.org").await;
    let long = ServiceForm {
        branch: "1".into(),
        name: "Workshop".into(),
        minutes: "480".into(),
        buffer_before: "120".into(),
        buffer_after: "120".into(),
        active: "on".into(),
        ..ServiceForm::default()
    };
    let body = serde_urlencoded::to_string(&long).unwrap();
    admin.post_body("/admin/services", &body).await.expect(303);
    let workshop = anteroom_domain::id::ServiceId(app.elsewhere.0 + 1);
    let form = |date: &str, time: &str, minutes: &str| ConsultationForm {
        minutes: minutes.into(),
        ..booking(workshop, app.anna, date, time)
    };
    // Busy from 22:00 until 10:00 on Tuesday.
    app.book(&mut anna, &form("2027-03-02", "00:00", "480")).await;
    // Wanted at 11:30, with two hours before it: 12:00 is the first that does.
    let reply = anna
        .post_body("/consultations/new", &encoded(&form("2027-03-02", "11:30", "15")))
        .await
        .expect(409);
    assert_eq!(value(&reply, "pick"), "2027-03-02T11:00:00Z");
    app.finish().await;
}

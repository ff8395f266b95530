//! The guest's own link: what it says at each moment, to whom, and that looking at it does nothing.

use anteroom_app::forms::ConsultationForm;
use anteroom_domain::visit::{AdmissionStatus, Publish, Role};
use anteroom_protocol::credentials::Credentials;
use anteroom_protocol::seat::FromServer;
use jiff::SignedDuration;

use super::support::{Reply, TestApp, at, booking, database, encoded};

/// What a link says, without what is different in every answer.
fn plain(reply: &Reply, secret: &str) -> String {
    let policy = reply.header("content-security-policy").unwrap();
    let nonce = policy.split_once("'nonce-").unwrap().1.split('\'').next().unwrap();
    reply.text().replace(nonce, "NONCE").replace(secret, "SECRET")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_says_what_it_is_for_at_each_moment() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let form = ConsultationForm {
        guest_zone: "America/New_York".into(),
        ..app.form("10:00")
    };
    let booked = app.book(&mut anna, &form).await;
    let mut guest = app.stranger();
    let link = booked.link();

    // Too early: the time in the guest's own zone and in the branch's.
    let page = guest
        .get(&link)
        .await
        .expect(200)
        .says("Mortgage advice with Anna Acker")
        .says("You can join here from");
    let page = page
        .says("04:00")
        .says("10:00")
        .says("Add to calendar")
        .says("Check your devices now");
    assert!(!page.text().contains("Grimsby"), "notes are for staff");
    assert!(
        !page.text().contains("quillfeather.example"),
        "an address is not shown to who has the link"
    );
    app.ask_to_join(&booked.secret, "Zeb")
        .await
        .expect(409)
        .says("It is too early to come in.");
    guest.get(&format!("{link}/check")).await.expect(200);
    app.clock.set(at("2027-03-01T08:44:59Z"));
    app.ask_to_join(&booked.secret, "Zeb").await.expect(409);

    // A quarter of an hour before.
    app.clock.set(at("2027-03-01T08:45:00Z"));
    let page = guest.get(&link).await.expect(200);
    assert!(!page.text().contains("You can join here from"));
    page.says("meeting-page");

    // Moved: said on the old link, which leads on.
    let later = ConsultationForm {
        guest_zone: "America/New_York".into(),
        ..app.form("11:30")
    };
    anna.post_body(&format!("{}/edit", booked.page()), &encoded(&later))
        .await
        .expect(303);
    guest
        .get(&link)
        .await
        .expect(200)
        .says("The time has changed.")
        .says("04:00")
        .says("05:30");
    app.ask_to_join(&booked.secret, "Zeb").await.expect(409);
    // A link that is made after the move has nothing to say about it.
    app.clock.advance(SignedDuration::from_secs(1));
    let path = format!("{}/guests/{}/link", booked.page(), booked.guest);
    let newer = anna.post(&path, &[]).await.expect(303).fresh_secret();
    let page = guest.get(&format!("/j/{newer}")).await.expect(200);
    assert!(!page.text().contains("The time has changed."));

    // Cancelled by the branch, with the reason; by the guest.
    anna.post(&format!("{}/cancel", booked.page()), &[("reason", "Snow on the line")])
        .await
        .expect(303);
    for link in [link, format!("/j/{newer}")] {
        let page = guest
            .get(&link)
            .await
            .expect(200)
            .says("Your appointment was cancelled");
        page.says("<bdi>North<!></bdi> cancelled it").says("Snow on the line");
    }
    let second = app.book(&mut anna, &app.form("14:00")).await;
    let cancel = format!("{}/cancel", second.link());
    guest.post(&cancel, &[("reason", "I have a cold")]).await.expect(303);
    guest.get(&second.link()).await.expect(200).says("You cancelled it");
    guest.post(&cancel, &[("reason", "again")]).await.expect(409);
    anna.get(&second.page())
        .await
        .expect(200)
        .says("Cancelled by the guest.")
        .says("I have a cold");
    app.ask_to_join(&second.secret, "Zeb").await.expect(409);

    // Missed: a quarter of an hour after the end.
    let third = app.book(&mut anna, &app.form("15:00")).await;
    app.clock.set(at("2027-03-01T15:00:00Z"));
    app.use_cases().sweep().await.unwrap();
    guest
        .get(&third.link())
        .await
        .expect(200)
        .says("Your appointment did not take place")
        .says("We waited for you");
    guest
        .post(&format!("{}/rate", third.link()), &[("stars", "5")])
        .await
        .expect(409);
    // Thirty days later it is unknown.
    app.clock.set(at("2027-03-31T14:44:00Z"));
    guest.get(&third.link()).await.expect(200);
    app.clock.set(at("2027-03-31T14:45:00Z"));
    guest.get(&third.link()).await.expect(404);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_expired_and_revoked_are_one_answer() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let expired = app.book(&mut anna, &app.form("10:00")).await;
    app.clock.set(at("2027-04-20T08:00:00Z"));
    app.use_cases().sweep().await.unwrap();
    let mut anna = app.anna().await;
    let revoked = app
        .book(&mut anna, &booking(app.advice, app.anna, "2027-04-20", "12:00"))
        .await;
    let path = format!("{}/guests/{}/revoke", revoked.page(), revoked.guest);
    anna.post(&path, &[]).await.expect(303);
    app.clock.set(at("2027-04-20T10:00:00Z"));
    let unknown = "AAAAAAAAAAAAAAAAAAAAAAAA";
    let secrets = [unknown, expired.secret.as_str(), revoked.secret.as_str()];
    let mut guest = app.stranger();
    for tail in ["", "/check"] {
        let mut pages = Vec::new();
        for secret in secrets {
            let reply = guest.get(&format!("/j/{secret}{tail}")).await;
            pages.push((reply.status, plain(&reply, secret)));
        }
        assert!(pages.iter().all(|page| *page == pages[0]), "{tail}: {pages:?}");
    }
    let mut answers = Vec::new();
    for secret in secrets {
        let ics = guest.get(&format!("/j/{secret}/appointment.ics")).await;
        let landing = guest.post("/api/guest/landing", &[("secret", secret)]).await;
        let join = app.ask_to_join(secret, "Zeb").await;
        let cancel = guest.post(&format!("/j/{secret}/cancel"), &[("reason", "x")]).await;
        let rate = guest.post(&format!("/j/{secret}/rate"), &[("stars", "5")]).await;
        answers.push([
            (ics.status, ics.text()),
            (landing.status, landing.text()),
            (join.status, join.text()),
            (cancel.status, plain(&cancel, secret)),
            (rate.status, plain(&rate, secret)),
        ]);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
    assert_eq!(guest.get(&format!("/j/{unknown}")).await.status, 404);
    assert_eq!(database::count(&app.database(), "select count(*) from visits").await, 0);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_changes_nothing() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let early = app.book(&mut anna, &app.form("16:00")).await;
    let open = app.book(&mut anna, &app.form("10:00")).await;
    let cancelled = app.book(&mut anna, &app.form("12:00")).await;
    anna.post(&format!("{}/cancel", cancelled.page()), &[("reason", "x")])
        .await
        .expect(303);
    app.clock.set(at("2027-03-01T08:50:00Z"));
    let before = database::everything(&app.database()).await;
    // A mail scanner: it follows every link that it finds, often, by GET and HEAD, and carries no cookie.
    let mut scanner = app.stranger().from(&[]);
    let mut looks = 0;
    while looks < 500 {
        for booked in [&early, &open, &cancelled] {
            let link = booked.link();
            for path in [
                link.clone(),
                format!("{link}/check"),
                format!("{link}/cancel"),
                format!("{link}/rate"),
                format!("{link}/appointment.ics"),
                format!("{link}?join=1"),
                format!("/api/guest/landing?secret={}", booked.secret),
                format!("/api/guest/join?secret={}&name=Scanner", booked.secret),
                booked.page(),
                format!("{}/cancel", booked.page()),
            ] {
                scanner.get(&path).await;
                scanner.head_of(&path).await;
                looks += 2;
            }
        }
    }
    assert!(
        scanner.cookies.is_empty(),
        "nor is anything left in its browser: {:?}",
        scanner.cookies
    );
    assert_eq!(database::everything(&app.database()).await, before);
    // And the link still works.
    let (_, guest) = app.arrive(&open.secret, "Zeb").await;
    drop(guest);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_route_gives_a_seat_to_who_has_none() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let booked = app.book(&mut anna, &app.form("10:00")).await;
    let early = app.book(&mut anna, &app.form("14:00")).await;
    let cancelled = app.book(&mut anna, &app.form("12:00")).await;
    anna.post(&format!("{}/cancel", cancelled.page()), &[("reason", "x")])
        .await
        .expect(303);
    app.clock.set(at("2027-03-01T08:50:00Z"));
    let hash: String = anteroom_service::hash_secret(&booked.secret)
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    for secret in [
        "",
        "AAAAAAAAAAAAAAAAAAAAAAAA",
        &early.secret,
        &cancelled.secret,
        &booked.secret[..23],
        &format!("{} ", booked.secret),
        &booked.secret.to_uppercase(),
        &hash,
        &booked.id.to_string(),
        "' or 1=1 --",
    ] {
        let reply = app.ask_to_join(secret, "Zeb").await;
        assert_eq!(reply.status, 409, "{secret}");
        assert!(!reply.text().contains("token"), "{secret}");
    }
    // What else a browser might say about itself is not listened to.
    let mut guest = app.stranger();
    for body in [
        format!(
            "secret={}&name=Zeb&role=host&consultation=2&visit=1&stand=admitted",
            booked.secret
        ),
        format!("secret={}&name=Zeb&account={}", booked.secret, app.anna),
    ] {
        let reply = guest.post_body("/api/guest/join", &body).await;
        if reply.status == 200 {
            let grant: anteroom_protocol::seat::SeatToken = serde_json::from_slice(&reply.body).unwrap();
            let room = app.seat(&grant.token).await.status(AdmissionStatus::Waiting).await;
            assert_eq!(room.you.role, anteroom_domain::visit::Role::Guest);
            assert_eq!(room.consultation, booked.id);
        }
    }
    for name in ["", "   ", &"x".repeat(101), "\u{0}", "\u{200b}\u{202e}"] {
        let reply = app.ask_to_join(&booked.secret, name).await;
        assert_eq!(reply.status, 409, "{name:?}");
    }
    // A guest's seat token opens no door but its own socket; a session is no seat, an invitation no session.
    let token = app.join(&booked.secret, "Zeb").await;
    let mut thief = app.stranger();
    for value in [&token, &booked.secret] {
        thief.cookies.insert("anteroom-session".into(), value.clone());
        let reply = thief.get("/").await;
        assert!(reply.location().starts_with("/sign-in"));
        let id = booked.id.to_string();
        let reply = thief.post("/api/lobby/enter", &[("consultation", &id)]).await;
        assert!(!reply.text().contains("token"));
    }
    app.ask_to_join(&token, "Zeb").await.expect(409);
    let session = anna.cookies["anteroom-session"].clone();
    app.ask_to_join(&session, "Zeb").await.expect(409);
    use anteroom_protocol::seat::Closed;
    assert_eq!(app.seat(&session).await.closes().await, Closed::BadToken);
    assert_eq!(app.seat(&booked.secret).await.closes().await, Closed::BadToken);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_calendar_entry_follows_the_appointment() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let form = ConsultationForm {
        guest_name: "Zo\u{eb}; Comma, Back\\slash".into(),
        ..app.form("10:00")
    };
    let booked = app.book(&mut anna, &form).await;
    let path = format!("{}/appointment.ics", booked.link());
    let mut guest = app.stranger();
    let first = guest.get(&path).await.expect(200);
    assert_eq!(
        first.header("content-type"),
        Some("text/calendar; charset=utf-8; method=PUBLISH")
    );
    let entry = first.text();
    must_be_a_calendar(&entry);
    let field = |entry: &str, name: &str| {
        let whole = entry.replace("\r\n ", "");
        let found = whole
            .lines()
            .find_map(|line| line.strip_prefix(&format!("{name}:")).map(str::to_owned));
        found.unwrap_or_else(|| panic!("no {name} in {whole}"))
    };
    assert_eq!(field(&entry, "DTSTART"), "20270301T090000Z");
    assert_eq!(field(&entry, "DTEND"), "20270301T094500Z");
    assert_eq!(field(&entry, "STATUS"), "CONFIRMED");
    assert!(field(&entry, "URL").ends_with(&booked.link()));

    app.clock.advance(SignedDuration::from_mins(5));
    anna.post_body(
        &format!("{}/edit", booked.page()),
        &encoded(&booking(app.advice, app.anna, "2027-04-01", "15:30")),
    )
    .await
    .expect(303);
    let moved = guest.get(&path).await.expect(200).text();
    must_be_a_calendar(&moved);
    // Summer time by then.
    assert_eq!(field(&moved, "DTSTART"), "20270401T133000Z");
    assert_eq!(field(&moved, "UID"), field(&entry, "UID"), "the same entry");
    let number = |entry: &str| field(entry, "SEQUENCE").parse::<u64>().unwrap();
    assert!(number(&entry) < number(&moved), "and a newer one");
    anna.post(&format!("{}/cancel", booked.page()), &[("reason", "x")])
        .await
        .expect(303);
    let cancelled = guest.get(&path).await.expect(200).text();
    assert_eq!(field(&cancelled, "STATUS"), "CANCELLED");
    assert_eq!(field(&cancelled, "METHOD"), "CANCEL");
    assert!(number(&moved) < number(&cancelled));
    assert!(!cancelled.contains("VALARM"), "what is off does not ring");
    must_be_a_calendar(&cancelled);
    app.finish().await;
}

/// RFC 5545, as far as calendars are known to insist on it.
fn must_be_a_calendar(text: &str) {
    assert!(text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && text.ends_with("END:VCALENDAR\r\n"));
    assert_eq!(
        text.matches('\n').count(),
        text.matches("\r\n").count(),
        "every line ends in CRLF"
    );
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
    let whole = text.replace("\r\n ", "");
    for required in [
        "PRODID:",
        "UID:",
        "DTSTAMP:",
        "DTSTART:",
        "DTEND:",
        "SUMMARY;LANGUAGE=en:",
    ] {
        assert_eq!(whole.matches(&format!("\n{required}")).count(), 1, "{required}");
    }
    let mut open = Vec::new();
    for line in whole.trim_end().split("\r\n") {
        let end = line.find([':', ';']).expect("name and value");
        let (name, value) = (&line[..end], line[end..].rsplit_once(':').expect("a value").1);
        assert!(
            name.chars().all(|c| c.is_ascii_uppercase() || "-;=".contains(c)),
            "{line}"
        );
        match name {
            "BEGIN" => open.push(value.to_owned()),
            "END" => assert_eq!(open.pop().as_deref(), Some(value)),
            _ => {}
        }
    }
    assert!(open.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_the_database_opens_nothing() {
    let (app, mut anna, booked) = TestApp::soon().await;
    let ((guest_token, guest), (host_token, host)) = app.meet(&mut anna, &booked).await;
    let mut secrets = vec![
        booked.secret.clone(),
        guest_token,
        host_token,
        super::support::PASSWORD.to_owned(),
    ];
    secrets.extend(anna.cookies.values().cloned());
    for file in std::fs::read_dir(app.folder.path()).unwrap() {
        let path = file.unwrap().path();
        let raw = std::fs::read(&path).unwrap();
        for secret in &secrets {
            let found = raw.windows(secret.len()).any(|part| part == secret.as_bytes());
            assert!(!found, "{} holds {secret}", path.display());
        }
    }
    // The hashes are there, and only they.
    let hash = anteroom_service::hash_secret(&booked.secret);
    let everything = database::everything(&app.database()).await;
    let hex: String = hash.iter().map(|b| format!("{b:02X}")).collect();
    assert!(everything["invitations"].iter().any(|row| row.contains(&hex)));
    let log = super::support::log();
    for secret in &secrets {
        assert!(!log.contains(secret), "a secret is in the log");
    }
    drop((guest, host));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_register_through_one_link_and_watch_without_a_lobby() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let booked = app.book(&mut anna, &app.form("10:00")).await;
    let reply = anna
        .post(&format!("{}/registration", booked.page()), &[])
        .await
        .expect(303);
    let page = anna.get(reply.location()).await.expect(200).text();
    let from = page.find("/r/").expect("the link is shown once") + 3;
    let secret: String = page[from..]
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
        .collect();
    let path = format!("/r/{secret}");
    let mut stranger = app.stranger();
    stranger.get(&path).await.expect(200).says("You watch and listen");
    stranger
        .post(&path, &[("name", "Eve"), ("email", "no address")])
        .await
        .expect(422)
        .says("f-email-error")
        .says("Eve");
    app.clock.set(at("2027-03-01T08:55:00Z"));
    let mut seats = Vec::new();
    for n in 0..30 {
        let reply = stranger
            .post(
                &path,
                &[
                    ("name", &format!("Partner {n}")),
                    ("email", &format!("partner{n}@example.org")),
                ],
            )
            .await
            .expect(303);
        let own = reply
            .location()
            .strip_prefix("/j/")
            .expect("a link of their own")
            .to_owned();
        let token = app.join(&own, &format!("Partner {n}")).await;
        let mut seat = app.seat(&token).await;
        let room = seat.status(AdmissionStatus::Admitted).await;
        assert_eq!(room.you.role, Role::Attendee);
        let publish = seat
            .until("credentials", |message| match message {
                FromServer::Credentials {
                    credentials: Credentials::Builtin { publish },
                } => Some(*publish),
                _ => None,
            })
            .await;
        assert_eq!(publish, Publish::Nothing);
        seats.push(seat);
    }
    // Nobody waits: a presenter does not let in dozens one by one.
    let open = "select count(*) from visits where left_at is null and admitted_at is null";
    assert_eq!(database::count(&app.database(), open).await, 0);
    anna.post(&format!("{}/registration/close", booked.page()), &[])
        .await
        .expect(303);
    stranger.get(&path).await.expect(404);
    stranger
        .post(&path, &[("name", "Late"), ("email", "late@example.org")])
        .await
        .expect(404);
    drop(seats);
    app.finish().await;
}

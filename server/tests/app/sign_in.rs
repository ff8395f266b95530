//! Guessing passwords, and what an administrator can't do to themselves.

use anteroom_server::serve::Plan;
use jiff::SignedDuration;

use super::support::{Client, PASSWORD, Reply, TestApp, database, open_socket};

async fn try_sign_in(client: &mut Client, email: &str, password: &str) -> Reply {
    client
        .post("/sign-in", &[("email", email), ("password", password)])
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_guesses_at_once_no_more_are_tried_than_one_after_another() {
    let app = TestApp::start().await;
    let tasks: Vec<_> = (0..200)
        .map(|n| {
            let mut client = app.stranger();
            tokio::spawn(async move {
                let guess = format!("the guess number {n}");
                try_sign_in(&mut client, "anna@example.org", &guess).await.status
            })
        })
        .collect();
    let mut tried = 0;
    for task in tasks {
        match task.await.unwrap() {
            422 => tried += 1,
            // Past the limit, or no place in the queue.
            429 | 503 => {}
            status => panic!("{status}"),
        }
    }
    assert!((1..=10).contains(&tried), "{tried} guesses were tried");
    // The right one of a patient person takes its line back.
    app.clock.advance(SignedDuration::from_mins(16));
    for _ in 0..12 {
        try_sign_in(&mut app.stranger(), "anna@example.org", PASSWORD)
            .await
            .expect(303);
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_behind_the_same_address_locks_no_known_browser_out() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let known = "select count(*) from known_browsers where account_id = 2";
    anna.post("/sign-out", &[]).await.expect(303);
    for _ in 0..10 {
        try_sign_in(&mut app.stranger(), "anna@example.org", "a guess of theirs")
            .await
            .expect(422);
    }
    try_sign_in(&mut app.stranger(), "anna@example.org", PASSWORD)
        .await
        .expect(429);
    try_sign_in(&mut anna, "anna@example.org", PASSWORD).await.expect(303);
    assert_eq!(
        database::count(&app.database(), known).await,
        1,
        "one browser, one line"
    );
    // Nor does it guess for ever itself.
    for _ in 0..10 {
        try_sign_in(&mut anna, "anna@example.org", "a slip of the hand")
            .await
            .expect(422);
    }
    try_sign_in(&mut anna, "anna@example.org", PASSWORD).await.expect(429);
    // Out everywhere is out everywhere, and no other browser is known.
    let mut elsewhere = anna.clone();
    anna.post("/account/sign-out-everywhere", &[]).await.expect(303);
    assert_eq!(database::count(&app.database(), known).await, 1);
    try_sign_in(&mut elsewhere, "anna@example.org", PASSWORD)
        .await
        .expect(429);
    // A year later a browser is a stranger's.
    app.clock.advance(SignedDuration::from_mins(16));
    try_sign_in(&mut elsewhere, "anna@example.org", PASSWORD)
        .await
        .expect(303);
    app.clock.advance(SignedDuration::from_hours(366 * 24));
    app.use_cases().tidy().await.unwrap();
    assert_eq!(database::count(&app.database(), known).await, 0);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_present_password_is_not_guessed_in_an_open_session() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let new = ("new", "another good password");
    for _ in 0..10 {
        anna.post("/account", &[("current", "not it at all"), new])
            .await
            .expect(422);
    }
    let refused = anna.post("/account", &[("current", PASSWORD), new]).await;
    refused.expect(429).says("Too many attempts.");
    app.clock.advance(SignedDuration::from_mins(16));
    anna.post("/account", &[("current", PASSWORD), new]).await.expect(303);
    let set = "select count(*) from events where kind = 'password_set' and actor_account_id = 2";
    assert_eq!(database::count(&app.database(), set).await, 1);
    let known = "select count(*) from known_browsers where account_id = 2";
    assert_eq!(database::count(&app.database(), known).await, 1, "this one");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_page_keeps_no_session_alive() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    app.clock.advance(SignedDuration::from_mins(119));
    let cookie = anna.cookie_header();
    let headers = [("sec-fetch-site", "same-origin"), ("cookie", cookie.as_str())];
    let socket = open_socket(app.address, "/socket/staff", &headers).await.unwrap();
    app.clock.advance(SignedDuration::from_mins(2));
    let reply = anna.clone().get("/").await;
    assert!(reply.location().starts_with("/sign-in"), "{}", reply.status);
    // Once it is over, the page is told nothing more.
    assert_eq!(
        open_socket(app.address, "/socket/staff", &headers).await.err(),
        Some(401)
    );
    drop(socket);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_changes_others_and_not_what_they_may_themselves() {
    let app = TestApp::start().await;
    let mut admin = app.sign_in("admin@example.org").await;
    let own = "name=Adele&role=admin&branch=&zone=Europe/Berlin&active=on";
    for (body, sentence) in [
        (
            format!("{own}&password=another+good+password"),
            "Your own password is changed",
        ),
        (
            own.replace("role=admin&branch=", "role=clerk&branch=1"),
            "your own role, branch or access",
        ),
        (own.replace("branch=", "branch=1"), "your own role, branch or access"),
        (own.replace("&active=on", ""), "your own role, branch or access"),
    ] {
        let reply = admin.post_body("/admin/accounts/1", &body).await;
        reply.expect(422).says(sentence);
    }
    admin
        .get("/admin/accounts/1")
        .await
        .expect(200)
        .says("href=\"/account\"");
    admin.post_body("/admin/accounts/1", own).await.expect(303);
    try_sign_in(&mut app.stranger(), "admin@example.org", PASSWORD)
        .await
        .expect(303);

    let mut anna = app.anna().await;
    let body = "name=Anna&role=clerk&branch=1&zone=Europe/Berlin&active=on&password=another+good+password";
    admin.post_body("/admin/accounts/2", body).await.expect(303);
    assert!(anna.get("/").await.location().starts_with("/sign-in"));
    let branch = "name=North&zone=Europe/Berlin&opens=08:00&closes=18:00";
    admin.post_body("/admin/branches/1", branch).await.expect(303);
    let service = "branch=1&name=Advice&minutes=45&active=on";
    admin.post_body("/admin/services/1", service).await.expect(303);
    let told = "select kind || ' ' || data from events where actor_account_id = 1
        and kind in ('account_changed', 'password_set', 'branch_changed', 'service_changed') order by id";
    let told = database::column(&app.database(), told).await;
    let kinds: Vec<_> = told.iter().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(
        kinds,
        [
            "account_changed",
            "account_changed",
            "password_set",
            "branch_changed",
            "service_changed"
        ]
    );
    assert!(
        told.iter().all(|line| !line.contains("Anna")),
        "no personal data: {told:?}"
    );
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_proxys_own_word_says_who_asks() {
    let by_proxy = |plan: &mut Plan| {
        plan.client_address_header = Some(http::HeaderName::from_static("x-forwarded-for"));
    };
    let app = TestApp::start_with(by_proxy).await;
    for n in 0..10 {
        // What a guesser claims stands on a line of its own before the one that the proxy adds.
        let claimed = format!("198.51.100.{n}");
        let lines = [
            ("sec-fetch-site", "same-origin"),
            ("x-forwarded-for", &claimed),
            ("x-forwarded-for", "203.0.113.9"),
        ];
        try_sign_in(
            &mut app.stranger().from(&lines),
            "anna@example.org",
            "a guess of theirs",
        )
        .await
        .expect(422);
    }
    let honest = [("sec-fetch-site", "same-origin"), ("x-forwarded-for", "203.0.113.9")];
    try_sign_in(&mut app.stranger().from(&honest), "anna@example.org", PASSWORD)
        .await
        .expect(429);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_leave_events_of_the_account_and_none_of_what_was_typed() {
    let app = TestApp::start().await;
    let tried = "select count(*) from events where kind = 'sign_in_tried'";
    let before = database::count(&app.database(), tried).await;
    for _ in 0..3 {
        try_sign_in(&mut app.stranger(), "anna@example.org", "a guess of theirs")
            .await
            .expect(422);
        try_sign_in(&mut app.stranger(), "nobody@example.org", "a guess of theirs")
            .await
            .expect(422);
    }
    assert_eq!(database::count(&app.database(), tried).await, before + 3);
    let typed = "select count(*) from events where data like '%guess%' or data like '%@%'";
    assert_eq!(database::count(&app.database(), typed).await, 0);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_somebody_else_chose_is_good_for_choosing_ones_own() {
    let app = TestApp::start().await;
    let mut admin = app.sign_in("admin@example.org").await;
    let given = "tell it in person";
    let account = [
        ("name", "Dora Dietz"),
        ("email", "dora@example.org"),
        ("role", "clerk"),
        ("branch", "1"),
        ("zone", "Europe/Zurich"),
        ("password", given),
        ("active", "on"),
    ];
    admin.post("/admin/accounts", &account).await.expect(303);
    let mut dora = app.stranger();
    let with = |own: &'static str| [("email", "dora@example.org"), ("password", given), ("own", own)];
    let asked = try_sign_in(&mut dora, "dora@example.org", given).await;
    asked.expect(422).says("Choose one of your own").says("name=\"own\"");
    dora.get("/account").await.expect(302);
    for (own, sentence) in [
        (given, "Choose another password"),
        ("short", "at least 10"),
        ("password12345", "easy to guess"),
        ("doradietz2026", "easy to guess"),
    ] {
        dora.post("/sign-in", &with(own)).await.expect(422).says(sentence);
    }
    let own = "lamp river gentle mosaic";
    dora.post("/sign-in", &with(own)).await.expect(303);
    dora.get("/account").await.expect(200);
    try_sign_in(&mut app.stranger(), "dora@example.org", given)
        .await
        .expect(422);
    try_sign_in(&mut app.stranger(), "dora@example.org", own)
        .await
        .expect(303);
    // Whoever knows the password of another has nothing from it: the owner's choice ends with the administrator's.
    let id = database::count(
        &app.database(),
        "select id from accounts where email = 'dora@example.org'",
    )
    .await;
    let reset = [&account[..], &[("password", "another one in person")]].concat();
    let reset: Vec<_> = reset
        .into_iter()
        .filter(|field| *field != ("password", given))
        .collect();
    admin.post(&format!("/admin/accounts/{id}"), &reset).await.expect(303);
    dora.get("/account").await.expect(302);
    let again = try_sign_in(&mut dora, "dora@example.org", "another one in person").await;
    again.expect(422).says("Choose one of your own");
    app.finish().await;
}

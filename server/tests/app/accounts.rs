//! Signing in and staying so, and what each role may see and do.

use jiff::SignedDuration;

use super::support::{Client, PASSWORD, Reply, TestApp, booking, database};

async fn try_sign_in(client: &mut Client, email: &str, password: &str) -> Reply {
    client
        .post("/sign-in", &[("email", email), ("password", password)])
        .await
}

async fn is_signed_in(client: &Client) -> bool {
    let reply = client.clone().get("/").await;
    assert!(
        reply.status == 200 || reply.location().starts_with("/sign-in"),
        "{}",
        reply.status
    );
    reply.status == 200
}

/// A page without what is different in every answer.
fn plain(reply: &Reply) -> String {
    let policy = reply.header("content-security-policy").unwrap_or_default();
    let nonce = policy
        .split_once("'nonce-")
        .map_or("-", |(_, rest)| rest.split('\'').next().unwrap());
    reply.text().replace(nonce, "NONCE")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_rotates_at_every_sign_in() {
    let app = TestApp::start().await;
    let mut browser = app.stranger();
    // A session that somebody else put there is not taken up.
    browser
        .cookies
        .insert("anteroom-session".into(), "planted-planted-planted0".into());
    try_sign_in(&mut browser, "anna@example.org", PASSWORD)
        .await
        .expect(303);
    let first = browser.clone();
    assert_ne!(first.cookies["anteroom-session"], "planted-planted-planted0");
    assert!(is_signed_in(&first).await);
    try_sign_in(&mut browser, "ANNA@example.org ", PASSWORD)
        .await
        .expect(303);
    assert_ne!(first.cookies["anteroom-session"], browser.cookies["anteroom-session"]);
    assert!(is_signed_in(&browser).await);
    assert!(!is_signed_in(&first).await, "the session before ended with it");
    let raw = std::fs::read(app.database()).unwrap();
    for (name, value) in &browser.cookies {
        assert!(
            !raw.windows(value.len()).any(|part| part == value.as_bytes()),
            "{name} is in the file"
        );
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_by_rest_and_by_age() {
    let app = TestApp::start().await;
    let idle = app.anna().await;
    app.clock.advance(SignedDuration::from_mins(119));
    assert!(is_signed_in(&idle).await, "two hours are not over");
    app.clock.advance(SignedDuration::from_mins(119));
    assert!(is_signed_in(&idle).await, "counted from the last use");
    app.clock.advance(SignedDuration::from_mins(120));
    assert!(!is_signed_in(&idle).await);

    let busy = app.anna().await;
    for _ in 0..11 {
        app.clock.advance(SignedDuration::from_hours(1));
        assert!(is_signed_in(&busy).await);
    }
    app.clock.advance(SignedDuration::from_hours(1));
    assert!(!is_signed_in(&busy).await, "no session is older than twelve hours");
    app.clock.advance(SignedDuration::from_secs(1));
    app.use_cases().tidy().await.unwrap();
    assert_eq!(
        database::count(&app.database(), "select count(*) from sessions").await,
        0
    );
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signed_out_is_signed_out() {
    let app = TestApp::start().await;
    let mut here = app.anna().await;
    let there = app.anna().await;
    let copy = here.clone();
    assert_eq!(here.post("/sign-out", &[]).await.expect(303).location(), "/sign-in");
    assert!(!here.cookies.contains_key("anteroom-session"));
    assert!(!is_signed_in(&copy).await, "a copy of the cookie is worth nothing");
    assert!(is_signed_in(&there).await, "the other browser stays");
    let mut third = app.anna().await;
    let ben = app.sign_in("ben@example.org").await;
    third.post("/account/sign-out-everywhere", &[]).await.expect(303);
    assert!(!is_signed_in(&there).await);
    assert!(is_signed_in(&ben).await, "nobody else");
    // Twice is no fault.
    here.post("/sign-out", &[]).await.expect(303);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_every_session() {
    let app = TestApp::start().await;
    let mut here = app.anna().await;
    let there = app.anna().await;
    let wrong = here
        .post(
            "/account",
            &[("current", "not mine at all"), ("new", "another good password")],
        )
        .await;
    wrong.expect(422).says("This is not your current password");
    let short = here
        .post("/account", &[("current", PASSWORD), ("new", "short")])
        .await
        .expect(422);
    assert!(!short.text().contains(PASSWORD), "no password comes back");
    here.post("/account", &[("current", PASSWORD), ("new", "another good password")])
        .await
        .expect(303);
    assert!(!is_signed_in(&there).await && !is_signed_in(&here).await);
    try_sign_in(&mut app.stranger(), "anna@example.org", PASSWORD)
        .await
        .expect(422);
    try_sign_in(&mut app.stranger(), "anna@example.org", "another good password")
        .await
        .expect(303);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cookies_are_short_and_out_of_reach_of_scripts() {
    let app = TestApp::start().await;
    let reply = try_sign_in(&mut app.stranger(), "anna@example.org", PASSWORD).await;
    let cookies = reply.all("set-cookie");
    assert_eq!(cookies.len(), 2);
    for cookie in cookies {
        assert!(cookie.starts_with("anteroom-"), "{cookie}");
        assert!(cookie.contains("; Path=/; HttpOnly; SameSite=Lax"), "{cookie}");
        assert!(!cookie.contains("Secure") && !cookie.contains("Domain"), "{cookie}");
    }
    app.finish().await;

    let app = TestApp::start_with(|plan| plan.public_url = Some("https://meet.example.org".into())).await;
    let mut browser = app.stranger();
    let reply = try_sign_in(&mut browser, "anna@example.org", PASSWORD).await;
    for cookie in reply.all("set-cookie") {
        assert!(cookie.starts_with("__Host-anteroom-"), "{cookie}");
        assert!(cookie.contains("; Path=/; HttpOnly; SameSite=Lax; Secure"), "{cookie}");
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
    assert!(reply.header("strict-transport-security").is_some());
    assert!(is_signed_in(&browser).await);
    // The name without the prefix, which another host of the domain could set, is nobody's.
    let value = browser.cookies["__Host-anteroom-session"].clone();
    let mut other = app.stranger();
    other.cookies.insert("anteroom-session".into(), value);
    assert!(!is_signed_in(&other).await);
    // Where the outside address is known, it alone is ours.
    let local = format!("http://{}", app.address);
    browser
        .from(&[("origin", &local)])
        .post("/sign-out", &[])
        .await
        .expect(403);
    browser
        .from(&[("origin", "https://meet.example.org")])
        .post("/sign-out", &[])
        .await
        .expect(303);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_is_slow_and_locks_nobody_out_of_their_own_browser() {
    let by_proxy = |plan: &mut anteroom_server::serve::Plan| {
        plan.client_address_header = Some(http::HeaderName::from_static("x-forwarded-for"));
    };
    let app = TestApp::start_with(by_proxy).await;
    let network = |n: usize| {
        let address = format!("198.51.{}.{}", n / 200, n % 200);
        app.stranger()
            .from(&[("sec-fetch-site", "same-origin"), ("x-forwarded-for", &address)])
    };
    let at_the_desk =
        |client: &Client| client.from(&[("sec-fetch-site", "same-origin"), ("x-forwarded-for", "192.0.2.1")]);
    let mut anna = at_the_desk(&app.stranger());
    try_sign_in(&mut anna, "anna@example.org", PASSWORD).await.expect(303);

    // One network, one account: ten guesses.
    for _ in 0..10 {
        try_sign_in(&mut network(0), "anna@example.org", "a guess of theirs")
            .await
            .expect(422);
    }
    let refused = try_sign_in(&mut network(0), "anna@example.org", PASSWORD).await;
    refused.expect(429).says("Too many attempts");
    try_sign_in(&mut network(0), "ben@example.org", PASSWORD)
        .await
        .expect(303);
    // Forty more from forty networks: now the account is closed to browsers that it does not know.
    for n in 1..=40 {
        try_sign_in(&mut network(n), "anna@example.org", "a guess of theirs")
            .await
            .expect(422);
    }
    try_sign_in(&mut network(41), "anna@example.org", PASSWORD)
        .await
        .expect(429);
    // Anna at her own desk signs out and in again, mistyping once.
    anna.post("/sign-out", &[]).await.expect(303);
    try_sign_in(&mut anna, "anna@example.org", "a slip of the hand")
        .await
        .expect(422);
    try_sign_in(&mut anna, "anna@example.org", PASSWORD).await.expect(303);
    // Her browser is known for her account, not for others'.
    let mut bens = anna.clone();
    bens.cookies.remove("anteroom-session");
    for n in 100..150 {
        try_sign_in(&mut network(n), "ben@example.org", "a guess of theirs")
            .await
            .expect(422);
    }
    try_sign_in(&mut bens, "ben@example.org", PASSWORD).await.expect(429);
    // A quarter of an hour later all is well.
    app.clock
        .advance(SignedDuration::from_mins(15) + SignedDuration::from_secs(1));
    try_sign_in(&mut network(41), "anna@example.org", PASSWORD)
        .await
        .expect(303);
    try_sign_in(&mut bens, "ben@example.org", PASSWORD).await.expect(303);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_address_is_told_what_a_known_one_is() {
    let app = TestApp::start().await;
    let mut answers = Vec::new();
    for email in ["anna@example.org", "nobody@example.org"] {
        let reply = try_sign_in(&mut app.stranger(), email, "not the password")
            .await
            .expect(422);
        answers.push(plain(&reply).replace(email, "EMAIL"));
        assert!(!reply.text().contains("not the password"));
    }
    assert_eq!(answers[0], answers[1]);
    // And an account that is switched off is unknown.
    let mut admin = app.sign_in("admin@example.org").await;
    let branch = "1";
    let off = [
        ("name", "Ben Bauer"),
        ("role", "clerk"),
        ("branch", branch),
        ("zone", "Europe/Berlin"),
    ];
    let ben = app.sign_in("ben@example.org").await;
    admin
        .post(&format!("/admin/accounts/{}", app.ben), &off)
        .await
        .expect(303);
    assert!(!is_signed_in(&ben).await, "switched off is signed out");
    let reply = try_sign_in(&mut app.stranger(), "ben@example.org", PASSWORD)
        .await
        .expect(422);
    assert_eq!(plain(&reply).replace("ben@example.org", "EMAIL"), answers[0]);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn other_sites_pages_change_nothing() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let booked = app.book(&mut anna, &app.form("10:00")).await;
    let before = database::everything(&app.database()).await;
    let form = serde_urlencoded::to_string(app.form("12:00")).unwrap();
    let ours = format!("http://{}", app.address);
    for foreign in [
        vec![("sec-fetch-site", "cross-site")],
        vec![("sec-fetch-site", "same-site")],
        vec![("sec-fetch-site", "none")],
        vec![("sec-fetch-site", "cross-site"), ("origin", ours.as_str())],
        vec![("origin", "https://evil.example")],
        vec![("origin", "null")],
        vec![("origin", "")],
        vec![],
    ] {
        let mut page = anna.from(&foreign);
        for path in [
            "/sign-in",
            "/sign-out",
            "/account/sign-out-everywhere",
            "/account",
            "/consultations/new",
            "/setup",
            "/admin/branches",
            "/api/guest/join",
            "/api/lobby/enter",
            "/nothing/here",
            &format!("{}/edit", booked.page()),
            &format!("{}/cancel", booked.page()),
            &format!("{}/cancel", booked.link()),
            &format!("{}/rate", booked.link()),
        ] {
            let reply = page.post_body(path, &form).await;
            assert_eq!(reply.status, 403, "{path} {foreign:?}");
        }
    }
    assert_eq!(database::everything(&app.database()).await, before);
    anna.from(&[("origin", &ours)]).post("/sign-out", &[]).await.expect(303);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_branchs_consultation_does_not_exist() {
    let app = TestApp::start().await;
    let mut carla = app.sign_in("carla@example.org").await;
    let theirs = app
        .book(&mut carla, &booking(app.elsewhere, app.carla, "2027-03-01", "10:00"))
        .await;
    let before = database::everything(&app.database()).await;
    let mut anna = app.anna().await;
    let missing = anna.get("/consultations/4711").await;
    let found = anna.get(&theirs.page()).await;
    assert_eq!((found.status, missing.status), (404, 404));
    assert!(!found.text().contains("Quillfeather") && !found.text().contains("Grimsby"));
    let form = serde_urlencoded::to_string(app.form("12:00")).unwrap();
    let guest = theirs.guest;
    for (path, body) in [
        (format!("{}/edit", theirs.page()), form.as_str()),
        (format!("{}/cancel", theirs.page()), "reason=x"),
        (format!("{}/outcome", theirs.page()), "outcome=x"),
        (
            format!("{}/guests", theirs.page()),
            "name=X&email=x%40example.org&language=en",
        ),
        (format!("{}/guests/{guest}/link", theirs.page()), ""),
        (format!("{}/guests/{guest}/revoke", theirs.page()), ""),
    ] {
        let reply = anna.post_body(&path, body).await;
        assert_eq!(reply.status, 404, "{path}");
        assert!(!reply.text().contains("Quillfeather"), "{path}");
    }
    for path in ["edit", "room"] {
        let reply = anna.get(&format!("{}/{path}", theirs.page())).await;
        assert!(!reply.text().contains("Quillfeather"), "{path}");
    }
    for path in [
        "/consultations",
        "/consultations?branch=2",
        "/consultations?q=Quill",
        "/",
        "/?date=2027-03-01",
    ] {
        let reply = anna.get(path).await.expect(200);
        assert!(!reply.text().contains("Quillfeather"), "{path}");
    }
    // Nor can a guest of one consultation be reached through another.
    let own = app.book(&mut anna, &app.form("10:00")).await;
    let crossed = format!("{}/guests/{guest}/link", own.page());
    anna.post(&crossed, &[]).await.expect(404);
    let after = database::everything(&app.database()).await;
    for table in ["consultations", "guests", "invitations"] {
        assert_eq!(after[table].len(), before[table].len() + 1, "{table}");
        assert_eq!(after[table][..1], before[table][..], "{table}");
    }
    // The admin sees both.
    let mut admin = app.sign_in("admin@example.org").await;
    admin.get(&theirs.page()).await.expect(200).says("Quillfeather");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_administers_nothing() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let before = database::everything(&app.database()).await;
    let branch = [
        ("name", "West"),
        ("zone", "Europe/Berlin"),
        ("opens", "08:00"),
        ("closes", "18:00"),
    ];
    let service = [("branch", "1"), ("name", "Loans"), ("minutes", "30"), ("active", "on")];
    let account = [
        ("name", "Anna Acker"),
        ("email", "new@example.org"),
        ("role", "admin"),
        ("zone", "Europe/Berlin"),
        ("password", PASSWORD),
        ("active", "on"),
    ];
    let own = format!("/admin/accounts/{}", app.anna);
    for (path, fields) in [
        ("/admin/branches", &branch[..]),
        ("/admin/branches/1", &branch[..]),
        ("/admin/services", &service[..]),
        ("/admin/services/1", &service[..]),
        ("/admin/accounts", &account[..]),
        (own.as_str(), &account[..]),
    ] {
        let reply = anna.post(path, fields).await;
        assert_eq!(reply.status, 403, "{path}");
    }
    anna.get("/dashboard/consultations.csv").await.expect(403);
    for path in [
        "/admin/branches",
        "/admin/services",
        "/admin/accounts",
        "/dashboard",
        own.as_str(),
    ] {
        let reply = anna.get(path).await;
        assert_eq!(reply.status, 403, "{path}");
        assert!(!reply.text().contains("carla@example.org"), "{path}");
    }
    assert_eq!(database::everything(&app.database()).await, before);
    // Who has not signed in is asked to, and led back.
    for path in ["/", "/consultations/1", "/dashboard", "/admin/accounts", "/account"] {
        let reply = app.stranger().get(path).await;
        assert!(
            reply.location().starts_with("/sign-in"),
            "{path}: {} {}",
            reply.status,
            reply.location()
        );
    }
    for path in ["/consultations/new", "/admin/accounts", "/consultations/1/cancel"] {
        let reply = app.stranger().post(path, &account).await;
        assert_eq!(reply.status, 401, "{path}");
        reply.says("You are not signed in any more");
    }
    let reply = app.stranger().post("/account", &account).await.expect(303);
    assert_eq!(reply.location(), "/sign-in?next=%2Faccount");
    let reply = app.stranger().get("/dashboard/consultations.csv").await;
    assert_eq!(reply.location(), "/sign-in");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_leads_back_and_never_away() {
    let app = TestApp::start().await;
    for (next, there) in [
        ("/consultations?page=2", "/consultations?page=2"),
        ("https://evil.example", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/a\r\nset-cookie: x=y", "/"),
    ] {
        let fields = [("email", "anna@example.org"), ("password", PASSWORD), ("next", next)];
        let reply = app.stranger().post("/sign-in", &fields).await.expect(303);
        assert_eq!(reply.location(), there);
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_admin_needs_the_code_from_the_terminal() {
    let mut app = TestApp::empty(|_| {}).await;
    let code = app.setup_code.clone().expect("a new installation has a code");
    let mut browser = app.stranger();
    assert_eq!(browser.get("/sign-in").await.location(), "/setup");
    browser.get("/setup").await.expect(200);
    let with = |code: &str| {
        [
            ("code", code.to_owned()),
            ("name", "Adele Admin".to_owned()),
            ("email", "adele@example.org".to_owned()),
            ("zone", "Europe/Berlin".to_owned()),
            ("password", PASSWORD.to_owned()),
        ]
    };
    async fn send(browser: &mut Client, fields: &[(&str, String)]) -> Reply {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        browser.post("/setup", &fields).await
    }
    for wrong in ["", "x", "AAAAAAAAAAAAAAAAAAAAAAAA", &code.to_lowercase(), &code[..23]] {
        let reply = send(&mut browser, &with(wrong)).await;
        assert_eq!(reply.status, 422, "{wrong}");
        let page = reply.says("This is not the code").says("adele@example.org").text();
        assert!(!page.contains(PASSWORD));
    }
    assert_eq!(
        database::count(&app.database(), "select count(*) from accounts").await,
        0
    );
    // Two at once: one of them is refused.
    let (mut one, mut two) = (browser.clone(), browser.clone());
    let fields = with(&format!(" {code}\n"));
    let (one, two) = tokio::join!(send(&mut one, &fields), send(&mut two, &fields));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    let again = send(&mut browser, &with(&code)).await;
    assert_eq!(again.status, 409, "the code is good once");
    try_sign_in(&mut browser, "adele@example.org", PASSWORD)
        .await
        .expect(303);
    assert!(is_signed_in(&browser).await);
    app.stopped().await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_saved_is_said_once() {
    const SAID: &str = "<p class=\"notice__title\">";
    let app = TestApp::start().await;
    let mut admin = app.sign_in("admin@example.org").await;
    let (mut anna, mut booked) = (app.anna().await, String::new());
    for n in ["10:00", "12:00"] {
        booked = app.book(&mut anna, &app.form(n)).await.page();
    }
    let changed = app.form("13:00");
    let changed = serde_urlencoded::to_string(&changed).unwrap();
    let branch = "name=North&zone=Europe/Berlin&opens=08:00&closes=18:00";
    let service = "branch=1&name=Advice&minutes=45&active=on";
    let account = "name=Anna&role=clerk&branch=1&zone=Europe/Berlin&active=on";
    let more = format!("{account}&email=new@example.org&password={PASSWORD}");
    for (path, body, there, sentence) in [
        ("/admin/branches/1", branch, "/admin/branches", "Saved."),
        (
            "/admin/branches",
            &branch.replace("North", "West"),
            "/admin/branches",
            "Added.",
        ),
        ("/admin/services/1", service, "/admin/services", "Saved."),
        (
            "/admin/services",
            &service.replace("Advice", "More"),
            "/admin/services",
            "Added.",
        ),
        ("/admin/accounts/2", account, "/admin/accounts", "Saved."),
        ("/admin/accounts", &more, "/admin/accounts", "Added."),
        (&format!("{booked}/edit"), &changed, &booked, "Saved."),
    ] {
        let reply = admin.post_body(path, body).await.expect(303);
        assert_eq!(reply.location(), there, "{path}");
        // Files and data on the way say nothing, and take nothing away.
        for other in ["/brand.css", "/api/session/frame", "/healthz"] {
            admin.get(other).await.expect(200);
        }
        let page = admin.get(there).await.expect(200).text();
        assert!(page.contains("role=\"status\""), "{path}");
        assert!(page.contains(&format!("{SAID}{sentence}")), "{path}: {page}");
        let page = admin.get(there).await.expect(200).text();
        assert!(!page.contains(&format!("{SAID}{sentence}")), "{path}: said twice");
    }
    // What was refused was not saved.
    admin.post_body("/admin/branches/1", "name=North").await.expect(422);
    let page = admin.get("/admin/branches").await.expect(200).text();
    assert!(!page.contains("notice--success"), "{page}");
    // A word that is none of ours.
    admin.cookies.insert("anteroom-done".into(), "nonsense".into());
    let page = admin.get("/admin/branches").await.expect(200).text();
    assert!(!page.contains("notice--success"), "{page}");
    let new = "another good password";
    let reply = admin.post("/account", &[("current", PASSWORD), ("new", new)]).await;
    assert_eq!(reply.expect(303).location(), "/sign-in");
    let said = format!("{SAID}Your password is changed. Sign in with the new one.");
    admin.get("/sign-in").await.expect(200).says(&said);
    assert!(!admin.get("/sign-in").await.text().contains(&said));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_is_wrong_with_an_account_is_said_at_its_field() {
    let app = TestApp::start().await;
    let mut admin = app.sign_in("admin@example.org").await;
    let body = "role=clerk&zone=Europe/Nowhere&password=short&entra_id=me&email=nobody";
    let page = admin.post_body("/admin/accounts", body).await.expect(422).text();
    for sentence in [
        "Enter a name.",
        "Enter an e-mail address like name@example.com.",
        "Choose the branch that this clerk belongs to.",
        "Use at least 10 characters.",
        "Enter the object ID from Microsoft Entra",
    ] {
        assert!(page.contains(sentence), "{sentence} is missing");
    }
    app.finish().await;
}

//! What nobody should send: answered with a clear error, by a server that goes on.

use anteroom_app::forms::ConsultationForm;

use super::support::{PASSWORD, Reply, TestApp, at, database, exchange, log};

/// Neither a fault of ours nor silence.
#[track_caller]
fn is_answered(reply: &Reply, what: &str) {
    assert!(
        (200..500).contains(&reply.status),
        "{what:.80}: {} {}",
        reply.status,
        reply.text()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_too_long_is_refused_in_words() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let before = database::everything(&app.database()).await;
    for (path, size) in [
        ("/consultations/new", 300_000),
        ("/sign-in", 300_000),
        ("/account", 3_000_000),
    ] {
        let body = format!("notes={}", "x".repeat(size));
        let reply = anna.post_body(path, &body).await.expect(413);
        reply.says("What you sent is too long. Go back");
    }
    for path in ["/api/guest/join", "/api/lobby/enter"] {
        let body = format!("secret=x&name={}", "x".repeat(5_000_000));
        anna.post_body(path, &body).await.expect(413);
    }
    // Without saying how long it will be.
    let chunk = format!("{:x}\r\n{}\r\n", 10_000, "x".repeat(10_000)).repeat(20);
    let request = format!(
        "POST /sign-in HTTP/1.1\r\nHost: {}\r\nsec-fetch-site: same-origin\r\nconnection: close\r\n\
        content-type: application/x-www-form-urlencoded\r\ntransfer-encoding: chunked\r\n\r\n{chunk}0\r\n\r\n",
        app.address
    );
    app.stranger()
        .send(request.as_bytes())
        .await
        .expect(413)
        .says("What you sent is too long");
    // As long as the longest form that is good: 4,000 characters of four bytes each, written as twelve.
    let form = ConsultationForm {
        notes: "😀".repeat(4_000),
        ..app.form("10:00")
    };
    let body = serde_urlencoded::to_string(&form).unwrap();
    assert!(48_000 < body.len());
    anna.post_body("/consultations/new", &body).await.expect(303);
    let form = ConsultationForm {
        notes: "😀".repeat(4_001),
        ..app.form("12:00")
    };
    let body = serde_urlencoded::to_string(&form).unwrap();
    anna.post_body("/consultations/new", &body)
        .await
        .expect(422)
        .says("Use at most 4,000 characters");
    assert_eq!(
        database::everything(&app.database()).await["guests"].len(),
        before["guests"].len() + 1
    );
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_that_are_none_are_refused_and_typed_text_is_kept() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let before = database::everything(&app.database()).await;
    const FORM: &str = "application/x-www-form-urlencoded";
    let paths = [
        "/consultations/new",
        "/consultations/1/edit",
        "/consultations/1/cancel",
        "/sign-in",
        "/setup",
        "/account",
    ];
    for path in paths {
        for (kind, body) in [
            (FORM, &b""[..]),
            (FORM, b"&&&===%%%"),
            (FORM, b"notes=%ff%fe%00&guest_name=%c3%28"),
            (FORM, b"\xff\xfe\x00\x01"),
            (FORM, b"service=1&service=2&service=3"),
            (FORM, b"service[]=1&service[0][x]=2"),
            (
                FORM,
                b"service=99999999999999999999&host=-1&minutes=1e9&date=0000-00-00&time=99:99&zone=../../etc/passwd",
            ),
            (
                FORM,
                b"service=%F0%9F%98%80&date=9999-12-31&time=23:59&zone=UTC&minutes=480",
            ),
            ("application/json", b"{\"service\":1}"),
            ("multipart/form-data; boundary=x", b"--x\r\n\r\n--x--"),
            ("text/plain", b"service=1"),
            ("", b"service=1"),
        ] {
            let reply = anna.post_raw(path, kind, body).await;
            assert!(
                (400..500).contains(&reply.status),
                "{path} {kind} {body:?}: {} {}",
                reply.status,
                reply.text()
            );
            assert!(
                !reply.body.is_empty(),
                "{path} {kind} {body:?}: a refusal without a word"
            );
        }
    }
    // Everything that is wrong is said at once, at its field, and what was typed stands there again.
    let form = ConsultationForm {
        guest_name: String::new(),
        guest_email: "zebedee at quillfeather".into(),
        guest_phone: "030 CALL".into(),
        minutes: "4".into(),
        time: "25:00".into(),
        notes: "Kept & <kept>".into(),
        ..app.form("10:00")
    };
    let reply = anna
        .post_body("/consultations/new", &serde_urlencoded::to_string(&form).unwrap())
        .await
        .expect(422);
    let page = reply.text();
    for sentence in [
        "Enter a name.",
        "Enter an e-mail address like name@example.com.",
        "Enter the number with its country code",
        "Enter a length between 5 and 480 minutes.",
        "Enter a time as HH:MM",
        "zebedee at quillfeather",
        "030 CALL",
        "Kept &amp; &lt;kept",
    ] {
        assert!(page.contains(sentence), "{sentence} is missing");
    }
    // The sign-in's own failures leave rows about themselves, and that is all.
    let mut after = database::everything(&app.database()).await;
    after.insert("sign_in_failures".into(), before["sign_in_failures"].clone());
    assert_eq!(after, before);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn paths_and_queries_that_make_no_sense_are_answered() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    app.book(&mut anna, &app.form("10:00")).await;
    let before = database::everything(&app.database()).await;
    let long = "x".repeat(5_000);
    for path in [
        "/consultations/9999999999999999999999",
        "/consultations/-1",
        "/consultations/9223372036854775807",
        "/consultations/1e3",
        "/consultations/%00",
        "/consultations/1%2f..%2f2",
        "/consultations/../../etc/passwd",
        "/pkg/../../../../etc/passwd",
        "/pkg/%2e%2e/%2e%2e/etc/passwd",
        "/..%5c..%5cwindows",
        "//evil.example/x",
        "/j/",
        "/j/%00",
        "/j/%ff%fe",
        "/j/%F0%9F%98%80",
        "/j/a%2fb",
        "/j/<script>alert(1)</script>",
        "/j/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        &format!("/j/{long}"),
        &format!("/{long}"),
        "/nothing/here",
        "/consultations/1/nothing",
        "/consultations/1/guests/x/link",
        "/admin/branches/x",
        "/api/nothing",
        "/api/guest/landing",
        "/api/guest/landing?secret=%ff",
        "/api/consultation/list?form[page]=x",
        "/logo",
    ] {
        let reply = anna.get(path).await;
        is_answered(&reply, path);
        // Programs read a status; a page is not where forms go; and what is no URL at all, no browser sends.
        let is_for_people = !path.starts_with("/api") && path != "/logo" && !path.contains('<') && reply.status != 405;
        if 400 <= reply.status && is_for_people {
            assert!(!reply.body.is_empty(), "{path:.60}: {} and no word", reply.status);
        }
        assert!(!reply.text().contains("<script>alert"), "{path}");
        assert!(!reply.text().contains("root:x:"), "{path}");
        is_answered(&anna.head_of(path).await, path);
        is_answered(&anna.post_body(path, "a=b").await, path);
    }
    for query in [
        "page=0",
        "page=-1",
        "page=4294967295",
        "page=99999999999999999999",
        "page=x&page=y",
        "from=yesterday&to=2027-13-45",
        "from=2200-12-31&to=2000-01-01",
        "branch=x&service=9223372036854775808&host=%00",
        "branch=9223372036854775807",
        "outcome=lovely&sort=name;drop table guests&desc=maybe",
        "q=%25%25%25",
        "q=_____",
        "q=%5C%27%22%3B--",
        "q=%00",
        "q=%ff",
        "q[]=1&form[q]=2",
        "&&&===",
        "date=0000-00-00",
        "date=9999-12-31",
        "date=-9999-01-01",
        "%",
    ] {
        for path in ["/consultations", "/", "/consultations/new"] {
            let reply = anna.get(&format!("{path}?{}", query.replace(' ', "+"))).await;
            is_answered(&reply, &format!("{path}?{query}"));
        }
    }
    let mut admin = app.sign_in("admin@example.org").await;
    for query in [
        "from=2000-01-01&to=2200-12-31",
        "from=2200-12-31&to=2000-01-01",
        "from=x&to=y&branch=z",
        "branch=9223372036854775808",
        "outcome=x",
        "page=4294967295",
        "q=%00",
        "%ff",
    ] {
        for path in ["/dashboard", "/dashboard/consultations.csv", "/consultations"] {
            is_answered(&admin.get(&format!("{path}?{query}")).await, &format!("{path}?{query}"));
        }
    }
    // A search is text, not a pattern.
    let found = anna.get("/consultations?q=%25").await.expect(200);
    assert!(!found.text().contains("Quillfeather"));
    anna.get("/consultations?q=quillf")
        .await
        .expect(200)
        .says("Quillfeather");
    let mut after = database::everything(&app.database()).await;
    for table in ["sessions", "known_browsers", "events", "sqlite_sequence"] {
        after.insert(table.into(), before[table].clone());
    }
    assert_eq!(after, before);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_function_says_that_its_arguments_make_no_sense() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    for path in [
        "/api/consultation/list",
        "/api/consultation/details",
        "/api/consultation/details?id=x",
        "/api/organisation/branch?id=99999999999999999999999",
        "/api/report/figures?form=x",
    ] {
        let reply = anna.get(path).await;
        assert_eq!(reply.status, 400, "{path}: {}", reply.text());
        reply.says("Reload the page and try again.");
    }
    for path in [
        "/api/guest/landing",
        "/api/guest/join",
        "/api/lobby/enter",
        "/api/consultation/make-link",
    ] {
        for body in [
            "",
            "a=b",
            "consultation=x&secret[]=1",
            "&&&===%%%",
            "consultation=%ff%fe",
        ] {
            let reply = anna.post_body(path, body).await;
            assert_eq!(reply.status, 400, "{path} {body}: {}", reply.text());
            reply.says("Reload the page and try again.");
        }
        let reply = anna
            .post_raw(path, "application/x-www-form-urlencoded", b"\xff\xfe\x00\x01")
            .await;
        reply.expect(400).says("Reload the page and try again.");
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_path_cannot_name_does_not_exist() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    for path in [
        "/consultations/x/edit",
        "/consultations/x/cancel",
        "/consultations/1/guests/x/link",
        "/consultations/99999999999999999999/outcome",
        "/admin/branches/x",
        "/admin/services/-",
        "/admin/accounts/%00",
        "/j/%ff%fe/cancel",
    ] {
        let page = anna.post(path, &[("name", "x")]).await.expect(404);
        page.says("This page does not exist").says("<h1");
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_ends_before_it_begins_says_so_at_its_field() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let page = anna
        .get("/consultations?from=2027-03-02&to=2027-03-01")
        .await
        .expect(200)
        .text();
    let field = page.split("id=\"f-to-error\"").nth(1).expect("an error at the field");
    let field = field.split("</p>").next().unwrap();
    assert!(field.contains("The range ends before it begins."), "{field}");
    anna.get("/consultations?from=2027-03-01&to=2027-03-01")
        .await
        .expect(200);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_not_signed_in_is_led_to_do_so_whatever_they_accept() {
    let app = TestApp::start().await;
    for path in ["/", "/consultations", "/admin/branches", "/account"] {
        for accept in ["*/*", "application/json", "text/html"] {
            let request = format!(
                "GET {path} HTTP/1.1\r\nHost: {}\r\naccept: {accept}\r\nconnection: close\r\n\r\n",
                app.address
            );
            let reply = app.stranger().send(request.as_bytes()).await;
            assert_eq!(reply.status, 302, "{path} {accept}");
            assert!(reply.location().starts_with("/sign-in"), "{path} {accept}");
        }
    }
    // A script is told, and its page stays where it is: somebody may be typing there.
    for path in ["/api/session/frame", "/api/organisation/list"] {
        let reply = app.stranger().get(path).await;
        assert_eq!((reply.status, reply.location()), (401, ""), "{path}");
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_are_hardly_http_cost_their_own_connection() {
    let app = TestApp::start().await;
    let host = app.address.to_string();
    let many: String = (0..500).map(|n| format!("x-{n}: {n}\r\n")).collect();
    let cookies = format!("cookie: {}\r\n", "anteroom-session=x; ".repeat(400));
    for (what, request) in [
        ("nonsense", "\u{1}\u{2}\u{3}\r\n\r\n".to_owned()),
        ("tls", "\u{16}\u{3}\u{1}\u{2}\r\n\r\n".to_owned()),
        ("no host", "GET / HTTP/1.1\r\nconnection: close\r\n\r\n".to_owned()),
        (
            "many headers",
            format!("GET / HTTP/1.1\r\nHost: {host}\r\n{many}connection: close\r\n\r\n"),
        ),
        (
            "many cookies",
            format!("GET / HTTP/1.1\r\nHost: {host}\r\n{cookies}connection: close\r\n\r\n"),
        ),
        (
            "odd method",
            format!("BREW / HTTP/1.1\r\nHost: {host}\r\nconnection: close\r\n\r\n"),
        ),
        (
            "trace",
            format!("TRACE / HTTP/1.1\r\nHost: {host}\r\nconnection: close\r\n\r\n"),
        ),
        (
            "options",
            format!("OPTIONS * HTTP/1.1\r\nHost: {host}\r\nconnection: close\r\n\r\n"),
        ),
        (
            "two lengths",
            format!(
                "POST /sign-in HTTP/1.1\r\nHost: {host}\r\nsec-fetch-site: same-origin\r\ncontent-length: 3\r\ncontent-length: 5\r\nconnection: close\r\n\r\na=b"
            ),
        ),
        (
            "length and chunks",
            format!(
                "POST /sign-in HTTP/1.1\r\nHost: {host}\r\nsec-fetch-site: same-origin\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n0\r\n\r\n"
            ),
        ),
        (
            "odd host",
            "GET /sign-in HTTP/1.1\r\nHost: a\"><script>alert(1)</script>\r\nconnection: close\r\n\r\n".to_owned(),
        ),
        (
            "odd referer",
            format!("GET / HTTP/1.1\r\nHost: {host}\r\nreferer: \u{ff}\u{fe}://x\r\nconnection: close\r\n\r\n"),
        ),
    ] {
        if let Some(reply) = exchange(app.address, request.as_bytes()).await {
            is_answered(&reply, what);
            assert!(!reply.text().contains("<script>alert"), "{what}");
            assert!(
                !reply.headers.iter().any(|(_, value)| value.contains("<script>")),
                "{what}"
            );
        }
    }
    let mut browser = app.stranger();
    for garbage in [
        "x",
        "=",
        ";;;===;;",
        "anteroom-session",
        "anteroom-session=",
        "anteroom-session=\"quoted\"",
        "anteroom-session=%00%ff",
        "anteroom-session=' or 1=1 --",
        "anteroom-session=é; anteroom-browser=☃; anteroom-fresh-link=1.1.<script>",
        "anteroom-fresh-link=1.1.x",
        "anteroom-fresh-link=99999999999999999999.x.y",
        &format!("anteroom-session={}", "x".repeat(6_000)),
    ] {
        for path in ["/", "/sign-in", "/consultations/1", "/brand.css"] {
            let reply = browser.get_with(path, &[("cookie", garbage)]).await;
            is_answered(&reply, garbage);
        }
        let reply = browser.post_body("/sign-in", "email=a&password=b").await;
        assert!([422, 429].contains(&reply.status), "{}", reply.status);
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_call_themselves_is_text_everywhere() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let names = [
        "</textarea><script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "Robert'); drop table guests;--",
        "👩‍👩‍👧 Zoë Ångström",
        "محمد בן-אברהם",
        "{{constructor}} ${7*7} %s %n",
        "<!-- --!>",
        "]]></title>",
    ];
    let mut booked = Vec::new();
    for (n, name) in names.iter().enumerate() {
        let form = ConsultationForm {
            guest_name: (*name).into(),
            notes: format!("{name}\n</textarea><script>alert(2)</script>"),
            ..app.form(&format!("{}:00", 9 + n))
        };
        booked.push(app.book(&mut anna, &form).await);
    }
    anna.post(
        &format!("{}/cancel", booked[7].page()),
        &[("reason", "</p><script>alert(3)</script>")],
    )
    .await
    .expect(303);
    app.clock.set(at("2027-03-01T07:50:00Z"));
    for booked in &booked {
        let mut guest = app.stranger();
        for (client, path) in [(&mut anna, booked.page()), (&mut guest, booked.link())] {
            harmless(&client.get(&path).await.expect(200), &path);
        }
        let edit = format!("{}/edit", booked.page());
        let page = anna.get(&edit).await;
        harmless(&page, &edit);
    }
    let (_, seat) = app.arrive(&booked[0].secret, names[0]).await;
    for path in ["/", "/consultations"] {
        harmless(&anna.get(path).await.expect(200), path);
    }
    let form = ConsultationForm {
        guest_name: String::new(),
        guest_email: names[1].into(),
        notes: names[0].into(),
        ..app.form("22:00")
    };
    let reply = anna
        .post_body("/consultations/new", &serde_urlencoded::to_string(&form).unwrap())
        .await;
    harmless(&reply.expect(422), "the form again");
    // What turns the reading order around is no part of a name, and neither is what nobody sees.
    let form = ConsultationForm {
        guest_name: "Anna\u{202e}gnp.exe\u{200b}\0".into(),
        ..app.form("22:00")
    };
    let booked = app.book(&mut anna, &form).await;
    let page = anna.get(&booked.page()).await.expect(200).says("Annagnp.exe").text();
    assert!(!page.contains(['\u{202e}', '\u{200b}', '\0']));
    drop(seat);
    app.finish().await;
}

/// Nothing that a person typed is markup; the only scripts are those with the nonce of this answer, or files of ours.
#[track_caller]
fn harmless(reply: &Reply, path: &str) {
    let page = reply.text();
    for bad in ["<script>alert", "<img src=x", "<!-- --!>", "]]></title>"] {
        assert!(!page.contains(bad), "{path} holds {bad}");
    }
    let policy = reply.header("content-security-policy").unwrap();
    assert!(
        policy.contains("default-src 'none'") && !policy.contains("unsafe-inline"),
        "{policy}"
    );
    let nonce = policy.split_once("'nonce-").unwrap().1.split('\'').next().unwrap();
    let allowed = format!("nonce=\"{nonce}\"");
    for script in page.split("<script").skip(1) {
        let tag = script.split('>').next().unwrap();
        assert!(
            tag.contains(&allowed) || tag.contains("src=\""),
            "{path}: <script{tag}>"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_knows_nobody() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    // Names that no other test uses.
    let form = ConsultationForm {
        guest_name: "Xanthippe Underlogg".into(),
        guest_email: "xanthippe@underlogg.example".into(),
        guest_phone: "+49 30 9988776".into(),
        notes: "Underlogg's notes".into(),
        ..app.form("10:00")
    };
    let booked = app.book(&mut anna, &form).await;
    app.stranger()
        .post(
            "/sign-in",
            &[("email", "underlogg@example.org"), ("password", "underlogg secret")],
        )
        .await;
    anna.get("/consultations?q=underlogg").await.expect(200);
    anna.post_body("/consultations/new", &serde_urlencoded::to_string(&form).unwrap())
        .await
        .expect(409);
    app.clock.set(at("2027-03-01T08:50:00Z"));
    let (token, guest) = app.arrive(&booked.secret, "Xanthippe Underlogg").await;
    let (_, mut host) = app.enter(&mut anna, booked.id).await;
    host.say_raw(r#"{"t":"chat","text":"underlogg says"}"#).await;
    host.chat().await;
    host.say_raw(r#"{"t":"underlogg"}"#).await;
    host.closes().await;
    drop(guest);
    let secrets = [booked.secret.clone(), token, anna.cookies["anteroom-session"].clone()];
    app.finish().await;
    let log = log();
    let lower = log.to_lowercase();
    for word in ["xanthippe", "underlogg", "9988776", PASSWORD] {
        let line = lower.lines().find(|line| line.contains(word));
        assert!(line.is_none(), "{word}: {line:?}");
    }
    for secret in secrets {
        assert!(!log.contains(&secret));
    }
}

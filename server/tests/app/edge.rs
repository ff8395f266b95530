//! What comes from outside and is not quite as it should be: links with something behind them, headers of proxies and of
//! other programs, answers that are asked for in another form.

use http::HeaderName;

use super::support::{Client, TestApp, at, exchange};

#[tokio::test(flavor = "multi_thread")]
async fn a_link_works_with_whatever_was_copied_behind_it() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let booked = app.book(&mut anna, &app.form("10:00")).await;
    let link = booked.link();
    for behind in [
        ".",
        ")",
        "%22",
        "%3E",
        "%E2%80%8B",
        "&utm_source=mail",
        "%EF%BC%8C",
        "/",
        "%20und%20danke",
        "%C3%BC",
    ] {
        let reply = app.stranger().get(&format!("{link}{behind}")).await.expect(308);
        assert_eq!(reply.location(), link, "{behind}");
        let check = format!("{link}/check");
        let reply = app.stranger().get(&format!("{check}{behind}")).await.expect(308);
        assert_eq!(reply.location(), check, "{behind}");
    }
    app.stranger().get(&link).await.expect(200);
    app.stranger().get(&format!("{link}?utm_source=mail")).await.expect(200);
    app.stranger()
        .get(&format!("/j/{}", &booked.secret[1..]))
        .await
        .expect(404);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_of_somebody_else_signs_nobody_out() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    anna.get("/account").await.expect(200);
    for other in [&b"greeting=gr\xfc\xdfe"[..], b"\xff", b"=", b"a=b=c;;;"] {
        let mut request = format!(
            "GET /account HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncookie: ",
            app.address
        );
        request.push_str(&anna.cookie_header());
        let request = [request.as_bytes(), b"; ", other, b"\r\n\r\n"].concat();
        let reply = exchange(app.address, &request).await.unwrap();
        assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(other));
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_client_would_like_to_speak_instead_is_let_be() {
    let app = TestApp::start().await;
    let mut stranger = app.stranger().from(&[]);
    for upgrade in ["h2c", "TLS/1.0", "HTTP/2.0"] {
        let headers = [
            ("upgrade", upgrade),
            ("connection", "upgrade"),
            ("http2-settings", "AAMAAABkAARAAAAAAAIAAAAA"),
        ];
        stranger.get_with("/healthz", &headers).await.expect(200).says("ok");
        stranger.get_with("/sign-in", &headers).await.expect(200);
    }
    // A socket is still for our own pages alone.
    let headers = [
        ("upgrade", "websocket"),
        ("connection", "upgrade"),
        ("origin", "https://evil.example"),
    ];
    stranger.get_with("/socket/seat", &headers).await.expect(403);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_names_its_host_once() {
    let app = TestApp::start().await;
    for (request, status) in [
        (&b"GET /healthz HTTP/1.1\r\nconnection: close\r\n\r\n"[..], 400),
        (
            b"GET /healthz HTTP/1.1\r\nhost: a\r\nhost: b\r\nconnection: close\r\n\r\n",
            400,
        ),
        (b"GET /healthz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n", 200),
        (b"GET /healthz HTTP/1.0\r\n\r\n", 200),
    ] {
        let reply = exchange(app.address, request).await.unwrap();
        assert_eq!(reply.status, status, "{}", String::from_utf8_lossy(request));
    }
    app.finish().await;
}

/// So that it need not be refused, which would lock out who is behind a proxy that sends a name of its own.
#[tokio::test(flavor = "multi_thread")]
async fn with_a_public_address_the_name_in_a_request_decides_nothing() {
    let app = TestApp::start_with(|plan| plan.public_url = Some("https://meet.example.org".to_owned())).await;
    let mut anna = app.anna().await;
    let booked = app.book(&mut anna, &app.form("10:00")).await;
    let (page, link) = (booked.page(), booked.link());
    for path in [
        "/",
        "/account",
        &page,
        &link,
        &format!("{link}/appointment.ics"),
        "/nothing",
    ] {
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: made-up.example\r\nx-forwarded-host: made-up.example\r\nconnection: close\r\ncookie: {}\r\n\r\n",
            anna.cookie_header()
        );
        let reply = exchange(app.address, request.as_bytes()).await.unwrap();
        let whole = format!("{:?}{}", reply.headers, reply.text());
        assert!(
            reply.status < 500 && !whole.contains("made-up.example"),
            "{path}: {whole}"
        );
    }
    // Nor does a page of that name become one of ours.
    let mut lured = app.stranger().from(&[("origin", "http://made-up.example")]);
    let body = "email=anna%40example.org&password=x";
    let form = lured.form_bytes("/sign-in", body);
    let form = String::from_utf8(form).unwrap();
    let form = form.replace(&format!("Host: {}", app.address), "Host: made-up.example");
    lured.send(form.as_bytes()).await.expect(403);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_of_a_form_leads_to_its_page() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let booked = app.book(&mut anna, &app.form("10:00")).await;
    let (page, link) = (booked.page(), booked.link());
    for (form, there) in [
        (format!("{page}/cancel"), page.as_str()),
        (format!("{page}/outcome"), &page),
        (format!("{page}/guests"), &page),
        (format!("{page}/registration"), &page),
        (format!("{page}/registration/close"), &page),
        (format!("{link}/cancel"), &link),
        (format!("{link}/rate"), &link),
        ("/account/sign-out-everywhere".to_owned(), "/account"),
        ("/sign-out".to_owned(), "/"),
        ("/admin/teams/identities".to_owned(), "/admin/teams"),
    ] {
        let reply = anna.get(&form).await;
        assert_eq!((reply.status, reply.location()), (303, there), "{form}");
    }
    anna.get("/api/guest/join").await.expect(405);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_leads_to_another_site() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let evil = [
        ("accept", "text/html"),
        ("referer", "https://evil.example/x"),
        ("sec-fetch-site", "same-origin"),
    ];
    let mut lured = anna.from(&evil);
    for path in [
        "/api/session/frame",
        "/api/organisation/list",
        "/api/consultation/list?form[page]=x",
        "/api/consultation/details?id=999",
        "/api/nothing",
    ] {
        let reply = lured.get(path).await;
        assert_eq!(reply.header("location"), None, "{path}: {}", reply.status);
    }
    for path in [
        "/api/guest/landing",
        "/api/guest/join",
        "/api/guest/rate",
        "/api/consultation/make-link",
    ] {
        for body in ["", "secret=x&name=y", "secret=x"] {
            let reply = lured.post_body(path, body).await;
            assert_eq!(reply.header("location"), None, "{path}: {}", reply.status);
        }
    }
    anna.get("/").await.expect(200);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_exist_is_not_found() {
    let app = TestApp::start().await;
    let mut admin = app.sign_in("admin@example.org").await;
    for (path, page) in [
        (
            "/api/organisation/service?id=999999".to_owned(),
            "/admin/services/999999".to_owned(),
        ),
        (
            "/api/organisation/branch?id=999999".to_owned(),
            "/admin/branches/999999".to_owned(),
        ),
        (
            "/api/organisation/account?id=999999".to_owned(),
            "/admin/accounts/999999".to_owned(),
        ),
    ] {
        admin.get(&path).await.expect(404);
        admin.get(&page).await.expect(404);
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_and_answers_travel_packed() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let plain = anna.get("/consultations/new").await.expect(200);
    for coding in ["br", "gzip"] {
        let packed = anna
            .get_with("/consultations/new", &[("accept-encoding", coding)])
            .await
            .expect(200);
        assert_eq!(packed.header("content-encoding"), Some(coding));
        assert!(
            packed.body.len() * 3 < plain.body.len(),
            "{} of {}",
            packed.body.len(),
            plain.body.len()
        );
        assert!(packed.all("vary").iter().any(|vary| vary.contains("accept-encoding")));
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn made_up_links_keep_nobody_with_a_good_one_out() {
    let by_proxy = |plan: &mut anteroom_server::serve::Plan| {
        plan.client_address_header = Some(HeaderName::from_static("x-forwarded-for"));
    };
    let app = TestApp::start_with(by_proxy).await;
    let mut anna = app.anna().await;
    let booked = app.book(&mut anna, &app.form("10:00")).await;
    app.clock.set(at("2027-03-01T08:50:00Z"));
    let nat = [("sec-fetch-site", "same-origin"), ("x-forwarded-for", "203.0.113.9")];
    let neighbour = || app.stranger().from(&nat);
    let join = |mut client: Client, secret: String| async move {
        client
            .post("/api/guest/join", &[("secret", &secret), ("name", "Zeb")])
            .await
            .status
    };
    let mut refused = 0;
    for n in 0..400 {
        let status = join(neighbour(), format!("made-up-{n:016}")).await;
        refused += usize::from(status == 429);
        neighbour()
            .post(&format!("/j/made-up-{n:016}/cancel"), &[("reason", "x")])
            .await;
    }
    assert!(refused > 300, "{refused}");
    assert_eq!(join(neighbour(), booked.secret.clone()).await, 200);
    neighbour()
        .post(&format!("{}/cancel", booked.link()), &[("reason", "x")])
        .await
        .expect(409);
    app.finish().await;
}

//! Sockets that don't behave: each costs itself, and nobody else.

use std::time::Duration;

use anteroom_domain::visit::AdmissionStatus;
use anteroom_protocol::seat::{Closed, FromClient, MAX_FRAME_BYTES};
use futures::{SinkExt as _, StreamExt as _};
use tokio::time::{Instant, timeout};
use tokio_tungstenite::tungstenite::Message;

use super::support::{Seat, TestApp, at, database, open_socket};

#[tokio::test(flavor = "multi_thread")]
async fn what_breaks_the_protocol_closes_its_own_socket_only() {
    let (app, mut anna, booked) = TestApp::soon().await;
    let (_, mut host) = app.enter(&mut anna, booked.id).await;
    let (token, guest) = app.arrive(&booked.secret, "Zeb").await;
    drop(guest);

    // Before hello.
    for nonsense in [
        "",
        "{}",
        "hello",
        "[1,2,3]",
        "\"\u{0}\"",
        r#"{"t":"admit","visit":1}"#,
        r#"{"t":"ping","n":1}"#,
        r#"{"t":"hello"}"#,
        r#"{"t":"hello","token":5}"#,
        r#"{"t":"hello","token":"x","as":"host"}"#,
        r#"{"t":"promote"}"#,
        &format!("{{\"t\":{}", "[".repeat(10_000)),
    ] {
        let mut seat = Seat::silent(app.address).await;
        seat.say_raw(nonsense).await;
        assert_eq!(seat.closes().await, Closed::Protocol, "{nonsense:.60}");
    }
    for token in [
        "",
        "x",
        "AAAAAAAAAAAAAAAAAAAAAAAA",
        &"x".repeat(100_000),
        "' or 1=1 --",
        "\u{0}",
    ] {
        let mut seat = app.seat(token).await;
        assert_eq!(seat.closes().await, Closed::BadToken, "{token:.60}");
    }

    // After it.
    for nonsense in [
        r#"{"t":"hello","token":"x"}"#.to_owned(),
        r#"{"t":"ping","n":-1}"#.to_owned(),
        r#"{"t":"ping","n":4294967296}"#.to_owned(),
        r#"{"t":"admit","visit":9223372036854775808}"#.to_owned(),
        r#"{"t":"media","media":{"m":"become_host"}}"#.to_owned(),
        r#"{"t":"chat"}"#.to_owned(),
        "null".to_owned(),
        "\u{202e}".to_owned(),
    ] {
        let mut seat = app.seat(&token).await;
        seat.status(AdmissionStatus::Waiting).await;
        seat.say_raw(&nonsense).await;
        assert_eq!(seat.closes().await, Closed::Protocol, "{nonsense:.60}");
    }
    let mut seat = app.seat(&token).await;
    seat.status(AdmissionStatus::Waiting).await;
    seat.socket.send(Message::binary(vec![0_u8; 100])).await.unwrap();
    assert_eq!(seat.closes().await, Closed::Protocol);
    // Longer than anything that is said: cut off without reading it.
    let mut seat = app.seat(&token).await;
    seat.status(AdmissionStatus::Waiting).await;
    let long = format!(r#"{{"t":"chat","text":"{}"}}"#, "x".repeat(MAX_FRAME_BYTES));
    seat.say_raw(&long).await;
    while seat.next().await.is_some() {}
    // Far faster than a person or a negotiation.
    let mut seat = app.seat(&token).await;
    seat.status(AdmissionStatus::Waiting).await;
    for n in 0..500 {
        let ping = serde_json::to_string(&FromClient::Ping { n }).unwrap();
        if seat.socket.feed(Message::text(ping)).await.is_err() {
            break;
        }
    }
    let _ = seat.socket.flush().await;
    let mut closed = false;
    while let Some(message) = seat.next().await {
        closed |= message == anteroom_protocol::seat::FromServer::Closed { why: Closed::Protocol };
    }
    assert!(closed || seat.heard.len() < 500, "cut off: heard {}", seat.heard.len());

    // All that cost the guest nothing but those sockets, and the host nothing at all.
    let mut guest = app.seat(&token).await;
    let room = guest.status(AdmissionStatus::Waiting).await;
    assert_eq!(room.you.position, 1);
    host.say(FromClient::Admit { visit: room.you.visit }).await;
    guest.credentials().await;
    host.until_pong(7).await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_says_nothing_is_let_go() {
    let (app, mut anna, booked) = TestApp::soon().await;
    let (_, mut host) = app.enter(&mut anna, booked.id).await;
    // A browser that is gone without a word: it takes nothing and answers nothing, not even pings.
    let (token, guest) = app.arrive(&booked.secret, "Zeb").await;
    host.room_where("the guest is here", |room| {
        room.people.len() == 2 && room.people.iter().all(|p| p.connected)
    })
    .await;
    let begun = Instant::now();
    let mut speechless = Seat::silent(app.address).await;
    assert_eq!(speechless.closes().await, Closed::Protocol);
    let waited = begun.elapsed();
    assert!(
        Duration::from_secs(8) < waited && waited < Duration::from_secs(20),
        "{waited:?}"
    );
    host.room_where("the guest is away", |room| room.people.iter().any(|p| !p.connected))
        .await;
    let waited = begun.elapsed();
    assert!(
        Duration::from_secs(12) < waited && waited < Duration::from_secs(35),
        "{waited:?}"
    );
    drop(guest);
    // The seat is kept all the same.
    let mut guest = app.seat(&token).await;
    guest.status(AdmissionStatus::Waiting).await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_is_announced_and_seats_outlive_it() {
    let mut app = TestApp::start().await;
    let mut anna = app.anna().await;
    let booked = app.book(&mut anna, &app.form("10:00")).await;
    app.clock.set(at("2027-03-01T08:50:00Z"));
    let (_, mut host) = app.enter(&mut anna, booked.id).await;
    let (_, mut guest) = app.arrive(&booked.secret, "Zeb").await;
    let cookies = anna.cookie_header();
    let headers = [("sec-fetch-site", "same-origin"), ("cookie", cookies.as_str())];
    let mut feed = open_socket(app.address, "/socket/staff", &headers).await.unwrap();
    assert!(matches!(feed.next().await, Some(Ok(Message::Text(_)))));
    app.stop();
    assert_eq!(host.closes().await, Closed::Restarting);
    assert_eq!(guest.closes().await, Closed::Restarting);
    while let Ok(Some(Ok(_))) = timeout(Duration::from_secs(10), feed.next()).await {}
    let path = app.database();
    app.stopped().await;
    let open = "select count(*) from visits where left_at is null and disconnected_at is not null";
    assert_eq!(database::count(&path, open).await, 2, "both may come back");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_is_for_our_own_pages_only() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    let cookies = anna.cookie_header();
    let ours = format!("http://{}", app.address);
    for path in ["/socket/seat", "/socket/staff"] {
        for foreign in [
            vec![("sec-fetch-site", "cross-site")],
            vec![("sec-fetch-site", "same-site")],
            vec![("sec-fetch-site", "none")],
            vec![("origin", "https://evil.example")],
            vec![("origin", "null")],
            vec![],
        ] {
            let mut headers = foreign.clone();
            headers.push(("cookie", &cookies));
            let refused = open_socket(app.address, path, &headers).await.err();
            assert_eq!(refused, Some(403), "{path} {foreign:?}");
        }
        let headers = [("origin", ours.as_str()), ("cookie", cookies.as_str())];
        assert!(open_socket(app.address, path, &headers).await.is_ok(), "{path}");
    }
    // Who has not signed in hears nothing of who waits.
    let refused = open_socket(app.address, "/socket/staff", &[("origin", &ours)])
        .await
        .err();
    assert_eq!(refused, Some(401));
    let headers = [
        ("origin", ours.as_str()),
        ("cookie", "anteroom-session=AAAAAAAAAAAAAAAAAAAAAAAA"),
    ];
    assert_eq!(
        open_socket(app.address, "/socket/staff", &headers).await.err(),
        Some(401)
    );
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_hear_of_their_own_branch_at_once() {
    let (app, _anna, booked) = TestApp::soon().await;
    let mut feeds = Vec::new();
    for email in [
        "anna@example.org",
        "ben@example.org",
        "admin@example.org",
        "carla@example.org",
    ] {
        let cookies = app.sign_in(email).await.cookie_header();
        let headers = [("sec-fetch-site", "same-origin"), ("cookie", cookies.as_str())];
        let mut feed = open_socket(app.address, "/socket/staff", &headers).await.unwrap();
        assert_eq!(waiting(&mut feed).await, Some(vec![]), "{email}");
        feeds.push(feed);
    }
    let (_, guest) = app.arrive(&booked.secret, "Zeb").await;
    for feed in &mut feeds[..3] {
        while waiting(feed).await != Some(vec!["Zeb".to_owned()]) {}
    }
    assert_eq!(waiting(&mut feeds[3]).await, None, "the other branch hears nothing");
    drop(guest);
    app.finish().await;
}

/// Who waits, as the next message has it; None where none comes.
async fn waiting(feed: &mut super::support::Socket) -> Option<Vec<String>> {
    loop {
        match timeout(Duration::from_secs(5), feed.next()).await {
            Err(_) => return None,
            Ok(Some(Ok(Message::Text(text)))) => {
                let feed: anteroom_protocol::staff_feed::StaffFeed = serde_json::from_str(&text).unwrap();
                // Said only so that something is said.
                if feed.heartbeat {
                    continue;
                }
                return Some(feed.waiting.into_iter().map(|waiting| waiting.guest).collect());
            }
            Ok(Some(Ok(_))) => {}
            Ok(other) => panic!("the feed ended: {other:?}"),
        }
    }
}

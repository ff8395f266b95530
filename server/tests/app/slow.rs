//! Connections that are slow on purpose, and too many of them: nobody else waits for those.

use std::time::Duration;

use anteroom_domain::signalling::FromClient;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::support::{Reply, TestApp, at, exchange};

const SHORT: Duration = Duration::from_secs(1);
/// For the server to close: far longer than it should take, far shorter than for ever.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is heard until the other side closes.
async fn until_closed(stream: &mut TcpStream) -> String {
    let mut heard = Vec::new();
    let done = timeout(PATIENCE, stream.read_to_end(&mut heard)).await;
    // A reset is a close, too.
    let _ = done.expect("the server closes");
    String::from_utf8_lossy(&heard).into_owned()
}

async fn healthz(address: std::net::SocketAddr) -> Option<Reply> {
    exchange(
        address,
        b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
    )
    .await
}

/// A connection that was answered once and stays open.
async fn kept(app: &TestApp) -> TcpStream {
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    let mut heard = Vec::new();
    while !heard.ends_with(b"ok\n") {
        assert_ne!(stream.read_buf(&mut heard).await.unwrap(), 0);
    }
    stream
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_come_is_not_waited_for() {
    let app = TestApp::start_with(|plan| {
        plan.limits.head = SHORT;
        plan.limits.body = SHORT;
    })
    .await;
    let mut anna = app.anna().await;
    let booked = app.book(&mut anna, &app.form("10:00")).await;
    app.clock.set(at("2027-03-01T08:50:00Z"));
    let (_, mut guest) = app.arrive(&booked.secret, "Zeb").await;

    // Nothing; half of a request; nothing after a whole one; half of a body.
    let mut silent = TcpStream::connect(app.address).await.unwrap();
    let mut half = TcpStream::connect(app.address).await.unwrap();
    half.write_all(b"GET / HTTP/1.1\r\nhost: x\r\naccept:").await.unwrap();
    let mut idle = kept(&app).await;
    let mut form = TcpStream::connect(app.address).await.unwrap();
    let request = app.stranger().form_bytes("/sign-in", "email=anna&password=x");
    form.write_all(&request[..request.len() - 3]).await.unwrap();
    assert!(until_closed(&mut form).await.starts_with("HTTP/1.1 408"));
    for stream in [&mut silent, &mut half, &mut idle] {
        let heard = until_closed(stream).await;
        assert!(!heard.contains("200 OK"), "{heard}");
    }
    // A socket is silent for as long as it likes.
    guest.until_pong(1).await;
    guest.say(FromClient::Leave).await;
    drop(guest);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_has_only_so_many_connections() {
    let app = TestApp::start_with(|plan| plan.limits.of_one_address = 2).await;
    let (one, two) = (kept(&app).await, kept(&app).await);
    assert!(healthz(app.address).await.is_none(), "the third is closed");
    drop(one);
    let mut again = None;
    for _ in 0..100 {
        again = healthz(app.address).await;
        if again.is_some() {
            break;
        }
        sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(again.expect("there is a place again").status, 200);
    drop(two);
    app.finish().await;

    // Behind a proxy on this machine everybody comes from here.
    let app = TestApp::start_with(|plan| {
        plan.limits.of_one_address = 2;
        plan.client_address_header = Some(http::HeaderName::from_static("x-forwarded-for"));
    })
    .await;
    let open = [kept(&app).await, kept(&app).await, kept(&app).await];
    assert_eq!(healthz(app.address).await.unwrap().status, 200);
    drop(open);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_when_all_places_are_taken_waits_for_one() {
    let app = TestApp::start_with(|plan| plan.limits.connections = 1).await;
    let only = kept(&app).await;
    let waits = healthz(app.address);
    tokio::pin!(waits);
    tokio::select! {
        reply = &mut waits => panic!("answered: {reply:?}"),
        () = sleep(SHORT) => {}
    }
    drop(only);
    assert_eq!(waits.await.unwrap().status, 200);
    app.finish().await;
}

//! Connections that are slow on purpose, and too many of them: nobody else waits for those.

use std::time::Duration;

use anteroom_protocol::seat::FromClient;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::support::{Reply, TestApp, at, exchange};

const SHORT: Duration = Duration::from_secs(1);
/// For the server to close: far longer than it should take, far shorter than for ever.
const PATIENCE: Duration = Duration::from_mins(1);

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

/// Is it still open?
async fn is_open(stream: &mut TcpStream) -> bool {
    let mut byte = [0];
    timeout(Duration::from_millis(200), stream.read(&mut byte))
        .await
        .is_err()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_an_address_that_has_all_it_may_the_longest_idle_makes_room() {
    let app = TestApp::start_with(|plan| plan.limits.of_one_address = 2).await;
    let mut one = kept(&app).await;
    sleep(Duration::from_millis(20)).await;
    let mut two = kept(&app).await;
    assert_eq!(healthz(app.address).await.unwrap().status, 200, "the third is answered");
    assert_eq!(until_closed(&mut one).await, "");
    assert!(is_open(&mut two).await);
    // Hundreds that say nothing keep nobody out.
    let mut silent = Vec::new();
    for _ in 0..50 {
        silent.push(TcpStream::connect(app.address).await.unwrap());
    }
    assert_eq!(healthz(app.address).await.unwrap().status, 200);
    drop((two, silent));
    app.finish().await;

    // Behind a proxy on this machine everybody comes from here.
    let app = TestApp::start_with(|plan| {
        plan.limits.of_one_address = 2;
        plan.client_address_header = Some(http::HeaderName::from_static("x-forwarded-for"));
    })
    .await;
    let mut open = [kept(&app).await, kept(&app).await, kept(&app).await];
    assert_eq!(healthz(app.address).await.unwrap().status, 200);
    for one in &mut open {
        assert!(is_open(one).await);
    }
    drop(open);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_all_places_are_taken_an_idle_one_makes_room_and_a_meeting_goes_on() {
    let app = TestApp::start_with(|plan| plan.limits.connections = 3).await;
    let mut anna = app.anna().await;
    let booked = app.book(&mut anna, &app.form("10:00")).await;
    app.clock.set(at("2027-03-01T08:50:00Z"));
    let (_, mut guest) = app.arrive(&booked.secret, "Zeb").await;
    let (_, mut host) = app.enter(&mut anna, booked.id).await;
    for _ in 0..20 {
        let mut stream = TcpStream::connect(app.address).await.unwrap();
        stream.write_all(b"GET /").await.unwrap();
        assert_eq!(healthz(app.address).await.unwrap().status, 200);
    }
    guest.until_pong(1).await;
    host.until_pong(1).await;
    drop((guest, host));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_read_an_answer_loses_their_place() {
    let folder = tempfile::tempdir().unwrap();
    let logo = folder.path().join("logo.png");
    std::fs::write(&logo, vec![7; 64 << 20]).unwrap();
    let app = TestApp::start_with(|plan| {
        plan.limits.write = SHORT;
        plan.limits.connections = 1;
        plan.logo = Some(logo);
    })
    .await;
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    stream
        .write_all(b"GET /logo HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    let mut first = [0; 1024];
    stream.read_exact(&mut first).await.unwrap();
    assert!(first.starts_with(b"HTTP/1.1 200"));
    // Nobody else gets in while it is being answered, and soon somebody does.
    let mut answered = None;
    for _ in 0..600 {
        answered = healthz(app.address).await;
        if answered.is_some() {
            break;
        }
        sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(answered.expect("the place is taken back").status, 200);
    let mut rest = Vec::new();
    // Broken off: a reset, or an end that comes early.
    let _ = timeout(PATIENCE, stream.read_to_end(&mut rest))
        .await
        .expect("it is closed");
    assert!(rest.len() < 64 << 20, "{}", rest.len());
    app.finish().await;
}

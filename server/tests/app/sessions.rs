//! What ends with a session: everything that was opened in it.

use anteroom_domain::visit::AdmissionStatus;
use anteroom_protocol::seat::{Closed, FromClient};
use futures::StreamExt as _;
use std::time::Duration;
use tokio::time::timeout;

use super::support::{Client, PASSWORD, TestApp, at, open_socket};

const NEW: &str = "another good password";

async fn staff_socket(app: &TestApp, client: &Client) -> super::support::Socket {
    let cookies = client.cookie_header();
    let headers = [("sec-fetch-site", "same-origin"), ("cookie", cookies.as_str())];
    open_socket(app.address, "/socket/staff", &headers).await.unwrap()
}

/// Says nothing more, and closes.
async fn must_close(socket: &mut super::support::Socket) {
    let ends = async { while let Some(Ok(_)) = socket.next().await {} };
    timeout(Duration::from_secs(20), ends).await.expect("the socket closes");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_puts_whoever_had_the_old_one_out_of_the_room() {
    let (app, mut anna, booked) = TestApp::soon().await;
    let mut intruder = app.anna().await;
    let (_, mut seat) = app.enter(&mut intruder, booked.id).await;
    let mut page = staff_socket(&app, &intruder).await;
    let (_, mut guest) = app.arrive(&booked.secret, "Zeb").await;
    let waiting = seat.guest(AdmissionStatus::Waiting).await;

    anna.post("/account", &[("current", PASSWORD), ("new", NEW)])
        .await
        .expect(303);
    assert_eq!(seat.closes().await, Closed::Left);
    must_close(&mut page).await;
    seat.say(FromClient::Admit { visit: waiting.visit }).await;
    guest.until_pong(1).await;
    assert!(
        guest
            .room
            .as_ref()
            .is_some_and(|room| room.you.status == AdmissionStatus::Waiting)
    );
    drop(guest);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_or_another_branch_ends_what_was_opened_too() {
    let app = TestApp::start().await;
    let mut admin = app.sign_in("admin@example.org").await;
    let account = [
        ("name", "Anna Keller"),
        ("email", "anna@example.org"),
        ("role", "clerk"),
        ("branch", "1"),
        ("zone", "Europe/Berlin"),
        ("active", "on"),
    ];
    let mut anna = app.anna().await;
    let booked = app.book(&mut anna, &app.form("10:00")).await;
    app.clock.set(at("2027-03-01T08:50:00Z"));
    let (_, mut seat) = app.enter(&mut anna, booked.id).await;
    let path = format!("/admin/accounts/{}", app.anna);
    // The same again changes nothing, and ends nothing.
    admin.post(&path, &account).await.expect(303);
    seat.until_pong(1).await;
    anna.get("/account").await.expect(200);
    let mut reset = account.to_vec();
    reset.push(("password", NEW));
    admin.post(&path, &reset).await.expect(303);
    assert_eq!(seat.closes().await, Closed::Removed);
    assert_eq!(anna.get("/account").await.status, 302);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_seat_of_that_browser_and_no_other() {
    let app = TestApp::start().await;
    let (mut one, mut other) = (app.anna().await, app.anna().await);
    let booked = app.book(&mut one, &app.form("10:00")).await;
    app.clock.set(at("2027-03-01T08:50:00Z"));
    let (_, mut seat) = app.enter(&mut one, booked.id).await;
    let mut page = staff_socket(&app, &one).await;
    other.post("/sign-out", &[]).await.expect(303);
    seat.until_pong(1).await;

    // Whoever signs in again in the same browser, because the session has run out, stays in the meeting.
    let again = one.post("/sign-in", &[("email", "anna@example.org"), ("password", PASSWORD)]);
    again.await.expect(303);
    seat.until_pong(2).await;

    let mut page_again = staff_socket(&app, &one).await;
    one.post("/sign-out", &[]).await.expect(303);
    assert_eq!(seat.closes().await, Closed::Left);
    must_close(&mut page).await;
    must_close(&mut page_again).await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ones_sessions_are_shown_and_each_can_be_ended() {
    let app = TestApp::start().await;
    let firefox = (
        "user-agent",
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    );
    let edge = (
        "user-agent",
        "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/131.0 Safari/537.36 Edg/131.0",
    );
    let credentials = [("email", "anna@example.org"), ("password", PASSWORD)];
    let browser = |agent| app.stranger().from(&[("sec-fetch-site", "same-origin"), agent]);
    let (mut here, mut there) = (browser(firefox), browser(edge));
    here.post("/sign-in", &credentials).await.expect(303);
    there.post("/sign-in", &credentials).await.expect(303);
    let page = here.get("/account").await.expect(200);
    let page = page
        .says("Firefox on Linux")
        .says("This browser")
        .says("Edge on Windows");
    let text = page.text();
    let end = text.split("action=\"/account/sessions/").nth(1).unwrap();
    let end = format!("/account/sessions/{}", end.split('"').next().unwrap());
    // It is nobody else's to end.
    let mut ben = app.sign_in("ben@example.org").await;
    ben.post(&end, &[]).await.expect(404);
    there.get("/account").await.expect(200);
    here.post(&end, &[]).await.expect(303);
    here.get("/account")
        .await
        .expect(200)
        .says("That browser is signed out.");
    assert_eq!(there.get("/account").await.status, 302);
    here.post(&end, &[]).await.expect(404);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_out_everywhere_while_others_guess_gets_in_again() {
    let app = TestApp::start().await;
    let by_hand = [("email", "anna@example.org"), ("password", PASSWORD)];
    let guess = [("email", "anna@example.org"), ("password", "a guess of theirs")];
    let mut anna = app.anna().await;
    for _ in 0..60 {
        app.stranger().post("/sign-in", &guess).await;
    }
    app.stranger().post("/sign-in", &by_hand).await.expect(429);
    anna.post("/account/sign-out-everywhere", &[]).await.expect(303);
    anna.post("/sign-in", &by_hand).await.expect(303);
    anna.post("/account", &[("current", PASSWORD), ("new", NEW)])
        .await
        .expect(303);
    anna.post("/sign-in", &[("email", "anna@example.org"), ("password", NEW)])
        .await
        .expect(303);
    app.finish().await;
}

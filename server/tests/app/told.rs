//! A waiting guest is told that somebody knows only where that is so.

use anteroom_protocol::seat::Notified;

use super::support::{TestApp, open_socket};

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_is_told_that_somebody_knows_when_a_page_of_the_host_or_the_branch_is_open() {
    let (app, _anna, booked) = TestApp::soon().await;
    let open = async |email| {
        let cookies = app.sign_in(email).await.cookie_header();
        let headers = [("sec-fetch-site", "same-origin"), ("cookie", cookies.as_str())];
        open_socket(app.address, "/socket/staff", &headers).await.unwrap()
    };
    // Somebody of another branch hears nothing of it.
    let _carla = open("carla@example.org").await;
    let (_, mut guest) = app.arrive(&booked.secret, "Zeb").await;
    assert_eq!(guest.room.clone().unwrap().notified, Notified::Nobody);
    let _ben = open("ben@example.org").await;
    guest
        .room_where("a colleague knows", |room| room.notified == Notified::Colleague)
        .await;
    let anna = open("anna@example.org").await;
    guest
        .room_where("the host knows", |room| room.notified == Notified::Host)
        .await;
    drop(anna);
    guest
        .room_where("the host has gone", |room| room.notified == Notified::Colleague)
        .await;
    drop(guest);
    app.finish().await;
}

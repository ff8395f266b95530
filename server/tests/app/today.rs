//! A clerk's day: whose it is, who is there, and who has lost the connection.

use anteroom_domain::visit::AdmissionStatus;
use anteroom_protocol::seat::FromClient;
use jiff::SignedDuration;

use super::support::{TestApp, at, booking, database};

#[tokio::test(flavor = "multi_thread")]
async fn ones_own_day_stays_as_it_was_chosen() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    app.book(&mut anna, &app.form("10:00")).await;
    let bens = booking(app.advice, app.ben, "2027-03-01", "11:00");
    let bens = anteroom_app::forms::ConsultationForm {
        guest_name: "Xaver Zumthor".into(),
        ..bens
    };
    app.book(&mut anna, &bens).await;
    app.clock.set(at("2027-03-01T08:50:00Z"));
    let theirs = |page: &super::support::Reply| page.text().contains("Xaver Zumthor");
    assert!(theirs(&anna.get("/").await.expect(200)));
    assert!(!theirs(&anna.get("/?whose=mine").await.expect(200)));
    assert!(!theirs(&anna.get("/").await.expect(200)), "as it was left");
    assert!(!theirs(&anna.get("/?whose=nonsense").await.expect(200)));
    assert!(theirs(&anna.get("/?whose=everybody").await.expect(200)));
    assert!(theirs(&anna.get("/").await.expect(200)));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_that_everybody_left_is_not_live() {
    let (app, mut anna, booked) = TestApp::soon().await;
    let ((guests, guest), (hosts, mut host)) = app.meet(&mut anna, &booked).await;
    // Let in, and no sound or picture yet: that is shown as what it is.
    assert!(!host.guest(AdmissionStatus::Admitted).await.media);
    for token in [guests, hosts] {
        app.media_joined(&token).await;
    }
    let both_in = |room: &anteroom_protocol::seat::RoomView| room.people.iter().all(|person| person.media);
    host.room_where("both have media", both_in).await;
    anna.get("/").await.expect(200).says(">Live<");
    for mut seat in [guest, host] {
        seat.say(FromClient::Leave).await;
        seat.closes().await;
    }
    let page = anna.get("/").await.expect(200).says("Nobody in");
    assert!(!page.text().contains(">Live<"));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_without_a_connection_is_said_to() {
    let (app, mut anna, booked) = TestApp::soon().await;
    let (_, guest) = app.arrive(&booked.secret, "Zeb").await;
    anna.get("/").await.expect(200).says("has been waiting for");
    drop(guest);
    let lost = "select count(*) from visits where left_at is null and disconnected_at is not null";
    while database::count(&app.database(), lost).await == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    app.clock.advance(SignedDuration::from_secs(20));
    anna.get("/").await.expect(200).says("lost the connection 20 s ago");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn how_it_was_left_is_noted_with_the_outcome() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let booked = app.book(&mut anna, &app.form("10:00")).await;
    let outcome = format!("{}/outcome", booked.page());
    let fields = [("conclusion", "follow_up"), ("outcome", "Valuation first")];
    anna.post(&outcome, &fields).await.expect(303);
    anna.get(&booked.page())
        .await
        .expect(200)
        .says("Saved")
        .says("value=\"follow_up\" checked");
    let mut admin = app.sign_in("admin@example.org").await;
    let csv = admin
        .get("/dashboard/consultations.csv?from=2027-03-01&to=2027-03-01")
        .await
        .expect(200);
    csv.says("follow_up,Valuation first");
    // Whatever else is sent is no conclusion.
    anna.post(&outcome, &[("conclusion", "lovely"), ("outcome", "x")])
        .await
        .expect(303);
    let kept = database::column(&app.database(), "select conclusion from consultations").await;
    assert_eq!(kept, [""]);
    app.finish().await;
}

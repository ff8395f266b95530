//! When a consultation has ended or was missed: by the clock, and by the words that the dashboard prints.

use anteroom_app::words::{length_definition, outcome_definition};
use anteroom_domain::consultation::{DESERTED_MINUTES, EMPTY_MINUTES, GRACE_MINUTES};
use anteroom_domain::figures::Outcome;
use anteroom_protocol::seat::{Closed, FromClient};
use jiff::{SignedDuration, Timestamp};

use super::support::{Booked, Client, Seat, TestApp, at, database};

/// The consultation is from 9:00 to 9:45, in UTC.
const ENDS_AT: &str = "2027-03-01T09:45:00Z";

/// Live since 9:00: the guest's seat and the host's.
async fn live() -> (TestApp, Client, Booked, Seat, Seat) {
    let (app, mut anna, booked) = TestApp::soon().await;
    let ((guests, guest), (hosts, host)) = app.meet(&mut anna, &booked).await;
    app.clock.set(at("2027-03-01T09:00:00Z"));
    for token in [guests, hosts] {
        app.media_joined(&token).await;
    }
    (app, anna, booked, guest, host)
}

async fn leave(mut seat: Seat) {
    seat.say(FromClient::Leave).await;
    assert_eq!(seat.closes().await, Closed::Left);
}

/// The state at that instant, after what time brings about by itself.
async fn state_at(app: &TestApp, instant: Timestamp) -> String {
    app.clock.set(instant);
    app.use_cases().sweep().await.unwrap();
    database::column(&app.database(), "select state from consultations")
        .await
        .remove(0)
}

async fn must_have_ended_at(app: &TestApp, text: &str) {
    let ended = database::count(&app.database(), "select ended_at from consultations").await;
    assert_eq!(Timestamp::from_millisecond(ended).unwrap(), at(text));
}

#[tokio::test(flavor = "multi_thread")]
async fn before_its_end_an_empty_room_can_be_entered_again() {
    let (app, _anna, booked, guest, host) = live().await;
    app.clock.set(at("2027-03-01T09:10:00Z"));
    leave(guest).await;
    leave(host).await;
    assert_eq!(state_at(&app, at("2027-03-01T09:15:00Z")).await, "live");
    let (_, guest) = app.arrive(&booked.secret, "Zeb").await;
    let waits = at("2027-03-01T09:22:00Z");
    assert_eq!(state_at(&app, waits).await, "live", "somebody waits");
    leave(guest).await;
    let end = waits + SignedDuration::from_mins(DESERTED_MINUTES);
    assert_eq!(state_at(&app, end - SignedDuration::from_millis(1)).await, "live");
    assert_eq!(state_at(&app, end).await, "ended");
    assert!(length_definition().contains(&format!("nobody has been in for {DESERTED_MINUTES} minutes")));
    must_have_ended_at(&app, "2027-03-01T09:10:00Z").await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tab_that_is_left_open_does_not_keep_it_from_ending() {
    let (app, _anna, _booked, guest, mut host) = live().await;
    app.clock.set(at("2027-03-01T09:50:00Z"));
    leave(guest).await;
    let gone = at("2027-03-01T09:50:00Z") + SignedDuration::from_mins(EMPTY_MINUTES);
    assert_eq!(state_at(&app, gone - SignedDuration::from_millis(1)).await, "live");
    assert_eq!(state_at(&app, gone).await, "ended");
    assert_eq!(host.closes().await, Closed::Ended);
    must_have_ended_at(&app, "2027-03-01T09:50:00Z").await;
    assert!(length_definition().contains(&format!("gone for {EMPTY_MINUTES} minutes")));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ended_by_hand_long_after_the_guest_had_gone_it_is_no_longer_than_it_was() {
    let (app, _anna, _booked, guest, mut host) = live().await;
    app.clock.set(at("2027-03-01T09:20:00Z"));
    leave(guest).await;
    app.clock.set(at("2027-03-01T09:40:00Z"));
    host.say(FromClient::End).await;
    assert_eq!(host.closes().await, Closed::Ended);
    must_have_ended_at(&app, "2027-03-01T09:20:00Z").await;
    app.finish().await;
}

/// The numbers in a definition: after the end, while somebody is there, after the start.
fn minutes(definition: &str) -> [i64; 3] {
    let numbers = definition
        .split(|c: char| !c.is_ascii_digit())
        .filter(|n| !n.is_empty());
    numbers
        .map(|n| n.parse().unwrap())
        .collect::<Vec<_>>()
        .try_into()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_missed_when_the_definition_says() {
    let [after_end, patience, _] = minutes(&outcome_definition(Outcome::MissedByGuest));
    for (somebody_waits, minutes) in [(false, after_end), (true, patience)] {
        let (app, _anna, booked) = TestApp::soon().await;
        let guest = if somebody_waits {
            Some(app.arrive(&booked.secret, "Zeb").await.1)
        } else {
            None
        };
        let missed = at(ENDS_AT) + SignedDuration::from_mins(minutes);
        let before = state_at(&app, missed - SignedDuration::from_millis(1)).await;
        assert_eq!(before, if somebody_waits { "open" } else { "scheduled" });
        assert_eq!(state_at(&app, missed).await, "missed");
        if let Some(mut guest) = guest {
            assert_eq!(guest.closes().await, Closed::Ended);
        }
        app.finish().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_who_ends_it_within_the_time_of_grace_closes_only_the_room() {
    let [_, _, grace] = minutes(&outcome_definition(Outcome::MissedByHost));
    assert_eq!(grace, GRACE_MINUTES);
    let (app, _, booked) = TestApp::soon().await;
    let over = at("2027-03-01T09:00:00Z") + SignedDuration::from_mins(grace);
    app.clock.set(over - SignedDuration::from_millis(1));
    let mut anna = app.anna().await;
    let (_, mut host) = app.enter(&mut anna, booked.id).await;
    host.say(FromClient::End).await;
    assert_eq!(host.closes().await, Closed::Ended);
    // The link is as good as before.
    let (_, mut guest) = app.arrive(&booked.secret, "Zeb").await;
    app.clock.set(over);
    let (_, mut host) = app.enter(&mut anna, booked.id).await;
    host.say(FromClient::End).await;
    assert_eq!(host.closes().await, Closed::Ended);
    assert_eq!(guest.closes().await, Closed::Ended);
    assert_eq!(state_at(&app, over).await, "missed");
    app.finish().await;
}

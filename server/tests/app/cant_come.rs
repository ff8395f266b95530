//! A guest who can't come, and who is not to: what each of that means for the others.

use anteroom_domain::visit::{AdmissionStatus, Role};
use anteroom_protocol::seat::{Closed, FromClient};
use jiff::SignedDuration;

use super::support::{Booked, Client, Reply, TestApp, at, booking, database};

async fn add_guest(anna: &mut Client, to: &Booked) -> String {
    let fields = [
        ("name", "Second Quillfeather"),
        ("email", "second@example.org"),
        ("language", "en"),
    ];
    let reply = anna.post(&format!("{}/guests", to.page()), &fields).await;
    format!("/j/{}", reply.expect(303).fresh_secret())
}

pub async fn open_registration(anna: &mut Client, of: &Booked) -> String {
    let reply = anna.post(&format!("{}/registration", of.page()), &[]).await;
    format!("/r/{}", reply.expect(303).fresh_secret())
}

async fn register(app: &TestApp, path: &str, email: &str) -> Reply {
    let fields = [("name", "Wilhelmina Watcher"), ("email", email)];
    app.stranger().post(path, &fields).await
}

fn secret(link: &str) -> &str {
    link.strip_prefix("/j/").unwrap()
}

const CANCELLED: &str = "select count(*) from consultations where state = 'cancelled'";

#[tokio::test(flavor = "multi_thread")]
async fn only_the_last_who_is_expected_cancels_for_everybody() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let booked = app.book(&mut anna, &app.form("10:00")).await;
    let second = add_guest(&mut anna, &booked).await;
    let launch = open_registration(&mut anna, &booked).await;
    let attendee = register(&app, &launch, "watcher@example.org").await.expect(303);
    let attendee = attendee.location().to_owned();
    let mut guest = app.stranger();
    for link in [&attendee, &booked.link()] {
        let page = guest
            .get(link)
            .await
            .expect(200)
            .says("Tell the host that I can’t come");
        assert!(!page.text().contains("Cancel my appointment"));
        let cancel = format!("{link}/cancel");
        guest.post(&cancel, &[("reason", "A burst pipe")]).await.expect(303);
        guest
            .get(link)
            .await
            .expect(200)
            .says("You told us that you can’t come");
        guest.post(&cancel, &[("reason", "again")]).await.expect(409);
        assert_eq!(database::count(&app.database(), CANCELLED).await, 0);
    }
    let declined = "select count(*) from events where kind = 'invitation_declined' and guest_id is not null";
    assert_eq!(database::count(&app.database(), declined).await, 2);
    let page = anna.get(&booked.page()).await.expect(200).says("A burst pipe");
    page.says("Wilhelmina Watcher can\u{2019}t come");
    app.stranger()
        .get(&second)
        .await
        .expect(200)
        .says("Cancel my appointment");
    // They changed their mind, and asked for a link.
    app.clock.set(at("2027-03-01T08:50:00Z"));
    let refused = app.ask_to_join(&booked.secret, "Zeb").await.expect(409);
    refused.says("You told us that you can’t come.");
    let path = format!("{}/guests/{}/link", booked.page(), booked.guest);
    let again = anna.post(&path, &[]).await.expect(303).fresh_secret();
    let (_, seat) = app.arrive(&again, "Zeb").await;
    drop(seat);
    // Nobody else is expected of another: its last guest cancels it.
    let other = app.book(&mut anna, &app.form("14:00")).await;
    let second = add_guest(&mut anna, &other).await;
    for link in [other.link(), second] {
        assert_eq!(database::count(&app.database(), CANCELLED).await, 0);
        let cancel = format!("{link}/cancel");
        app.stranger().post(&cancel, &[("reason", "")]).await.expect(303);
    }
    assert_eq!(database::count(&app.database(), CANCELLED).await, 1);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_turned_away_and_who_is_in_cancel_nothing() {
    let (app, mut anna, booked) = TestApp::soon().await;
    let (_, guest) = app.arrive(&booked.secret, "Zeb").await;
    let cancel = format!("{}/cancel", booked.link());
    let mut stranger = app.stranger();
    stranger.post(&cancel, &[("reason", "x")]).await.expect(409);
    let (_, mut host) = app.enter(&mut anna, booked.id).await;
    let waiting = host.guest(AdmissionStatus::Waiting).await;
    host.say(FromClient::Decline { visit: waiting.visit }).await;
    host.guest(AdmissionStatus::Declined).await;
    stranger.post(&cancel, &[("reason", "x")]).await.expect(409);
    assert_eq!(database::count(&app.database(), CANCELLED).await, 0);
    drop((guest, host));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_taken_out_of_a_launch_is_let_in_by_hand_or_not_at_all() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let booked = app.book(&mut anna, &app.form("10:00")).await;
    let launch = open_registration(&mut anna, &booked).await;
    let rude = register(&app, &launch, "rude@example.org").await.expect(303);
    let rude = rude.location().to_owned();
    let id = database::count(&app.database(), "select max(id) from guests").await;
    let polite = register(&app, &launch, "polite@example.org").await.expect(303);
    let polite = polite.location().to_owned();
    app.clock.set(at("2027-03-01T08:50:00Z"));
    let mut seat = app.seat(&app.join(secret(&rude), "Rude").await).await;
    seat.status(AdmissionStatus::Admitted).await;
    let page = anna
        .get(&booked.page())
        .await
        .expect(200)
        .says("Registered to watch: 2");
    assert!(!page.text().contains("Someone was removed"));

    let out = format!("{}/guests/{id}/out", booked.page());
    anna.post(&out, &[]).await.expect(303);
    assert_eq!(seat.closes().await, Closed::Removed);
    app.stranger().get(&rude).await.expect(404);
    app.ask_to_join(secret(&rude), "Rude").await.expect(409);
    let page = anna
        .get(&booked.page())
        .await
        .expect(200)
        .says("Registered to watch: 1");
    page.says("Whoever registers after that waits in the lobby");
    let noted = "select count(*) from events where kind = 'removed' and actor_account_id is not null";
    assert_eq!(database::count(&app.database(), noted).await, 1);

    // Under the same address they are refused; under another they wait, as whoever registers now.
    let refused = register(&app, &launch, "Rude@example.org").await.expect(409);
    refused.says("Wilhelmina Watcher");
    let other = register(&app, &launch, "not-rude@example.org").await.expect(303);
    let (_, mut waiting) = app.arrive(secret(other.location()), "Not rude").await;
    assert_eq!(waiting.status(AdmissionStatus::Waiting).await.you.role, Role::Attendee);
    // Who had registered before comes in as before.
    let mut seat = app.seat(&app.join(secret(&polite), "Polite").await).await;
    seat.status(AdmissionStatus::Admitted).await;
    // Taken back, and all is as it was.
    anna.post(&format!("{}/guests/{id}/back", booked.page()), &[])
        .await
        .expect(303);
    let new = register(&app, &launch, "rude@example.org").await.expect(303);
    let mut again = app.seat(&app.join(secret(new.location()), "Rude").await).await;
    again.status(AdmissionStatus::Admitted).await;
    // Who is the only one is not taken out: that would be a meeting of nobody.
    let alone = app.book(&mut anna, &app.form("14:00")).await;
    let path = format!("{}/guests/{}/out", alone.page(), alone.guest);
    anna.post(&path, &[])
        .await
        .expect(409)
        .says("Cancel the consultation instead.");
    drop((seat, waiting, again));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_does_not_take_all_seats_at_once_and_frees_one_by_not_coming() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let booked = app.book(&mut anna, &app.form("10:00")).await;
    let launch = open_registration(&mut anna, &booked).await;
    let mut links = Vec::new();
    for n in 0..40 {
        let reply = register(&app, &launch, &format!("w{n}@example.org")).await.expect(303);
        links.push(reply.location().to_owned());
    }
    for n in 100..120 {
        register(&app, &launch, &format!("w{n}@example.org")).await.expect(303);
    }
    let refused = register(&app, &launch, "more@example.org").await.expect(429);
    refused
        .says("Wait a minute")
        .says("Wilhelmina Watcher")
        .says("more@example.org");
    app.clock.advance(SignedDuration::from_mins(1));
    register(&app, &launch, "more@example.org").await.expect(303);
    for n in 41..80 {
        app.clock.advance(SignedDuration::from_mins(1));
        register(&app, &launch, &format!("w{n}@example.org")).await.expect(303);
    }
    app.clock.advance(SignedDuration::from_mins(1));
    register(&app, &launch, "late@example.org")
        .await
        .expect(409)
        .says("All seats are taken.");
    // One can't come, the links of another were withdrawn: two seats.
    app.stranger()
        .post(&format!("{}/cancel", links[0]), &[("reason", "")])
        .await
        .expect(303);
    let id = booked.guest.0 + 2;
    let mut anna = app.anna().await;
    anna.post(&format!("{}/guests/{id}/revoke", booked.page()), &[])
        .await
        .expect(303);
    for email in ["late@example.org", "later@example.org"] {
        app.clock.advance(SignedDuration::from_mins(1));
        register(&app, &launch, email).await.expect(303);
    }
    app.clock.advance(SignedDuration::from_mins(1));
    register(&app, &launch, "latest@example.org").await.expect(409);
    let page = anna.get(&booked.page()).await.expect(200);
    let title = page.text();
    let title = title
        .split("<title>")
        .nth(1)
        .unwrap()
        .split("</title>")
        .next()
        .unwrap()
        .to_owned();
    assert!(title.len() < 200, "{title}");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_follows_the_appointment_and_takes_the_browsers_word_for_the_zone() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let booked = app.book(&mut anna, &app.form("10:00")).await;
    let launch = open_registration(&mut anna, &booked).await;
    let later = booking(app.advice, app.anna, "2027-06-01", "10:00");
    let body = serde_urlencoded::to_string(&later).unwrap();
    anna.post_body(&format!("{}/edit", booked.page()), &body)
        .await
        .expect(303);
    // Longer after its first time than a link is good.
    app.clock.set(at("2027-05-20T08:00:00Z"));
    app.stranger()
        .get(&launch)
        .await
        .expect(200)
        .says("You watch and listen");
    for (email, zone) in [
        ("w@example.org", "America/New_York"),
        ("x@example.org", "Mars/Olympus"),
        ("y@example.org", ""),
    ] {
        let fields = [("name", "W"), ("email", email), ("zone", zone)];
        app.stranger().post(&launch, &fields).await.expect(303);
    }
    let told = "select zone from guests where role = 'attendee' order by id";
    assert_eq!(
        database::column(&app.database(), told).await,
        ["America/New_York", "Europe/Berlin", "Europe/Berlin"]
    );
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_rating_again_is_nothing_new_and_many_are_too_many() {
    let (app, mut anna, booked) = TestApp::soon().await;
    let ((guests, guest), (hosts, host)) = app.meet(&mut anna, &booked).await;
    for token in [guests, hosts] {
        app.media_joined(&token).await;
    }
    let rate = format!("{}/rate", booked.link());
    let mut stranger = app.stranger();
    for stars in ["4", "4", "4", "5"] {
        stranger.post(&rate, &[("stars", stars)]).await.expect(303);
    }
    let rated = "select count(*) from events where kind = 'rated'";
    assert_eq!(database::count(&app.database(), rated).await, 2);
    for _ in 4..10 {
        stranger.post(&rate, &[("stars", "5")]).await.expect(303);
    }
    stranger.post(&rate, &[("stars", "1")]).await.expect(429);
    drop((guest, host));
    app.finish().await;
}

//! The lobby and the room, over their sockets: who gets in, who stays out, who may do what.

use anteroom_domain::id::{GuestId, VisitId};
use anteroom_domain::visit::AdmissionStatus;
use anteroom_protocol::media::{MediaFromClient, MediaFromServer, Source};
use anteroom_protocol::seat::{Closed, FromClient, FromServer, RefusalCode};
use jiff::SignedDuration;

use super::support::{Booked, Client, Seat, TestApp, at, database};

/// Both in: the guest's token and seat, the host's seat.
async fn both_in() -> (TestApp, Client, Booked, String, Seat, Seat) {
    let (app, mut anna, booked) = TestApp::soon().await;
    let ((token, guest), (_, host)) = app.meet(&mut anna, &booked).await;
    (app, anna, booked, token, guest, host)
}

async fn leave(mut seat: Seat) {
    seat.say(FromClient::Leave).await;
    assert_eq!(seat.closes().await, Closed::Left);
}

fn nothing_of_the_meeting(seat: &Seat) {
    let secret = |message: &FromServer| {
        matches!(
            message,
            FromServer::Credentials { .. } | FromServer::Media { .. } | FromServer::Chat(_)
        )
    };
    assert!(!seat.heard.iter().any(secret), "{:?}", seat.heard);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_arrives_is_seen_and_is_let_in() {
    let (app, mut anna, booked) = TestApp::soon().await;
    let (_, mut guest) = app.arrive(&booked.secret, "  Zeb  Quill ").await;
    let room = guest.room.clone().unwrap();
    assert_eq!((room.you.position, room.you.name.as_str()), (1, "Zeb Quill"));
    assert!(room.people.is_empty() && !room.host_present, "who waits sees nobody");
    anna.get("/").await.expect(200).says("Zeb Quill");

    let (_, mut host) = app.enter(&mut anna, booked.id).await;
    guest.room_where("the host is here", |room| room.host_present).await;
    let waiting = host.guest(AdmissionStatus::Waiting).await;
    assert_eq!(waiting.name, "Zeb Quill");
    assert_eq!(waiting.arrived_at, app.use_cases().now().as_millisecond());
    nothing_of_the_meeting(&guest);

    app.clock.advance(SignedDuration::from_secs(30));
    host.say(FromClient::Admit { visit: waiting.visit }).await;
    let room = guest.status(AdmissionStatus::Admitted).await;
    assert_eq!((room.you.position, room.people.len()), (0, 2));
    guest.credentials().await;
    // Admitting twice is no fault.
    host.say(FromClient::Admit { visit: waiting.visit }).await;
    let answers = host.until_pong(1).await;
    assert!(
        !answers.iter().any(|m| matches!(m, FromServer::Refused { .. })),
        "{answers:?}"
    );
    let page = anna.get(&booked.page()).await.expect(200);
    page.says("Quillfeather");

    leave(guest).await;
    host.room_where("the guest is gone", |room| room.people.len() == 1)
        .await;
    leave(host).await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn declined_stays_declined_until_the_host_forgives() {
    let (app, mut anna, booked) = TestApp::soon().await;
    let (token, mut guest) = app.arrive(&booked.secret, "Zeb").await;
    let (_, mut host) = app.enter(&mut anna, booked.id).await;
    let waiting = host.guest(AdmissionStatus::Waiting).await;
    host.say(FromClient::Decline { visit: waiting.visit }).await;
    assert_eq!(guest.closes().await, Closed::Declined);
    nothing_of_the_meeting(&guest);

    // By the old token, by the link, by another name: no.
    assert_eq!(app.seat(&token).await.closes().await, Closed::Declined);
    for name in ["Zeb", "Somebody Else"] {
        let reply = app.ask_to_join(&booked.secret, name).await.expect(409);
        reply.says("The host did not let you in");
    }
    let page = app.stranger().get(&booked.link()).await.expect(200);
    page.says("The host did not let you in");
    // A second link of the same guest is the same guest.
    let path = format!("{}/guests/{}/link", booked.page(), booked.guest);
    let second = anna.post(&path, &[]).await.expect(303).fresh_secret();
    assert_ne!(second, booked.secret);
    app.ask_to_join(&second, "Zeb").await.expect(409);

    let declined = host.guest(AdmissionStatus::Declined).await;
    host.say(FromClient::AllowAgain {
        guest: declined.guest.unwrap(),
    })
    .await;
    host.room_where("nobody is out", |room| {
        room.people.iter().all(|p| p.status != AdmissionStatus::Declined)
    })
    .await;
    // The old token is dead all the same; the link works, and leads to the lobby.
    assert_eq!(app.seat(&token).await.closes().await, Closed::Declined);
    let (_, mut guest) = app.arrive(&booked.secret, "Zeb").await;
    let waiting = host.guest(AdmissionStatus::Waiting).await;
    host.say(FromClient::Admit { visit: waiting.visit }).await;
    guest.credentials().await;
    leave(guest).await;
    leave(host).await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn removed_stays_removed_until_the_host_forgives() {
    let (app, mut anna, booked, token, mut guest, mut host) = both_in().await;
    let inside = host.guest(AdmissionStatus::Admitted).await;
    host.say(FromClient::Remove { visit: inside.visit }).await;
    assert_eq!(guest.closes().await, Closed::Removed);
    assert_eq!(app.seat(&token).await.closes().await, Closed::Removed);
    app.ask_to_join(&booked.secret, "Zeb").await.expect(409);
    // Not after the host's reload, nor after a restart of what is remembered in memory: it is in the database.
    leave(host).await;
    app.ask_to_join(&booked.secret, "Zeb").await.expect(409);
    let (_, mut host) = app.enter(&mut anna, booked.id).await;
    let removed = host.guest(AdmissionStatus::Removed).await;
    // Letting the ended visit in again is not how it is taken back.
    host.say(FromClient::Admit { visit: removed.visit }).await;
    host.refused().await;
    assert_eq!(app.seat(&token).await.closes().await, Closed::Removed);
    app.ask_to_join(&booked.secret, "Zeb").await.expect(409);
    host.say(FromClient::AllowAgain {
        guest: removed.guest.unwrap(),
    })
    .await;
    host.until_pong(1).await;
    let (_, mut guest) = app.arrive(&booked.secret, "Zeb").await;
    nothing_of_the_meeting(&guest);
    guest.until_pong(1).await;
    nothing_of_the_meeting(&guest);
    leave(guest).await;
    leave(host).await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_host_may_do_a_guest_may_not() {
    let (app, _anna, booked, token, mut guest, mut host) = both_in().await;
    let hosts_visit = host.room.clone().unwrap().you.visit;
    let own = guest.room.clone().unwrap().you.visit;
    for message in [
        FromClient::Admit { visit: own },
        FromClient::Decline { visit: hosts_visit },
        FromClient::Remove { visit: hosts_visit },
        FromClient::Remove { visit: own },
        FromClient::AllowAgain { guest: booked.guest },
        FromClient::End,
    ] {
        guest.say(message).await;
        assert_eq!(guest.refused().await, RefusalCode::NotHost);
    }
    // A host puts out no colleague, and nobody of another room.
    host.say(FromClient::Remove { visit: hosts_visit }).await;
    host.refused().await;
    host.say(FromClient::Admit { visit: VisitId(99_999) }).await;
    assert_eq!(host.refused().await, RefusalCode::NotFound);
    host.say(FromClient::AllowAgain { guest: GuestId(99_999) }).await;
    assert_eq!(host.refused().await, RefusalCode::NotFound);
    guest.until_pong(1).await;
    let still = app.seat(&token).await;
    assert_eq!(guest.closes().await, Closed::Replaced);
    leave(still).await;
    leave(host).await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hosts_of_one_room_have_no_say_in_another() {
    let (app, mut anna, booked) = TestApp::soon().await;
    let (_, mut guest) = app.arrive(&booked.secret, "Zeb").await;
    let own = guest.room.clone().unwrap().you.visit;
    let mut ben = app.sign_in("ben@example.org").await;
    let other = app
        .book(
            &mut ben,
            &super::support::booking(app.advice, app.ben, "2027-03-01", "10:00"),
        )
        .await;
    let (_, mut ben) = app.enter(&mut ben, other.id).await;
    for message in [
        FromClient::Admit { visit: own },
        FromClient::Decline { visit: own },
        FromClient::Remove { visit: own },
        FromClient::AllowAgain { guest: booked.guest },
    ] {
        ben.say(message).await;
        assert_eq!(ben.refused().await, RefusalCode::NotFound);
    }
    assert_eq!(ben.room.clone().unwrap().people.len(), 1, "nor are they seen there");
    nothing_of_the_meeting(&guest);
    guest.until_pong(1).await;
    // A clerk of another branch does not even find it; a stranger is asked to sign in.
    let mut carla = app.sign_in("carla@example.org").await;
    let id = booked.id.to_string();
    carla
        .post("/api/lobby/enter", &[("consultation", &id)])
        .await
        .expect(404);
    let reply = app.stranger().post("/api/lobby/enter", &[("consultation", &id)]).await;
    assert!(
        !reply.text().contains("token") && reply.status != 200,
        "{}",
        reply.status
    );
    // A colleague of the same branch may step in.
    let (_, host) = app.enter(&mut anna, booked.id).await;
    leave(host).await;
    leave(ben).await;
    leave(guest).await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_tab_takes_the_seat_over_without_a_ghost() {
    let (app, mut anna, booked) = TestApp::soon().await;
    let (first, mut tab) = app.arrive(&booked.secret, "Zeb").await;
    let visit = tab.room.clone().unwrap().you.visit;
    // The same token in another tab.
    let mut second = app.seat(&first).await;
    assert_eq!(tab.closes().await, Closed::Replaced);
    assert_eq!(second.status(AdmissionStatus::Waiting).await.you.visit, visit);
    // The link in another browser while waiting: the place in the queue moves there, and the old token is dead.
    let (token, mut third) = app.arrive(&booked.secret, "Zeb").await;
    assert_eq!(third.room.clone().unwrap().you.visit, visit);
    assert!(matches!(second.closes().await, Closed::Replaced));
    assert_eq!(app.seat(&first).await.closes().await, Closed::BadToken);
    let (_, mut host) = app.enter(&mut anna, booked.id).await;
    assert_eq!(host.room.clone().unwrap().people.len(), 2, "one guest, not three");
    let waiting = host.guest(AdmissionStatus::Waiting).await;
    host.say(FromClient::Admit { visit: waiting.visit }).await;
    third.credentials().await;
    // Once in, whoever comes with the link may be somebody else, and waits.
    let (_, mut fourth) = app.arrive(&booked.secret, "Zeb, or not").await;
    assert_eq!(third.closes().await, Closed::Rejoined);
    assert_ne!(fourth.room.clone().unwrap().you.visit, visit);
    assert_eq!(app.seat(&token).await.closes().await, Closed::Rejoined);
    fourth.until_pong(1).await;
    nothing_of_the_meeting(&fourth);
    let is_new = |room: &anteroom_protocol::seat::RoomView| {
        let waiting = |person: &anteroom_protocol::seat::Person| person.status == AdmissionStatus::Waiting;
        room.people
            .iter()
            .any(|person| waiting(person) && person.name == "Zeb, or not")
    };
    let room = host.room_where("the other waits", is_new).await;
    assert_eq!(room.people.len(), 2);
    leave(fourth).await;
    leave(host).await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seat_is_kept_for_a_minute_and_no_longer() {
    let (app, _anna, booked, token, guest, mut host) = both_in().await;
    let visit = guest.room.clone().unwrap().you.visit;
    drop(guest);
    host.room_where("the guest is away", |room| room.people.iter().any(|p| !p.connected))
        .await;
    app.clock.advance(SignedDuration::from_secs(59));
    app.use_cases().sweep().await.unwrap();
    let mut guest = app.seat(&token).await;
    let room = guest.status(AdmissionStatus::Admitted).await;
    assert_eq!(room.you.visit, visit, "the same seat");
    assert_eq!(room.people.len(), 2, "and no ghost beside it");
    guest.credentials().await;
    host.room_where("the guest is back", |room| room.people.iter().all(|p| p.connected))
        .await;

    drop(guest);
    host.room_where("away again", |room| room.people.iter().any(|p| !p.connected))
        .await;
    app.clock.advance(SignedDuration::from_secs(61));
    app.use_cases().sweep().await.unwrap();
    host.room_where("the guest is lost", |room| room.people.len() == 1)
        .await;
    assert_eq!(app.seat(&token).await.closes().await, Closed::BadToken);
    // Who joins anew after that waits to be let in.
    let (_, guest) = app.arrive(&booked.secret, "Zeb").await;
    nothing_of_the_meeting(&guest);
    leave(guest).await;
    leave(host).await;
    let path = app.database();
    let causes = database::column(&path, "select end_cause from visits where role = 'guest' order by id").await;
    assert_eq!(causes, ["lost", "left"]);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hosts_may_decide_at_once() {
    let (app, mut anna, booked) = TestApp::soon().await;
    let (_, mut guest) = app.arrive(&booked.secret, "Zeb").await;
    let (_, mut first) = app.enter(&mut anna, booked.id).await;
    let (_, mut second) = app.enter(&mut app.sign_in("ben@example.org").await, booked.id).await;
    let visit = guest.room.clone().unwrap().you.visit;
    tokio::join!(
        first.say(FromClient::Admit { visit }),
        second.say(FromClient::Admit { visit })
    );
    guest.credentials().await;
    first.until_pong(1).await;
    second.until_pong(1).await;
    let path = app.database();
    let admitted = "select count(*) from events where kind = 'admitted'";
    assert_eq!(database::count(&path, admitted).await, 1);
    // And one lets in while the other turns away: whoever was later has the last word, and there is one truth.
    leave(guest).await;
    for _ in 0..5 {
        let (_, mut guest) = app.arrive(&booked.secret, "Zeb").await;
        let visit = guest.room.clone().unwrap().you.visit;
        tokio::join!(
            first.say(FromClient::Admit { visit }),
            second.say(FromClient::Decline { visit })
        );
        assert_eq!(guest.closes().await, Closed::Declined);
        app.ask_to_join(&booked.secret, "Zeb").await.expect(409);
        first.say(FromClient::AllowAgain { guest: booked.guest }).await;
        first.until_pong(1).await;
    }
    leave(first).await;
    leave(second).await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_wait_know_their_place() {
    let (app, mut anna, booked) = TestApp::soon().await;
    let mut links = vec![booked.secret.clone()];
    for n in 2..=4 {
        let path = format!("{}/guests", booked.page());
        let (name, email) = (format!("Guest {n}"), format!("guest{n}@example.org"));
        let fields = [("name", name.as_str()), ("email", &email), ("language", "en")];
        links.push(anna.post(&path, &fields).await.expect(303).fresh_secret());
    }
    let mut seats = Vec::new();
    for (n, link) in links.iter().enumerate() {
        app.clock.advance(SignedDuration::from_secs(1));
        let (_, seat) = app.arrive(link, &format!("Guest {}", n + 1)).await;
        assert_eq!(seat.room.as_ref().unwrap().you.position, u32::try_from(n + 1).unwrap());
        seats.push(seat);
    }
    let (_, mut host) = app.enter(&mut anna, booked.id).await;
    let all = host.room_where("all four", |room| room.people.len() == 5).await;
    let names: Vec<_> = all
        .people
        .iter()
        .filter(|p| p.status == AdmissionStatus::Waiting)
        .map(|p| p.name.as_str())
        .collect();
    assert_eq!(names, ["Guest 1", "Guest 2", "Guest 3", "Guest 4"]);
    // The first leaves, the third is let in: the others move up.
    let third = seats.remove(2);
    leave(seats.remove(0)).await;
    host.say(FromClient::Admit {
        visit: third.room.as_ref().unwrap().you.visit,
    })
    .await;
    seats[0].room_where("first now", |room| room.you.position == 1).await;
    seats[1].room_where("second now", |room| room.you.position == 2).await;
    for seat in seats {
        leave(seat).await;
    }
    leave(third).await;
    leave(host).await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_meeting_is_counted_from_arrival_to_end() {
    let (app, mut anna, booked) = TestApp::soon().await;
    let ((guests, guest), (hosts, mut host)) = app.meet(&mut anna, &booked).await;
    app.clock.set(at("2027-03-01T09:00:00Z"));
    for token in [guests, hosts] {
        app.media_joined(&token).await;
    }
    app.clock.advance(SignedDuration::from_mins(20));
    host.say(FromClient::End).await;
    assert_eq!(host.closes().await, Closed::Ended);
    let mut guest = guest;
    assert_eq!(guest.closes().await, Closed::Ended);
    app.ask_to_join(&booked.secret, "Zeb").await.expect(409).says("over");
    let page = app.stranger().get(&booked.link()).await.expect(200);
    page.says("Your appointment is over").says("How was it?");
    app.stranger()
        .post(&format!("{}/rate", booked.link()), &[("stars", "5")])
        .await
        .expect(303);
    anna.get(&booked.page()).await.expect(200);
    let path = app.database();
    let kinds = database::column(
        &path,
        "select kind from events where consultation_id is not null order by id",
    )
    .await;
    assert_eq!(
        kinds,
        [
            "scheduled",
            "invited",
            "arrived",
            "opened",
            "arrived",
            "admitted",
            "media_joined",
            "media_joined",
            "went_live",
            "left",
            "left",
            "ended",
            "rated"
        ]
    );
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn chat_is_for_those_who_are_in_and_is_there_after_a_reload() {
    let (app, mut anna, booked, token, mut guest, mut host) = both_in().await;
    // A second guest waits, and hears nothing.
    let path = format!("{}/guests", booked.page());
    let fields = [("name", "Second"), ("email", "second@example.org"), ("language", "en")];
    let link = anna.post(&path, &fields).await.expect(303).fresh_secret();
    let (_, mut second) = app.arrive(&link, "Second").await;
    second
        .say(FromClient::Chat {
            text: "Let me in!".into(),
        })
        .await;
    second.refused().await;
    second
        .say(FromClient::Media {
            media: MediaFromClient::Join,
        })
        .await;
    second.refused().await;
    second
        .say(FromClient::Media {
            media: MediaFromClient::Publish { source: Source::Screen },
        })
        .await;
    second.refused().await;

    guest
        .say(FromClient::Chat {
            text: " Good <b>morning</b> 👋 ".into(),
        })
        .await;
    let said = host.chat().await;
    assert_eq!(
        (said.text.as_str(), said.name.as_str()),
        ("Good <b>morning</b> 👋", "Zeb")
    );
    assert_eq!(guest.chat().await, said, "the writer sees it as the others do");
    host.say(FromClient::Chat {
        text: "Good morning".into(),
    })
    .await;
    let answer = guest.chat().await;
    second.until_pong(1).await;
    nothing_of_the_meeting(&second);

    // Too long, empty, and faster than a person: refused, and the seat goes on.
    guest
        .say(FromClient::Chat {
            text: "ä".repeat(2_001),
        })
        .await;
    assert_eq!(guest.refused().await, RefusalCode::TooLong);
    guest
        .say(FromClient::Chat {
            text: "ä".repeat(2_000),
        })
        .await;
    assert_eq!(guest.chat().await.text.chars().count(), 2_000);
    guest.say(FromClient::Chat { text: "  ".into() }).await;
    guest.refused().await;
    for _ in 0..12 {
        guest.say(FromClient::Chat { text: "again".into() }).await;
    }
    assert_eq!(guest.refused().await, RefusalCode::TooFast);
    guest.until_pong(2).await;

    // A reload hears what was said, in order; then who comes late does.
    drop(guest);
    let mut guest = app.seat(&token).await;
    assert_eq!([guest.chat().await, guest.chat().await], [said.clone(), answer]);
    host.say(FromClient::Admit {
        visit: second.room.clone().unwrap().you.visit,
    })
    .await;
    assert_eq!(second.chat().await, said);
    host.say(FromClient::End).await;
    host.closes().await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn media_is_offered_to_who_is_in() {
    let (app, _anna, _booked, _token, mut guest, host) = both_in().await;
    guest
        .say(FromClient::Media {
            media: MediaFromClient::Join,
        })
        .await;
    let offer = guest
        .until("an offer", |message| match message {
            FromServer::Media {
                media: MediaFromServer::Offer { sdp, slots, .. },
            } => Some((sdp.clone(), slots.len())),
            _ => None,
        })
        .await;
    assert!(offer.0.starts_with("v=0") && offer.0.contains("a=fingerprint:"));
    assert!(2 <= offer.1, "a place for the microphone and one for the camera");
    // An answer that is none costs the sender's media, not the seat.
    guest
        .say(FromClient::Media {
            media: MediaFromClient::Answer {
                n: 1,
                sdp: "v=0\r\nnonsense".into(),
            },
        })
        .await;
    guest.until_pong(1).await;
    leave(guest).await;
    leave(host).await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_is_closed_before_its_time_and_the_appointment_stands() {
    let (app, mut anna, booked, _token, mut guest, mut host) = both_in().await;
    host.say(FromClient::End).await;
    assert_eq!(host.closes().await, Closed::Ended);
    assert_eq!(guest.closes().await, Closed::Ended);
    let (_, guest) = app.arrive(&booked.secret, "Zeb").await;
    leave(guest).await;
    // Cancelled while somebody waits: they are told, and their link says why.
    let (_, mut guest) = app.arrive(&booked.secret, "Zeb").await;
    let (_, mut host) = app.enter(&mut anna, booked.id).await;
    anna.post(
        &format!("{}/cancel", booked.page()),
        &[("reason", "The adviser is ill")],
    )
    .await
    .expect(303);
    assert_eq!(guest.closes().await, Closed::Ended);
    assert_eq!(host.closes().await, Closed::Ended);
    app.ask_to_join(&booked.secret, "Zeb").await.expect(409);
    let page = app.stranger().get(&booked.link()).await.expect(200);
    page.says("<bdi>North<!></bdi> cancelled it").says("The adviser is ill");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_came_to_is_missed_by_the_right_side() {
    let (app, mut anna, alone) = TestApp::soon().await;
    // The first: nobody comes. The second: the guest waits in vain. The third: let in, and no sound ever.
    let waited = app.book(&mut anna, &app.form("11:00")).await;
    let silent = app.book(&mut anna, &app.form("12:00")).await;
    app.clock.set(at("2027-03-01T10:00:00Z"));
    let (_, guest) = app.arrive(&waited.secret, "Zeb").await;
    leave(guest).await;
    app.clock.set(at("2027-03-01T11:00:00Z"));
    let (_, mut guest) = app.arrive(&silent.secret, "Zeb").await;
    let mut anna = app.anna().await;
    let (_, mut host) = app.enter(&mut anna, silent.id).await;
    let waiting = host.guest(AdmissionStatus::Waiting).await;
    host.say(FromClient::Admit { visit: waiting.visit }).await;
    guest.credentials().await;
    leave(guest).await;
    leave(host).await;
    app.clock.set(at("2027-03-01T12:01:00Z"));
    app.use_cases().sweep().await.unwrap();
    let path = app.database();
    let sides = database::column(&path, "select missed_side from consultations order by starts_at").await;
    assert_eq!(sides, ["guest", "host", "technical"]);
    for (booked, words) in [
        (alone, "We waited for you"),
        (waited, "nobody let you in"),
        (silent, "The connection could not be established"),
    ] {
        app.stranger().get(&booked.link()).await.expect(200).says(words);
        app.ask_to_join(&booked.secret, "Zeb").await.expect(409);
    }
    app.finish().await;
}

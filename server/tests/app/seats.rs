//! What a seat is worth, and when it is worth nothing any more.

use anteroom_app::forms::AccountForm;
use anteroom_domain::id::VisitId;
use anteroom_domain::visit::{AdmissionStatus, Role};
use anteroom_i18n::Lang;
use anteroom_protocol::media::{MediaFromClient, MediaFromServer};
use anteroom_protocol::seat::{Closed, FromClient, FromServer, RefusalCode, RoomView};
use anteroom_service::port::{Announced, Change};
use anteroom_service::{Actor, Join, JoinError, SaveAccount};
use futures::StreamExt as _;
use jiff::SignedDuration;
use sqlx::{Connection as _, Executor as _};

use super::support::{Booked, Client, Seat, TestApp, at, database, open_socket};

/// Both in: the guest's token and seat, the host's token and seat.
async fn both_in() -> (TestApp, Client, Booked, (String, Seat), (String, Seat)) {
    let (app, mut anna, booked) = TestApp::soon().await;
    let ((token, guest), (hosts, host)) = app.meet(&mut anna, &booked).await;
    (app, anna, booked, (token, guest), (hosts, host))
}

fn visit(seat: &Seat) -> VisitId {
    seat.room.as_ref().unwrap().you.visit
}

async fn join_media(seat: &mut Seat) {
    seat.say(FromClient::Media {
        media: MediaFromClient::Join,
    })
    .await;
    seat.until("an offer", |message| match message {
        FromServer::Media {
            media: MediaFromServer::Offer { .. },
        } => Some(()),
        _ => None,
    })
    .await;
}

fn account(change: impl FnOnce(&mut AccountForm)) -> AccountForm {
    let mut form = AccountForm {
        name: "Anna Acker".into(),
        email: "anna@example.org".into(),
        role: "clerk".into(),
        branch: "1".into(),
        zone: "Europe/Berlin".into(),
        active: "on".into(),
        ..AccountForm::default()
    };
    change(&mut form);
    form
}

#[tokio::test(flavor = "multi_thread")]
async fn who_had_the_seat_before_somebody_came_anew_by_the_link_is_out_of_the_media() {
    let (app, _anna, booked, (token, mut guest), (_, mut host)) = both_in().await;
    join_media(&mut guest).await;
    join_media(&mut host).await;
    assert_eq!(app.media.health().await.participants, 2);
    // No socket is open that could notice.
    drop(guest);
    host.room_where("the guest is away", |room| room.people.iter().any(|p| !p.connected))
        .await;
    assert_eq!(
        app.media.health().await.participants,
        2,
        "a reload finds its media again"
    );
    let (_, other) = app.arrive(&booked.secret, "Zeb, or not").await;
    assert_eq!(app.media.health().await.participants, 1);
    assert_eq!(app.seat(&token).await.closes().await, Closed::Rejoined);
    drop((other, host));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seat_that_another_socket_has_taken_is_not_reported_as_empty() {
    let (app, _anna, _booked, (token, guest), (_, mut host)) = both_in().await;
    let visit = visit(&guest);
    // The socket before has given its hold back, and has its word to say only now.
    app.use_cases().disconnect_unless(visit, || true).await.unwrap();
    app.clock.advance(SignedDuration::from_secs(61));
    app.use_cases().sweep().await.unwrap();
    host.until_pong(1).await;
    assert!(host.room.clone().unwrap().people.iter().all(|person| person.connected));
    let mut again = app.seat(&token).await;
    assert_eq!(again.status(AdmissionStatus::Admitted).await.you.visit, visit);
    drop((guest, again, host));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_put_out_while_offline_is_told_so_and_a_stranger_is_told_nothing() {
    let (app, mut anna, booked) = TestApp::soon().await;
    let (token, guest) = app.arrive(&booked.secret, "Zeb").await;
    let (hosts, mut host) = app.enter(&mut anna, booked.id).await;
    let waiting = host.guest(AdmissionStatus::Waiting).await;
    drop(guest);
    host.say(FromClient::Decline { visit: waiting.visit }).await;
    host.guest(AdmissionStatus::Declined).await;
    assert_eq!(app.seat(&token).await.closes().await, Closed::Declined);
    host.say(FromClient::End).await;
    assert_eq!(host.closes().await, Closed::Ended);
    assert_eq!(app.seat(&hosts).await.closes().await, Closed::Ended);
    assert_eq!(app.seat(&format!("{token}x")).await.closes().await, Closed::BadToken);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn made_up_tokens_and_links_are_refused_while_somebody_writes() {
    let (app, _anna, _booked) = TestApp::soon().await;
    let mut db = database::open(&app.database()).await;
    db.execute("begin immediate").await.unwrap();
    assert_eq!(
        app.seat("AAAAAAAAAAAAAAAAAAAAAAAA").await.closes().await,
        Closed::BadToken
    );
    app.ask_to_join("AAAAAAAAAAAAAAAAAAAAAAAA", "Zeb")
        .await
        .expect(409)
        .says("link");
    db.execute("rollback").await.unwrap();
    db.close().await.unwrap();
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_who_comes_and_goes_in_a_loop_has_to_wait() {
    let (app, _anna, booked) = TestApp::soon().await;
    // Not through the form, which has a pace of its own for each network.
    let link = Actor::with_link(&booked.secret);
    let join = Join {
        name: "Zeb".parse().unwrap(),
        agreed: None,
    };
    let come = || app.use_cases().join(&link, join.clone());
    for _ in 0..20 {
        come().await.unwrap();
        // While they wait, another tab takes the same place.
        let token = come().await.unwrap();
        let seat = app.use_cases().seat(token.reveal()).await.unwrap().unwrap();
        app.use_cases().leave(&seat.into()).await.unwrap();
    }
    let visits = "select count(*) from visits";
    assert_eq!(database::count(&app.database(), visits).await, 20);
    assert!(matches!(come().await, Err(JoinError::TooOften)));
    app.clock.advance(SignedDuration::from_mins(11));
    come().await.unwrap();
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_shown_is_told_by_who_is_in_when_it_is_new_and_calmly() {
    let (app, mut anna, booked) = TestApp::soon().await;
    let (_, mut guest) = app.arrive(&booked.secret, "Zeb").await;
    let (_, mut host) = app.enter(&mut anna, booked.id).await;
    let waiting = host.guest(AdmissionStatus::Waiting).await;
    let shows = |microphone| FromClient::Shows {
        microphone,
        camera: false,
        screen: false,
    };
    let mut changes = app.use_cases().bus().subscribe();
    for n in 0..20 {
        guest.say(shows(n % 2 == 0)).await;
    }
    guest.say(shows(true)).await;
    guest.until_pong(1).await;
    assert!(changes.try_recv().is_err(), "who waits makes nobody look");

    host.say(FromClient::Admit { visit: waiting.visit }).await;
    guest.credentials().await;
    let is_heard = |room: &RoomView| room.people.iter().any(|p| p.visit == waiting.visit && p.microphone);
    host.room_where("what was shown before counts", is_heard).await;
    while changes.try_recv().is_ok() {}
    for _ in 0..20 {
        guest.say(shows(true)).await;
    }
    guest.until_pong(2).await;
    assert!(changes.try_recv().is_err(), "nothing is new");
    for n in 0..20 {
        guest.say(shows(n % 2 == 0)).await;
    }
    guest.say(shows(false)).await;
    host.room_where("muted in the end", |room| !is_heard(room)).await;
    guest.until_pong(3).await;
    let mut told = 0;
    while let Ok(Announced { change, .. }) = changes.try_recv() {
        assert!(
            matches!(change, Change::Consultation { branch: None, .. }),
            "{change:?}"
        );
        told += 1;
    }
    assert!((1..10).contains(&told), "21 times shown, {told} times told");
    drop((guest, host));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_no_longer_works_here_hosts_no_longer() {
    let (app, mut anna, booked, (_, mut guest), (hosts, mut host)) = both_in().await;
    join_media(&mut guest).await;
    join_media(&mut host).await;
    let cookies = anna.cookie_header();
    let headers = [("sec-fetch-site", "same-origin"), ("cookie", cookies.as_str())];
    let mut feed = open_socket(app.address, "/socket/staff", &headers).await.unwrap();
    assert!(feed.next().await.is_some());
    let admin = app.sign_in("admin@example.org").await;
    let secret = admin.cookies["anteroom-session"].clone();
    let admin = app.use_cases().session(&secret).await.unwrap().unwrap();
    let gone = account(|form| form.active = String::new());
    let (terms, password) = gone.parse_existing(Lang::default()).unwrap();
    let save = SaveAccount {
        account: app.anna,
        terms,
        password,
    };
    app.use_cases().save_account(&admin, save).await.unwrap();
    assert_eq!(app.media.health().await.participants, 1, "nor are they seen or heard");
    assert_eq!(host.closes().await, Closed::Removed);
    assert_eq!(app.seat(&hosts).await.closes().await, Closed::Removed);
    while let Some(Ok(_)) = feed.next().await {}
    guest
        .room_where("the host is gone", |room| room.people.len() == 1)
        .await;
    let id = booked.id.to_string();
    let reply = anna.post("/api/lobby/enter", &[("consultation", &id)]).await;
    assert!(!reply.text().contains("token"), "{}", reply.text());
    drop(guest);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_whose_account_was_closed_behind_our_back_decides_nothing() {
    let (app, mut anna, booked) = TestApp::soon().await;
    let (_, mut guest) = app.arrive(&booked.secret, "Zeb").await;
    let (hosts, mut host) = app.enter(&mut anna, booked.id).await;
    let waiting = host.guest(AdmissionStatus::Waiting).await;
    let mut db = database::open(&app.database()).await;
    db.execute("update accounts set active = 0 where email = 'anna@example.org'")
        .await
        .unwrap();
    db.close().await.unwrap();
    for message in [
        FromClient::Admit { visit: waiting.visit },
        FromClient::Decline { visit: waiting.visit },
        FromClient::AllowAgain { guest: booked.guest },
        FromClient::End,
    ] {
        host.say(message).await;
        assert_eq!(host.refused().await, RefusalCode::NotAdmitted);
    }
    guest.until_pong(1).await;
    drop(host);
    assert_eq!(app.seat(&hosts).await.closes().await, Closed::Removed);
    drop(guest);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_out_everywhere_leaves_what_they_sit_in() {
    let (app, mut anna, _booked, (_, guest), (_, mut host)) = both_in().await;
    anna.post("/account/sign-out-everywhere", &[]).await.expect(303);
    assert_eq!(host.closes().await, Closed::Left);
    drop(guest);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_learns_who_presents_and_how_many_watch_and_the_host_learns_all() {
    let (app, mut anna, booked) = TestApp::soon().await;
    let reply = anna
        .post(&format!("{}/registration", booked.page()), &[])
        .await
        .expect(303);
    let page = anna.get(reply.location()).await.expect(200).text();
    let from = page.find("/r/").expect("the link is shown once") + 3;
    let secret: String = page[from..]
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
        .collect();
    let mut viewers = Vec::new();
    for n in 0..3 {
        let fields = [("name", format!("Partner {n}")), ("email", format!("p{n}@example.org"))];
        let fields: Vec<_> = fields.iter().map(|(key, value)| (*key, value.as_str())).collect();
        let reply = app.stranger().post(&format!("/r/{secret}"), &fields).await.expect(303);
        let own = reply.location().strip_prefix("/j/").unwrap().to_owned();
        let token = app.join(&own, &format!("Partner {n}")).await;
        let mut seat = app.seat(&token).await;
        seat.status(AdmissionStatus::Admitted).await;
        viewers.push((own, seat));
    }
    let (_, mut host) = app.enter(&mut anna, booked.id).await;
    host.room_where("everybody", |room| room.people.len() == 4 && room.viewers == 0)
        .await;
    for (n, (_, viewer)) in viewers.iter_mut().enumerate() {
        let room = viewer
            .room_where("the host and oneself", |room| {
                room.people.len() == 2 && room.viewers == 2
            })
            .await;
        let roles: Vec<_> = room.people.iter().map(|person| person.role).collect();
        assert!(roles.contains(&Role::Host) && roles.contains(&Role::Attendee));
        let all = format!("{:?}", viewer.heard);
        for other in (0..3).filter(|other| *other != n) {
            assert!(!all.contains(&format!("Partner {other}")), "{all}");
        }
    }
    // From another window it is the same seat: no visit of its own for each click.
    let (own, mut first) = viewers.remove(0);
    let token = app.join(&own, "Partner 0").await;
    let mut moved = app.seat(&token).await;
    moved.status(AdmissionStatus::Admitted).await;
    assert_eq!(visit(&moved), visit(&first));
    assert_eq!(first.closes().await, Closed::Replaced);
    drop((viewers, moved, host));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_host_sees_whom_they_invited_and_who_writes_as_host() {
    let (app, _anna, _booked, (_, mut guest), (_, mut host)) = both_in().await;
    let zeb = host.guest(AdmissionStatus::Admitted).await;
    assert_eq!(
        (zeb.name.as_str(), zeb.invited.as_deref()),
        ("Zeb", Some("Zebedee Quillfeather"))
    );
    let all = format!("{:?}", guest.heard);
    assert!(!all.contains("Quillfeather"), "which is nobody else's business: {all}");
    for (seat, role) in [(&mut host, Role::Host), (&mut guest, Role::Guest)] {
        seat.say(FromClient::Chat { text: "Hello".into() }).await;
        while seat.chat().await.role != role {}
    }
    drop((guest, host));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn guests_of_one_name_are_told_apart_by_how_they_are_reached_and_only_for_the_host() {
    let (app, mut anna, booked, (_, mut guest), (_, mut host)) = both_in().await;
    let add = format!("{}/guests", booked.page());
    let second = [("name", "Zoë"), ("email", "zoe@example.org"), ("language", "en")];
    let secret = anna.post(&add, &second).await.expect(303).fresh_secret();
    let (_, other) = app.arrive(&secret, "ZÉB").await;
    let waiting = host.guest(AdmissionStatus::Waiting).await;
    assert_eq!(waiting.contact.as_deref(), Some("zoe@example.org"));
    let room = host.room_where("both", |room| room.people.len() == 3).await;
    let contacts: Vec<_> = room.people.iter().filter_map(|person| person.contact.clone()).collect();
    assert_eq!(contacts.len(), 2, "{contacts:?}");
    assert!(host.room.iter().all(|room| {
        room.people
            .iter()
            .all(|person| person.guest.is_some() || person.contact.is_none())
    }));
    host.say(FromClient::Admit { visit: waiting.visit }).await;
    let room = guest.room_where("both", |room| room.people.len() == 3).await;
    assert!(room.people.iter().all(|person| person.contact.is_none()), "{room:?}");
    drop((guest, host, other));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_who_looks_in_early_opens_nothing_and_the_guest_may_still_cancel() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let booked = app.book(&mut anna, &app.form("10:00")).await;
    let later = app.book(&mut anna, &app.form("12:00")).await;
    let path = app.database();
    let opened = "select count(*) from events where kind = 'opened'";
    let (_, host) = app.enter(&mut anna, booked.id).await;
    let (_, mut other) = app.enter(&mut anna, later.id).await;
    let states = "select distinct state from consultations";
    assert_eq!(database::column(&path, states).await, ["scheduled"]);
    assert_eq!(database::count(&path, opened).await, 0);
    app.stranger()
        .post(&format!("{}/cancel", later.link()), &[("reason", "")])
        .await
        .expect(303);
    assert_eq!(other.closes().await, Closed::Ended);
    // The first guest opens it, and a host at the time at which guests may come does.
    app.clock.set(at("2027-03-01T08:50:00Z"));
    let (_, guest) = app.arrive(&booked.secret, "Zeb").await;
    assert_eq!(database::count(&path, opened).await, 1);
    drop((guest, host));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_was_begun_is_finished_and_told_though_the_client_hung_up() {
    let (app, anna, booked, (_, mut guest), (_, mut host)) = both_in().await;
    // Nobody can write at first, so that whoever asks has to wait.
    let mut db = database::open(&app.database()).await;
    db.execute("begin immediate").await.unwrap();
    let request = anna.form_bytes(&format!("{}/cancel", booked.page()), "reason=ill");
    let mut stream = tokio::net::TcpStream::connect(app.address).await.unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut stream, &request)
        .await
        .unwrap();
    drop(stream);
    app.stranger().get("/healthz").await.expect(200);
    db.execute("rollback").await.unwrap();
    db.close().await.unwrap();
    assert_eq!(guest.closes().await, Closed::Ended);
    assert_eq!(host.closes().await, Closed::Ended);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sockets_that_say_nothing_keep_no_guest_out() {
    let (app, _anna, booked) = TestApp::soon().await;
    let mut silent = Vec::new();
    for _ in 0..80 {
        silent.push(Seat::silent(app.address).await);
    }
    let (_, guest) = app.arrive(&booked.secret, "Zeb").await;
    assert_eq!(silent[0].closes().await, Closed::Restarting, "the oldest makes room");
    drop((silent, guest));
    app.finish().await;
}

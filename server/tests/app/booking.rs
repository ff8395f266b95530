//! One host, one time: who gets it, and what the others are told.

use anteroom_app::forms::ConsultationForm;
use tokio::net::TcpStream;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::support::{Client, Reply, TestApp, at, booking, database, encoded, http_finish};

async fn schedule(client: &mut Client, form: &ConsultationForm) -> Reply {
    client.post_body("/consultations/new", &encoded(form)).await
}

/// The times that a page offers instead.
fn offered(reply: &Reply) -> usize {
    reply.text().matches("data-test=\"free-time\"").count()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_thousand_who_want_one_slot_exactly_one_gets_it() {
    const MANY: usize = 1_000;
    let app = TestApp::start().await;
    let anna = app.anna().await;
    let ready = std::sync::Arc::new(Barrier::new(MANY));
    let mut crowd = JoinSet::new();
    for n in 0..MANY {
        let (anna, ready) = (anna.clone(), ready.clone());
        let form = ConsultationForm {
            guest_name: format!("Guest {n}"),
            guest_email: format!("guest{n}@example.org"),
            ..app.form("10:00")
        };
        crowd.spawn(async move {
            let request = anna.form_bytes("/consultations/new", &encoded(&form));
            let mut stream = TcpStream::connect(anna.address).await.unwrap();
            // Everybody is connected before anybody asks.
            ready.wait().await;
            http_finish(&mut stream, &request).await.expect("an answer")
        });
    }
    let replies = crowd.join_all().await;
    let (won, lost): (Vec<_>, Vec<_>) = replies.into_iter().partition(|reply| reply.status == 303);
    assert_eq!((won.len(), lost.len()), (1, MANY - 1));
    for reply in lost {
        assert_eq!(reply.status, 409);
        assert_eq!(offered(&reply), 3, "the next free times");
        let page = reply.says("from 10:00 to 10:45").text();
        // One after the other: none is in the time of another.
        assert!(
            page.contains("10:45") && page.contains("11:30") && page.contains("12:15"),
            "{page}"
        );
        assert!(page.contains("@example.org"), "what was typed is kept");
    }
    let path = app.database();
    assert_eq!(database::count(&path, "select count(*) from consultations").await, 1);
    assert_eq!(database::count(&path, "select count(*) from guests").await, 1);
    assert_eq!(database::count(&path, "select count(*) from invitations").await, 1);
    let told = "select count(*) from events where kind in ('scheduled', 'invited')";
    assert_eq!(database::count(&path, told).await, 2);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn buffers_keep_a_distance_and_touching_is_no_overlap() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let review = |time: &str| ConsultationForm {
        minutes: "30".into(),
        ..booking(app.review, app.anna, "2027-03-01", time)
    };
    // 10 before and 15 after: busy from 9:50 to 10:45.
    schedule(&mut anna, &review("10:00")).await.expect(303);
    for time in ["09:06", "09:30", "10:00", "10:15", "10:44"] {
        let reply = schedule(&mut anna, &app.form(time)).await;
        assert_eq!(reply.status, 409, "{time}");
    }
    for time in ["09:05", "10:45"] {
        let reply = schedule(&mut anna, &app.form(time)).await;
        assert_eq!(reply.status, 303, "{time} only touches");
    }
    // A second review needs its own ten minutes before: busy until 11:30.
    schedule(&mut anna, &review("11:35")).await.expect(409);
    schedule(&mut anna, &review("11:40")).await.expect(303);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_host_being_busy_concerns_nobody_else() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    schedule(&mut anna, &app.form("10:00")).await.expect(303);
    schedule(&mut anna, &app.form("10:00")).await.expect(409);
    let with_ben = booking(app.advice, app.ben, "2027-03-01", "10:00");
    schedule(&mut anna, &with_ben).await.expect(303);
    // The same wall-clock time on another day, and the same instant written in another zone.
    schedule(&mut anna, &booking(app.advice, app.anna, "2027-03-02", "10:00"))
        .await
        .expect(303);
    let london = ConsultationForm {
        zone: "Europe/London".into(),
        ..app.form("09:15")
    };
    schedule(&mut anna, &london).await.expect(409);
    // A host of another branch is nobody's to book here.
    let carla = booking(app.advice, app.carla, "2027-03-01", "12:00");
    schedule(&mut anna, &carla)
        .await
        .expect(422)
        .says("Choose a host of the branch");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_cancelled_is_free_again() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let first = app.book(&mut anna, &app.form("10:00")).await;
    schedule(&mut anna, &app.form("10:00")).await.expect(409);
    let cancel = format!("{}/cancel", first.page());
    anna.post(&cancel, &[("reason", "Ill")]).await.expect(303);
    schedule(&mut anna, &app.form("10:00")).await.expect(303);
    // Cancelled is final: it does not come back and take the time again.
    let reply = anna
        .post_body(&format!("{}/edit", first.page()), &encoded(&app.form("10:00")))
        .await;
    assert_eq!(reply.status, 409);
    reply.says("cancelled");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reschedule_asks_the_same_question() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let first = app.book(&mut anna, &app.form("10:00")).await;
    app.book(&mut anna, &app.form("12:00")).await;
    let edit = format!("{}/edit", first.page());
    let taken = anna.post_body(&edit, &encoded(&app.form("12:15"))).await.expect(409);
    assert_eq!(offered(&taken), 3);
    taken.says("has Zebedee Quillfeather from 12:00 to 12:45. Choose another time");
    // Half over its own old time: it is not in its own way.
    anna.post_body(&edit, &encoded(&app.form("10:20"))).await.expect(303);
    // Unchanged but for the notes.
    let noted = ConsultationForm {
        notes: "New notes".into(),
        ..app.form("10:20")
    };
    anna.post_body(&edit, &encoded(&noted)).await.expect(303);
    // Its old time is free: 9:35 to 10:20 touches.
    schedule(&mut anna, &app.form("09:35")).await.expect(303);
    // To a colleague who has time, and to one who has not.
    app.book(&mut anna, &booking(app.advice, app.ben, "2027-03-01", "10:30"))
        .await;
    let to_ben = booking(app.advice, app.ben, "2027-03-01", "10:20");
    anna.post_body(&edit, &encoded(&to_ben)).await.expect(409);
    let to_ben = booking(app.advice, app.ben, "2027-03-01", "13:00");
    anna.post_body(&edit, &encoded(&to_ben)).await.expect(303);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_that_are_moved_to_one_slot_at_once_one_stays() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    for day in 2..14 {
        // Two that stand apart, both wanted at 14:00; every other time a third wants it as well, newly.
        let date = format!("2027-03-{day:02}");
        let form = |time: &str| booking(app.advice, app.anna, &date, time);
        let first = app.book(&mut anna, &form("09:00")).await;
        let second = app.book(&mut anna, &form("11:00")).await;
        let wish = encoded(&form("14:00"));
        let (mut a, mut b, mut c) = (anna.clone(), anna.clone(), anna.clone());
        let (first, second) = (format!("{}/edit", first.page()), format!("{}/edit", second.page()));
        let (a, b, c) = tokio::join!(
            a.post_body(&first, &wish),
            b.post_body(&second, &wish),
            c.post_body("/consultations/new", &wish)
        );
        let mut statuses = [a.status, b.status, c.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409, 409], "on {date}");
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_that_has_passed_or_does_not_exist_is_refused_at_its_field() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    schedule(&mut anna, &app.form("07:00"))
        .await
        .expect(422)
        .says("That time has passed");
    let gap = booking(app.advice, app.anna, "2027-03-28", "02:30");
    schedule(&mut anna, &gap)
        .await
        .expect(422)
        .says("the clocks go forward");
    // A weekend night is the clerk's own business.
    schedule(&mut anna, &booking(app.advice, app.anna, "2027-03-07", "23:30"))
        .await
        .expect(303);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_unusual_about_a_time_is_said_and_the_time_stays() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let usual = app.book(&mut anna, &app.form("10:00")).await;
    let page = anna.get(&usual.page()).await.expect(200).text();
    assert!(!page.contains("class=\"unusual\""), "{page}");
    let abroad = ConsultationForm {
        guest_zone: "America/Los_Angeles".into(),
        ..app.form("12:00")
    };
    let abroad = app.book(&mut anna, &abroad).await;
    let night = anna.get(&abroad.page()).await.expect(200);
    night.says("it begins at 03:00, in the middle of the night.");
    let early = booking(app.advice, app.anna, "2027-03-02", "05:30");
    let early = app.book(&mut anna, &early).await;
    anna.get(&early.page()).await.expect(200).says("outside the branch");
    let sunday = booking(app.advice, app.anna, "2027-03-07", "10:00");
    let sunday = app.book(&mut anna, &sunday).await;
    anna.get(&sunday.page()).await.expect(200).says("It is on a Sunday.");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_one_begins_with_the_same_guest_service_and_host() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let booked = app.book(&mut anna, &app.form("10:00")).await;
    app.clock.set(at("2027-03-01T11:00:00Z"));
    app.use_cases().sweep().await.unwrap();
    let mut anna = app.anna().await;
    let again = format!("/consultations/new?again={}", booked.id);
    anna.get(&booked.page()).await.expect(200).says(&again);
    let form = anna.get(&again).await.expect(200);
    form.says("value=\"Zebedee Quillfeather\"");
    // Of another branch nobody learns anything by it.
    let mut carla = app.sign_in("carla@example.org").await;
    let page = carla.get(&again).await.text();
    assert!(!page.contains("Quillfeather"), "{page}");
    app.finish().await;
}

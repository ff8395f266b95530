//! Sent twice: a second click on a slow line, a browser that lost the answer.

use super::support::{Client, TestApp, database, encoded};

const CONSULTATIONS: &str = "select count(*) from consultations";
const GUESTS: &str = "select count(*) from guests";

#[tokio::test(flavor = "multi_thread")]
async fn one_click_too_many_makes_nothing_twice() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let body = format!("{}&once=a-number-of-this-form", encoded(&app.form("10:00")));
    // All at once, as a line that comes back delivers them.
    let mut clicks = Vec::new();
    for _ in 0..5 {
        let (mut anna, body) = (anna.clone(), body.clone());
        clicks.push(tokio::spawn(async move {
            anna.post_body("/consultations/new", &body).await
        }));
    }
    let mut there = Vec::new();
    for click in clicks {
        let reply = click.await.unwrap().expect(303);
        assert_eq!(reply.all("set-cookie").len(), 1, "each is shown the link");
        there.push(reply.location().to_owned());
    }
    there.dedup();
    assert_eq!(there.len(), 1, "{there:?}");
    assert_eq!(database::count(&app.database(), CONSULTATIONS).await, 1);

    let guest = "name=Second&email=second%40example.org&language=en&once=another-number";
    for _ in 0..3 {
        anna.post_body(&format!("{}/guests", there[0]), guest).await.expect(303);
    }
    assert_eq!(database::count(&app.database(), GUESTS).await, 2);

    // Another page of the same form is another intention.
    let again = body.replace("a-number-of", "the-number-of-another");
    anna.post_body("/consultations/new", &again).await.expect(409);
    // And so is the same page, filled in differently after going back.
    let later = format!("{}&once=a-number-of-this-form", encoded(&app.form("14:00")));
    anna.post_body("/consultations/new", &later).await.expect(303);
    assert_eq!(database::count(&app.database(), CONSULTATIONS).await, 2);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_back_with_mistakes_may_be_sent_again() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let first = app.book(&mut anna, &app.form("10:00")).await;
    let body = format!("{}&once=a-number-of-this-form", encoded(&app.form("10:00")));
    anna.post_body("/consultations/new", &body).await.expect(409);
    anna.post(&format!("{}/cancel", first.page()), &[("reason", "x")])
        .await
        .expect(303);
    anna.post_body("/consultations/new", &body).await.expect(303);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_repeated_to_nobody_else() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let body = format!("{}&once=a-number-of-this-form", encoded(&app.form("10:00")));
    anna.post_body("/consultations/new", &body).await.expect(303);
    let mut ben: Client = app.sign_in("ben@example.org").await;
    let reply = ben.post_body("/consultations/new", &body).await.expect(409);
    assert!(reply.all("set-cookie").is_empty());
    app.finish().await;
}

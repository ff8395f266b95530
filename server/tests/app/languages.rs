//! In which language somebody is answered.

use sqlx::Connection as _;

use super::support::{Client, Reply, TestApp, database};

fn language(reply: &Reply) -> &str {
    reply.header("content-language").unwrap_or_default()
}

/// Of the page, as its headers and its markup say it.
fn is_in(reply: &Reply, tag: &str) {
    assert_eq!(language(reply), tag);
    let dir = if tag == "ar" { "rtl" } else { "ltr" };
    assert!(
        reply.text().contains(&format!("<html lang=\"{tag}\" dir=\"{dir}\">")),
        "{tag}"
    );
    let vary = reply.header("vary").unwrap_or_default().to_ascii_lowercase();
    assert!(vary.contains("accept-language") && vary.contains("cookie"), "{vary}");
}

async fn choose(browser: &mut Client, tag: &str, back: &str) -> Reply {
    browser
        .post("/language", &[("language", tag), ("back", back)])
        .await
        .expect(303)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_in_the_language_that_the_browser_asks_for() {
    let app = TestApp::start().await;
    for (asked, tag) in [
        ("de-CH, de;q=0.9, en;q=0.8", "de"),
        ("rm, it;q=0.5", "it"),
        ("ar-EG", "ar"),
        ("zh-CN", "zh-Hans"),
        ("zh-TW, ja;q=0.3", "ja"),
        ("zh-TW", "en"),
        ("tlh", "en"),
        ("*", "en"),
        (";;;q=, de;q=abc, %%, -", "en"),
        ("de;q=0", "en"),
    ] {
        let page = app
            .stranger()
            .get_with("/sign-in", &[("accept-language", asked)])
            .await
            .expect(200);
        is_in(&page, tag);
    }
    let header = "x-".repeat(4_000);
    is_in(
        &app.stranger()
            .get_with("/sign-in", &[("accept-language", &header)])
            .await
            .expect(200),
        "en",
    );
    is_in(&app.stranger().get("/sign-in").await.expect(200), "en");
    // Said in it as well.
    let page = app
        .stranger()
        .get_with("/sign-in", &[("accept-language", "de")])
        .await
        .expect(200);
    page.says("Anmelden").says("text-de-staff-");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_reads_the_language_of_their_link_until_they_choose_another() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let mut form = app.form("10:00");
    form.guest_language = "ar".into();
    let booked = app.book(&mut anna, &form).await;
    let mut guest = app.stranger();
    let page = guest
        .get_with(&booked.link(), &[("accept-language", "fr")])
        .await
        .expect(200);
    is_in(&page, "ar");
    page.says("text-ar-guest-");
    // The calendar, the page below, and what a form is answered with.
    let calendar = guest
        .get(&format!("{}/appointment.ics", booked.link()))
        .await
        .expect(200);
    calendar.says("SUMMARY;LANGUAGE=ar:");
    is_in(&guest.get(&format!("{}/check", booked.link())).await.expect(200), "ar");
    let refused = guest
        .post(&format!("{}/rate", booked.link()), &[("stars", "9")])
        .await
        .expect(422);
    is_in(&refused, "ar");

    let back = choose(&mut guest, "pl", &booked.link()).await;
    assert_eq!(back.header("location"), Some(&*booked.link()));
    is_in(&guest.get(&booked.link()).await.expect(200), "pl");
    // Kept with the guest: on another device, and in what they are sent.
    is_in(&app.stranger().get(&booked.link()).await.expect(200), "pl");
    assert_eq!(
        database::column(&app.database(), "select language from guests").await,
        ["pl"]
    );
    // The clerk goes on reading their own.
    is_in(&anna.get(&booked.page()).await.expect(200), "en");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_keeps_their_language_with_their_account() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    choose(&mut anna, "tr", "/account").await;
    is_in(&anna.get("/account").await.expect(200), "tr");
    // In another browser, whatever that one asks for.
    let mut elsewhere = app.anna().await;
    is_in(
        &elsewhere.get_with("/", &[("accept-language", "de")]).await.expect(200),
        "tr",
    );
    let languages = "select coalesce(language, '-') from accounts where name like 'Anna%'";
    assert_eq!(database::column(&app.database(), languages).await, ["tr"]);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_language_of_ours_changes_nothing() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    for tag in ["tlh", "", "en; Path=/", "<script>", "\u{202e}ne", &"x".repeat(10_000)] {
        let reply = choose(&mut anna, tag, "/account").await;
        assert_eq!(reply.header("set-cookie"), None, "{tag}");
    }
    for elsewhere in [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
    ] {
        let reply = choose(&mut anna, "de", elsewhere).await;
        assert_eq!(reply.header("location"), Some("/"), "{elsewhere}");
    }
    // A language that was taken away: the next in order, and nothing lost.
    let mut form = app.form("10:00");
    form.guest_language = "it".into();
    let booked = app.book(&mut anna, &form).await;
    let mut db = database::open(&app.database()).await;
    for taken_away in [
        "update guests set language = 'tlh'",
        "update accounts set language = 'xx-Gone'",
    ] {
        sqlx::query(taken_away).execute(&mut db).await.unwrap();
    }
    db.close().await.unwrap();
    let asks = [("accept-language", "nl")];
    is_in(&app.stranger().get_with(&booked.link(), &asks).await.expect(200), "nl");
    let mut odd = app.stranger();
    let cookie = [("cookie", "anteroom-language=tlh"), ("accept-language", "es")];
    is_in(&odd.get_with("/sign-in", &cookie).await.expect(200), "es");
    is_in(&app.anna().await.get_with("/", &asks).await.expect(200), "nl");
    // Neither can a form store one.
    anna.get(&booked.page()).await.expect(200).says("Zeb");
    let mut wrong = app.form("12:00");
    wrong.guest_language = "tlh".into();
    let body = serde_urlencoded::to_string(&wrong).unwrap();
    anna.post_body("/consultations/new", &body).await.expect(422);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_registers_is_sent_things_in_the_language_of_the_page() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let booked = app.book(&mut anna, &app.form("10:00")).await;
    let launch = super::cant_come::open_registration(&mut anna, &booked).await;
    let mut visitor = app.stranger();
    choose(&mut visitor, "ja", &launch).await;
    is_in(&visitor.get(&launch).await.expect(200), "ja");
    visitor
        .post(
            &launch,
            &[("name", "松本 葵"), ("email", "aoi@example.org"), ("zone", "")],
        )
        .await
        .expect(303);
    let told = "select language from guests where role = 'attendee'";
    assert_eq!(database::column(&app.database(), told).await, ["ja"]);
    app.finish().await;
}

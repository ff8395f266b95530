//! Whom a guest turns to, wherever a page tells them to.

use super::support::{TestApp, at, database};

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_a_guest_says_how_to_reach_the_branch() {
    let app = TestApp::start_with(|plan| {
        plan.branding.contact.phone = "0800 555 01 00".into();
        plan.branding.privacy_url = Some("https://www.example.org/privacy".into());
        plan.branding.imprint_url = Some("https://www.example.org/imprint".into());
    })
    .await;
    let mut admin = app.sign_in("admin@example.org").await;
    let name = database::column(&app.database(), "select name from branches where id = 1").await;
    let branch = |address: &'static str| {
        [
            ("name".to_owned(), name.first().cloned().unwrap()),
            ("zone".to_owned(), "Europe/Berlin".to_owned()),
            ("opens".to_owned(), "08:00".to_owned()),
            ("closes".to_owned(), "17:30".to_owned()),
            ("phone".to_owned(), "030 555 01 00".to_owned()),
            ("email".to_owned(), "branch@example.org".to_owned()),
            ("address".to_owned(), address.to_owned()),
        ]
    };
    let save = |address: &'static str| serde_urlencoded::to_string(branch(address)).unwrap();
    let too_long = "x".repeat(301).leak();
    let refused = admin.post_body("/admin/branches/1", &save(too_long)).await.expect(422);
    refused.says("at most 300 characters");
    let address = "  Marktplatz 1 \r\n\r\n 10117 Berlin ";
    admin.post_body("/admin/branches/1", &save(address)).await.expect(303);

    let mut anna = app.anna().await;
    let booked = app.book(&mut anna, &app.form("10:00")).await;
    let mut guest = app.stranger();
    let says_where = |page: super::support::Reply| {
        page.expect(200)
            .says("tel:0305550100")
            .says("mailto:branch@example.org")
            .says("Marktplatz 1\n10117 Berlin")
            .says("Monday to Friday, 08:00\u{2013}17:30")
            .says("https://www.example.org/privacy")
            .says("https://www.example.org/imprint")
    };
    says_where(guest.get(&booked.link()).await);
    app.clock.set(at("2027-03-01T08:50:00Z"));
    says_where(guest.get(&booked.link()).await);
    let calendar = guest
        .get(&format!("{}/appointment.ics", booked.link()))
        .await
        .expect(200);
    calendar.says("Phone: 030 555 01 00");
    let cancel = format!("{}/cancel", booked.page());
    anna.post(&cancel, &[("reason", "")]).await.expect(303);
    says_where(guest.get(&booked.link()).await);
    // A link that is nobody's has no branch: the organisation's own.
    let unknown = guest.get(&format!("/j/{}", "A".repeat(24))).await.expect(404);
    let unknown = unknown.says("tel:08005550100").says("https://www.example.org/privacy");
    assert!(!unknown.text().contains("0305550100"));
    app.finish().await;
}

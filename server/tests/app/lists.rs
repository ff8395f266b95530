//! Lists: what the address asks for is what is shown, in that order, page by page.

use super::support::{Reply, TestApp, at, booking};

/// The heads of the rows, in their order.
fn rows(page: &Reply) -> Vec<String> {
    let text = page.text();
    let (_, body) = text.split_once("<tbody").unwrap_or_default();
    body.split("role=\"rowheader\"")
        .skip(1)
        .map(|row| {
            let (_, link) = row.split_once("<a").unwrap();
            let (_, link) = link.split_once('>').unwrap();
            let (name, _) = link.split_once("</a>").unwrap();
            // What stands for itself in a list, and what parts the pieces of a text for the browser's own part.
            let name = name.replace("<bdi>", "").replace("</bdi>", "").replace("<!>", "");
            name.split('<').next().unwrap().to_owned()
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn consultations_come_page_by_page_in_the_order_that_is_asked_for() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    for n in 0..27 {
        let date = format!("2027-03-{:02}", n + 2);
        let mut form = booking(app.advice, app.anna, &date, "10:00");
        // Names against the order of the days.
        form.guest_name = format!("Guest {:02}", 26 - n);
        app.book(&mut anna, &form).await;
    }
    let all = |from: i32, to: i32| -> Vec<String> {
        if from < to {
            (from..=to).map(|n| format!("Guest {n:02}")).collect()
        } else {
            (to..=from).rev().map(|n| format!("Guest {n:02}")).collect()
        }
    };
    let mut list = async |query: &str| rows(&anna.get(&format!("/consultations{query}")).await.expect(200));
    assert_eq!(list("").await, all(26, 2), "the soonest first");
    assert_eq!(list("?page=2").await, all(1, 0));
    assert_eq!(list("?sort=start&desc=1").await, all(0, 24));
    assert_eq!(list("?sort=start").await, all(26, 2));
    assert_eq!(list("?sort=start&page=2").await, all(1, 0));
    assert_eq!(list("?sort=guest&desc=1").await, all(26, 2));
    assert_eq!(list("?sort=guest&page=2").await, all(25, 26));
    assert_eq!(list("?q=guest+07").await, ["Guest 07"]);
    let reply = anna.get("/consultations?page=3").await.expect(200);
    reply.says("This page is past the end of the list.");
    // Half an hour into that of 12 March: it stands on top, and what has been comes last, the latest first.
    app.clock.set(at("2027-03-12T09:30:00Z"));
    app.use_cases().sweep().await.unwrap();
    let mut anna = app.anna().await;
    let mut list = async |query: &str| rows(&anna.get(&format!("/consultations{query}")).await.expect(200));
    let now: Vec<String> = [all(16, 0), all(17, 24)].concat();
    assert_eq!(list("").await, now);
    assert_eq!(list("?page=2").await, all(25, 26));
    assert_eq!(list("?to=2027-03-12").await, [all(16, 16), all(17, 26)].concat());
    assert_eq!(list("?q=guest+1").await, [all(16, 10), all(17, 19)].concat());
    // Who stands there has the way in, and nobody who comes later.
    let page = anna.get("/consultations").await.expect(200).text();
    assert_eq!(page.matches("/room\"").count(), 1, "{page}");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_services_and_branches_are_found_sorted_and_paged() {
    let app = TestApp::start().await;
    let mut admin = app.sign_in("admin@example.org").await;
    for n in 0..26 {
        let (name, minutes) = (format!("Topic {n:02}"), (100 - n).to_string());
        let fields = [
            ("branch", "2"),
            ("name", &name),
            ("minutes", &minutes),
            ("active", "on"),
        ];
        admin.post("/admin/services", &fields).await.expect(303);
        let fields = [
            ("name", name.as_str()),
            ("zone", "UTC"),
            ("opens", "08:00"),
            ("closes", "17:00"),
        ];
        admin.post("/admin/branches", &fields).await.expect(303);
    }
    let mut list = async |path: &str| rows(&admin.get(path).await.expect(200));
    let services = list("/admin/services").await;
    assert_eq!((services.len(), services[0].as_str()), (25, "Mortgage advice"));
    let rest = list("/admin/services?page=2").await;
    assert_eq!((rest.len(), rest[0].as_str()), (4, "Topic 23"));
    assert_eq!(
        list("/admin/services?sort=length&of=2").await[..2],
        ["Pension advice", "Topic 25"]
    );
    assert_eq!(list("/admin/services?sort=length&desc=1").await[0], "Topic 00");
    assert_eq!(list("/admin/services?q=topic+1&sort=name&desc=1").await[0], "Topic 19");
    assert!(list("/admin/services?state=off").await.is_empty());
    assert_eq!(
        list("/admin/branches?page=2").await,
        ["Topic 23", "Topic 24", "Topic 25"]
    );
    assert_eq!(
        list("/admin/branches?sort=services&desc=1").await[..2],
        ["South", "North"]
    );
    let names = ["Adele Admin", "Anna Acker", "Ben Bauer", "Carla Conti"];
    assert_eq!(list("/admin/accounts").await, names);
    assert_eq!(list("/admin/accounts?sort=role").await[0], "Adele Admin");
    assert_eq!(list("/admin/accounts?sort=name&desc=1").await[0], "Carla Conti");
    assert_eq!(list("/admin/accounts?of=2").await, ["Carla Conti"]);
    assert_eq!(list("/admin/accounts?q=BEN@").await, ["Ben Bauer"]);
    let reply = admin.get("/admin/accounts?q=nobody").await.expect(200);
    reply.says("No accounts match.");
    app.finish().await;
}

//! What is not at hand on Microsoft's side, or not yet: what a guest is told, and what becomes of what was begun there.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anteroom_app::forms::ConsultationForm;
use anteroom_domain::id::ConsultationId;
use anteroom_domain::teams::Announcement;
use anteroom_domain::teams::link::MeetingLink;
use anteroom_domain::visit::{Publish, TeamsPresence};
use anteroom_emulator::{AccessPolicy, Fault, Operation, Planned, TenantChange};
use anteroom_protocol::seat::{FromClient, FromServer};
use anteroom_protocol::teams::{TeamsFromClient, TeamsFromServer};
use anteroom_server::teams::Teams;
use anteroom_service::port::{EngineError, Issued, JoinRequest, Meetings, NoMeetings, SeatId};
use anteroom_service::{Actor, NoticeShown, ReportPresence, TeamsCallEnd};
use async_trait::async_trait;
use jiff::SignedDuration;

use super::support::{Booked, Client, Seat, TestApp, at, database};
use super::teams::{Bank, LINK, events, presence, say, teams_credentials};

/// The sentence, and whether there is another way.
async fn unavailable(seat: &mut Seat) -> (String, bool) {
    seat.until("the sentence", |message| match message {
        FromServer::Teams {
            teams: TeamsFromServer::Unavailable { text, open },
        } => Some((text.clone(), open.is_some())),
        _ => None,
    })
    .await
}

fn policy(bank: &Bank, policy: AccessPolicy) {
    bank.microsoft.change_tenant(TenantChange {
        access_policy: Some(policy),
        ..TenantChange::default()
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_whose_meeting_is_nowhere_yet_reads_nothing_of_settings_and_is_let_in_once_it_is_made() {
    let bank = Bank::open_with_graph().await;
    policy(&bank, AccessPolicy::Users(BTreeSet::new()));
    let mut anna = bank.app.anna().await;
    let booked = bank.app.book(&mut anna, &bank.form_without_link("10:00")).await;
    bank.app.clock.set(at("2027-03-01T08:50:00Z"));
    let token = bank.app.join(&booked.secret, "Zeb").await;
    let mut seat = bank.app.seat(&token).await;
    let (text, has_other_way) = unavailable(&mut seat).await;
    assert!(text.ends_with("Try again in a minute.") && !has_other_way, "{text}");
    let heard = format!("{:?}", seat.heard);
    for word in ["PowerShell", "Grant-Cs", "Policy", "administrator", "Entra", "Graph"] {
        assert!(!heard.contains(word), "{word}: {heard}");
    }
    assert!(
        !seat
            .heard
            .iter()
            .any(|message| matches!(message, FromServer::Refused { .. })),
        "it is no refusal that passes by"
    );
    // The admin reads what to do.
    bank.jobs().await;
    let mut admin = bank.app.sign_in("admin@example.org").await;
    admin
        .get("/admin/jobs")
        .await
        .expect(200)
        .says("Grant-CsApplicationAccessPolicy");
    // Nobody presses anything: the guest's page has what it needs as soon as the meeting is made.
    policy(&bank, AccessPolicy::Everyone);
    bank.app.clock.advance(SignedDuration::from_mins(5));
    bank.jobs().await;
    teams_credentials(&mut seat).await;
    assert_eq!(bank.microsoft.inspect().meetings.len(), 1);
    bank.close().await;
}

fn trouble(status: u16) -> Fault {
    Fault::Status {
        status,
        retry_after: None,
    }
}

/// The consultation at ten, whose meeting Graph has made.
async fn made(bank: &Bank) -> (Client, Booked) {
    let mut anna = bank.app.anna().await;
    let booked = bank.app.book(&mut anna, &bank.form_without_link("10:00")).await;
    bank.jobs().await;
    assert_eq!(bank.microsoft.inspect().meetings.len(), 1);
    (anna, booked)
}

fn link_of(bank: &Bank, meeting: usize) -> String {
    let made = &bank.microsoft.inspect().meetings[meeting];
    made.join_web_url.parse::<MeetingLink>().unwrap().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_identity_that_may_exist_is_listed_until_an_admin_takes_note_and_one_that_can_not_is_not() {
    let bank = Bank::open().await;
    let (_, booked) = bank.booked().await;
    let mut admin = bank.app.sign_in("admin@example.org").await;
    bank.microsoft.fail(Operation::CreateIdentity, 50, trouble(401));
    let token = bank.app.join(&booked.secret, "Zeb").await;
    let mut seat = bank.app.seat(&token).await;
    unavailable(&mut seat).await;
    admin.get("/admin/teams").await.expect(200).says("nothing-outstanding");
    // It is made, and only the answer makes no sense.
    bank.microsoft.mend();
    bank.microsoft.plan(Planned {
        operation: Operation::CreateIdentity,
        times: 50,
        after_effect: true,
        fault: Fault::Malformed,
    });
    say(&mut seat, TeamsFromClient::Again).await;
    unavailable(&mut seat).await;
    assert!(bank.alive() > 0);
    let page = admin.get("/admin/teams").await.expect(200);
    page.says("It is not known whether Microsoft made one");
    let row = database::count(
        &bank.app.database(),
        "select id from identities where unsure_at is not null",
    )
    .await
    .to_string();
    let mut anna = bank.app.anna().await;
    anna.post("/admin/teams/identities", &[("identity", &row)])
        .await
        .expect(403);
    admin
        .post("/admin/teams/identities", &[("identity", &row)])
        .await
        .expect(303);
    admin.get("/admin/teams").await.expect(200).says("nothing-outstanding");
    bank.microsoft.mend();
    bank.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_another_host_there_is_another_meeting_though_the_form_shows_the_old_one() {
    let bank = Bank::open_with_graph().await;
    let other = "22222222-3333-4444-8555-666666666666";
    bank.microsoft.change_tenant(TenantChange {
        users: Some(BTreeSet::from([
            anteroom_emulator::Options::USER.to_owned(),
            other.to_owned(),
        ])),
        ..TenantChange::default()
    });
    let (mut anna, booked) = made(&bank).await;
    let shown = link_of(&bank, 0);
    let form = anna.get(&format!("{}/edit", booked.page())).await.expect(200);
    assert!(
        form.text().contains(&shown.replace('&', "&amp;")),
        "the form shows where it is"
    );
    let with_ben = ConsultationForm {
        meeting: shown.clone(),
        host: bank.app.ben.to_string(),
        ..bank.form("10:00")
    };
    // Nobody can make one in Ben's name: the old one is not his.
    let body = serde_urlencoded::to_string(&with_ben).unwrap();
    let reply = anna.post_body(&format!("{}/edit", booked.page()), &body).await;
    assert_eq!(reply.status, 422);
    bank.known_in_entra(bank.app.ben, "Ben Bauer", other).await;
    bank.change(&mut anna, &booked, &with_ben).await;
    bank.jobs().await;
    let meetings = bank.microsoft.inspect().meetings;
    assert_eq!(meetings.len(), 2);
    assert!(meetings[0].deleted_at.is_some(), "Anna's is taken back");
    assert!(meetings[1].user == other && meetings[1].deleted_at.is_none());
    // What is saved unchanged stays.
    let unchanged = ConsultationForm {
        meeting: link_of(&bank, 1),
        ..with_ben
    };
    bank.change(&mut anna, &booked, &unchanged).await;
    bank.jobs().await;
    assert!(bank.microsoft.inspect().meetings[1].deleted_at.is_none());
    bank.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_meeting_that_is_discarded_late_is_not_the_one_in_use() {
    let bank = Bank::open_with_graph().await;
    let (mut anna, booked) = made(&bank).await;
    bank.microsoft.fail(Operation::DeleteMeeting, 4, trouble(500));
    bank.change(&mut anna, &booked, &bank.form("10:00")).await;
    bank.jobs().await;
    bank.change(&mut anna, &booked, &bank.form_without_link("10:00")).await;
    bank.jobs().await;
    bank.microsoft.mend();
    bank.app.clock.advance(SignedDuration::from_mins(5));
    bank.jobs().await;
    let meetings = bank.microsoft.inspect().meetings;
    assert_eq!(meetings.len(), 2);
    assert!(meetings[0].deleted_at.is_some() && meetings[1].deleted_at.is_none());
    assert_ne!(meetings[0].external_id, meetings[1].external_id);
    bank.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_meeting_that_vanished_at_microsoft_is_made_anew() {
    let bank = Bank::open_with_graph().await;
    let (mut anna, booked) = made(&bank).await;
    bank.microsoft.fail(Operation::UpdateMeeting, 1, trouble(404));
    let moved = ConsultationForm {
        meeting: link_of(&bank, 0),
        ..bank.form("14:00")
    };
    bank.change(&mut anna, &booked, &moved).await;
    bank.jobs().await;
    let meetings = bank.microsoft.inspect().meetings;
    assert_eq!(meetings.len(), 2);
    assert_eq!(meetings[1].start, at("2027-03-01T13:00:00Z"));
    assert_eq!(
        database::count(
            &bank.app.database(),
            "select count(*) from consultations where meeting_graph_id is not null"
        )
        .await,
        1
    );
    bank.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_cancelled_while_its_meeting_is_being_made_leaves_none_behind() {
    let bank = Bank::open_with_graph().await;
    let mut anna = bank.app.anna().await;
    bank.microsoft.plan(Planned {
        operation: Operation::CreateOrGetMeeting,
        times: 1,
        after_effect: true,
        fault: Fault::Delay { milliseconds: 1_500 },
    });
    let booked = bank.app.book(&mut anna, &bank.form_without_link("10:00")).await;
    let use_cases = bank.app.use_cases().clone();
    let jobs = tokio::spawn(async move { use_cases.run_due_jobs().await.unwrap() });
    while bank.microsoft.inspect().requests(Operation::CreateOrGetMeeting) == 0 {
        tokio::task::yield_now().await;
    }
    anna.post(&format!("{}/cancel", booked.page()), &[("reason", "")])
        .await
        .expect(303);
    jobs.await.unwrap();
    bank.jobs().await;
    let meetings = bank.microsoft.inspect().meetings;
    assert_eq!(meetings.len(), 1);
    assert!(meetings[0].deleted_at.is_some());
    bank.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_joins_in_a_loop_is_asked_to_wait_and_is_given_no_more_identities() {
    let bank = Bank::open().await;
    let (_, booked) = bank.booked().await;
    for _ in 0..6 {
        let (mut seat, _) = bank.guest(&booked).await;
        seat.say(FromClient::Leave).await;
        seat.closes().await;
    }
    let token = bank.app.join(&booked.secret, "Zeb").await;
    let mut seat = bank.app.seat(&token).await;
    let (text, has_other_way) = unavailable(&mut seat).await;
    assert!(text.contains("very often") && has_other_way, "{text}");
    assert_eq!(bank.microsoft.inspect().requests(Operation::CreateIdentity), 6);
    bank.app.clock.advance(SignedDuration::from_mins(11));
    say(&mut seat, TeamsFromClient::Again).await;
    teams_credentials(&mut seat).await;
    bank.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_alone_in_teams_does_not_make_it_live_and_was_missed_by_the_host() {
    let bank = Bank::open().await;
    let (_, booked) = bank.booked().await;
    let (mut seat, _) = bank.guest(&booked).await;
    presence(&mut seat, TeamsPresence::In, false).await;
    seat.until_pong(1).await;
    assert_eq!(events(&bank, "went_live").await, 0);
    seat.say(FromClient::Leave).await;
    seat.closes().await;
    bank.app.clock.set(at("2027-03-01T12:00:00Z"));
    bank.app.use_cases().sweep().await.unwrap();
    let missed = "select count(*) from consultations where state = 'missed' and missed_side = 'host'";
    assert_eq!(database::count(&bank.app.database(), missed).await, 1);
    bank.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_live_with_a_guest_in_teams_and_the_hosts_own_page() {
    let bank = Bank::open().await;
    let (mut anna, booked) = bank.booked().await;
    let (mut seat, _) = bank.guest(&booked).await;
    presence(&mut seat, TeamsPresence::In, false).await;
    seat.until_pong(1).await;
    assert_eq!(events(&bank, "went_live").await, 0);
    bank.app.enter(&mut anna, booked.id).await;
    assert_eq!(events(&bank, "went_live").await, 1);
    bank.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_without_end_make_no_events_without_end() {
    let bank = Bank::open().await;
    let (_, booked) = bank.booked().await;
    let token = bank.app.join(&booked.secret, "Zeb").await;
    let mut seat = bank.app.seat(&token).await;
    teams_credentials(&mut seat).await;
    let use_cases = bank.app.use_cases();
    let guest = Actor::from(use_cases.connect(&token).await.unwrap().unwrap());
    let count = "select count(*) from events where visit_id is not null";
    for _ in 0..5 {
        use_cases
            .notice_shown(
                &guest,
                NoticeShown {
                    notice: Announcement::Recording,
                    version: 1,
                },
            )
            .await
            .unwrap();
        use_cases.consent_given(&guest, 1).await.unwrap();
        use_cases
            .ended_in_teams(
                &guest,
                TeamsCallEnd {
                    code: 0,
                    sub_code: 4097,
                },
            )
            .await
            .unwrap();
    }
    let said = "select count(*) from events where kind in ('notice_shown', 'consent_given', 'teams_ended')";
    assert_eq!(
        database::count(&bank.app.database(), said).await,
        3,
        "said again, it was said once"
    );
    for _ in 0..300 {
        use_cases
            .report_presence(
                &guest,
                ReportPresence {
                    presence: TeamsPresence::Lobby,
                    with_host: false,
                },
            )
            .await
            .unwrap();
        use_cases
            .report_presence(
                &guest,
                ReportPresence {
                    presence: TeamsPresence::In,
                    with_host: false,
                },
            )
            .await
            .unwrap();
    }
    assert!(database::count(&bank.app.database(), count).await < 220);
    bank.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_meeting_of_a_tenant_that_is_no_longer_allowed_is_neither_saved_nor_joined() {
    let bank = Bank::open().await;
    let (mut anna, booked) = bank.booked().await;
    let mut admin = bank.app.sign_in("admin@example.org").await;
    let own = "11111111-2222-4333-8444-555555555555";
    admin.post("/admin/teams", &[("tenants", own)]).await.expect(303);
    let token = bank.app.join(&booked.secret, "Zeb").await;
    let mut seat = bank.app.seat(&token).await;
    let (text, has_other_way) = unavailable(&mut seat).await;
    assert!(!text.contains("tenant") && !has_other_way, "{text}");
    assert_eq!(bank.alive(), 0);
    seat.say(FromClient::Leave).await;
    seat.closes().await;
    let page = anna.get(&booked.page()).await.expect(200);
    page.says("belongs to another organisation");
    let body = serde_urlencoded::to_string(bank.form("10:00")).unwrap();
    let reply = anna.post_body(&format!("{}/edit", booked.page()), &body).await;
    assert_eq!(reply.status, 422);
    reply.says("belongs to another organisation").says(&LINK[..40]);
    bank.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn visits_in_two_months_are_one_sum_on_the_consultations_page() {
    let bank = Bank::open().await;
    let mut anna = bank.app.anna().await;
    let form = ConsultationForm {
        date: "2027-03-31".into(),
        time: "23:00".into(),
        zone: "UTC".into(),
        minutes: "90".into(),
        ..bank.form("23:00")
    };
    let booked = bank.app.book(&mut anna, &form).await;
    for start in ["2027-03-31T23:20:00Z", "2027-04-01T00:05:00Z"] {
        bank.app.clock.set(at(start));
        let (mut seat, _) = bank.guest(&booked).await;
        presence(&mut seat, TeamsPresence::Lobby, false).await;
        seat.until_pong(1).await;
        bank.app.clock.advance(SignedDuration::from_mins(10));
        seat.say(FromClient::Leave).await;
        seat.closes().await;
    }
    let page = bank.app.anna().await.get(&booked.page()).await.expect(200);
    page.says("20.0 guest minutes");
    bank.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_consultation_deletes_what_was_made_for_its_guests() {
    let bank = Bank::open().await;
    let (mut anna, booked) = bank.booked().await;
    let (mut guest, _) = bank.guest(&booked).await;
    let (_, mut host) = bank.app.enter(&mut anna, booked.id).await;
    host.say(FromClient::End).await;
    guest.closes().await;
    bank.jobs().await;
    assert_eq!(bank.alive(), 0);
    bank.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_microsoft_is_silent_or_takes_no_more_the_guest_has_a_sentence_and_another_way() {
    for fault in [Fault::NoAnswer, trouble(429), trouble(503), Fault::DropConnection] {
        let bank = Bank::open().await;
        let (_, booked) = bank.booked().await;
        bank.microsoft.fail(Operation::CreateIdentity, 50, fault.clone());
        let token = bank.app.join(&booked.secret, "Zeb").await;
        let mut seat = bank.app.seat(&token).await;
        let (text, has_other_way) = unavailable(&mut seat).await;
        assert!(
            text.contains("open the meeting in Teams instead") && has_other_way,
            "{fault:?}: {text}"
        );
        bank.microsoft.mend();
        bank.close().await;
    }
}

/// An engine with a queue that does not move.
#[derive(Default)]
struct Crowded {
    waiting: AtomicUsize,
}

struct Waits<'a>(&'a AtomicUsize);

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[async_trait]
impl Meetings for Crowded {
    async fn credentials(&self, request: JoinRequest<'_>) -> Result<Issued, EngineError> {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let _waits = Waits(&self.waiting);
        request.ticket.position(3);
        std::future::pending().await
    }
    async fn remove(&self, seat: SeatId) -> Result<(), EngineError> {
        NoMeetings.remove(seat).await
    }
    async fn end(&self, consultation: ConsultationId) -> Result<(), EngineError> {
        NoMeetings.end(consultation).await
    }
    async fn health(&self) -> Result<(), EngineError> {
        NoMeetings.health().await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_sees_their_place_in_the_queue_and_leaves_it_with_their_page() {
    let crowded = Arc::new(Crowded::default());
    let mut teams = Teams::off();
    teams.rules.offer.on = true;
    teams.meetings = crowded.clone();
    let app = TestApp::start_with(|plan| plan.teams = teams).await;
    let mut anna = app.anna().await;
    let form = ConsultationForm {
        engine: "teams".into(),
        meeting: LINK.into(),
        ..app.form("10:00")
    };
    let booked = app.book(&mut anna, &form).await;
    app.clock.set(at("2027-03-01T08:50:00Z"));
    let token = app.join(&booked.secret, "Zeb").await;
    // A reload takes the place over rather than holding two.
    for _ in 0..2 {
        let mut seat = app.seat(&token).await;
        let place = seat
            .until("a place", |message| match message {
                FromServer::Teams {
                    teams: TeamsFromServer::Queue { position },
                } => Some(*position),
                _ => None,
            })
            .await;
        assert_eq!((place, crowded.waiting.load(Ordering::SeqCst)), (3, 1));
        drop(seat);
        while crowded.waiting.load(Ordering::SeqCst) > 0 {
            tokio::task::yield_now().await;
        }
    }
    let asked = database::count(&app.database(), "select count(*) from identities").await;
    assert_eq!(asked, 0, "nothing was asked for");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webinar_is_accepted_where_that_is_set_and_its_guests_only_watch() {
    let bank = Bank::open().await;
    let mut anna = bank.app.anna().await;
    let webinar = |bank: &Bank| ConsultationForm {
        webinar: "on".into(),
        ..bank.form("10:00")
    };
    let page = anna.get("/consultations/new").await.expect(200);
    assert!(!page.text().contains("guests only watch"), "it is not offered");
    let body = serde_urlencoded::to_string(webinar(&bank)).unwrap();
    let reply = anna.post_body("/consultations/new", &body).await;
    assert_eq!(reply.status, 422);
    reply.says("teams.webinars");
    bank.close().await;

    let bank = Bank::open_with(|config| config.webinars = true).await;
    let mut anna = bank.app.anna().await;
    let page = anna.get("/consultations/new").await.expect(200);
    page.says("This is a webinar: guests only watch and listen");
    let booked = bank.app.book(&mut anna, &webinar(&bank)).await;
    bank.app.clock.set(at("2027-03-01T08:50:00Z"));
    let (seat, credentials) = bank.guest(&booked).await;
    assert_eq!(credentials.publish, Publish::Nothing);
    drop(seat);
    let form = anna.get(&format!("{}/edit", booked.page())).await.expect(200);
    form.says("checked");
    bank.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_restart_what_was_asked_for_may_exist_and_what_is_due_is_deleted() {
    let bank = Bank::open().await;
    let (_, booked) = bank.booked().await;
    let (mut seat, _) = bank.guest(&booked).await;
    bank.microsoft.fail(Operation::DeleteIdentity, 1_000, trouble(503));
    seat.say(FromClient::Leave).await;
    seat.closes().await;
    // The process ended between asking for another one and the answer.
    let asked =
        "insert into identities (visit_id, engine, minted_at) select id, 'teams', arrived_at from visits returning id";
    database::count(&bank.app.database(), asked).await;
    bank.microsoft.mend();
    let again = bank.restarted().await;
    again.disconnect_all().await.unwrap();
    let unsure = "select count(*) from identities where identity is null and unsure_at is not null";
    assert_eq!(database::count(&bank.app.database(), unsure).await, 1);
    bank.app.clock.advance(SignedDuration::from_hours(2));
    again.run_due_jobs().await.unwrap();
    assert_eq!(bank.alive(), 0);
    let mut admin = bank.app.sign_in("admin@example.org").await;
    let page = admin.get("/admin/teams").await.expect(200);
    page.says("It is not known whether Microsoft made one");
    drop(again);
    bank.close().await;
}

//! Consultations on Microsoft Teams, against an emulator of Microsoft's services that verifies signatures: who is given
//! credentials and when, what becomes of them, what a meeting that we made outside does when the consultation moves.

use std::path::Path;
use std::sync::Arc;

use anteroom_app::forms::{AccountForm, ConsultationForm, ServiceForm};
use anteroom_domain::id::AccountId;
use anteroom_domain::teams::Announcement;
use anteroom_domain::visit::{AdmissionStatus, TeamsPresence};
use anteroom_emulator::{Clock, Emulator, Fault, Handle, Operation, Options};
use anteroom_protocol::credentials::{Credentials, TeamsCredentials};
use anteroom_protocol::seat::{FromClient, FromServer};
use anteroom_protocol::teams::{ChatOff, MeetingLocator, TeamsFromClient, TeamsFromServer};
use anteroom_server::config::{SecretSetting, TeamsConfig};
use anteroom_server::teams::Teams;
use anteroom_service::UseCases;
use anteroom_service::port::{Clock as _, LocalBus, NoMeetings, SeededEntropy};
use anteroom_storage::SqliteStore;
use jiff::{SignedDuration, Timestamp};

use super::support::{Booked, Client, Seat, TestApp, at, database};

pub const LINK: &str = "https://teams.microsoft.com/l/meetup-join/19%3Ameeting_Abc%40thread.v2/0?context=%7B%22Tid%22%3A%2272f988bf-86f1-41af-91ab-2d7cd011db47%22%2C%22Oid%22%3A%222c0f4a71-3d8e-4a3d-9a2c-0a7a1b9bb001%22%7D";
pub const TENANT: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";

/// A bank whose consultations can be on Teams.
pub struct Bank {
    pub app: TestApp,
    pub microsoft: Handle,
    client: tempfile::TempDir,
}

impl Bank {
    pub async fn open() -> Self {
        Self::open_with(|_| {}).await
    }

    pub async fn open_with(change: impl FnOnce(&mut TeamsConfig)) -> Self {
        let client = tempfile::tempdir().unwrap();
        std::fs::write(client.path().join("main.js"), "export {}").unwrap();
        std::fs::write(
            client.path().join("manifest.json"),
            r#"{"entry":"main.js","files":[{"name":"main.js"}]}"#,
        )
        .unwrap();
        let (bank, microsoft) = Self::start(client.path(), change).await;
        Self {
            app: bank,
            microsoft,
            client,
        }
    }

    /// One where Graph makes meetings, in the name of Anna.
    pub async fn open_with_graph() -> Self {
        let bank = Self::open_with(|config| {
            config.tenant = Some(Options::TENANT_ID.into());
            config.client_id = Some(Options::CLIENT_ID.into());
            config.client_secret = Some(SecretSetting(Options::CLIENT_SECRET.into()));
            config.graph = true;
        })
        .await;
        bank.known_in_entra(bank.app.anna, "Anna Keller", Options::USER).await;
        bank
    }

    pub async fn known_in_entra(&self, account: AccountId, name: &str, entra_id: &str) {
        let mut admin = self.app.sign_in("admin@example.org").await;
        let form = AccountForm {
            name: name.into(),
            role: "clerk".into(),
            branch: "1".into(),
            zone: "Europe/Berlin".into(),
            entra_id: entra_id.into(),
            active: "on".into(),
            ..AccountForm::default()
        };
        let body = serde_urlencoded::to_string(&form).unwrap();
        let path = format!("/admin/accounts/{account}");
        admin.post_body(&path, &body).await.expect(303);
    }

    /// Without a link: Graph makes the meeting.
    pub fn form_without_link(&self, time: &str) -> ConsultationForm {
        ConsultationForm {
            meeting: String::new(),
            ..self.form(time)
        }
    }

    pub async fn change(&self, clerk: &mut Client, booked: &Booked, form: &ConsultationForm) {
        let body = serde_urlencoded::to_string(form).unwrap();
        clerk
            .post_body(&format!("{}/edit", booked.page()), &body)
            .await
            .expect(303);
    }

    async fn start(client: &Path, change: impl FnOnce(&mut TeamsConfig)) -> (TestApp, Handle) {
        let clock = TestApp::clock();
        let theirs = clock.clone();
        let microsoft = Emulator::start(Options {
            clock: Clock::new(move || theirs.now()),
            ..Options::default()
        })
        .unwrap();
        let mut config = TeamsConfig {
            connection_string: Some(SecretSetting(microsoft.connection_string())),
            login_url: microsoft.url().parse().ok(),
            graph_url: microsoft.url().parse().ok(),
            ..TeamsConfig::default()
        };
        change(&mut config);
        let teams = Teams::set_up(&config, client, clock.clone(), Arc::new(SeededEntropy::new(11)));
        assert!(teams.rules.offer.on, "{:?}", teams.rules.offer.why_off);
        let app = TestApp::start_on(clock, |plan| plan.teams = teams).await;
        (app, microsoft)
    }

    pub fn form(&self, time: &str) -> ConsultationForm {
        ConsultationForm {
            engine: "teams".into(),
            meeting: LINK.into(),
            ..self.app.form(time)
        }
    }

    /// Ten minutes before a consultation at ten.
    pub async fn booked(&self) -> (Client, Booked) {
        let mut anna = self.app.anna().await;
        let booked = self.app.book(&mut anna, &self.form("10:00")).await;
        self.app.clock.set(at("2027-03-01T08:50:00Z"));
        (anna, booked)
    }

    pub async fn guest(&self, booked: &Booked) -> (Seat, TeamsCredentials) {
        let token = self.app.join(&booked.secret, "Zeb").await;
        let mut seat = self.app.seat(&token).await;
        let credentials = teams_credentials(&mut seat).await;
        (seat, credentials)
    }

    /// The use cases of another process over the same database, as after a crash: its circuit breaker is closed.
    pub async fn restarted(&self) -> UseCases {
        let config = TeamsConfig {
            connection_string: Some(SecretSetting(self.microsoft.connection_string())),
            ..TeamsConfig::default()
        };
        let clock = self.app.clock.clone();
        let entropy = Arc::new(SeededEntropy::new(12));
        let teams = Teams::set_up(&config, self.client.path(), clock.clone(), entropy.clone());
        let engines = teams.engines(NoMeetings);
        let store = Arc::new(SqliteStore::open(&self.app.database()).await.unwrap());
        UseCases::new(store, clock, entropy, Arc::new(LocalBus::default()), engines)
    }

    pub fn alive(&self) -> usize {
        self.microsoft.inspect().alive().count()
    }

    /// Runs jobs until nothing is due.
    pub async fn jobs(&self) {
        self.app.use_cases().run_due_jobs().await.unwrap();
    }

    pub async fn close(self) {
        let Self { app, microsoft, .. } = self;
        // It shares the clock, and the application makes sure that nobody holds it any more.
        drop(microsoft);
        app.finish().await;
    }
}

pub async fn teams_credentials(seat: &mut Seat) -> TeamsCredentials {
    seat.until("credentials for Teams", |message| {
        if let FromServer::Credentials {
            credentials: Credentials::Teams(credentials),
        } = message
        {
            Some((**credentials).clone())
        } else {
            None
        }
    })
    .await
}

pub async fn say(seat: &mut Seat, teams: TeamsFromClient) {
    seat.say(FromClient::Teams { teams }).await;
}

pub async fn presence(seat: &mut Seat, presence: TeamsPresence, with_host: bool) {
    say(seat, TeamsFromClient::Presence { presence, with_host }).await;
}

pub async fn events(bank: &Bank, kind: &'static str) -> i64 {
    let sql: &'static str = match kind {
        "identity_minted" => "select count(*) from events where kind = 'identity_minted'",
        "identity_deleted" => "select count(*) from events where kind = 'identity_deleted'",
        "consent_given" => "select count(*) from events where kind = 'consent_given'",
        "went_live" => "select count(*) from events where kind = 'went_live'",
        "teams_lobby" => "select count(*) from events where kind = 'teams_lobby'",
        "teams_ended" => "select count(*) from events where kind = 'teams_ended'",
        other => panic!("no events of the kind {other} are counted here"),
    };
    database::count(&bank.app.database(), sql).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_is_given_a_token_for_their_meeting_and_no_more_than_they_need() {
    let bank = Bank::open().await;
    let (mut anna, booked) = bank.booked().await;
    assert_eq!(bank.alive(), 0, "nothing is made before somebody joins");
    let page = bank.app.stranger().get(&booked.link()).await.expect(200);
    assert!(page.header("content-security-policy").unwrap().contains("*.skype.com"));
    let page = anna.get("/").await.expect(200);
    assert!(
        !page.header("content-security-policy").unwrap().contains("skype"),
        "nowhere else"
    );

    let (seat, credentials) = bank.guest(&booked).await;
    assert_eq!(credentials.client, "/teams-client/main.js");
    assert!(credentials.locator == MeetingLocator::Link { link: LINK.into() });
    assert_eq!((credentials.name.as_str(), credentials.chat.as_deref()), ("Zeb", None));
    assert_eq!(credentials.chat_off, Some(ChatOff::NotUsed));
    let state = bank.microsoft.inspect();
    let identity = state.alive().next().unwrap();
    assert_eq!(identity.id, credentials.user);
    assert_eq!(identity.tokens.len(), 1);
    assert_eq!(identity.tokens[0].scopes, ["voip"]);
    let length = identity.tokens[0]
        .expires_on
        .duration_since(identity.tokens[0].issued_at);
    assert_eq!(length, SignedDuration::from_mins(60));
    assert_eq!(
        credentials.token.expires_on.parse::<Timestamp>().unwrap().as_second(),
        identity.tokens[0].expires_on.as_second()
    );
    // A reload takes the seat up again: the same identity, another token.
    drop(seat);
    let page = anna.get(&booked.page()).await.expect(200);
    let page = page.says("Teams").says(TENANT);
    assert!(!page.text().contains(&credentials.token.token) && !page.text().contains(&credentials.user));
    bank.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_and_a_refresh_get_fresh_tokens_of_the_same_identity() {
    let bank = Bank::open().await;
    let (_, booked) = bank.booked().await;
    let token = bank.app.join(&booked.secret, "Zeb").await;
    let mut seat = bank.app.seat(&token).await;
    let first = teams_credentials(&mut seat).await;
    let mut again = bank.app.seat(&token).await;
    let second = teams_credentials(&mut again).await;
    assert_eq!(first.user, second.user);
    assert_ne!(first.token, second.token);
    say(&mut again, TeamsFromClient::Refresh).await;
    let third = again
        .until("a token", |message| {
            if let FromServer::Teams {
                teams: TeamsFromServer::Token { token },
            } = message
            {
                Some(token.clone())
            } else {
                None
            }
        })
        .await;
    assert_ne!(second.token, third);
    assert_eq!(bank.alive(), 1);
    // Nobody gets tokens without end.
    for _ in 0..10 {
        say(&mut again, TeamsFromClient::Refresh).await;
    }
    again
        .until("a refusal", |message| {
            matches!(message, FromServer::Refused { .. }).then_some(())
        })
        .await;
    bank.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_service_wants_it_no_token_exists_before_a_clerk_admits() {
    let bank = Bank::open().await;
    let mut admin = bank.app.sign_in("admin@example.org").await;
    let service = ServiceForm {
        branch: "1".into(),
        name: "Mortgage advice".into(),
        minutes: "45".into(),
        engine: "teams".into(),
        admit_first: "on".into(),
        active: "on".into(),
        ..ServiceForm::default()
    };
    let body = serde_urlencoded::to_string(&service).unwrap();
    let path = format!("/admin/services/{}", bank.app.advice);
    admin.post_body(&path, &body).await.expect(303);

    let (mut anna, booked) = bank.booked().await;
    let (_, mut guest) = bank.app.arrive(&booked.secret, "Zeb").await;
    assert_eq!(bank.microsoft.inspect().requests(Operation::CreateIdentity), 0);
    let reply = anna
        .post("/api/lobby/enter", &[("consultation", &booked.id.to_string())])
        .await
        .expect(200);
    let token: serde_json::Value = serde_json::from_str(&reply.text()).unwrap();
    let mut host = bank.app.seat(token["token"].as_str().unwrap()).await;
    host.until("the way into Teams", |message| {
        let FromServer::Credentials { credentials } = message else {
            return None;
        };
        matches!(credentials, Credentials::TeamsHost { .. }).then_some(())
    })
    .await;
    let waiting = host.guest(AdmissionStatus::Waiting).await;
    host.say(FromClient::Admit { visit: waiting.visit }).await;
    teams_credentials(&mut guest).await;
    assert_eq!(bank.microsoft.inspect().requests(Operation::CreateIdentity), 1);
    // Put out here, they get no token any more, and their identity goes.
    host.say(FromClient::Remove { visit: waiting.visit }).await;
    guest.closes().await;
    bank.jobs().await;
    assert_eq!(bank.alive(), 0);
    let reply = bank.app.ask_to_join(&booked.secret, "Zeb").await;
    assert_ne!(reply.status, 200);
    bank.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_identity_is_deleted_in_the_end_whatever_happens_in_between() {
    let bank = Bank::open().await;
    let (_, booked) = bank.booked().await;
    let (mut seat, _) = bank.guest(&booked).await;
    bank.microsoft.fail(
        Operation::DeleteIdentity,
        20,
        Fault::Status {
            status: 503,
            retry_after: None,
        },
    );
    seat.say(FromClient::Leave).await;
    seat.closes().await;
    bank.jobs().await;
    assert_eq!(bank.alive(), 1);
    let mut admin = bank.app.sign_in("admin@example.org").await;
    admin
        .get("/admin/teams")
        .await
        .expect(200)
        .says("Could not be deleted yet");
    bank.microsoft.mend();
    // Tried again by itself, later each time; the circuit breaker, which keeps real time, closes again, too.
    for _ in 0..200 {
        bank.app.clock.advance(SignedDuration::from_mins(20));
        bank.jobs().await;
        if bank.alive() == 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    }
    assert_eq!(bank.alive(), 0);
    // Hours have passed: they sign in anew.
    let mut admin = bank.app.sign_in("admin@example.org").await;
    admin.get("/admin/teams").await.expect(200).says("nothing-outstanding");
    assert_eq!(
        (
            events(&bank, "identity_minted").await,
            events(&bank, "identity_deleted").await
        ),
        (1, 1)
    );
    // Of what is deleted not even the name is left.
    let left = database::count(
        &bank.app.database(),
        "select count(*) from identities where identity is not null",
    )
    .await;
    assert_eq!(left, 0);
    bank.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_microsoft_does_not_answer_the_guest_has_a_sentence_and_another_way() {
    let bank = Bank::open().await;
    let (_, booked) = bank.booked().await;
    bank.microsoft.fail(
        Operation::CreateIdentity,
        50,
        Fault::Status {
            status: 401,
            retry_after: None,
        },
    );
    let token = bank.app.join(&booked.secret, "Zeb").await;
    let mut seat = bank.app.seat(&token).await;
    let (text, open) = seat
        .until("the sentence", |message| {
            if let FromServer::Teams {
                teams: TeamsFromServer::Unavailable { text, open },
            } = message
            {
                Some((text.clone(), open.clone()))
            } else {
                None
            }
        })
        .await;
    assert!(text.contains("open the meeting in Teams instead"), "{text}");
    assert!(open.is_some());
    bank.microsoft.mend();
    say(&mut seat, TeamsFromClient::Again).await;
    teams_credentials(&mut seat).await;
    assert_eq!(bank.alive(), 1);
    bank.close().await;
}

/// A page says its last reports once more when its socket comes back, which may be as late as its seat is kept.
#[tokio::test(flavor = "multi_thread")]
async fn an_agreement_that_is_reported_again_after_a_lost_connection_is_one() {
    let bank = Bank::open().await;
    let (anna, booked) = bank.booked().await;
    let (mut seat, _) = bank.guest(&booked).await;
    presence(&mut seat, TeamsPresence::In, true).await;
    for (seconds, given) in [(0, 1), (60, 1), (71, 2)] {
        bank.app.clock.advance(SignedDuration::from_secs(seconds));
        say(&mut seat, TeamsFromClient::Agreed { version: 1 }).await;
        seat.until_pong(u32::try_from(seconds).unwrap() + 1).await;
        assert_eq!(events(&bank, "consent_given").await, given, "after {seconds} s more");
    }
    drop((seat, anna));
    bank.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_in_teams_is_seen_by_staff_and_counted() {
    let bank = Bank::open_with(|config| config.chat = true).await;
    let (mut anna, booked) = bank.booked().await;
    let (mut seat, _) = bank.guest(&booked).await;
    // Until they are in Teams' lobby nothing is charged.
    bank.app.clock.advance(SignedDuration::from_mins(2));
    presence(&mut seat, TeamsPresence::Lobby, false).await;
    seat.until_pong(1).await;
    anna.get("/").await.expect(200).says("is waiting");
    bank.app.clock.advance(SignedDuration::from_mins(1));
    presence(&mut seat, TeamsPresence::In, true).await;
    say(
        &mut seat,
        TeamsFromClient::Shown {
            notice: Announcement::Recording,
            version: 1,
        },
    )
    .await;
    say(&mut seat, TeamsFromClient::Agreed { version: 1 }).await;
    for _ in 0..3 {
        say(&mut seat, TeamsFromClient::Wrote).await;
    }
    seat.until_pong(2).await;
    bank.app.clock.advance(SignedDuration::from_mins(29));
    say(
        &mut seat,
        TeamsFromClient::Ended {
            code: 0,
            sub_code: 4097,
        },
    )
    .await;
    // What is charged ended with the meeting, not with the page.
    seat.until_pong(3).await;
    bank.app.clock.advance(SignedDuration::from_mins(7));
    seat.say(FromClient::Leave).await;
    seat.closes().await;
    let page = bank.app.anna().await.get(&booked.page()).await.expect(200);
    // Microsoft's own example of what it costs.
    let page = page.says("30.0 guest minutes, 3 chat messages: about 0.1224 USD");
    let page = page
        .says("was told that the meeting is recorded")
        .says("agreed to recording");
    page.says("code 0/4097");
    let csv = bank
        .app
        .anna()
        .await
        .get(&format!("{}/events.csv", booked.page()))
        .await
        .expect(200);
    let csv = csv.says("notice_shown").says("consent_given");
    assert!(!csv.text().contains("Zeb"), "ids and times only");
    assert_eq!(events(&bank, "went_live").await, 1);
    assert_eq!(
        (events(&bank, "teams_lobby").await, events(&bank, "teams_ended").await),
        (1, 1)
    );
    // It was planned until 9:45 in UTC; until then the guest could have come back.
    bank.app.clock.set(at("2027-03-01T09:45:00Z"));
    bank.app.use_cases().sweep().await.unwrap();
    let ended = database::count(
        &bank.app.database(),
        "select count(*) from consultations where state = 'ended'",
    )
    .await;
    assert_eq!(ended, 1);
    let waited = database::count(&bank.app.database(), "select waited from visits").await;
    assert_eq!(waited, 60_000, "in Teams' lobby; our own had none");
    bank.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_left_in_teams_lobby_was_missed_by_the_host() {
    let bank = Bank::open().await;
    let (_, booked) = bank.booked().await;
    let (mut seat, _) = bank.guest(&booked).await;
    presence(&mut seat, TeamsPresence::Lobby, false).await;
    seat.until_pong(1).await;
    say(
        &mut seat,
        TeamsFromClient::Ended {
            code: 0,
            sub_code: 5855,
        },
    )
    .await;
    seat.say(FromClient::Leave).await;
    seat.closes().await;
    bank.app.clock.set(at("2027-03-01T12:00:00Z"));
    bank.app.use_cases().sweep().await.unwrap();
    let missed = database::count(
        &bank.app.database(),
        "select count(*) from consultations where state = 'missed' and missed_side = 'host'",
    )
    .await;
    assert_eq!(missed, 1);
    bank.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_link_is_told_at_its_field_and_what_was_typed_is_kept() {
    let bank = Bank::open().await;
    let mut anna = bank.app.anna().await;
    for (meeting, sentence) in [
        ("https://teams.live.com/meet/9876543210?p=abcdef", "personal meeting"),
        (
            "https://teams.microsoft.com.evil.example/meet/21234567890123",
            "does not lead to Microsoft Teams",
        ),
        ("see you there", "no Teams link"),
        ("", "Paste the link"),
    ] {
        let form = ConsultationForm {
            meeting: meeting.into(),
            ..bank.form("11:00")
        };
        let body = serde_urlencoded::to_string(&form).unwrap();
        let page = anna.post_body("/consultations/new", &body).await;
        assert_eq!(page.status, 422, "{meeting}");
        let page = page.says(sentence).says("f-meeting-error");
        page.says("Zebedee Quillfeather");
    }
    // Whose meetings may be used is the admin's to say.
    let mut admin = bank.app.sign_in("admin@example.org").await;
    let own = "11111111-2222-4333-8444-555555555555";
    admin.post("/admin/teams", &[("tenants", own)]).await.expect(303);
    let body = serde_urlencoded::to_string(bank.form("11:00")).unwrap();
    let page = anna.post_body("/consultations/new", &body).await;
    page.says("belongs to another organisation");
    admin
        .post("/admin/teams", &[("tenants", &format!("{own}\n{TENANT}"))])
        .await
        .expect(303);
    anna.post_body("/consultations/new", &body).await.expect(303);
    bank.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_meeting_that_graph_made_moves_and_goes_with_its_consultation() {
    let bank = Bank::open_with_graph().await;
    let mut anna = bank.app.anna().await;
    let booked = bank.app.book(&mut anna, &bank.form_without_link("10:00")).await;
    // Its making fails at first; nothing is lost by that.
    bank.microsoft.fail(
        Operation::CreateOrGetMeeting,
        9,
        Fault::Status {
            status: 503,
            retry_after: None,
        },
    );
    bank.jobs().await;
    bank.microsoft.mend();
    bank.app.clock.advance(SignedDuration::from_mins(5));
    bank.jobs().await;
    let made = bank.microsoft.inspect().meetings;
    assert_eq!((made.len(), made[0].user.as_str()), (1, Options::USER));
    assert_eq!(made[0].start, at("2027-03-01T09:00:00Z"));
    assert!(
        made[0]
            .subject
            .as_deref()
            .is_none_or(|subject| !subject.contains("Quillfeather"))
    );

    bank.change(&mut anna, &booked, &bank.form_without_link("14:00")).await;
    bank.jobs().await;
    let after = bank.microsoft.inspect().meetings;
    assert_eq!((after.len(), after[0].start), (1, at("2027-03-01T13:00:00Z")));

    anna.post(&format!("{}/cancel", booked.page()), &[("reason", "")])
        .await
        .expect(303);
    bank.jobs().await;
    assert!(bank.microsoft.inspect().meetings[0].deleted_at.is_some());
    bank.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_teams_is_off_the_forms_do_not_offer_it_and_an_admin_reads_why() {
    let app = TestApp::start().await;
    let mut anna = app.anna().await;
    let page = anna.get("/consultations/new").await.expect(200);
    assert!(!page.text().contains("f-meeting"));
    let form = ConsultationForm {
        engine: "teams".into(),
        meeting: LINK.into(),
        ..app.form("10:00")
    };
    let body = serde_urlencoded::to_string(&form).unwrap();
    anna.post_body("/consultations/new", &body)
        .await
        .says("Teams is not set up here");
    let mut admin = app.sign_in("admin@example.org").await;
    admin.get("/admin/teams").await.expect(200).says("Teams is off");
    app.finish().await;
}

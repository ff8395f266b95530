//! Work in the background: in what order, what a failure delays, who takes over, and what an admin sees of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anteroom_domain::consultation::{Consultation, ExternalMeeting, ProvisionedMeeting};
use anteroom_domain::organisation::Engine;
use anteroom_domain::refusal::EntryRefusal;
use anteroom_domain::trouble::Trouble;
use anteroom_domain::view::Health;
use anteroom_protocol::teams::TeamsToken;
use anteroom_server::teams::Teams;
use anteroom_service::port::{Clock as _, EngineError, LocalBus, NoMeetings, Provisioning, SeededEntropy};
use anteroom_service::{Engines, UseCases};
use anteroom_storage::SqliteStore;
use async_trait::async_trait;
use jiff::SignedDuration;
use sqlx::Connection as _;
use tokio::sync::{Mutex, Semaphore, mpsc, oneshot};
use tokio::time::sleep;

use super::support::{TestApp, database};

type Answer = oneshot::Sender<Result<(), EngineError>>;

/// A provider that takes meetings back as their ids say.
struct Provider {
    /// Meetings that it is asked to take back, in the order in which it was asked.
    asked: Mutex<Vec<String>>,
    is_mended: AtomicBool,
    /// It hangs until there are permits.
    hangs: Semaphore,
    /// Those whose answer a test gives itself.
    held: mpsc::UnboundedSender<(String, Answer)>,
}

impl Provider {
    fn new() -> (Arc<Self>, mpsc::UnboundedReceiver<(String, Answer)>) {
        let (held, holds) = mpsc::unbounded_channel();
        let provider = Self {
            asked: Mutex::default(),
            is_mended: AtomicBool::new(false),
            hangs: Semaphore::new(0),
            held,
        };
        (Arc::new(provider), holds)
    }

    fn no() -> EngineError {
        let host = "provider-6f1c.example".to_owned();
        EngineError::refused(EntryRefusal::NotNow, Trouble::Unavailable { host })
    }
}

#[async_trait]
impl Provisioning for Provider {
    async fn prepare(&self, _: &Consultation, _: &str, _: &str) -> Result<Option<ExternalMeeting>, EngineError> {
        Ok(None)
    }
    async fn discard(&self, made: &ProvisionedMeeting) -> Result<(), EngineError> {
        self.asked.lock().await.push(made.id.clone());
        match made.id.as_str() {
            "hangs" => {
                let _permit = self.hangs.acquire().await.unwrap();
                Ok(())
            }
            "panics" => panic!("a job of a test"),
            "refused" if !self.is_mended.load(Ordering::SeqCst) => Err(Self::no()),
            "held" => {
                let (answer, answered) = oneshot::channel();
                self.held.send((made.id.clone(), answer)).unwrap();
                answered.await.unwrap()
            }
            _ => Ok(()),
        }
    }
    async fn refresh(&self, _: &Consultation, _: &str) -> Result<TeamsToken, EngineError> {
        Err(Self::no())
    }
    async fn forget(&self, _: &str) -> Result<(), EngineError> {
        Ok(())
    }
    fn condition(&self) -> Health {
        Health::default()
    }
}

async fn open(provider: Arc<Provider>) -> TestApp {
    let mut teams = Teams::off();
    teams.provisioning = provider;
    TestApp::start_with(|plan| plan.teams = teams).await
}

/// A meeting that is to be taken back. `more`: other columns and their values.
async fn discard(app: &TestApp, meeting: &str, more: &[(&str, i64)]) -> i64 {
    let mut columns = String::new();
    let mut values = String::new();
    for (column, value) in more {
        columns += &format!(", {column}");
        values += &format!(", {value}");
    }
    let now = app.clock.now().as_millisecond();
    let sql = format!(
        "insert into jobs (queue, kind, payload, order_key, created_at, not_before{columns}) values
        ('meetings', 'discard_meeting', json_object('engine', 'teams', 'meeting', json_object('organizer', 'o', 'id', ?1)), ?1, {now}, {now}{values})"
    );
    let mut db = database::open(&app.database()).await;
    let done = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(meeting)
        .execute(&mut db)
        .await
        .unwrap();
    db.close().await.unwrap();
    done.last_insert_rowid()
}

async fn left(app: &TestApp) -> i64 {
    database::count(&app.database(), "select count(*) from jobs").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_hangs_delays_only_its_own_queue() {
    let (provider, _holds) = Provider::new();
    let app = open(provider.clone()).await;
    for n in 0..5 {
        let id = discard(&app, "hangs", &[]).await;
        let mut db = database::open(&app.database()).await;
        sqlx::query("update jobs set order_key = ? where id = ?")
            .bind(n)
            .bind(id)
            .execute(&mut db)
            .await
            .unwrap();
        db.close().await.unwrap();
    }
    let now = app.clock.now().as_millisecond();
    let mut db = database::open(&app.database()).await;
    sqlx::query(
        "insert into jobs (queue, kind, payload, created_at, not_before)
        values ('identities', 'delete_identity', '{\"identity\": 1}', ?1, ?1)",
    )
    .bind(now)
    .execute(&mut db)
    .await
    .unwrap();
    let identities = "select count(*) from jobs where queue = 'identities'";
    while database::count(&app.database(), identities).await > 0 {
        sleep(Duration::from_millis(20)).await;
    }
    let begun = "select count(*) from jobs where leased_until is not null";
    while database::count(&app.database(), begun).await < 4 {
        sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(left(&app).await, 5, "four hang, and the fifth waits for them");
    db.close().await.unwrap();
    provider.hangs.add_permits(5);
    app.use_cases().run_due_jobs().await.unwrap();
    assert_eq!(left(&app).await, 0);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_panics_or_is_of_an_unknown_kind_delays_only_itself() {
    let (provider, _holds) = Provider::new();
    let app = open(provider.clone()).await;
    let panics = discard(&app, "panics", &[]).await;
    let unknown = discard(&app, "unknown", &[]).await;
    let garbled = discard(&app, "garbled", &[]).await;
    let mut db = database::open(&app.database()).await;
    sqlx::query("update jobs set kind = 'discard_everything' where id = ?")
        .bind(unknown)
        .execute(&mut db)
        .await
        .unwrap();
    sqlx::query("update jobs set payload = '{\"engine\": \"teams\", \"meeting\": 7}' where id = ?")
        .bind(garbled)
        .execute(&mut db)
        .await
        .unwrap();
    for n in 0..6 {
        discard(&app, &format!("fine {n}"), &[]).await;
    }
    app.use_cases().run_due_jobs().await.unwrap();
    let rows: Vec<(i64, i64, String)> = sqlx::query_as("select id, attempts, last_error from jobs order by id")
        .fetch_all(&mut db)
        .await
        .unwrap();
    db.close().await.unwrap();
    let ids: Vec<i64> = rows.iter().map(|row| row.0).collect();
    assert_eq!(ids, [panics, unknown, garbled]);
    assert!(rows.iter().all(|row| row.1 == 1), "{rows:?}");
    let why = [Trouble::BrokeDown, Trouble::UnknownWork, Trouble::Ours];
    let told = rows.iter().map(|row| serde_json::from_str::<Trouble>(&row.2).unwrap());
    assert!(told.eq(why), "{rows:?}");
    let mut app = app;
    app.stopped().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_of_one_key_keep_their_order_whatever_becomes_of_the_first() {
    let (provider, _holds) = Provider::new();
    let app = open(provider.clone()).await;
    let first = discard(&app, "refused", &[]).await;
    let second = discard(&app, "second", &[]).await;
    let mut db = database::open(&app.database()).await;
    sqlx::query("update jobs set order_key = 'one'")
        .execute(&mut db)
        .await
        .unwrap();
    db.close().await.unwrap();
    app.use_cases().run_due_jobs().await.unwrap();
    assert_eq!(*provider.asked.lock().await, ["refused"], "{second} waits for {first}");
    provider.is_mended.store(true, Ordering::SeqCst);
    app.clock.advance(SignedDuration::from_secs(6));
    app.use_cases().run_due_jobs().await.unwrap();
    assert_eq!(*provider.asked.lock().await, ["refused", "refused", "second"]);
    assert_eq!(left(&app).await, 0);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_that_ran_out_is_taken_over_and_the_first_runner_has_no_say_any_more() {
    let (provider, mut holds) = Provider::new();
    let app = open(provider.clone()).await;
    discard(&app, "held", &[]).await;
    let (_, first) = holds.recv().await.unwrap();
    let engines = Engines::builtin(NoMeetings).with(Engine::Teams, Arc::new(NoMeetings), Some(provider));
    let store = SqliteStore::open(&app.database()).await.unwrap();
    let (clock, entropy) = (app.clock.clone(), Arc::new(SeededEntropy::new(12)));
    let other = UseCases::new(
        Arc::new(store.clone()),
        clock,
        entropy,
        Arc::new(LocalBus::default()),
        engines,
    );
    assert_eq!(other.run_due_jobs().await.unwrap(), 0, "somebody has it");
    app.clock.advance(SignedDuration::from_mins(3));
    let taking_over = tokio::spawn(async move { other.run_due_jobs().await.unwrap() });
    let (_, second) = holds.recv().await.unwrap();
    let lease = "select leased_until from jobs";
    let before = database::count(&app.database(), lease).await;
    first.send(Err(Provider::no())).unwrap();
    // The first runner writes down what became of it before anything else of its queue is due.
    discard(&app, "fine", &[]).await;
    while left(&app).await > 1 {
        sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(database::count(&app.database(), lease).await, before);
    second.send(Ok(())).unwrap();
    assert!(taking_over.await.unwrap() >= 1);
    assert_eq!(left(&app).await, 0);
    store.close().await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_use_any_more_is_given_up_and_an_admin_tries_it_again() {
    let (provider, _holds) = Provider::new();
    let app = open(provider.clone()).await;
    let mut admin = app.sign_in("admin@example.org").await;
    admin.get("/admin/jobs").await.expect(200).says("Nothing is pending.");
    let now = app.clock.now().as_millisecond();
    let id = discard(&app, "refused", &[("not_after", now + 9_000)]).await;
    app.use_cases().run_due_jobs().await.unwrap();
    admin
        .get("/admin/jobs")
        .await
        .expect(200)
        .says("provider-6f1c.example has trouble of its own.")
        .says("Next try");
    app.clock.advance(SignedDuration::from_secs(6));
    app.use_cases().run_due_jobs().await.unwrap();
    admin.get("/admin/jobs").await.expect(200).says("Given up");
    app.clock.advance(SignedDuration::from_hours(30));
    assert_eq!(
        app.use_cases().run_due_jobs().await.unwrap(),
        0,
        "nobody asks for it by themselves"
    );
    provider.is_mended.store(true, Ordering::SeqCst);
    let id = id.to_string();
    let mut anna = app.anna().await;
    anna.get("/admin/jobs").await.expect(403);
    anna.post("/admin/jobs", &[("job", &id)]).await.expect(403);
    let mut admin = app.sign_in("admin@example.org").await;
    admin.post("/admin/jobs", &[("job", &id)]).await.expect(303);
    app.use_cases().run_due_jobs().await.unwrap();
    assert_eq!(left(&app).await, 0);
    // It is done already: said again, it is no error.
    admin.post("/admin/jobs", &[("job", &id)]).await.expect(303);
    admin.post("/admin/jobs", &[("job", "seven")]).await.expect(422);
    app.finish().await;
}

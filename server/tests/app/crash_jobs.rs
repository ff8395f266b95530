//! The real binary, killed while it makes and takes back meetings and identities at a provider: in the end there is what
//! there should be, once.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anteroom_app::forms::{ConsultationForm, GuestForm};
use anteroom_emulator::{Emulator, Handle, Options};
use anteroom_i18n::Lang;
use anteroom_protocol::seat::{FromClient, FromServer, SeatToken};
use anteroom_server::config::{SecretSetting, TeamsConfig};
use anteroom_server::system::{SystemClock, SystemEntropy};
use anteroom_server::teams::Teams;
use anteroom_service::port::{Clock, FixedClock, LocalBus, NoMeetings};
use anteroom_service::{AddGuest, Schedule, UseCases};
use anteroom_storage::SqliteStore;
use futures::{SinkExt as _, StreamExt as _};
use jiff::SignedDuration;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore as _, SeedableRng as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

use super::crash::{House, Process};
use super::support::{Client, database, exchange};

const KILLS: usize = 200;
/// Each guest joins this often; one who joins more often within ten minutes is asked to wait.
const JOINS: usize = 6;

/// Microsoft, and what the binary is told of it.
struct Microsoft {
    emulator: Handle,
    client: tempfile::TempDir,
}

impl Microsoft {
    fn start() -> Self {
        let client = tempfile::tempdir().unwrap();
        std::fs::write(client.path().join("main.js"), "export {}").unwrap();
        let manifest = r#"{"entry":"main.js","files":[{"name":"main.js"}]}"#;
        std::fs::write(client.path().join("manifest.json"), manifest).unwrap();
        let emulator = Emulator::start(Options::default()).unwrap();
        Self { emulator, client }
    }

    fn settings(&self) -> Vec<(&'static str, String)> {
        vec![
            ("ANTEROOM_TEAMS_CONNECTION_STRING", self.emulator.connection_string()),
            ("ANTEROOM_TEAMS_CLIENT", self.client.path().to_str().unwrap().to_owned()),
            ("ANTEROOM_TEAMS_LOGIN_URL", self.emulator.url()),
            ("ANTEROOM_TEAMS_GRAPH_URL", self.emulator.url()),
            ("ANTEROOM_TEAMS_TENANT", Options::TENANT_ID.to_owned()),
            ("ANTEROOM_TEAMS_CLIENT_ID", Options::CLIENT_ID.to_owned()),
            ("ANTEROOM_TEAMS_CLIENT_SECRET", Options::CLIENT_SECRET.to_owned()),
            ("ANTEROOM_TEAMS_GRAPH", "on".to_owned()),
        ]
    }

    /// The use cases over the house's database, in this process.
    async fn use_cases(&self, house: &House, clock: impl Clock + 'static) -> UseCases {
        let config = TeamsConfig {
            connection_string: Some(SecretSetting(self.emulator.connection_string())),
            login_url: self.emulator.url().parse().ok(),
            graph_url: self.emulator.url().parse().ok(),
            tenant: Some(Options::TENANT_ID.into()),
            client_id: Some(Options::CLIENT_ID.into()),
            client_secret: Some(SecretSetting(Options::CLIENT_SECRET.into())),
            graph: true,
            ..TeamsConfig::default()
        };
        let entropy = Arc::new(SystemEntropy);
        let teams = Teams::set_up(&config, self.client.path(), Arc::new(SystemClock), entropy.clone());
        let engines = teams.engines(NoMeetings);
        let store = Arc::new(SqliteStore::open(&house.database()).await.unwrap());
        UseCases::new(store, Arc::new(clock), entropy, Arc::new(LocalBus::default()), engines)
    }
}

/// Guests of consultations that begin now, by their links.
async fn guests(house: &House, microsoft: &Microsoft) -> Vec<String> {
    let mut links = Vec::new();
    let use_cases = microsoft.use_cases(house, SystemClock).await;
    let clerk = use_cases.session(&house.session).await.unwrap().unwrap();
    for (n, host) in house.hosts.iter().enumerate() {
        let start = SystemClock.now() + SignedDuration::from_mins(1);
        let form = ConsultationForm {
            date: start.strftime("%Y-%m-%d").to_string(),
            time: start.strftime("%H:%M").to_string(),
            minutes: "60".into(),
            host: host.to_string(),
            engine: "teams".into(),
            meeting: super::teams::LINK.into(),
            ..house.next_form()
        };
        let scheduled = use_cases
            .schedule(&clerk, {
                let (plan, guest) = form.parse(Lang::default()).unwrap();
                Schedule { plan, guest }
            })
            .await
            .unwrap();
        links.push(scheduled.link.reveal().to_owned());
        while links.len() * JOINS < (n + 1) * KILLS / house.hosts.len() {
            let form = GuestForm {
                name: format!("Guest {}", links.len()),
                email: "guest@example.org".into(),
                language: "en".into(),
                ..GuestForm::default()
            };
            let (_, link) = use_cases
                .add_guest(
                    &clerk,
                    AddGuest {
                        consultation: scheduled.consultation,
                        guest: form.parse(Lang::default()).unwrap(),
                    },
                )
                .await
                .unwrap();
            links.push(link.reveal().to_owned());
        }
    }
    links
}

/// Schedules, and takes back every other one, as fast as is answered.
async fn clerk(house: Arc<House>, address: SocketAddr) {
    for n in 0..4 {
        let form = ConsultationForm {
            engine: "teams".into(),
            ..house.next_form()
        };
        let mut client = house.client(address);
        let body = serde_urlencoded::to_string(form).unwrap();
        let schedule = client.form_bytes("/consultations/new", &body);
        // None: the process is gone, in the middle of a request.
        let Some(reply) = exchange(address, &schedule).await else {
            return;
        };
        assert_eq!(reply.status, 303, "{}", reply.text());
        if n % 2 == 1 {
            client.keep(&reply);
            let cancel = client.form_bytes(&format!("{}/cancel", reply.location()), "reason=");
            let Some(reply) = exchange(address, &cancel).await else {
                return;
            };
            assert_eq!(reply.status, 303, "{}", reply.text());
        }
    }
}

/// Joins, is given an identity, and leaves; None: the process is gone.
async fn guest(address: SocketAddr, link: String) -> Option<()> {
    let body = serde_urlencoded::to_string([("secret", link.as_str()), ("name", "Zeb")]).unwrap();
    let join = Client::new(address).form_bytes("/api/guest/join", &body);
    let reply = exchange(address, &join).await?;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let SeatToken { token } = serde_json::from_slice(&reply.body).unwrap();
    let mut request = format!("ws://{address}/socket/seat").into_client_request().unwrap();
    request
        .headers_mut()
        .insert("sec-fetch-site", "same-origin".parse().unwrap());
    let stream = TcpStream::connect(address).await.ok()?;
    let (mut socket, _) = client_async(request, stream).await.ok()?;
    let say = |message: FromClient| Message::text(serde_json::to_string(&message).unwrap());
    socket.send(say(FromClient::Hello { token })).await.ok()?;
    loop {
        let Ok(Message::Text(text)) = socket.next().await? else {
            continue;
        };
        if let FromServer::Credentials { .. } = serde_json::from_str(&text).unwrap() {
            break;
        }
    }
    socket.send(say(FromClient::Leave)).await.ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_two_hundred_times_it_leaves_nothing_undone_and_does_nothing_twice() {
    let house = Arc::new(House::found().await);
    let microsoft = Microsoft::start();
    let mut db = database::open(&house.database()).await;
    sqlx::query("update accounts set entra_id = ?")
        .bind(Options::USER)
        .execute(&mut db)
        .await
        .unwrap();
    let links = guests(&house, &microsoft).await;
    let mut dice = ChaCha8Rng::seed_from_u64(200);
    for round in 0..KILLS {
        microsoft
            .emulator
            .set_latency(Duration::from_millis(u64::from(dice.next_u32() % 12)));
        let process = Process::start_with(house.folder.path(), None, &microsoft.settings());
        let address = process.address;
        let mut people = JoinSet::new();
        people.spawn(clerk(house.clone(), address));
        let link = links[round % links.len()].clone();
        people.spawn(async move {
            guest(address, link).await;
        });
        sleep(Duration::from_micros(u64::from(dice.next_u32() % 120_000))).await;
        process.kill();
        people.join_all().await;
    }
    let attempts = database::count(&house.database(), "select coalesce(max(attempts), 0) from jobs").await;
    microsoft.emulator.set_latency(Duration::ZERO);
    // Hours later nobody is in a meeting any more.
    let later = FixedClock::at(SystemClock.now() + SignedDuration::from_hours(12));
    let use_cases = microsoft.use_cases(&house, later).await;
    use_cases.disconnect_all().await.unwrap();
    use_cases.release_jobs().await.unwrap();
    use_cases.sweep().await.unwrap();
    use_cases.run_due_jobs().await.unwrap();

    let rest: Vec<(String, i64, String)> = sqlx::query_as("select kind, attempts, last_error from jobs")
        .fetch_all(&mut db)
        .await
        .unwrap();
    assert_eq!(rest, []);
    // Every consultation that is to have a meeting has one of its own, and no other is left.
    let wanted: Vec<(Option<String>,)> =
        sqlx::query_as("select meeting_graph_id from consultations where state = 'scheduled' and engine = 'teams'")
            .fetch_all(&mut db)
            .await
            .unwrap();
    let held: BTreeSet<String> = wanted
        .iter()
        .map(|(id,)| id.clone().expect("each has a meeting"))
        .collect();
    assert_eq!(held.len(), wanted.len());
    let seen = microsoft.emulator.inspect();
    let alive = seen.meetings.iter().filter(|meeting| meeting.deleted_at.is_none());
    let alive: BTreeSet<String> = alive.map(|meeting| meeting.id.clone()).collect();
    assert_eq!(alive, held);
    // Every identity that we know of is deleted; what was asked for when the process died may be there, and is listed.
    let path = house.database();
    let told = |sql: &'static str| database::count(&path, sql);
    let known = "select count(*) from identities where deleted_at is null and identity is not null";
    assert_eq!(told(known).await, 0);
    let unknown = told("select count(*) from identities where deleted_at is null").await;
    let alive = i64::try_from(seen.alive().count()).unwrap();
    assert!(alive <= unknown, "{alive} alive, {unknown} unknown");
    let deleted = told("select count(*) from identities where deleted_at is not null").await;
    assert_eq!(
        told("select count(*) from events where kind = 'identity_deleted'").await,
        deleted
    );
    let twice = "select count(*) from (select 1 from events where kind in ('meeting_set', 'cancelled')
        group by consultation_id, kind having count(*) > 1)";
    assert_eq!(told(twice).await, 0);
    drop(use_cases);
    database::must_be_sound(&house.database()).await;
    let log = std::fs::read_to_string(house.folder.path().join("log")).unwrap();
    assert!(!log.contains("panicked"), "{log}");
    println!(
        "{KILLS} kills: {} meetings made, {} kept, {} identities, {deleted} deleted, {unknown} may be there, a job begun {attempts} times",
        seen.meetings.len(),
        held.len(),
        seen.identities.len(),
    );
}

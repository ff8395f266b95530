//! The real binary, killed at bad moments and put on a disk that is full: what was confirmed is there, and nothing is
//! half there.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anteroom_app::forms::{AccountForm, BranchForm, ConsultationForm, ServiceForm};
use anteroom_domain::account::AccountRole;
use anteroom_domain::id::{AccountId, ServiceId};
use anteroom_i18n::Lang;
use anteroom_server::system::{SystemClock, SystemEntropy};
use anteroom_service::port::{Clock as _, LocalBus, NoMeetings};
use anteroom_service::{Chosen, Engines, NewAccount, UseCases};
use anteroom_storage::SqliteStore;
use jiff::SignedDuration;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore as _, SeedableRng as _};
use sqlx::Connection as _;
use tokio::time::sleep;

use super::support::{Client, PASSWORD, database, exchange, new_account};

/// A data folder with an organisation in it, and a clerk who has signed in.
pub struct House {
    pub folder: tempfile::TempDir,
    pub session: String,
    service: ServiceId,
    pub hosts: Vec<AccountId>,
    /// No two requests ask for the same time of the same host.
    slots: AtomicUsize,
}

impl House {
    pub async fn found() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&folder.path().join("anteroom.db")).await.unwrap();
        let use_cases = UseCases::new(
            Arc::new(store.clone()),
            Arc::new(SystemClock),
            Arc::new(SystemEntropy),
            Arc::new(LocalBus::default()),
            Engines::builtin(NoMeetings),
        );
        let admin = NewAccount {
            chosen: Chosen::ByOwner,
            entra_id: None,
            email: "admin@example.org".parse().unwrap(),
            name: "Adele Admin".parse().unwrap(),
            password: PASSWORD.parse().unwrap(),
            role: AccountRole::Admin,
            branch: None,
            zone: "UTC".parse().unwrap(),
        };
        let admin = use_cases.set_up(admin).await.unwrap();
        let branch = BranchForm {
            name: "North".into(),
            zone: "UTC".into(),
            opens: "08:00".into(),
            closes: "18:00".into(),
            ..BranchForm::default()
        };
        let branch = use_cases
            .add_branch(&admin, branch.parse(Lang::default()).unwrap())
            .await
            .unwrap();
        let service = ServiceForm {
            branch: branch.to_string(),
            name: "Mortgage advice".into(),
            minutes: "15".into(),
            active: "on".into(),
            ..ServiceForm::default()
        };
        let service = use_cases
            .add_service(&admin, service.parse(Lang::default()).unwrap())
            .await
            .unwrap();
        let mut hosts = Vec::new();
        for n in 0..4 {
            let account = AccountForm {
                name: format!("Clerk {n}"),
                email: format!("clerk{n}@example.org"),
                role: "clerk".into(),
                branch: branch.to_string(),
                zone: "UTC".into(),
                password: PASSWORD.into(),
                active: "on".into(),
                ..AccountForm::default()
            };
            let account = new_account(&account);
            hosts.push(use_cases.create_account(&admin, account).await.unwrap());
        }
        let signed_in = use_cases
            .sign_in(anteroom_service::SignIn {
                email: "clerk0@example.org",
                password: PASSWORD,
                own: "",
                network: "192.0.2.1",
                browser: anteroom_service::Browser::default(),
                before: None,
            })
            .await
            .unwrap();
        store.close().await;
        Self {
            folder,
            session: signed_in.session.reveal().to_owned(),
            service,
            hosts,
            slots: AtomicUsize::new(0),
        }
    }

    pub fn database(&self) -> PathBuf {
        self.folder.path().join("anteroom.db")
    }

    pub fn client(&self, address: SocketAddr) -> Client {
        let mut client = Client::new(address);
        client.cookies.insert("anteroom-session".into(), self.session.clone());
        client
    }

    pub fn next_form(&self) -> ConsultationForm {
        let n = self.slots.fetch_add(1, Ordering::Relaxed);
        let quarter = i64::try_from(n / self.hosts.len()).unwrap();
        let start = SystemClock.now() + SignedDuration::from_hours(48);
        let start = start.as_second().div_euclid(86_400) * 86_400 + quarter * 900;
        let start = jiff::Timestamp::from_second(start).unwrap();
        ConsultationForm {
            service: self.service.to_string(),
            guest_name: format!("Guest {n}"),
            guest_email: format!("guest{n}@example.org"),
            guest_language: "en".into(),
            date: start.strftime("%Y-%m-%d").to_string(),
            time: start.strftime("%H:%M").to_string(),
            zone: "UTC".into(),
            minutes: "15".into(),
            host: self.hosts[n % self.hosts.len()].to_string(),
            ..ConsultationForm::default()
        }
    }

    /// A confirmed one's id, its guest's id and their link, as the browser was told them.
    async fn schedule(&self, address: SocketAddr) -> Option<Result<String, u16>> {
        let body = serde_urlencoded::to_string(self.next_form()).unwrap();
        let request = self.client(address).form_bytes("/consultations/new", &body);
        let reply = exchange(address, &request).await?;
        if reply.status != 303 {
            return Some(Err(reply.status));
        }
        let cookie = reply.header("set-cookie").unwrap();
        let value = cookie.split(';').next().unwrap().split_once('=').unwrap().1;
        Some(Ok(value.to_owned()))
    }
}

/// The binary as an operator runs it.
pub struct Process {
    child: Child,
    pub address: SocketAddr,
    log: PathBuf,
}

impl Process {
    fn start(data: &Path, limit_blocks: Option<u32>) -> Self {
        Self::start_with(data, limit_blocks, &[])
    }

    pub fn start_with(data: &Path, limit_blocks: Option<u32>, settings: &[(&str, String)]) -> Self {
        let binary = env!("CARGO_BIN_EXE_anteroom");
        let mut command = match limit_blocks {
            None => Command::new(binary),
            Some(blocks) => {
                // A write past the limit fails as one to a full disk does, once the signal is out of the way.
                let mut command = Command::new("sh");
                let script = format!("trap '' XFSZ; ulimit -S -f {blocks}; exec \"$@\"");
                command.args(["-c", &script, "sh", binary]);
                command
            }
        };
        let log = data.join("log");
        command
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--media-listen",
                "127.0.0.1:0",
                "--data",
            ])
            .arg(data)
            .envs(settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::options().create(true).append(true).open(&log).unwrap());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = lines.find_map(|line| {
            let line = line.unwrap();
            let (_, url) = line.split_once("Anteroom is ready at http://localhost:")?;
            Some(url.trim().to_owned())
        });
        let port: u16 = ready.expect("it starts").parse().unwrap();
        Self {
            child,
            address: SocketAddr::from(([127, 0, 0, 1], port)),
            log,
        }
    }

    /// SIGKILL: no farewell, no closing of files.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// As `docker stop` or a service manager does it.
    fn terminate(mut self) -> std::process::ExitStatus {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        self.child.wait().unwrap()
    }
}

/// Every one of these is in the database, whole.
async fn must_hold(path: &Path, confirmed: &[String]) {
    database::must_be_sound(path).await;
    let mut db = database::open(path).await;
    for told in confirmed {
        let mut parts = told.splitn(3, '.');
        let (id, guest) = (parts.next().unwrap(), parts.next().unwrap());
        let hash = anteroom_service::hash_secret(parts.next().unwrap());
        let found: i64 = sqlx::query_scalar(
            "select count(*) from consultations c
                join guests g on g.consultation_id = c.id
                join invitations i on i.guest_id = g.id
            where c.id = ? and c.state = 'scheduled' and g.id = ? and i.secret_hash = ?
                and (select group_concat(kind) from (select kind from events where consultation_id = c.id order by id))
                    = 'scheduled,invited'",
        )
        .bind(id.parse::<i64>().unwrap())
        .bind(guest.parse::<i64>().unwrap())
        .bind(hash.as_slice())
        .fetch_one(&mut db)
        .await
        .unwrap();
        assert_eq!(found, 1, "consultation {id} was confirmed and is not whole");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_fifty_times_it_loses_nothing_that_was_confirmed() {
    const ROUNDS: usize = 50;
    let house = Arc::new(House::found().await);
    let confirmed = Arc::new(Mutex::new(Vec::new()));
    let mut dice = ChaCha8Rng::seed_from_u64(50);
    let mut cut_off = 0;
    for round in 0..ROUNDS {
        let process = Process::start(house.folder.path(), None);
        let address = process.address;
        let before = confirmed.lock().unwrap().len();
        let mut askers = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let (house, confirmed) = (house.clone(), confirmed.clone());
            askers.spawn(async move {
                loop {
                    match house.schedule(address).await {
                        Some(Ok(told)) => confirmed.lock().unwrap().push(told),
                        Some(Err(status)) => panic!("answered {status}"),
                        // The process is gone, in the middle of a request.
                        None => return,
                    }
                }
            });
        }
        while confirmed.lock().unwrap().len() == before {
            sleep(Duration::from_millis(2)).await;
        }
        sleep(Duration::from_micros(u64::from(dice.next_u32() % 60_000))).await;
        process.kill();
        cut_off += askers.join_all().await.len();
        let told = confirmed.lock().unwrap().clone();
        // What is new after every round, everything at the end.
        must_hold(&house.database(), &told[before..]).await;
        assert!(round < told.len());
    }
    let told = confirmed.lock().unwrap().clone();
    must_hold(&house.database(), &told).await;
    let stored = database::count(&house.database(), "select count(*) from consultations").await;
    let told = i64::try_from(told.len()).unwrap();
    // Of those whose answer was cut off, some were stored: each whole, as `must_be_sound` has seen.
    assert!(
        told <= stored && stored <= told + i64::try_from(cut_off).unwrap(),
        "{told} told, {stored} stored"
    );
    println!("{ROUNDS} kills: {told} confirmed, {stored} stored, {cut_off} requests cut off");
    let log = std::fs::read_to_string(house.folder.path().join("log")).unwrap();
    assert!(!log.contains("panicked"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_it_says_so_keeps_what_it_has_and_goes_on_when_there_is_room() {
    let house = House::found().await;
    let path = house.database();
    let has = std::fs::metadata(&path).unwrap().len() / 512;
    // Room for some of the log that stands beside the file, and no more. In blocks of 512 bytes.
    // The clerk was last seen two minutes ago: every page that they look at wants to write down that they are there.
    let mut db = database::open(&path).await;
    sqlx::query("update sessions set seen_at = seen_at - 120000")
        .execute(&mut db)
        .await
        .unwrap();
    db.close().await.unwrap();
    let process = Process::start(house.folder.path(), Some(u32::try_from(has).unwrap() + 200));
    let address = process.address;
    let mut confirmed = Vec::new();
    let mut refused = 0;
    for _ in 0..400 {
        match house.schedule(address).await.expect("an answer") {
            Ok(told) => confirmed.push(told),
            Err(status) => {
                assert_eq!(status, 500);
                refused += 1;
                if refused == 5 {
                    break;
                }
            }
        }
    }
    assert_eq!(refused, 5, "the disk was never full: {} confirmed", confirmed.len());
    // What a booking needs does not fit any more, and something smaller may. From here on nothing does.
    let pid = process.child.id().to_string();
    let lowered = Command::new("prlimit")
        .args(["--fsize=2048:unlimited", "--pid", &pid])
        .status();
    assert!(lowered.unwrap().success());
    // In words, with what was typed; and whoever watches over it is told.
    let form = house.next_form();
    let body = serde_urlencoded::to_string(&form).unwrap();
    let reply = house
        .client(address)
        .post_body("/consultations/new", &body)
        .await
        .expect(500);
    let page = reply
        .says("Something went wrong on our side. Try again")
        .says(&form.guest_name)
        .text();
    assert!(
        !page.to_lowercase().contains("sqlite") && !page.contains("disk I/O"),
        "{page}"
    );
    house.client(address).get("/healthz").await.expect(200);
    house.client(address).get("/readyz").await.expect(503);
    house
        .client(address)
        .get("/consultations")
        .await
        .expect(200)
        .says("Guest 0");
    must_hold(&path, &confirmed).await;

    // Room is made: nothing has to be restarted.
    let raised = Command::new("prlimit")
        .args(["--fsize=unlimited", "--pid", &pid])
        .status();
    assert!(raised.expect("prlimit is part of util-linux").success());
    for _ in 0..20 {
        let told = house.schedule(address).await.expect("an answer");
        let log = || std::fs::read_to_string(&process.log).unwrap();
        confirmed.push(told.unwrap_or_else(|status| panic!("{status} with room again:\n{}", log())));
    }
    // The last answer is good for a second.
    while house.client(address).get("/readyz").await.status != 200 {
        sleep(Duration::from_millis(100)).await;
    }
    let log = process.log.clone();
    assert!(process.terminate().success());
    must_hold(&path, &confirmed).await;
    let log = std::fs::read_to_string(log).unwrap();
    assert!(!log.contains("panicked") && !log.contains("guest0@"), "{log}");
    println!("{} confirmed around a full disk", confirmed.len());
}

/// A careless restore: the file is moved away, or another one put in its place, while the server runs.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_replaced_under_it_takes_nothing_more_until_it_is_back() {
    let house = House::found().await;
    let path = house.database();
    let process = Process::start(house.folder.path(), None);
    let address = process.address;
    let mut confirmed = vec![house.schedule(address).await.unwrap().expect("room for one")];
    house.client(address).get("/readyz").await.expect(200);
    let aside = path.with_extension("aside");
    let log = path.with_extension("db-wal");
    for part in [&path, &log] {
        std::fs::rename(part, &aside).unwrap();
        // Gone; and then something else in its place.
        for _ in 0..2 {
            assert_eq!(house.schedule(address).await.unwrap(), Err(500));
            sleep(Duration::from_millis(1_100)).await;
            house.client(address).get("/readyz").await.expect(503);
            std::fs::copy(&aside, part).unwrap();
        }
        std::fs::rename(&aside, part).unwrap();
        confirmed.push(house.schedule(address).await.unwrap().expect("it is back"));
    }
    let log = process.log.clone();
    assert!(process.terminate().success());
    must_hold(&path, &confirmed).await;
    let log = std::fs::read_to_string(log).unwrap();
    assert!(log.contains("moved, deleted or replaced"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_database_is_named_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("anteroom.db");
    let garbage = b"These are my holiday pictures, not a database. ".repeat(200);
    std::fs::write(&file, &garbage).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_anteroom"))
        .args([
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--media-listen",
            "127.0.0.1:0",
            "--data",
        ])
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("anteroom.db") && !said.contains("panicked"), "{said}");
    assert_eq!(std::fs::read(&file).unwrap(), garbage);
}

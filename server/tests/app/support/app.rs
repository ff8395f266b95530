//! The real server in this process, an organisation in it, and what must be true when it has stopped.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anteroom_app::branding::Branding;
use anteroom_app::forms::{AccountForm, BranchForm, ConsultationForm, NewAccountTerms, ServiceForm};
use anteroom_domain::account::AccountRole;
use anteroom_domain::id::{AccountId, BranchId, ConsultationId, GuestId, ServiceId};
use anteroom_domain::visit::AdmissionStatus;
use anteroom_i18n::Lang;
use anteroom_protocol::seat::FromClient;
use anteroom_server::connections::ConnectionLimits;
use anteroom_server::serve::{Plan, ServeError, Server};
use anteroom_server::teams::Teams;
use anteroom_service::port::{FixedClock, SeededEntropy};
use anteroom_service::{Chosen, NewAccount, UseCases};
use jiff::Timestamp;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::http::{Client, Reply, url_encoded};
use super::seat::Seat;
use super::{database, watch};

pub const PASSWORD: &str = "correct horse battery";
const ZONE: &str = "Europe/Berlin";

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn media_on_loopback() -> anteroom_sfu::Config {
    anteroom_sfu::Config {
        listen: "127.0.0.1:0".parse().unwrap(),
        advertise: Vec::new(),
        limits: anteroom_sfu::Limits::default(),
    }
}

/// A consultation that was scheduled, and its guest's link.
#[derive(Clone, Debug)]
pub struct Booked {
    pub id: ConsultationId,
    pub guest: GuestId,
    pub secret: String,
}

impl Booked {
    pub fn page(&self) -> String {
        format!("/consultations/{}", self.id)
    }

    pub fn link(&self) -> String {
        format!("/j/{}", self.secret)
    }
}

pub struct TestApp {
    pub address: SocketAddr,
    pub clock: Arc<FixedClock>,
    pub setup_code: Option<String>,
    pub media: anteroom_sfu::SfuHandle,
    pub folder: TempDir,
    services: Option<UseCases>,
    stop: CancellationToken,
    running: Option<JoinHandle<Result<(), ServeError>>>,
    /// 45 minutes, nothing around it.
    pub advice: ServiceId,
    /// 30 minutes, 10 before and 15 after.
    pub review: ServiceId,
    /// Of the other branch.
    pub elsewhere: ServiceId,
    pub anna: AccountId,
    pub ben: AccountId,
    /// Of the other branch.
    pub carla: AccountId,
}

/// Monday morning, an hour before the branch opens.
const NOW: &str = "2027-03-01T07:00:00Z";

impl TestApp {
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub async fn start_with(change: impl FnOnce(&mut Plan)) -> Self {
        Self::start_on(Self::clock(), change).await
    }

    /// One that stands still at the time at which tests begin.
    pub fn clock() -> Arc<FixedClock> {
        Arc::new(FixedClock::at(at(NOW)))
    }

    pub async fn start_on(clock: Arc<FixedClock>, change: impl FnOnce(&mut Plan)) -> Self {
        let mut app = Self::empty_on(clock, change).await;
        app.found().await;
        app
    }

    /// With nobody in it.
    pub async fn empty(change: impl FnOnce(&mut Plan)) -> Self {
        Self::empty_on(Self::clock(), change).await
    }

    async fn empty_on(clock: Arc<FixedClock>, change: impl FnOnce(&mut Plan)) -> Self {
        watch::start();
        let folder = tempfile::tempdir().unwrap();
        let mut plan = Plan {
            listen: "127.0.0.1:0".parse().unwrap(),
            database: folder.path().join("anteroom.db"),
            public_url: None,
            media: media_on_loopback(),
            branding: Branding::default(),
            logo: None,
            client_address_header: None,
            teams: Teams::off(),
            // All of a test's people sit at one address.
            limits: ConnectionLimits {
                of_one_address: ConnectionLimits::default().connections,
                ..ConnectionLimits::default()
            },
        };
        change(&mut plan);
        let server = Server::bind(plan, clock.clone(), Arc::new(SeededEntropy::new(7)))
            .await
            .unwrap();
        let address = server.address().unwrap();
        let use_cases = server.use_cases().clone();
        let media = server.media().clone();
        let setup_code = server.setup_code.as_ref().map(|code| code.reveal().to_owned());
        let stop = CancellationToken::new();
        let running = tokio::spawn(server.run(stop.clone()));
        Self {
            address,
            clock,
            setup_code,
            media,
            folder,
            services: Some(use_cases),
            stop,
            running: Some(running),
            advice: ServiceId(0),
            review: ServiceId(0),
            elsewhere: ServiceId(0),
            anna: AccountId(0),
            ben: AccountId(0),
            carla: AccountId(0),
        }
    }

    /// Two branches, three services, an admin and three clerks.
    async fn found(&mut self) {
        let use_cases = self.use_cases().clone();
        let admin = NewAccount {
            chosen: Chosen::ByOwner,
            entra_id: None,
            email: "admin@example.org".parse().unwrap(),
            name: "Adele Admin".parse().unwrap(),
            password: PASSWORD.parse().unwrap(),
            role: AccountRole::Admin,
            branch: None,
            zone: ZONE.parse().unwrap(),
        };
        let admin = use_cases.set_up(admin).await.unwrap();
        let branch = |name: &str| BranchForm {
            name: name.into(),
            zone: ZONE.into(),
            opens: "08:00".into(),
            closes: "18:00".into(),
            ..BranchForm::default()
        };
        let north = use_cases
            .add_branch(&admin, branch("North").parse(Lang::default()).unwrap())
            .await
            .unwrap();
        let south = use_cases
            .add_branch(&admin, branch("South").parse(Lang::default()).unwrap())
            .await
            .unwrap();
        let service = |branch: BranchId, name: &str, minutes: &str, before: &str, after: &str| ServiceForm {
            branch: branch.to_string(),
            name: name.into(),
            minutes: minutes.into(),
            buffer_before: before.into(),
            buffer_after: after.into(),
            active: "on".into(),
            ..ServiceForm::default()
        };
        let clerk = |branch: BranchId, name: &str, email: &str| AccountForm {
            name: name.into(),
            email: email.into(),
            role: "clerk".into(),
            branch: branch.to_string(),
            zone: ZONE.into(),
            password: PASSWORD.into(),
            active: "on".into(),
            ..AccountForm::default()
        };
        let add = |form: ServiceForm| {
            let (use_cases, admin) = (use_cases.clone(), admin.clone());
            async move {
                use_cases
                    .add_service(&admin, form.parse(Lang::default()).unwrap())
                    .await
                    .unwrap()
            }
        };
        let hire = |form: AccountForm| {
            let (use_cases, admin) = (use_cases.clone(), admin.clone());
            async move { use_cases.create_account(&admin, new_account(&form)).await.unwrap() }
        };
        self.advice = add(service(north, "Mortgage advice", "45", "", "")).await;
        self.review = add(service(north, "Yearly review", "30", "10", "15")).await;
        self.elsewhere = add(service(south, "Pension advice", "45", "", "")).await;
        self.anna = hire(clerk(north, "Anna Acker", "anna@example.org")).await;
        self.ben = hire(clerk(north, "Ben Bauer", "ben@example.org")).await;
        self.carla = hire(clerk(south, "Carla Conti", "carla@example.org")).await;
    }

    pub fn use_cases(&self) -> &UseCases {
        self.services.as_ref().unwrap()
    }

    pub fn database(&self) -> PathBuf {
        self.folder.path().join("anteroom.db")
    }

    /// Somebody who has not signed in.
    pub fn stranger(&self) -> Client {
        Client::new(self.address)
    }

    pub async fn sign_in(&self, email: &str) -> Client {
        let mut client = self.stranger();
        let reply = client
            .post("/sign-in", &[("email", email), ("password", PASSWORD)])
            .await;
        assert_eq!(reply.expect(303).location(), "/");
        client
    }

    pub async fn anna(&self) -> Client {
        self.sign_in("anna@example.org").await
    }

    /// Mortgage advice with Anna, on 1 March 2027 at this time in Berlin.
    pub fn form(&self, time: &str) -> ConsultationForm {
        booking(self.advice, self.anna, "2027-03-01", time)
    }

    /// Schedules as a browser does, and reads the guest's link off the page that follows.
    pub async fn book(&self, client: &mut Client, form: &ConsultationForm) -> Booked {
        let body = serde_urlencoded::to_string(form).unwrap();
        let reply = client.post_body("/consultations/new", &body).await.expect(303);
        let page = client.get(reply.location()).await.expect(200);
        let id = reply.location().rsplit('/').next().unwrap().parse().unwrap();
        let secret = link_in(&page).expect("the page shows the link once");
        assert!(link_in(&client.get(reply.location()).await).is_none(), "and only once");
        let guest = database::count(&self.database(), "select max(id) from guests").await;
        Booked {
            id,
            guest: GuestId(guest),
            secret,
        }
    }

    /// Ten minutes before a consultation with Anna, which is at 10:00 in Berlin, 9:00 in UTC.
    pub async fn soon() -> (Self, Client, Booked) {
        let app = Self::start().await;
        let mut anna = app.anna().await;
        let booked = app.book(&mut anna, &app.form("10:00")).await;
        app.clock.set(at("2027-03-01T08:50:00Z"));
        (app, anna, booked)
    }

    /// As the browser's own code asks to come in.
    pub async fn ask_to_join(&self, secret: &str, name: &str) -> Reply {
        let body = url_encoded(&[("secret", secret), ("name", name)]);
        self.stranger().post_body("/api/guest/join", &body).await
    }

    pub async fn join(&self, secret: &str, name: &str) -> String {
        token(&self.ask_to_join(secret, name).await.expect(200))
    }

    /// The guest in the lobby, with an open socket.
    pub async fn arrive(&self, secret: &str, name: &str) -> (String, Seat) {
        let token = self.join(secret, name).await;
        let mut seat = Seat::hello(self.address, &token).await;
        seat.status(AdmissionStatus::Waiting).await;
        (token, seat)
    }

    pub async fn enter(&self, client: &mut Client, id: ConsultationId) -> (String, Seat) {
        let reply = client
            .post("/api/lobby/enter", &[("consultation", &id.to_string())])
            .await;
        let token = token(&reply.expect(200));
        let mut seat = Seat::hello(self.address, &token).await;
        seat.credentials().await;
        (token, seat)
    }

    /// Both in, the guest let in by the host: the guest's token and seat, and the host's.
    pub async fn meet(&self, host: &mut Client, booked: &Booked) -> ((String, Seat), (String, Seat)) {
        let (guests, mut guest) = self.arrive(&booked.secret, "Zeb").await;
        let (hosts, mut host) = self.enter(host, booked.id).await;
        let waiting = host.guest(AdmissionStatus::Waiting).await;
        host.say(FromClient::Admit { visit: waiting.visit }).await;
        guest.credentials().await;
        host.guest(AdmissionStatus::Admitted).await;
        ((guests, guest), (hosts, host))
    }

    /// As the engine says it once DTLS is up.
    pub async fn media_joined(&self, token: &str) {
        let seat = self.use_cases().seat(token).await.unwrap().unwrap();
        self.use_cases().media_joined(&seat.into()).await.unwrap();
    }

    pub async fn seat(&self, token: &str) -> Seat {
        Seat::hello(self.address, token).await
    }

    /// As an operator asks for it.
    pub fn stop(&self) {
        self.stop.cancel();
    }

    /// Until it has.
    pub async fn stopped(&mut self) {
        self.stop();
        if let Some(running) = self.running.take() {
            timeout(Duration::from_secs(30), running)
                .await
                .expect("it stops")
                .unwrap()
                .unwrap();
        }
    }

    /// Stops it, and looks at what is left: nothing.
    pub async fn finish(mut self) {
        self.stopped().await;
        assert!(
            TcpStream::connect(self.address).await.is_err(),
            "nobody listens any more"
        );
        drop(self.services.take());
        // Whatever still runs, a socket, a task, a timer, holds the use cases, and they hold the clock.
        for _ in 0..100 {
            if Arc::strong_count(&self.clock) == 1 {
                break;
            }
            sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(Arc::strong_count(&self.clock), 1, "something still runs");
        let beside = || {
            let entries = std::fs::read_dir(self.folder.path()).unwrap();
            let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
            names.filter(|name| name != "anteroom.db").collect::<Vec<_>>()
        };
        // A connection that was being opened when its request was given up closes a moment later.
        for _ in 0..100 {
            if beside().is_empty() {
                break;
            }
            sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(beside(), Vec::<String>::new(), "the log is folded into the file");
        database::must_be_sound(&self.database()).await;
        assert_eq!(watch::panics(), Vec::<String>::new());
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert!(self.running.is_none(), "a test ends with `finish`");
        }
    }
}

/// As an admin makes it, with a password that its owner chose.
pub fn new_account(form: &AccountForm) -> NewAccount {
    let NewAccountTerms { email, password, terms } = form.parse_new(Lang::default()).unwrap();
    NewAccount::of(terms, email, password, Chosen::ByOwner)
}

/// As a browser posts it.
pub fn encoded(form: &ConsultationForm) -> String {
    serde_urlencoded::to_string(form).unwrap()
}

pub fn booking(service: ServiceId, host: AccountId, date: &str, time: &str) -> ConsultationForm {
    ConsultationForm {
        service: service.to_string(),
        guest_name: "Zebedee Quillfeather".into(),
        guest_email: "zebedee@quillfeather.example".into(),
        guest_phone: "+49 30 5550193".into(),
        guest_language: "en".into(),
        guest_zone: String::new(),
        date: date.into(),
        time: time.into(),
        zone: ZONE.into(),
        minutes: "45".into(),
        host: host.to_string(),
        notes: "Brings the papers of Grimsby Lane".into(),
        ..ConsultationForm::default()
    }
}

fn link_in(page: &Reply) -> Option<String> {
    let text = page.text();
    let (_, rest) = text.split_once("/j/")?;
    let secret: String = rest
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
        .collect();
    Some(secret).filter(|secret| secret.len() == 24)
}

fn token(reply: &Reply) -> String {
    let grant: anteroom_protocol::seat::SeatToken = serde_json::from_slice(&reply.body).unwrap();
    grant.token
}

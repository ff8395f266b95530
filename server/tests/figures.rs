//! Every figure of the dashboard, recomputed from the event log alone: a long, random and seeded history runs through the
//! use cases, and what the log says about it must be what the dashboard shows.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop where it stands"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use anteroom_app::forms::{BranchForm, ServiceForm};
use anteroom_domain::account::AccountRole;
use anteroom_domain::consultation::ConsultationPlan;
use anteroom_domain::figures::{Counts, Figures, Group, Outcome, Range, Spread};
use anteroom_domain::guest::{Declination, GuestTerms};
use anteroom_domain::id::{AccountId, BranchId, ConsultationId, GuestId, ServiceId};
use anteroom_domain::refusal::ConsultationRefusal;
use anteroom_domain::time::{Zone, day};
use anteroom_domain::value::{Minutes, Notes, Reason};
use anteroom_domain::view::ListQuery;
use anteroom_i18n::Lang;
use anteroom_service::port::{Entropy, FixedClock, LocalBus, NoMeetings, SeededEntropy};
use anteroom_service::{
    Actor, AddGuest, Cancel, Change, Chosen, Engines, Error, Join, JoinError, NewAccount, Register, Schedule, Seat,
    UseCases,
};
use anteroom_storage::SqliteStore;
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Row};

const ZONE: &str = "Europe/Berlin";
/// Ten days with the night in between in which the clocks go forward (28 March 2027).
const FIRST_DAY: Date = date(2027, 3, 22);
const LAST_DAY: Date = date(2027, 3, 31);
const CONSULTATIONS: usize = 240;

#[tokio::test(flavor = "multi_thread")]
async fn every_figure_can_be_recomputed_from_the_events() {
    for seed in [1, 2, 3] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("anteroom.db");
        let mut history = History::begin(&path, seed).await;
        history.run().await;
        let log = Log::read(&path).await;
        log.must_hold_every_outcome(seed);
        history.compare_with(&log, seed).await;
        history.store.close().await;
    }
}

// ---- the history ----

/// What somebody does, or tries to: much of it is refused, as it would be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Act {
    Schedule,
    Move,
    HandOver,
    AddGuest,
    /// As a viewer of a launch, whom nobody has to let in.
    Register,
    CancelAsStaff,
    CancelAsGuest,
    Arrive {
        guest: usize,
    },
    Admit {
        guest: usize,
    },
    Decline {
        guest: usize,
    },
    Remove {
        guest: usize,
    },
    Forgive {
        guest: usize,
    },
    GuestMedia {
        guest: usize,
    },
    GuestLeave {
        guest: usize,
    },
    GuestLost {
        guest: usize,
    },
    Enter,
    HostMedia,
    HostLeave,
    HostLost,
    Colleague,
    End,
    Nothing,
}

fn viewer() -> Register {
    Register {
        name: "Viewer".parse().unwrap(),
        email: "viewer@example.org".parse().unwrap(),
        zone: ZONE.parse().ok(),
        language: None,
    }
}

fn guest(name: &str, email: &str) -> GuestTerms {
    GuestTerms {
        name: name.parse().unwrap(),
        email: Some(email.parse().unwrap()),
        phone: None,
        language: "en".parse().unwrap(),
        zone: ZONE.parse().ok(),
    }
}

/// The guest who registers for a launch, beside those who are invited.
const VIEWER: usize = 9;

/// One consultation's people, as they go along.
#[derive(Default)]
struct Cast {
    id: Option<ConsultationId>,
    links: BTreeMap<usize, String>,
    guests: Vec<GuestId>,
    seats: BTreeMap<usize, Seat>,
    host: Option<Seat>,
}

#[derive(Clone)]
struct Place {
    branch: BranchId,
    services: Vec<ServiceId>,
    clerks: Vec<(AccountId, Actor)>,
}

/// How one consultation was meant to be.
#[derive(Clone, Copy)]
struct Plan {
    place: usize,
    clerk: usize,
    service: usize,
    starts_at: Timestamp,
    minutes: i64,
}

struct History {
    clock: Arc<FixedClock>,
    store: SqliteStore,
    use_cases: UseCases,
    dice: Dice,
    admin: Actor,
    places: Vec<Place>,
}

/// Numbers that are the same in every run.
struct Dice(SeededEntropy);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        usize::try_from(u64::from_le_bytes(bytes) % u64::try_from(end.max(1)).unwrap()).unwrap()
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// Of two ends in seconds, with milliseconds, so that no figure is right by rounding.
    fn span(&mut self, from: i64, until: i64) -> SignedDuration {
        let width = usize::try_from((until - from).max(1) * 1_000).unwrap();
        SignedDuration::from_millis(from * 1_000 + i64::try_from(self.below(width)).unwrap())
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        let n = self.below(of.len());
        &of[n]
    }
}

fn instant(date: Date, hour: i8, minute: i8) -> Timestamp {
    let zone: Zone = ZONE.parse().unwrap();
    date.at(hour, minute, 0, 0).to_zoned(zone.rules()).unwrap().timestamp()
}

impl History {
    async fn begin(path: &Path, seed: u64) -> Self {
        let clock = Arc::new(FixedClock::at(
            instant(FIRST_DAY, 0, 0) - SignedDuration::from_hours(24 * 7),
        ));
        let store = SqliteStore::open(path).await.unwrap();
        let use_cases = UseCases::new(
            Arc::new(store.clone()),
            clock.clone(),
            Arc::new(SeededEntropy::new(seed)),
            Arc::new(LocalBus::default()),
            Engines::builtin(NoMeetings),
        );
        let boss = NewAccount {
            chosen: Chosen::ByOwner,
            entra_id: None,
            email: "boss@example.org".parse().unwrap(),
            name: "Boss".parse().unwrap(),
            password: "correct horse battery".parse().unwrap(),
            role: AccountRole::Admin,
            branch: None,
            zone: ZONE.parse().unwrap(),
        };
        let admin = use_cases.set_up(boss).await.unwrap();
        let mut places = Vec::new();
        for (n, (clerks, kinds)) in [(3, 2), (2, 1)].into_iter().enumerate() {
            places.push(Self::found(&use_cases, &admin, n, clerks, kinds).await);
        }
        Self {
            clock,
            store,
            use_cases,
            dice: Dice(SeededEntropy::new(seed ^ 0xd1ce)),
            admin,
            places,
        }
    }

    async fn found(use_cases: &UseCases, admin: &Actor, n: usize, clerks: usize, kinds: usize) -> Place {
        let form = BranchForm {
            name: format!("Branch {n}"),
            zone: ZONE.into(),
            opens: "08:00".into(),
            closes: "18:00".into(),
            ..BranchForm::default()
        };
        let branch = use_cases
            .add_branch(admin, form.parse(Lang::default()).unwrap())
            .await
            .unwrap();
        let mut place = Place {
            branch,
            services: Vec::new(),
            clerks: Vec::new(),
        };
        for kind in 0..kinds {
            let form = ServiceForm {
                branch: branch.to_string(),
                name: format!("Service {n}.{kind}"),
                minutes: "30".into(),
                buffer_before: String::new(),
                buffer_after: "5".into(),
                active: "on".into(),
                ..ServiceForm::default()
            };
            place.services.push(
                use_cases
                    .add_service(admin, form.parse(Lang::default()).unwrap())
                    .await
                    .unwrap(),
            );
        }
        for clerk in 0..clerks {
            let new = NewAccount {
                chosen: Chosen::ByOwner,
                entra_id: None,
                email: format!("clerk{n}{clerk}@example.org").parse().unwrap(),
                name: format!("Clerk {n}.{clerk}").parse().unwrap(),
                password: "correct horse battery".parse().unwrap(),
                role: AccountRole::Clerk,
                branch: Some(branch),
                zone: ZONE.parse().unwrap(),
            };
            let id = use_cases.create_account(admin, new).await.unwrap();
            let clerk = use_cases.vouch(id).await.unwrap();
            place.clerks.push((id, clerk));
        }
        place
    }

    fn plan(&mut self) -> Plan {
        let place = self.dice.below(self.places.len());
        let days = i64::try_from(self.dice.below(10)).unwrap();
        let date = FIRST_DAY.checked_add(jiff::Span::new().days(days)).unwrap();
        // Around the clock: what starts shortly before or after midnight must be of the right day.
        let minute = i64::try_from(self.dice.below(24 * 4)).unwrap() * 15;
        Plan {
            place,
            clerk: self.dice.below(self.places[place].clerks.len()),
            service: self.dice.below(self.places[place].services.len()),
            starts_at: instant(date, 0, 0) + SignedDuration::from_mins(minute),
            minutes: *self.dice.pick(&[15, 30, 45]),
        }
    }

    /// Plays the whole history. It stops in the middle of the last day but one: what comes later is pending.
    async fn run(&mut self) {
        let mut plans: Vec<Plan> = (0..CONSULTATIONS).map(|_| self.plan()).collect();
        let mut casts: Vec<Cast> = (0..CONSULTATIONS).map(|_| Cast::default()).collect();
        let mut queue = BTreeSet::new();
        for (n, plan) in plans.iter().enumerate() {
            let ahead = self.dice.span(3 * 86_400, 6 * 86_400);
            queue.insert((plan.starts_at - ahead, n, 0_usize, Act::Schedule));
            for (at, order, act) in self.script(plan.starts_at, plan.minutes) {
                queue.insert((at, n, order, act));
            }
        }
        let stop = instant(date(2027, 3, 30), 13, 7);
        while let Some((at, n, order, act)) = queue.pop_first() {
            if stop < at {
                break;
            }
            self.clock.set(at);
            self.use_cases.sweep().await.unwrap();
            let before = plans[n].starts_at;
            let done = self.perform(&mut plans[n], &mut casts[n], act).await;
            if done && act == Act::Move {
                // What was to happen at the old time happens at the new one.
                queue.retain(|(_, other, _, _)| *other != n);
                let moved = plans[n];
                assert_ne!(moved.starts_at, before);
                for (at, more, act) in self.script(moved.starts_at, moved.minutes) {
                    if act != Act::Move && self.clock_now() <= at {
                        queue.insert((at, n, order + 1 + more, act));
                    }
                }
            }
        }
        self.clock.set(stop);
        self.use_cases.sweep().await.unwrap();
    }

    fn clock_now(&self) -> Timestamp {
        self.use_cases.now()
    }

    /// What happens around one consultation: a plot that leads to one of the outcomes, with accidents.
    fn script(&mut self, starts_at: Timestamp, minutes: i64) -> Vec<(Timestamp, usize, Act)> {
        let mut script = Script {
            starts_at,
            dice: &mut self.dice,
            acts: Vec::new(),
        };
        let end = minutes * 60;
        if script.dice.chance(25) {
            script.at(-2 * 86_400, -3_600, Act::Move);
        }
        if script.dice.chance(15) {
            script.at(-2 * 86_400, -3_600, Act::HandOver);
        }
        let two = script.dice.chance(20);
        if two {
            script.at(-2 * 86_400, -3_600, Act::AddGuest);
        }
        match script.dice.below(100) {
            0..8 => script.at(-86_400, -600, Act::CancelAsStaff),
            8..16 => script.at(-86_400, -600, Act::CancelAsGuest),
            16..20 => {
                // Someone waits, and is told that it will not be.
                script.at(-800, 0, Act::Arrive { guest: 0 });
                script.at(60, 600, Act::CancelAsStaff);
            }
            20..28 => {}
            28..36 => {
                script.at(-800, 300, Act::Arrive { guest: 0 });
                if script.dice.chance(50) {
                    script.at(400, end, Act::GuestLeave { guest: 0 });
                }
            }
            36..41 => {
                script.at(-300, 300, Act::Enter);
                script.at(400, end, Act::HostLeave);
                if script.dice.chance(50) {
                    script.at(end, end + 600, Act::Arrive { guest: 0 });
                }
            }
            41..48 => {
                // Let in, and the media never comes about.
                script.at(-300, 200, Act::Arrive { guest: 0 });
                script.at(-300, 200, Act::Enter);
                script.at(210, 400, Act::Admit { guest: 0 });
                script.at(210, 500, Act::HostMedia);
                if script.dice.chance(60) {
                    script.at(600, end.max(601), Act::GuestLost { guest: 0 });
                    script.at(700, end.max(701), Act::HostLeave);
                }
            }
            48..54 => {
                // Declined; perhaps forgiven and let in after all.
                script.at(-300, 100, Act::Arrive { guest: 0 });
                script.at(-300, 100, Act::Enter);
                script.at(110, 200, Act::Decline { guest: 0 });
                if script.dice.chance(50) {
                    script.at(210, 300, Act::Forgive { guest: 0 });
                    script.at(310, 400, Act::Arrive { guest: 0 });
                    script.at(410, 600, Act::Admit { guest: 0 });
                    script.at(410, 610, Act::HostMedia);
                    script.at(610, 700, Act::GuestMedia { guest: 0 });
                }
            }
            54..62 => {
                // A launch: its viewer is in at once, the presenter perhaps too late or not at all.
                let viewer = VIEWER;
                script.at(-2 * 86_400, -3_600, Act::Register);
                script.at(-300, 100, Act::Arrive { guest: viewer });
                script.at(110, 200, Act::GuestMedia { guest: viewer });
                if script.dice.chance(50) {
                    script.at(-300, 900, Act::Enter);
                    if script.dice.chance(50) {
                        script.at(910, 950, Act::HostMedia);
                    }
                }
                if script.dice.chance(50) {
                    script.at(300, end.max(301), Act::GuestLeave { guest: viewer });
                }
            }
            _ => script.meeting(end, two),
        }
        // An accident, or a click at the wrong moment.
        for _ in 0..script.dice.below(3) {
            let guest = script.dice.below(2);
            let act = *script.dice.pick(&[
                Act::Enter,
                Act::Colleague,
                Act::HostLost,
                Act::GuestLost { guest },
                Act::Arrive { guest },
                Act::Admit { guest },
                Act::Decline { guest },
                Act::Remove { guest },
                Act::Forgive { guest },
                Act::GuestMedia { guest },
                Act::GuestLeave { guest },
                Act::HostMedia,
                Act::End,
                Act::CancelAsGuest,
                Act::CancelAsStaff,
            ]);
            script.at(-900, end + 900, act);
        }
        // Time goes on, and the sweep with it.
        for seconds in [end + 360, end + 901, end + 4_600] {
            script.at(seconds, seconds + 1, Act::Nothing);
        }
        script.acts
    }

    /// Does it, and says whether it was allowed.
    async fn perform(&mut self, plan: &mut Plan, cast: &mut Cast, act: Act) -> bool {
        let place = self.places[plan.place].clone();
        let (_, clerk) = &place.clerks[plan.clerk];
        if act == Act::Schedule {
            return match self.use_cases.schedule(clerk, schedule(&place, *plan)).await {
                Ok(scheduled) => {
                    cast.id = Some(scheduled.consultation);
                    cast.guests.push(scheduled.guest);
                    cast.links.insert(0, scheduled.link.reveal().to_owned());
                    true
                }
                Err(error) if is_busy(&error) => false,
                Err(error) => panic!("{error:?}"),
            };
        }
        let Some(id) = cast.id else { return false };
        let use_cases = self.use_cases.clone();
        let link = |guest: usize| cast.links.get(&guest).cloned();
        let seat = |guest: usize| cast.seats.get(&guest).map(|seat| seat.id.visit);
        let acting = |seat: &Seat| Actor::from(seat.clone());
        let host = || cast.host.as_ref();
        match act {
            Act::Schedule | Act::Nothing => true,
            Act::Move => {
                let wish = Plan {
                    starts_at: self.plan().starts_at,
                    ..*plan
                };
                let moved =
                    wish.starts_at != plan.starts_at && ok(use_cases.change(clerk, change(&place, wish, id)).await);
                if moved {
                    *plan = wish;
                }
                moved
            }
            Act::HandOver => {
                let wish = Plan {
                    clerk: self.dice.below(place.clerks.len()),
                    service: self.dice.below(place.services.len()),
                    ..*plan
                };
                let done = ok(use_cases.change(clerk, change(&place, wish, id)).await);
                if done {
                    *plan = wish;
                }
                done
            }
            Act::AddGuest => match use_cases
                .add_guest(
                    clerk,
                    AddGuest {
                        consultation: id,
                        guest: guest("Second Guest", "second@example.org"),
                    },
                )
                .await
            {
                Ok((guest, link)) => {
                    cast.guests.push(guest);
                    cast.links.insert(1, link.reveal().to_owned());
                    true
                }
                other => ok(other.map(|_| ())),
            },
            Act::Register => {
                let open = use_cases.open_registration(clerk, id).await;
                let link = match open {
                    Ok(link) => use_cases.register(&Actor::with_link(link.reveal()), viewer()).await,
                    Err(error) => Err(error),
                };
                match link {
                    Ok(link) => {
                        cast.links.insert(VIEWER, link.reveal().to_owned());
                        true
                    }
                    Err(error) => ok(Err(error)),
                }
            }
            Act::CancelAsStaff => ok(use_cases
                .cancel(
                    clerk,
                    Cancel {
                        consultation: id,
                        reason: Reason::default(),
                    },
                )
                .await),
            Act::CancelAsGuest => match link(0) {
                // Where others are expected it is about this guest alone.
                Some(link) => match use_cases
                    .decline_invitation(&Actor::with_link(&link), Reason::default())
                    .await
                {
                    Ok(meaning) => meaning == Declination::Cancel,
                    Err(error) => ok(Err(error)),
                },
                None => false,
            },
            Act::Arrive { guest } => {
                let Some(link) = link(guest) else { return false };
                match use_cases.join(&Actor::with_link(&link), guest_joins()).await {
                    Ok(token) => {
                        let seat = use_cases.connect(token.reveal()).await.unwrap().unwrap();
                        cast.seats.insert(guest, seat);
                        true
                    }
                    Err(JoinError::Other(error)) => ok(Err(error)),
                    Err(_) => false,
                }
            }
            Act::Enter => match use_cases.enter(clerk, id).await {
                Ok(token) => {
                    cast.host = use_cases.connect(token.reveal()).await.unwrap().ok();
                    true
                }
                Err(error) => ok(Err(error)),
            },
            Act::Colleague => {
                let (_, colleague) = &place.clerks[(plan.clerk + 1) % place.clerks.len()];
                ok(use_cases.enter(colleague, id).await.map(|_| ()))
            }
            Act::Admit { guest } | Act::Decline { guest } | Act::Remove { guest } => {
                let (Some(host), Some(visit)) = (&cast.host, seat(guest)) else {
                    return false;
                };
                ok(match act {
                    Act::Admit { .. } => use_cases.admit(&acting(host), visit).await,
                    Act::Decline { .. } => use_cases.decline(&acting(host), visit).await,
                    _ => use_cases.remove(&acting(host), visit).await,
                })
            }
            Act::Forgive { guest } => {
                let (Some(host), Some(guest)) = (&cast.host, cast.guests.get(guest)) else {
                    return false;
                };
                ok(use_cases.allow_again(&acting(host), *guest).await)
            }
            Act::GuestMedia { guest } => {
                // The engine lets in only whom we let in.
                let Some(seat) = cast.seats.get(&guest) else {
                    return false;
                };
                let seat = acting(seat);
                match use_cases.credentials(&seat, &|_| {}).await {
                    Ok(_) => ok(use_cases.media_joined(&seat).await),
                    // They are not let in, or gone.
                    Err(_) => false,
                }
            }
            Act::HostMedia => match host() {
                Some(host) => ok(use_cases.media_joined(&acting(host)).await),
                None => false,
            },
            Act::GuestLeave { guest } => match cast.seats.get(&guest) {
                Some(guest) => ok(use_cases.leave(&acting(guest)).await),
                None => false,
            },
            Act::HostLeave => match host() {
                Some(host) => ok(use_cases.leave(&acting(host)).await),
                None => false,
            },
            Act::GuestLost { guest } => match seat(guest) {
                Some(visit) => ok(use_cases.disconnect(visit).await),
                None => false,
            },
            Act::HostLost => match host() {
                Some(host) => ok(use_cases.disconnect(host.id.visit).await),
                None => false,
            },
            Act::End => match &cast.host {
                Some(host) => ok(use_cases.end(&acting(host)).await),
                None => false,
            },
        }
    }
}

struct Script<'a> {
    starts_at: Timestamp,
    dice: &'a mut Dice,
    acts: Vec<(Timestamp, usize, Act)>,
}

impl Script<'_> {
    /// Somewhere between these seconds after the start.
    fn at(&mut self, from: i64, until: i64, act: Act) {
        let at = self.starts_at + self.dice.span(from, until);
        self.acts.push((at, self.acts.len() + 1, act));
    }

    /// It takes place, with what may happen in a meeting.
    fn meeting(&mut self, end: i64, two: bool) {
        self.at(-850, 120, Act::Arrive { guest: 0 });
        self.at(-300, 120, Act::Enter);
        self.at(121, 240, Act::Admit { guest: 0 });
        self.at(121, 300, Act::HostMedia);
        self.at(241, 300, Act::GuestMedia { guest: 0 });
        if two {
            self.at(-100, 400, Act::Arrive { guest: 1 });
            self.at(401, 500, Act::Admit { guest: 1 });
            self.at(501, 550, Act::GuestMedia { guest: 1 });
        }
        if self.dice.chance(25) {
            // Another tab, or a phone: they wait and are let in once more.
            self.at(310, 400, Act::Arrive { guest: 0 });
            self.at(410, 500, Act::Admit { guest: 0 });
            self.at(510, 520, Act::GuestMedia { guest: 0 });
        }
        if self.dice.chance(10) {
            self.at(530, 560, Act::Remove { guest: 0 });
        }
        if self.dice.chance(10) {
            self.at(-2 * 86_400, -3_600, Act::Register);
            self.at(-100, 500, Act::Arrive { guest: VIEWER });
            self.at(501, 550, Act::GuestMedia { guest: VIEWER });
            self.at(551, end.max(552), Act::GuestLeave { guest: VIEWER });
        }
        match self.dice.below(4) {
            0 => self.at(600, end.max(601), Act::End),
            1 => {
                self.at(600, end.max(601), Act::HostLeave);
                self.at(600, end.max(601), Act::GuestLeave { guest: 0 });
                self.at(600, end.max(601), Act::GuestLeave { guest: 1 });
            }
            2 => {
                self.at(600, end.max(601), Act::HostLost);
                self.at(600, end.max(601), Act::GuestLost { guest: 0 });
                self.at(600, end.max(601), Act::GuestLost { guest: 1 });
            }
            // The host forgets the tab; somebody ends it an hour later.
            _ => {
                self.at(600, end.max(601), Act::GuestLeave { guest: 0 });
                self.at(end + 3_000, end + 4_000, Act::End);
            }
        }
    }
}

/// Allowed, or refused in a way that people meet; anything else is a fault.
fn ok(result: Result<(), Error>) -> bool {
    match result {
        Ok(()) => true,
        Err(Error::Internal(error)) => panic!("{error:?}"),
        Err(_) => false,
    }
}

fn is_busy(error: &Error) -> bool {
    matches!(error, Error::Consultation(refusals) if matches!(refusals[..], [ConsultationRefusal::HostBusy { .. }]))
}

fn consultation_plan(place: &Place, plan: Plan) -> ConsultationPlan {
    ConsultationPlan {
        service: place.services[plan.service],
        host: place.clerks[plan.clerk].0,
        starts_at: plan.starts_at,
        length: Some(Minutes::new(u16::try_from(plan.minutes).unwrap()).unwrap()),
        zone: Zone::utc(),
        notes: Notes::default(),
        engine: None,
        meeting: None,
        webinar: false,
    }
}

fn schedule(place: &Place, plan: Plan) -> Schedule {
    Schedule {
        plan: consultation_plan(place, plan),
        guest: guest("First Guest", "first@example.org"),
    }
}

fn change(place: &Place, plan: Plan, consultation: ConsultationId) -> Change {
    Change {
        consultation,
        plan: consultation_plan(place, plan),
        guest: guest("First Guest", "first@example.org"),
        seen: None,
    }
}

fn guest_joins() -> Join {
    Join {
        name: "Guest".parse().unwrap(),
        agreed: None,
    }
}

// ---- the log, read by its own SQL ----

/// What the log says of one consultation.
#[derive(Clone, Debug)]
struct Told {
    branch: BranchId,
    service: ServiceId,
    host: AccountId,
    starts_at: Timestamp,
    outcome: Outcome,
    cancelled_at: Option<i64>,
    live_at: Option<i64>,
    ended_at: Option<i64>,
    moved_at: i64,
    stays: BTreeMap<i64, Stay>,
    /// From arrival to being let in by somebody, of each visit of a guest that was.
    waits: Vec<i64>,
}

/// One visit, as the log tells it.
#[derive(Clone, Debug)]
struct Stay {
    host: bool,
    arrived: i64,
    admitted: Option<i64>,
    media: Option<i64>,
    left: i64,
}

impl Told {
    fn side(&self, host: bool) -> impl Iterator<Item = &Stay> {
        self.stays.values().filter(move |stay| stay.host == host)
    }

    /// For how long each guest and each host had a media connection at the same time.
    fn together(&self) -> impl Iterator<Item = (i64, i64)> {
        self.side(false)
            .flat_map(|guest| self.side(true).map(move |host| (guest, host)))
            .filter_map(|(guest, host)| Some((guest.media?.max(host.media?), guest.left.min(host.left))))
            .filter(|(from, until)| from <= until)
    }

    /// 1 where it was cancelled when it should have begun already.
    fn late(&self) -> i64 {
        let late = |at: i64| self.starts_at.as_millisecond() <= at;
        i64::from(self.cancelled_at.is_some_and(late))
    }

    /// Who missed what never took place, by the words of the dashboard.
    fn missed_by(&self) -> Outcome {
        let for_this_time = |stay: &&Stay| self.moved_at <= stay.arrived;
        let guests: Vec<&Stay> = self.side(false).filter(for_this_time).collect();
        let hosts: Vec<&Stay> = self.side(true).filter(for_this_time).collect();
        let in_with_a_host = |guest: &&&Stay| {
            let meets = |from: i64| hosts.iter().any(|host| host.arrived <= guest.left && from <= host.left);
            guest.admitted.is_some_and(meets)
        };
        let last_host = hosts.iter().map(|host| host.left).max();
        if guests.iter().any(|guest| in_with_a_host(&guest)) {
            Outcome::MissedTechnical
        } else if guests
            .iter()
            .any(|guest| last_host.is_none_or(|left| guest.arrived <= left))
        {
            Outcome::MissedByHost
        } else {
            Outcome::MissedByGuest
        }
    }
}

struct Log {
    told: BTreeMap<i64, Told>,
    newest: i64,
}

fn text<'a>(data: &'a Value, key: &str) -> &'a str {
    data[key].as_str().unwrap()
}

fn number(data: &Value, key: &str) -> i64 {
    data[key].as_i64().unwrap()
}

impl Log {
    async fn read(path: &Path) -> Self {
        let mut db: SqliteConnection = SqliteConnectOptions::new()
            .filename(path)
            .read_only(true)
            .connect()
            .await
            .unwrap();
        let rows = sqlx::query(
            "select id, at, kind, consultation_id, guest_id, visit_id, actor_account_id, data from events order by id",
        )
        .fetch_all(&mut db)
        .await
        .unwrap();
        let mut log = Self {
            told: BTreeMap::new(),
            newest: 0,
        };
        for row in rows {
            log.newest = row.get("id");
            let at: i64 = row.get("at");
            let Some(id) = row.get::<Option<i64>, _>("consultation_id") else {
                continue;
            };
            let data: Value = serde_json::from_str(row.get("data")).unwrap();
            let kind: &str = row.get("kind");
            if kind == "scheduled" {
                let told = Told {
                    branch: BranchId(number(&data, "branch")),
                    service: ServiceId(number(&data, "service")),
                    host: AccountId(number(&data, "host")),
                    starts_at: text(&data, "starts_at").parse().unwrap(),
                    outcome: Outcome::Pending,
                    cancelled_at: None,
                    live_at: None,
                    ended_at: None,
                    moved_at: i64::MIN,
                    stays: BTreeMap::new(),
                    waits: Vec::new(),
                };
                assert!(log.told.insert(id, told).is_none(), "scheduled twice");
                continue;
            }
            let told = log.told.get_mut(&id).unwrap();
            let guest: Option<i64> = row.get("guest_id");
            let visit: Option<i64> = row.get("visit_id");
            match kind {
                "rescheduled" | "edited" => {
                    told.service = ServiceId(number(&data, "service"));
                    told.host = AccountId(number(&data, "host"));
                    if kind == "rescheduled" {
                        told.starts_at = text(&data, "starts_at").parse().unwrap();
                        told.moved_at = at;
                    }
                }
                "cancelled" => {
                    told.outcome = match text(&data, "by") {
                        "guest" => Outcome::CancelledByGuest,
                        _ => Outcome::CancelledByStaff,
                    };
                    told.cancelled_at = Some(at);
                }
                // What it says of the side is for people; here it follows from who came and went.
                "missed" => told.outcome = Outcome::MissedTechnical,
                "went_live" => {
                    told.outcome = Outcome::Kept;
                    told.live_at = Some(at);
                }
                "ended" => told.ended_at = Some(at),
                "arrived" => {
                    let stay = Stay {
                        host: guest.is_none(),
                        arrived: at,
                        admitted: None,
                        media: None,
                        left: i64::MAX,
                    };
                    told.stays.insert(visit.unwrap(), stay);
                }
                "admitted" => {
                    let stay = told.stays.get_mut(&visit.unwrap()).unwrap();
                    stay.admitted = Some(at);
                    // By nobody: by a rule.
                    if row.get::<Option<i64>, _>("actor_account_id").is_some() {
                        told.waits.push(at - stay.arrived);
                    }
                }
                "media_joined" => told.stays.get_mut(&visit.unwrap()).unwrap().media = Some(at),
                "left" => told.stays.get_mut(&visit.unwrap()).unwrap().left = at,
                _ => {}
            }
        }
        for told in log.told.values_mut() {
            if told.outcome == Outcome::MissedTechnical {
                told.outcome = told.missed_by();
            }
            assert_eq!(told.live_at, told.together().map(|(from, _)| from).min(), "{told:?}");
            if told.ended_at.is_some() {
                assert_eq!(told.ended_at, told.together().map(|(_, until)| until).max(), "{told:?}");
            }
        }
        log
    }

    /// A history in which something never happened would prove nothing about it.
    fn must_hold_every_outcome(&self, seed: u64) {
        assert!(200 <= self.told.len(), "seed {seed}: {} consultations", self.told.len());
        for outcome in Outcome::ALL {
            let count = self.told.values().filter(|told| told.outcome == outcome).count();
            assert!(3 <= count, "seed {seed}: {outcome:?} {count} times");
        }
        let late: i64 = self.told.values().map(Told::late).sum();
        assert!(2 <= late, "seed {seed}: {late} cancelled late");
        let waits: usize = self.told.values().map(|told| told.waits.len()).sum();
        assert!(80 <= waits, "seed {seed}: {waits} waits");
        let by_rule = |told: &&Told| told.side(false).any(|stay| stay.admitted == Some(stay.arrived));
        let viewers = self.told.values().filter(by_rule);
        let missed = viewers.filter(|told| told.outcome == Outcome::MissedByHost).count();
        assert!(2 <= missed, "seed {seed}: {missed} launches without their presenter");
    }

    fn within(&self, range: &Range) -> Vec<&Told> {
        self.told
            .values()
            .filter(|told| {
                let date = range.zone.at(told.starts_at).date();
                range.from <= date
                    && date <= range.to
                    && range.branch.is_none_or(|branch| branch == told.branch)
                    && range.service.is_none_or(|service| service == told.service)
                    && range.host.is_none_or(|host| host == told.host)
            })
            .collect()
    }
}

/// By the definition's own words: the smallest that at least so many per cent do not exceed.
fn percentile(values: &[i64], percent: usize) -> Option<i64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let enough = |value: &i64| percent * values.len() <= 100 * sorted.iter().filter(|other| *other <= value).count();
    sorted.iter().find(|value| enough(value)).copied()
}

fn spread(values: &[i64]) -> Spread {
    Spread {
        count: i64::try_from(values.len()).unwrap(),
        p50: percentile(values, 50),
        p90: percentile(values, 90),
    }
}

fn add(counts: &mut Counts, told: &Told) {
    counts.add(told.outcome, 1);
    counts.cancelled_late += told.late();
}

fn count<'a>(of: impl IntoIterator<Item = &'a &'a Told>) -> Counts {
    let mut counts = Counts::default();
    for told in of {
        add(&mut counts, told);
    }
    counts
}

/// Those groups that hold something, by key.
fn shown(groups: &[Group]) -> BTreeMap<String, Counts> {
    groups
        .iter()
        .filter(|group| group.counts.scheduled() != 0)
        .map(|group| (group.key.clone(), group.counts))
        .collect()
}

fn grouped<'a>(told: &[&'a Told], key: impl Fn(&'a Told) -> String) -> BTreeMap<String, Counts> {
    let mut groups: BTreeMap<String, Counts> = BTreeMap::new();
    for one in told {
        add(groups.entry(key(one)).or_default(), one);
    }
    groups
}

impl History {
    /// Every range, zone and filter that a page can ask for.
    fn ranges(&self) -> Vec<Range> {
        let whole = |zone: &str| Range {
            from: date(2027, 3, 20),
            to: date(2027, 4, 2),
            zone: zone.parse().unwrap(),
            branch: None,
            service: None,
            host: None,
        };
        let mut ranges = vec![
            whole(ZONE),
            whole("America/New_York"),
            whole("Pacific/Auckland"),
            whole("UTC"),
        ];
        ranges.extend(
            FIRST_DAY
                .series(jiff::Span::new().days(1))
                .take_while(|date| *date <= LAST_DAY)
                .map(|date| Range {
                    from: date,
                    to: date,
                    ..whole(ZONE)
                }),
        );
        for place in &self.places {
            ranges.push(Range {
                branch: Some(place.branch),
                ..whole(ZONE)
            });
            let services = place.services.iter();
            ranges.extend(services.map(|service| Range {
                service: Some(*service),
                ..whole(ZONE)
            }));
            let hosts = place.clerks.iter().map(|clerk| clerk.0);
            ranges.extend(hosts.map(|host| Range {
                host: Some(host),
                from: date(2027, 3, 25),
                ..whole(ZONE)
            }));
        }
        // What nothing can be in.
        let (branch, host) = (Some(self.places[0].branch), Some(self.places[1].clerks[0].0));
        ranges.push(Range {
            branch,
            host,
            ..whole(ZONE)
        });
        ranges
    }

    async fn compare_with(&self, log: &Log, seed: u64) {
        for range in self.ranges() {
            let told = log.within(&range);
            let figures = self.use_cases.figures(&self.admin, range.clone()).await.unwrap();
            let here = format!("seed {seed}, {range:?}");
            assert_eq!(figures.counts, count(&told), "{here}");
            let waits: Vec<i64> = told.iter().flat_map(|told| told.waits.clone()).collect();
            assert_eq!(figures.wait, spread(&waits), "{here}");
            let lengths: Vec<i64> = told
                .iter()
                .filter_map(|told| Some(told.ended_at? - told.live_at?))
                .collect();
            assert_eq!(figures.length, spread(&lengths), "{here}");
            assert_eq!(
                shown(&figures.by_branch),
                grouped(&told, |told| told.branch.to_string()),
                "{here}"
            );
            assert_eq!(
                shown(&figures.by_service),
                grouped(&told, |told| told.service.to_string()),
                "{here}"
            );
            assert_eq!(
                shown(&figures.by_host),
                grouped(&told, |told| told.host.to_string()),
                "{here}"
            );
            let days = grouped(&told, |told| range.zone.at(told.starts_at).date().to_string());
            assert_eq!(shown(&figures.by_day), days, "{here}");
            let every_day: Vec<String> = range
                .from
                .series(jiff::Span::new().days(1))
                .take_while(|date| *date <= range.to)
                .map(|date| date.to_string())
                .collect();
            let keys: Vec<String> = figures.by_day.iter().map(|group| group.key.clone()).collect();
            assert_eq!(keys, every_day, "{here}");
            assert_eq!(figures.as_of_event, anteroom_domain::id::EventId(log.newest), "{here}");
            self.drill_down(&figures).await;
        }
    }

    /// Behind each figure stand as many consultations as it says, on the list and in the export.
    async fn drill_down(&self, figures: &Figures) {
        let Range {
            from,
            to,
            zone,
            branch,
            service,
            host,
        } = figures.range.clone();
        let query = ListQuery {
            from: day(from, &zone).map(|day| day.from),
            until: day(to, &zone).map(|day| day.until),
            branch,
            service,
            host,
            page: 1,
            ..ListQuery::default()
        };
        let exported = self.use_cases.export(&self.admin, query.clone()).await.unwrap();
        let ids: BTreeSet<i64> = exported.iter().map(|row| row.row.id.0).collect();
        assert_eq!(i64::try_from(ids.len()).unwrap(), figures.counts.scheduled());
        assert_eq!(ids.len(), exported.len(), "a row stands in the export twice");
        for outcome in Outcome::ALL {
            let query = ListQuery {
                outcome: Some(outcome),
                ..query.clone()
            };
            let page = self.use_cases.consultations(&self.admin, query).await.unwrap();
            assert_eq!(page.total, figures.counts.of(outcome), "{outcome:?}");
        }
    }
}

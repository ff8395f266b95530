//! An engine that implements the two ports and nothing else carries consultations: whatever the use cases need of an engine,
//! they ask through `Meetings` and `Provisioning`. It stands in the built-in engine's place.

use std::sync::{Arc, Mutex};

use anteroom_domain::account::AccountRole;
use anteroom_domain::consultation::{Consultation, ConsultationPlan, ExternalMeeting, ProvisionedMeeting, State};
use anteroom_domain::id::{AccountId, BranchId, ConsultationId, ServiceId, VisitId};
use anteroom_domain::organisation::Engine;
use anteroom_domain::refusal::EntryRefusal;
use anteroom_domain::trouble::Trouble;
use anteroom_domain::value::{Notes, Reason};
use anteroom_domain::view::Health;
use anteroom_domain::visit::{Publish, Role};
use anteroom_protocol::credentials::Credentials;
use anteroom_protocol::teams::TeamsToken;
use anteroom_service::port::{
    EngineError, FixedClock, Issued, JoinRequest, LocalBus, Meetings, NoMeetings, Provisioning, SeatId, SeededEntropy,
};
use anteroom_service::{
    Actor, Cancel, Change, Chosen, Engines, Join, NewAccount, Progress, Schedule, Scheduled, Secret, UseCases,
};
use anteroom_storage::SqliteStore;
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

use super::support::at;
use super::support::terms::{branch, guest, new_account, service};

/// Nobody meets anybody: it keeps a list of what it was asked.
#[derive(Default)]
struct Loopback {
    asked: Mutex<Vec<Asked>>,
    is_down: Mutex<bool>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Asked {
    Prepare(ConsultationId, Timestamp),
    Discard(String),
    Credentials(Role, Option<String>),
    Refresh(String),
    Forget(String),
    Remove(VisitId),
    End(ConsultationId),
}

impl Loopback {
    fn note(&self, asked: Asked) -> Result<(), EngineError> {
        if *self.is_down.lock().unwrap() {
            return Err(EngineError::refused(EntryRefusal::Unreachable, Trouble::EngineStopped));
        }
        self.asked.lock().unwrap().push(asked);
        Ok(())
    }

    /// What it was asked since the last look.
    fn heard(&self) -> Vec<Asked> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }

    fn is_down(&self, is_down: bool) {
        *self.is_down.lock().unwrap() = is_down;
    }
}

#[async_trait]
impl Meetings for Loopback {
    async fn credentials(&self, request: JoinRequest<'_>) -> Result<Issued, EngineError> {
        let (role, before) = (request.seat.role, request.identity.map(str::to_owned));
        let identity = match (role, &before) {
            (Role::Host, _) | (_, Some(_)) => None,
            (_, None) => {
                request.ticket.position(1);
                request.ticket.called().await?;
                Some(format!("identity of {}", request.seat.visit))
            }
        };
        self.note(Asked::Credentials(role, before))?;
        Ok(Issued {
            credentials: Credentials::Builtin { publish: Publish::All },
            identity,
        })
    }

    async fn remove(&self, seat: SeatId) -> Result<(), EngineError> {
        self.note(Asked::Remove(seat.visit))
    }

    async fn end(&self, consultation: ConsultationId) -> Result<(), EngineError> {
        self.note(Asked::End(consultation))
    }

    async fn health(&self) -> Result<(), EngineError> {
        if *self.is_down.lock().unwrap() {
            Err(EngineError::refused(EntryRefusal::NotNow, Trouble::EngineStopped))
        } else {
            Ok(())
        }
    }
}

#[async_trait]
impl Provisioning for Loopback {
    async fn prepare(
        &self,
        consultation: &Consultation,
        _: &str,
        key: &str,
    ) -> Result<Option<ExternalMeeting>, EngineError> {
        assert!(key.contains(&consultation.id.to_string()), "{key}");
        self.note(Asked::Prepare(consultation.id, consultation.starts_at))?;
        if consultation.meeting.is_some() {
            return Ok(None);
        }
        Ok(Some(ExternalMeeting {
            link: "https://teams.microsoft.com/meet/23456789012?p=abcdef".parse().unwrap(),
            provisioned: Some(ProvisionedMeeting {
                organizer: "loopback".into(),
                id: format!("meeting of {}", consultation.id),
            }),
        }))
    }

    async fn discard(&self, made: &ProvisionedMeeting) -> Result<(), EngineError> {
        self.note(Asked::Discard(made.id.clone()))
    }

    async fn refresh(&self, consultation: &Consultation, identity: &str) -> Result<TeamsToken, EngineError> {
        self.note(Asked::Refresh(identity.to_owned()))?;
        Ok(TeamsToken {
            token: "fresh".into(),
            expires_on: consultation.ends_at.to_string(),
        })
    }

    async fn forget(&self, identity: &str) -> Result<(), EngineError> {
        self.note(Asked::Forget(identity.to_owned()))
    }

    fn condition(&self) -> Health {
        Health::default()
    }
}

/// A branch with one clerk, whose meetings are on a loopback.
struct House {
    use_cases: UseCases,
    loopback: Arc<Loopback>,
    clock: Arc<FixedClock>,
    store: SqliteStore,
    clerk: Actor,
    host: AccountId,
    service: ServiceId,
    _folder: TempDir,
}

impl House {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&folder.path().join("anteroom.db")).await.unwrap();
        let clock = Arc::new(FixedClock::at(at("2027-03-01T08:00:00Z")));
        let loopback = Arc::new(Loopback::default());
        let engines = Engines::builtin(NoMeetings).with(Engine::Builtin, loopback.clone(), Some(loopback.clone()));
        let use_cases = UseCases::new(
            Arc::new(store.clone()),
            clock.clone(),
            Arc::new(SeededEntropy::new(3)),
            Arc::new(LocalBus::default()),
            engines,
        );
        let owner = NewAccount {
            chosen: Chosen::ByOwner,
            branch: None,
            ..new_account(BranchId(0), AccountRole::Admin, "admin@example.org")
        };
        let admin = use_cases.set_up(owner).await.unwrap();
        let north = use_cases.add_branch(&admin, branch("North")).await.unwrap();
        let service = use_cases.add_service(&admin, service(north, "Loans")).await.unwrap();
        let clerk = new_account(north, AccountRole::Clerk, "anna@example.org");
        let host = use_cases.create_account(&admin, clerk).await.unwrap();
        let clerk = use_cases.vouch(host).await.unwrap();
        Self {
            use_cases,
            loopback,
            clock,
            store,
            clerk,
            host,
            service,
            _folder: folder,
        }
    }

    fn plan(&self, starts_at: &str) -> ConsultationPlan {
        ConsultationPlan {
            service: self.service,
            host: self.host,
            starts_at: at(starts_at),
            length: None,
            zone: "UTC".parse().unwrap(),
            notes: Notes::default(),
            engine: None,
            meeting: None,
            webinar: false,
        }
    }

    async fn schedule(&self, starts_at: &str) -> Scheduled {
        let command = Schedule {
            plan: self.plan(starts_at),
            guest: guest(),
        };
        self.use_cases.schedule(&self.clerk, command).await.unwrap()
    }

    /// Whoever has the seat of this token.
    async fn participant(&self, token: &Secret) -> (Actor, VisitId) {
        let seat = self.use_cases.seat(token.reveal()).await.unwrap().unwrap();
        let visit = seat.id.visit;
        (seat.into(), visit)
    }

    async fn join(&self, scheduled: &Scheduled) -> (Actor, VisitId) {
        let command = Join {
            name: "Zeb".parse().unwrap(),
            agreed: None,
        };
        let link = Actor::with_link(scheduled.link.reveal());
        let token = self.use_cases.join(&link, command).await.unwrap();
        self.participant(&token).await
    }

    async fn state(&self, scheduled: &Scheduled) -> State {
        let details = self.use_cases.consultation(&self.clerk, scheduled.consultation);
        details.await.unwrap().consultation.state
    }

    async fn jobs(&self) -> Vec<Asked> {
        self.use_cases.run_due_jobs().await.unwrap();
        self.loopback.heard()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consultation_goes_from_its_schedule_to_its_end_on_an_engine_of_the_two_ports() {
    let house = House::open().await;
    let use_cases = &house.use_cases;
    let scheduled = house.schedule("2027-03-01T10:00:00Z").await;
    let id = scheduled.consultation;
    assert_eq!(house.jobs().await, [Asked::Prepare(id, at("2027-03-01T10:00:00Z"))]);
    let change = Change {
        consultation: id,
        plan: house.plan("2027-03-01T10:30:00Z"),
        guest: guest(),
        seen: None,
    };
    use_cases.change(&house.clerk, change).await.unwrap();
    assert_eq!(house.jobs().await, [Asked::Prepare(id, at("2027-03-01T10:30:00Z"))]);

    house.clock.set(at("2027-03-01T10:25:00Z"));
    let (guest, visit) = house.join(&scheduled).await;
    let refused = use_cases.credentials(&guest, &|_| {}).await.unwrap_err();
    assert_eq!(refused.guest, EntryRefusal::NotIn, "our lobby decides");
    assert_eq!(house.loopback.heard(), []);
    let (host, _) = house
        .participant(&use_cases.enter(&house.clerk, id).await.unwrap())
        .await;
    use_cases.admit(&host, visit).await.unwrap();
    let queued = Mutex::new(Vec::new());
    let tell = |progress| queued.lock().unwrap().push(progress);
    use_cases.credentials(&guest, &tell).await.unwrap();
    assert_eq!(*queued.lock().unwrap(), [Progress::Queued(1), Progress::Sending]);
    use_cases.credentials(&host, &|_| {}).await.unwrap();
    let identity = format!("identity of {visit}");
    use_cases.credentials(&guest, &|_| {}).await.unwrap();
    let token = use_cases.refresh_token(&guest).await.unwrap();
    assert_eq!(token.token, "fresh");
    assert_eq!(
        house.loopback.heard(),
        [
            Asked::Credentials(Role::Guest, None),
            Asked::Credentials(Role::Host, None),
            Asked::Credentials(Role::Guest, Some(identity.clone())),
            Asked::Refresh(identity.clone()),
        ],
        "who has an identity is given no second one"
    );
    use_cases.media_joined(&guest).await.unwrap();
    assert_eq!(house.state(&scheduled).await, State::Open);
    use_cases.media_joined(&host).await.unwrap();
    assert_eq!(house.state(&scheduled).await, State::Live);

    use_cases.remove(&host, visit).await.unwrap();
    assert_eq!(house.loopback.heard(), [Asked::Remove(visit)]);
    assert_eq!(house.jobs().await, [Asked::Forget(identity)]);
    use_cases.end(&host).await.unwrap();
    assert_eq!(house.state(&scheduled).await, State::Ended);
    assert_eq!(house.loopback.heard(), [Asked::End(id)]);
    house.store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_engine_made_for_a_cancelled_consultation_is_taken_back_once_it_answers_again() {
    let house = House::open().await;
    let scheduled = house.schedule("2027-03-01T10:00:00Z").await;
    house.jobs().await;
    house.use_cases.ready().await.unwrap();
    house.loopback.is_down(true);
    assert!(house.use_cases.ready().await.is_err());
    let cancel = Cancel {
        consultation: scheduled.consultation,
        reason: Reason::default(),
    };
    house.use_cases.cancel(&house.clerk, cancel).await.unwrap();
    assert_eq!(house.jobs().await, []);
    house.loopback.is_down(false);
    house.clock.advance(SignedDuration::from_secs(10));
    let made = format!("meeting of {}", scheduled.consultation);
    assert_eq!(house.jobs().await, [Asked::Discard(made)]);
    house.store.close().await;
}

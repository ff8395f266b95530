//! Who may do what: every use case, by every kind of actor, against one table.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anteroom_app::forms::ConsultationForm;
use anteroom_domain::account::{AccountRole, AccountTerms};
use anteroom_domain::consultation::ConsultationPlan;
use anteroom_domain::figures::Range;
use anteroom_domain::guest::GuestTerms;
use anteroom_domain::id::{
    AccountId, BranchId, ConsultationId, GuestId, IdentityId, JobId, ServiceId, SessionId, VisitId,
};
use anteroom_domain::refusal::{ConsultationRefusal, EntryRefusal};
use anteroom_domain::teams::Announcement;
use anteroom_domain::value::{Notes, Reason, Stars};
use anteroom_domain::view::ListQuery;
use anteroom_domain::visit::TeamsPresence;
use anteroom_service::port::{EngineError, FixedClock, LocalBus, NoMeetings, SeededEntropy};
use anteroom_service::{
    Actor, AddGuest, Cancel, Change, ChangeGuest, ChangePassword, Engines, Error, Join, JoinError, NoteOutcome,
    NoticeShown, OfGuest, Register, ReportPresence, SaveAccount, SaveBranch, SaveService, Schedule, TeamsCallEnd,
    UseCases,
};
use anteroom_storage::SqliteStore;
use futures::future::BoxFuture;

use super::support::terms::{branch, guest, new_account, service};
use super::support::{PASSWORD, TestApp, at, database, terms};

/// The actors, and what each may do: `+` it is done; `.` it is theirs to ask, and there is nothing to do or it has no use
/// now; `F` it is not for them; `N` it is not there for them; `I` a choice that is not theirs.
///
/// An admin of the whole organisation, an admin of the branch, its clerk who is the host, a clerk of the other branch;
/// whoever holds the guest's link, the registration link, an unknown link; the guest in their seat, the host in theirs, a
/// guest who waits for another consultation in their seat. (Reports from Teams are of no use on the built-in engine.)
const MATRIX: &str = "
schedule              + + + I F F F F F F
change                + + + N F F F F F F
cancel                + + + N F F F F F F
note_outcome          + + + N F F F F F F
consultation          + + + N F F F F F F
consultations         + + + + F F F F F F
day                   + + + + F F F F F F
waiting               + + + + F F F F F F
add_guest             + + + N F F F F F F
change_guest          + + + N F F F F F F
remove_guest          + + + N F F F F F F
restore_guest         + + + N F F F F F F
make_link             + + + N F F F F F F
revoke_links          + + + N F F F F F F
open_registration     + + + N F F F F F F
close_registration    + + + N F F F F F F
enter                 + + + N F F F F F F
choices               + + + + F F F F F F
organisation          + + + + F F F F F F
add_branch            + F F F F F F F F F
save_branch           + + F F F F F F F F
add_service           + + F F F F F F F F
save_service          + + F F F F F F F F
consents              + + F F F F F F F F
save_account          + + F F F F F F F F
create_account        + + F F F F F F F F
figures               + + F F F F F F F F
export                + + F F F F F F F F
teams                 + + F F F F F F F F
set_tenants           + F F F F F F F F F
acknowledge_identity  + + F F F F F F F F
jobs                  + + F F F F F F F F
try_job_again         + + F F F F F F F F
open_sessions         + + + + F F F F F F
end_own_session       N N + N F F F F F F
sign_out_everywhere   + + + + F F F F F F
change_password       + + + + F F F F F F
is_link               F F F F + + + F F F
language              + + + + + + + + + +
choose_language       + + + + + N N F F F
join                  F F F F + N N F F F
rate                  F F F F . N N F F F
decline_invitation    F F F F . N N F F F
register              F F F F N + N F F F
credentials           F F F F F F F + + F
refresh_token         F F F F F F F F F F
open_in_teams         F F F F F F F + + F
report_presence       F F F F F F F F F F
ended_in_teams        F F F F F F F F F F
notice_shown          F F F F F F F F F F
consent_given         F F F F F F F F F F
wrote_in_teams        F F F F F F F F F F
media_joined          F F F F F F F + + F
chat                  F F F F F F F + + F
chat_so_far           F F F F F F F + + F
leave                 F F F F F F F + + +
admit                 F F F F F F F F + F
decline               F F F F F F F F + F
remove                F F F F F F F F + F
allow_again           F F F F F F F F + F
end                   F F F F F F F F + F
landing               F F F F + N N F F F
calendar_entry        F F F F + N N F F F
registration          F F F F N + N F F F
";

const ACTORS: [&str; 10] = [
    "boss",
    "branch admin",
    "clerk",
    "other clerk",
    "guest's link",
    "registration link",
    "unknown link",
    "guest's seat",
    "host's seat",
    "other seat",
];

/// What everything is called in the database that is copied for each try.
#[derive(Clone)]
struct House {
    at: PathBuf,
    branch: BranchId,
    service: ServiceId,
    clerk: AccountId,
    session: SessionId,
    consultation: ConsultationId,
    guest: GuestId,
    /// Of the guest, who is in.
    visit: VisitId,
    /// Of another guest, who waits.
    waiting: VisitId,
    declined: GuestId,
    accounts: [AccountId; 4],
    links: [String; 3],
    tokens: [String; 3],
    host: AccountId,
}

impl House {
    async fn copy(&self, folder: &Path) -> (UseCases, SqliteStore) {
        let copy = folder.join("anteroom.db");
        std::fs::copy(&self.at, &copy).unwrap();
        let store = SqliteStore::open(&copy).await.unwrap();
        let use_cases = UseCases::new(
            Arc::new(store.clone()),
            Arc::new(FixedClock::at(at("2027-03-01T09:00:00Z"))),
            Arc::new(SeededEntropy::new(5)),
            Arc::new(LocalBus::default()),
            Engines::builtin(NoMeetings),
        );
        (use_cases, store)
    }

    fn of(&self, guest: GuestId) -> OfGuest {
        OfGuest {
            consultation: self.consultation,
            guest,
        }
    }

    fn plan(&self, starts_at: &str) -> ConsultationPlan {
        ConsultationPlan {
            service: self.service,
            host: self.host,
            starts_at: at(starts_at),
            length: None,
            zone: "Europe/Berlin".parse().unwrap(),
            notes: Notes::default(),
            engine: None,
            meeting: None,
            webinar: false,
        }
    }

    /// Another one.
    fn schedule(&self) -> Schedule {
        Schedule {
            plan: self.plan("2027-03-01T13:00:00Z"),
            guest: guest(),
        }
    }

    fn change(&self) -> Change {
        Change {
            consultation: self.consultation,
            plan: self.plan("2027-03-01T09:00:00Z"),
            guest: guest(),
            seen: None,
        }
    }

    async fn actor(&self, use_cases: &UseCases, which: usize) -> Actor {
        match which {
            0..4 => use_cases.vouch(self.accounts[which]).await.unwrap(),
            4..7 => Actor::with_link(&self.links[which - 4]),
            _ => use_cases.seat(&self.tokens[which - 7]).await.unwrap().unwrap().into(),
        }
    }
}

/// A letter of the table.
trait Letter {
    fn letter(&self) -> char;
}

impl<T> Letter for Result<T, Error> {
    fn letter(&self) -> char {
        match self {
            Ok(_) => '+',
            Err(Error::Forbidden) => 'F',
            Err(Error::NotFound) => 'N',
            Err(Error::Consultation(refusals)) if refusals.contains(&ConsultationRefusal::UnknownService) => 'I',
            Err(Error::Internal(error)) => panic!("{error}"),
            Err(_) => '.',
        }
    }
}

impl<T> Letter for Result<T, JoinError> {
    fn letter(&self) -> char {
        match self {
            Ok(_) => '+',
            Err(JoinError::Unknown) => 'N',
            Err(JoinError::Other(Error::Forbidden)) => 'F',
            Err(JoinError::Other(error)) => panic!("{error}"),
            Err(_) => '.',
        }
    }
}

impl<T> Letter for Result<T, EngineError> {
    fn letter(&self) -> char {
        match self {
            Ok(_) => '+',
            Err(error) if error.guest == EntryRefusal::NotIn => 'F',
            Err(_) => '.',
        }
    }
}

type Try = Box<dyn Fn(UseCases, Actor, House) -> BoxFuture<'static, char>>;

macro_rules! tries {
    (|$house:ident| $($verb:ident($($argument:expr),* $(,)?)),* $(,)?) => {
        vec![$({
            let run: Try = Box::new(|use_cases, actor, $house| Box::pin(async move {
                let _ = &$house;
                use_cases.$verb(&actor, $($argument),*).await.letter()
            }));
            (stringify!($verb), run)
        }),*]
    };
}

fn tries() -> Vec<(&'static str, Try)> {
    let mut tries = tries! { |house|
        // Consultations, as staff see them.
        schedule(house.schedule()),
        change(house.change()),
        cancel(Cancel { consultation: house.consultation, reason: Reason::default() }),
        note_outcome(NoteOutcome {
            consultation: house.consultation,
            conclusion: None,
            outcome: "It went well.".parse().unwrap(),
        }),
        consultation(house.consultation),
        consultations(ListQuery::default()),
        day(None),
        waiting(),
        add_guest(AddGuest { consultation: house.consultation, guest: guest() }),
        change_guest(ChangeGuest {
            consultation: house.consultation,
            guest: house.guest,
            terms: guest(),
        }),
        remove_guest(house.of(house.guest)),
        restore_guest(house.of(house.declined)),
        make_link(house.of(house.guest)),
        revoke_links(house.of(house.guest)),
        open_registration(house.consultation),
        close_registration(house.consultation),
        enter(house.consultation),
        // The organisation.
        choices(),
        organisation(),
        add_branch(branch("West")),
        save_branch(SaveBranch { branch: house.branch, terms: branch("North-West") }),
        add_service(service(house.branch, "Loans")),
        save_service(SaveService {
            service: house.service,
            terms: service(house.branch, "Mortgages"),
        }),
        consents(house.service),
        save_account(SaveAccount { account: house.clerk, terms: terms(house.branch), password: None }),
        create_account(new_account(house.branch, AccountRole::Clerk, "new@example.org")),
        figures(range()),
        export(ListQuery::default()),
        teams(),
        set_tenants(Vec::new()),
        acknowledge_identity(IdentityId(1)),
        jobs(),
        try_job_again(JobId(1)),
        // One's own account.
        open_sessions(),
        end_own_session(house.session),
        sign_out_everywhere(None),
        change_password(ChangePassword {
            browser: None,
            current: PASSWORD,
            new: "another correct horse".parse().unwrap(),
        }),
        // With a link.
        is_link(),
        language(),
        choose_language("tr".parse().unwrap()),
        join(Join { name: "Zeb".parse().unwrap(), agreed: None }),
        rate(Stars::new(5).unwrap()),
        decline_invitation(Reason::default()),
        register(register()),
        // From a seat.
        credentials(&|_| {}),
        refresh_token(),
        open_in_teams(),
        report_presence(ReportPresence { presence: TeamsPresence::In, with_host: false }),
        ended_in_teams(TeamsCallEnd { code: 0, sub_code: 0 }),
        notice_shown(NoticeShown { notice: Announcement::Recording, version: 1 }),
        consent_given(1),
        wrote_in_teams(),
        media_joined(),
        chat("Good morning".parse().unwrap()),
        chat_so_far(),
        leave(),
        admit(house.waiting),
        decline(house.waiting),
        remove(house.visit),
        allow_again(house.declined),
        end(),
    };
    // What a link leads to is nothing, where the link is unknown.
    macro_rules! found {
        ($verb:ident) => {{
            let run: Try = Box::new(|use_cases, actor, _| {
                Box::pin(async move {
                    let found = use_cases.$verb(&actor).await;
                    found.and_then(|found| found.ok_or(Error::NotFound)).letter()
                })
            });
            (stringify!($verb), run)
        }};
    }
    tries.extend([found!(landing), found!(calendar_entry), found!(registration)]);
    tries
}

fn terms(branch: BranchId) -> AccountTerms {
    AccountTerms {
        name: "Nora New".parse().unwrap(),
        role: AccountRole::Clerk,
        branch: Some(branch),
        zone: "UTC".parse().unwrap(),
        entra_id: None,
        active: true,
    }
}

fn range() -> Range {
    Range {
        from: "2027-03-01".parse().unwrap(),
        to: "2027-03-01".parse().unwrap(),
        zone: "UTC".parse().unwrap(),
        branch: None,
        service: None,
        host: None,
    }
}

fn register() -> Register {
    Register {
        name: "Vera Viewer".parse().unwrap(),
        email: "vera@example.org".parse().unwrap(),
        zone: None,
        language: None,
    }
}

/// The use cases that take an actor, as they stand in the code.
fn in_the_code() -> BTreeSet<String> {
    fn walk(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for part in text.split("pub async fn ").skip(1) {
                let head = part.split('{').next().unwrap();
                if head.contains("actor: &Actor") {
                    found.insert(part.split('(').next().unwrap().to_owned());
                }
            }
        }
    }
    let mut found = BTreeSet::new();
    let service = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/service/src");
    walk(&service, &mut found);
    found
}

/// A consultation in the middle of it: the guest and the host are in, another guest waits, a third was declined.
async fn house() -> (House, TestApp) {
    let (mut app, mut anna, booked) = TestApp::soon().await;
    let use_cases = app.use_cases().clone();
    let boss = use_cases.vouch(AccountId(1)).await.unwrap();
    let clerk = use_cases.vouch(app.anna).await.unwrap();
    let session = use_cases.open_sessions(&clerk).await.unwrap()[0].id;
    let branch = BranchId(1);
    let branch_admin = new_account(branch, AccountRole::Admin, "nadja@example.org");
    let branch_admin = use_cases.create_account(&boss, branch_admin).await.unwrap();
    let ((guests, guest), (hosts, _host)) = app.meet(&mut anna, &booked).await;
    let visit = guest.room.clone().unwrap().you.visit;
    let host: Actor = use_cases.seat(&hosts).await.unwrap().unwrap().into();
    let mut waiting = Vec::new();
    let mut added = Vec::new();
    for name in ["Waiting Guest", "Declined Guest"] {
        let add = AddGuest {
            consultation: booked.id,
            guest: GuestTerms {
                name: name.parse().unwrap(),
                ..terms::guest()
            },
        };
        let (guest, link) = use_cases.add_guest(&clerk, add).await.unwrap();
        let link = Actor::with_link(link.reveal());
        let join = Join {
            name: name.parse().unwrap(),
            agreed: None,
        };
        let token = use_cases.join(&link, join).await.unwrap();
        let seat = use_cases.seat(token.reveal()).await.unwrap().unwrap();
        waiting.push(seat.id.visit);
        added.push(guest);
    }
    use_cases.decline(&host, waiting[1]).await.unwrap();
    let registration = use_cases.open_registration(&clerk, booked.id).await.unwrap();
    let elsewhere = ConsultationForm {
        host: app.ben.to_string(),
        ..app.form("10:00")
    };
    let other = app.book(&mut anna, &elsewhere).await;
    let others = app.join(&other.secret, "Olga").await;
    let house = House {
        at: app.database(),
        branch,
        service: app.advice,
        clerk: app.anna,
        session,
        consultation: booked.id,
        guest: booked.guest,
        visit,
        waiting: waiting[0],
        declined: added[1],
        accounts: [AccountId(1), branch_admin, app.anna, app.carla],
        links: [booked.secret.clone(), registration.reveal().to_owned(), "A".repeat(32)],
        tokens: [guests, hosts, others],
        host: app.anna,
    };
    drop((use_cases, boss, clerk, host));
    app.stopped().await;
    (house, app)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_use_case_does_for_each_actor_what_the_matrix_says() {
    let (house, _app) = house().await;
    database::must_be_sound(&house.at).await;
    let tries = tries();
    let listed: BTreeSet<String> = tries.iter().map(|(verb, _)| (*verb).to_owned()).collect();
    assert_eq!(
        listed,
        in_the_code(),
        "every use case that takes an actor is in the table"
    );
    let mut table = String::from("\n");
    for (verb, run) in &tries {
        let mut letters = Vec::new();
        for (which, _) in ACTORS.iter().enumerate() {
            let folder = tempfile::tempdir().unwrap();
            let (use_cases, store) = house.copy(folder.path()).await;
            let actor = house.actor(&use_cases, which).await;
            letters.push(run(use_cases, actor, house.clone()).await.to_string());
            store.close().await;
        }
        table += &format!("{verb:<22}{}\n", letters.join(" "));
    }
    assert_eq!(table, MATRIX, "{ACTORS:?}");
}

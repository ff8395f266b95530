//! A believable bank to try Anteroom with: two branches, their people, and consultations of the last weeks, of today and
//! of the next days. Everything is made by the use cases that the product itself runs, at the times at which it would
//! have happened, so that histories and figures are real. The same time and seed make the same bank.

mod booking;
mod database;
mod people;
mod script;
mod seeder;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;

use anteroom_domain::account::AccountRole;
use anteroom_domain::id::BranchId;
use anteroom_domain::organisation::{BranchTerms, Engine, ServiceTerms};
use anteroom_domain::value::ConsentText;
use anteroom_service::port::{Entropy, FixedClock, LocalBus, NoMeetings, Store};
use anteroom_service::{Actor, Chosen, Engines, JoinError, NewAccount, Secret, UseCases};
use jiff::{SignedDuration, Timestamp};
use rand::SeedableRng as _;
use rand::rngs::StdRng;

use crate::password;
use booking::{Booking, Course, DAYS_BACK, DAYS_OF_NOTICE, Diary};
use people::{ADMIN, BRANCH_ADMIN, BRANCHES, HOURS, Person};
use script::script;
use seeder::{Act, Clerk, SeededBranch, Seeder};

pub use database::{FILE, open_fresh};
pub use people::ORGANISATION;

/// The demo looks alike at every start.
pub const SEED: u64 = 7;

/// How to get in.
#[derive(Debug)]
pub struct DemoAccounts {
    pub accounts: Vec<DemoAccount>,
    /// The consultation that starts in a few minutes.
    pub next: Option<NextConsultation>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoAccount {
    pub role: AccountRole,
    pub name: String,
    pub email: String,
    pub password: String,
    /// None: the whole organisation.
    pub branch: Option<String>,
}

#[derive(Debug)]
pub struct NextConsultation {
    pub service: &'static str,
    pub guest: &'static str,
    pub host: &'static str,
    pub starts_at: Timestamp,
    /// Of the branch, in which its clerks read the time.
    pub zone: &'static str,
    /// The secret in the guest's link.
    pub link: Secret,
}

#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error("the demo's data can't be made")]
    Service(#[from] anteroom_service::Error),
    #[error("the demo's data can't be made")]
    Join(#[source] JoinError),
    #[error("the demo's data can't be made: the plot needs {0} that is not there")]
    Plot(&'static str),
    #[error(transparent)]
    Database(#[from] anteroom_storage::OpenError),
    #[error("{path} can't be read")]
    Store {
        path: String,
        source: anteroom_service::port::StoreError,
    },
    #[error("{path} can't be removed to start afresh: {source}")]
    Remove { path: String, source: std::io::Error },
    #[error(
        "{path} holds {count} account(s) that the demo did not make, and a demo starts afresh. Move the file away if you \
         want to keep it, delete it if not, and start again."
    )]
    Foreign { path: String, count: usize },
}

/// Fills an empty database. `entropy` is where passwords and links come from; `seed` decides who did what.
pub async fn seed(
    store: Arc<dyn Store>,
    entropy: Arc<dyn Entropy>,
    now: Timestamp,
    seed: u64,
) -> Result<DemoAccounts, DemoError> {
    // Before the first appointment was made; a weekend may lie in between.
    let founded = now - SignedDuration::from_hours(24 * (DAYS_BACK + DAYS_OF_NOTICE + 5));
    let clock = Arc::new(FixedClock::at(founded));
    let use_cases = UseCases::new(
        store,
        clock.clone(),
        entropy.clone(),
        Arc::new(LocalBus::default()),
        Engines::builtin(NoMeetings),
    );
    let mut company = Company {
        use_cases: &use_cases,
        entropy: &*entropy,
        accounts: Vec::new(),
    };
    let places = company.add_branches().await?;
    let accounts = company.accounts;
    let seeder = Seeder {
        clock,
        use_cases,
        places,
    };

    let mut rng = StdRng::seed_from_u64(seed);
    let bookings = Diary::new(now, &mut rng).fill();
    let mut steps: Vec<(Timestamp, usize, script::Step)> = Vec::new();
    for (n, booking) in bookings.iter().enumerate() {
        steps.extend(script(booking, &mut rng).into_iter().map(|(at, step)| (at, n, step)));
    }
    // Stable: what one consultation does at one moment stays in its order. Nothing has happened that is yet to come.
    steps.retain(|(at, _, _)| *at <= now);
    steps.sort_by_key(|(at, _, _)| *at);
    let mut acts: BTreeMap<usize, Act> = BTreeMap::new();
    for (at, n, step) in steps {
        let Some(booking) = bookings.get(n) else { continue };
        seeder.perform(booking, acts.entry(n).or_default(), at, step).await?;
    }
    Ok(DemoAccounts {
        accounts,
        next: next(&bookings, acts),
    })
}

/// The first that is still to come, with its link.
fn next(bookings: &[Booking], mut acts: BTreeMap<usize, Act>) -> Option<NextConsultation> {
    let upcoming = bookings
        .iter()
        .enumerate()
        .filter(|(_, booking)| booking.course == Course::Upcoming);
    let (n, booking) = upcoming.min_by_key(|(_, booking)| booking.starts_at)?;
    let (_, link) = acts.remove(&n)?.scheduled?;
    Some(NextConsultation {
        service: booking.what.name,
        guest: booking.guest.name,
        host: booking.place.clerks.get(booking.clerk)?.name,
        starts_at: booking.starts_at,
        zone: booking.place.zone,
        link,
    })
}

/// The organisation, as its admin sets it up.
struct Company<'a> {
    use_cases: &'a UseCases,
    entropy: &'a dyn Entropy,
    accounts: Vec<DemoAccount>,
}

/// What the script says is a value.
pub(super) fn good<T: FromStr>(text: &str) -> Result<T, DemoError> {
    text.parse().map_err(|_| DemoError::Plot("a value"))
}

impl Company<'_> {
    async fn add_branches(&mut self) -> Result<Vec<SeededBranch>, DemoError> {
        let admin = self.admin().await?;
        let mut places = Vec::new();
        for branch in &BRANCHES {
            let terms = BranchTerms {
                name: good(branch.name)?,
                zone: good(branch.zone)?,
                hours: HOURS,
                phone: Some(good(branch.phone)?),
                email: Some(good(branch.email)?),
                address: good(branch.address)?,
            };
            let id = self.use_cases.add_branch(&admin, terms).await?;
            let mut services = Vec::new();
            for service in branch.services {
                let terms = ServiceTerms {
                    branch: id,
                    name: good(service.name)?,
                    minutes: good(&service.minutes.to_string())?,
                    buffer_before: good(&service.buffer_before.to_string())?,
                    buffer_after: good(&service.buffer_after.to_string())?,
                    engine: Engine::Builtin,
                    admit_first: false,
                    consent: ConsentText::default(),
                    active: true,
                };
                services.push(self.use_cases.add_service(&admin, terms).await?);
            }
            let mut clerks = Vec::new();
            for clerk in branch.clerks {
                clerks.push(self.add_staff(&admin, clerk, AccountRole::Clerk, branch, id).await?);
            }
            places.push(SeededBranch {
                zone: good(branch.zone)?,
                services,
                clerks,
            });
            if Some(branch.name) == BRANCHES.last().map(|last| last.name) {
                self.add_staff(&admin, &BRANCH_ADMIN, AccountRole::Admin, branch, id)
                    .await?;
            }
        }
        Ok(places)
    }

    async fn admin(&mut self) -> Result<Actor, DemoError> {
        let password = self.password();
        let zone = good(BRANCHES[0].zone)?;
        let new = NewAccount {
            chosen: Chosen::ByOwner,
            entra_id: None,
            email: good(ADMIN.email)?,
            name: good(ADMIN.name)?,
            password: good(&password)?,
            role: AccountRole::Admin,
            branch: None,
            zone,
        };
        let admin = self.use_cases.set_up(new).await?;
        self.note(&ADMIN, AccountRole::Admin, password, None);
        Ok(admin)
    }

    async fn add_staff(
        &mut self,
        admin: &Actor,
        person: &Person,
        role: AccountRole,
        branch: &people::Branch,
        id: BranchId,
    ) -> Result<Clerk, DemoError> {
        let password = self.password();
        let new = NewAccount {
            chosen: Chosen::ByOwner,
            entra_id: None,
            email: good(person.email)?,
            name: good(person.name)?,
            password: good(&password)?,
            role,
            branch: Some(id),
            zone: good(branch.zone)?,
        };
        let id = self.use_cases.create_account(admin, new).await?;
        self.note(person, role, password, Some(branch.name.to_owned()));
        Ok(Clerk {
            id,
            actor: self.use_cases.vouch(id).await?,
        })
    }

    /// Three groups make 59 bits.
    fn password(&self) -> String {
        password::generate(self.entropy, 3)
    }

    fn note(&mut self, person: &Person, role: AccountRole, password: String, branch: Option<String>) {
        let (name, email) = (person.name.to_owned(), person.email.to_owned());
        self.accounts.push(DemoAccount {
            role,
            name,
            email,
            password,
            branch,
        });
    }
}

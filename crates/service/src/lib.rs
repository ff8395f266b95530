//! The use cases of Anteroom and the ports that they need. Knows no database, no HTTP, no media engine: those stand
//! behind [`port`]. Time and randomness are parameters ([`port::Clock`], [`port::Entropy`]).

use std::sync::Arc;

use anteroom_domain::consultation::Consultation;
use anteroom_domain::id::{ConsultationId, VisitId};
use anteroom_domain::organisation::Engine;
use anteroom_protocol::credentials::Credentials;
use port::{Bus, Clock, EngineError, Entropy, MeetingEngine, Store};
use teams::SingleFlight;

mod account;
mod actor;
mod consultation;
mod error;
mod invitation;
mod job;
mod organisation;
pub mod port;
mod report;
mod secret;
mod teams;
mod transaction;
mod visit;

pub use account::{Browser, ChangePassword, Chosen, NewAccount, SignIn, SignInError, SignedIn, hash_password};
pub use actor::{Actor, LinkHolder, Staff, System};
pub use consultation::{Cancel, Change, ChangeGuest, NoteOutcome, Schedule, Scheduled};
pub use error::{Error, Result};
pub use invitation::{AddGuest, CalendarEntry, OfGuest, Register};
pub use organisation::{SaveAccount, SaveBranch, SaveService};
pub use secret::{Secret, hash as hash_secret};
pub use teams::{OnProgress, Progress, TeamsRules};
pub use visit::{Join, JoinError, Room, Seat, Sweep, WholeRoom};

/// The organisation's use cases, cheap to clone. Every method authorises, does one thing in one transaction, and tells
/// the [`Bus`] afterwards.
#[derive(Clone)]
pub struct UseCases(Arc<Inner>);

struct Inner {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    bus: Arc<dyn Bus>,
    engines: Engines,
    /// Meetings that are being made outside.
    preparing: SingleFlight<ConsultationId, Result<Consultation, EngineError>>,
    /// Who is being given what they need to enter.
    entering: SingleFlight<VisitId, Result<Credentials, EngineError>>,
    hashing: account::Queue,
    queues: job::Queues,
}

/// What meetings run on here.
#[derive(Clone)]
pub struct Engines {
    pub builtin: Arc<dyn MeetingEngine>,
    /// [`port::EngineOff`] where it is not set up.
    pub teams: Arc<dyn MeetingEngine>,
    pub rules: TeamsRules,
}

impl Engines {
    /// Only the built-in one.
    pub fn builtin(engine: impl MeetingEngine + 'static) -> Self {
        let rules = TeamsRules::default();
        let why = rules.offer.why_off.clone();
        Self {
            builtin: Arc::new(engine),
            teams: Arc::new(port::EngineOff { why }),
            rules,
        }
    }
}

impl UseCases {
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        bus: Arc<dyn Bus>,
        engines: Engines,
    ) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let hashing = account::Queue::new(cores);
        Self(Arc::new(Inner {
            store,
            clock,
            entropy,
            bus,
            engines,
            preparing: SingleFlight::default(),
            entering: SingleFlight::default(),
            hashing,
            queues: job::Queues::default(),
        }))
    }

    pub fn now(&self) -> jiff::Timestamp {
        self.0.clock.now()
    }

    pub fn bus(&self) -> &dyn Bus {
        &*self.0.bus
    }

    /// Can the database be written, and does the built-in engine run?
    pub async fn ready(&self) -> Result<()> {
        self.0.store.check().await?;
        self.0.engines.builtin.health().await.map_err(Error::internal)?;
        Ok(())
    }

    fn engine(&self, engine: Engine) -> &dyn MeetingEngine {
        match engine {
            Engine::Builtin => &*self.0.engines.builtin,
            Engine::Teams => &*self.0.engines.teams,
        }
    }

    /// Of a form that makes something.
    pub fn number(&self) -> String {
        self.secret().reveal().to_owned()
    }

    fn secret(&self) -> Secret {
        Secret::draw(&*self.0.entropy)
    }
}

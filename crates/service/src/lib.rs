//! The use cases of Anteroom and the ports that they need. Knows no database, no HTTP, no media engine: those stand
//! behind [`port`]. Time and randomness are parameters ([`port::Clock`], [`port::Entropy`]).

#![deny(missing_docs)]

use std::collections::BTreeMap;
use std::sync::Arc;

use anteroom_domain::consultation::Consultation;
use anteroom_domain::id::{ConsultationId, VisitId};
use anteroom_domain::organisation::Engine;
use anteroom_domain::refusal::EntryRefusal;
use anteroom_domain::trouble::Trouble;
use anteroom_protocol::credentials::Credentials;
use meeting::SingleFlight;
use port::{Bus, Clock, EngineError, Entropy, Meetings, Provisioning, Store};

mod account;
mod actor;
mod consultation;
mod error;
mod invitation;
mod job;
mod language;
mod meeting;
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
pub use meeting::{OnProgress, Progress};
pub use organisation::{SaveAccount, SaveBranch, SaveService};
pub use secret::{Secret, hash as hash_secret};
pub use teams::{NoticeShown, ReportPresence, TeamsCallEnd, TeamsRules};
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
    registered: BTreeMap<Engine, Registered>,
    rules: TeamsRules,
}

/// One engine.
#[derive(Clone)]
struct Registered {
    meetings: Arc<dyn Meetings>,
    provisioning: Option<Arc<dyn Provisioning>>,
}

impl Engines {
    /// Only the built-in one.
    pub fn builtin(meetings: impl Meetings + 'static) -> Self {
        let rules = TeamsRules::default();
        let off = Arc::new(port::EngineOff {
            why: Trouble::TeamsOff(rules.offer.why_off.clone().unwrap_or_default()),
        });
        Self {
            registered: BTreeMap::new(),
            rules,
        }
        .with(Engine::Builtin, Arc::new(meetings), None)
        .with(Engine::Teams, off.clone(), Some(off))
    }

    /// With what the operator decided about Teams.
    #[must_use]
    pub fn with_rules(self, rules: TeamsRules) -> Self {
        Self { rules, ..self }
    }

    /// With this engine as well, in place of one of the same name.
    #[must_use]
    pub fn with(
        mut self,
        engine: Engine,
        meetings: Arc<dyn Meetings>,
        provisioning: Option<Arc<dyn Provisioning>>,
    ) -> Self {
        let registered = Registered { meetings, provisioning };
        self.registered.insert(engine, registered);
        self
    }
}

impl UseCases {
    /// The use cases on `store`, with meetings on `engines`. `clock` gives the time and `entropy` the secrets. `bus`
    /// hears of every change once it is stored.
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

    /// The time, by the clock that was given to [`Self::new`].
    pub fn now(&self) -> jiff::Timestamp {
        self.0.clock.now()
    }

    /// The bus on which changes are announced once they are stored.
    pub fn bus(&self) -> &dyn Bus {
        &*self.0.bus
    }

    /// Can the database be written, and does the built-in engine run?
    pub async fn ready(&self) -> Result<()> {
        self.0.store.check().await?;
        let builtin = self.meetings(Engine::Builtin).map_err(Error::internal)?;
        builtin.health().await.map_err(Error::internal)?;
        Ok(())
    }

    fn meetings(&self, engine: Engine) -> Result<&dyn Meetings, EngineError> {
        let registered = self.0.engines.registered.get(&engine);
        let registered = registered.ok_or_else(|| EngineError::refused(EntryRefusal::NotNow, Trouble::NoEngine))?;
        Ok(&*registered.meetings)
    }

    /// Does this engine make meetings or identities at a provider?
    pub fn provisions(&self, engine: Engine) -> bool {
        self.provisioning(engine).is_some()
    }

    /// None: this engine makes nothing at a provider.
    fn provisioning(&self, engine: Engine) -> Option<&dyn Provisioning> {
        self.0.engines.registered.get(&engine)?.provisioning.as_deref()
    }

    /// Of a form that makes something.
    pub fn number(&self) -> String {
        self.secret().reveal().to_owned()
    }

    fn secret(&self) -> Secret {
        Secret::draw(&*self.0.entropy)
    }
}

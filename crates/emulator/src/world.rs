use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::Extensions;
use jiff::{SignedDuration, Timestamp};

use crate::bearer::Bearers;
use crate::clock::Clock;
use crate::cloud::Cloud;
use crate::entra::certificate::Certificate;
use crate::fault::Planned;
use crate::inspect::{Identity, Inspection, Meeting, Refusal, Requests, TokenState};
use crate::limit::{Limits, Windows};
use crate::operation::Operation;
use crate::options::{Options, StartError};
use crate::random::Random;
use crate::tenant::Tenant;

/// As many as a person can look through.
const REFUSALS_KEPT: usize = 100;

/// What a request handler is given.
#[derive(Clone)]
pub struct Shared(Arc<Inner>);

struct Inner {
    setup: Setup,
    clock: Clock,
    world: Mutex<World>,
}

/// What stays as it was started with.
pub struct Setup {
    pub resource: String,
    pub access_key: Vec<u8>,
    pub tenant_id: String,
    pub client_id: String,
    pub client_secret: String,
    pub cloud: Cloud,
    tenant: Tenant,
    limits: Limits,
    certificates: Vec<Certificate>,
}

/// What changes.
pub struct World {
    pub skew: SignedDuration,
    pub latency: Duration,
    pub tenant: Tenant,
    pub limits: Limits,
    pub certificates: Vec<Certificate>,
    pub faults: Vec<Planned>,
    pub random: Random,
    pub bearers: Bearers,
    pub identities: Vec<Identity>,
    /// Which of an identity's tokens it is, by token.
    pub tokens: HashMap<String, (String, usize)>,
    pub meetings: Vec<Meeting>,
    requests: BTreeMap<Operation, Requests>,
    refusals: Vec<Refusal>,
    windows: Windows,
}

impl Shared {
    pub fn new(options: Options) -> Result<Self, StartError> {
        let access_key = crate::identity::signature::key(&options.access_key).ok_or(StartError::AccessKey)?;
        let certificates: Result<Vec<_>, _> = options
            .certificates
            .iter()
            .map(|pem| Certificate::from_pem(pem))
            .collect();
        let setup = Setup {
            resource: options.resource,
            access_key,
            tenant_id: options.tenant_id,
            client_id: options.client_id,
            client_secret: options.client_secret,
            cloud: options.cloud,
            tenant: options.tenant,
            limits: options.limits,
            certificates: certificates.map_err(StartError::Certificate)?,
        };
        let world = World::new(&setup, Random::seeded(options.seed));
        Ok(Self(Arc::new(Inner {
            setup,
            clock: options.clock,
            world: Mutex::new(world),
        })))
    }

    pub fn setup(&self) -> &Setup {
        &self.0.setup
    }

    pub fn world(&self) -> MutexGuard<'_, World> {
        self.0.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The time as the emulator believes it to be.
    pub fn now(&self) -> Timestamp {
        let skew = self.world().skew;
        self.0.clock.now().saturating_add(skew).unwrap_or(Timestamp::MAX)
    }

    /// As after the start, but for ids: none is given twice.
    pub fn reset(&self) {
        let mut world = self.world();
        let random = std::mem::replace(&mut world.random, Random::seeded(0));
        *world = World::new(&self.0.setup, random);
    }

    /// Of a request that came through the gate, which left its operation in the extensions.
    pub fn refuse(&self, extensions: &Extensions, reason: &impl ToString) {
        let Some(operation) = extensions.get::<Operation>().copied() else {
            return;
        };
        let at = self.now();
        let mut world = self.world();
        if world.refusals.len() == REFUSALS_KEPT {
            world.refusals.remove(0);
        }
        world.refusals.push(Refusal {
            at,
            operation,
            reason: reason.to_string(),
        });
    }

    pub fn inspect(&self) -> Inspection {
        let now = self.now();
        let world = self.world();
        Inspection {
            now,
            skew_seconds: world.skew.as_secs(),
            latency_milliseconds: u64::try_from(world.latency.as_millis()).unwrap_or(u64::MAX),
            tenant: world.tenant.clone(),
            limits: world.limits.clone(),
            faults: world.faults.clone(),
            identities: world.identities.clone(),
            meetings: world.meetings.clone(),
            requests: world.requests.clone(),
            refusals: world.refusals.clone(),
        }
    }

    pub fn token_state(&self, token: &str) -> TokenState {
        let now = self.now();
        let world = self.world();
        let known = world.tokens.get(token).and_then(|(id, at)| {
            let identity = world.identities.iter().find(|identity| identity.id == *id)?;
            Some((id, identity.tokens.get(*at)?))
        });
        match known {
            None => TokenState::Unknown,
            Some((_, token)) if token.revoked_at.is_some() => TokenState::Revoked,
            Some((_, token)) if token.expires_on <= now => TokenState::Expired,
            Some((id, token)) => TokenState::Good {
                identity: id.clone(),
                scopes: token.scopes.clone(),
            },
        }
    }
}

impl World {
    fn new(setup: &Setup, random: Random) -> Self {
        Self {
            skew: SignedDuration::ZERO,
            latency: Duration::ZERO,
            tenant: setup.tenant.clone(),
            limits: setup.limits.clone(),
            certificates: setup.certificates.clone(),
            faults: Vec::new(),
            random,
            bearers: Bearers::default(),
            identities: Vec::new(),
            tokens: HashMap::new(),
            meetings: Vec::new(),
            requests: BTreeMap::new(),
            refusals: Vec::new(),
            windows: Windows::default(),
        }
    }

    pub fn asked(&mut self, operation: Operation) {
        self.requests.entry(operation).or_default().total += 1;
    }

    pub fn answered(&mut self, operation: Operation, status: u16) {
        *self
            .requests
            .entry(operation)
            .or_default()
            .answers
            .entry(status)
            .or_default() += 1;
    }

    /// Within the published limit, or after how many seconds to come back.
    pub fn within_limit(&mut self, operation: Operation, now: Timestamp) -> Result<(), i64> {
        let Self { windows, limits, .. } = self;
        windows.take(limits, operation, now)
    }

    /// How this request is to fail, if it is.
    pub fn next_fault(&mut self, operation: Operation) -> Option<Planned> {
        let at = self.faults.iter().position(|planned| planned.operation == operation)?;
        let planned = self.faults.get_mut(at)?;
        let due = planned.clone();
        planned.times = planned.times.saturating_sub(1);
        if planned.times == 0 {
            self.faults.remove(at);
        }
        Some(due)
    }
}

use std::sync::{Mutex, PoisonError};

use anteroom_domain::id::{IdentityId, VisitId};
use anteroom_domain::organisation::Engine;
use anteroom_domain::refusal::EntryRefusal;
use anteroom_domain::trouble::Trouble;
use async_trait::async_trait;
use jiff::SignedDuration;

use crate::port::{EngineError, QueueTicket};
use crate::{Actor, Error, Result, UseCases};

/// So many identities a guest, in so many minutes: whoever has a link can leave and join in a loop, and each new visit has
/// an identity of its own.
const OFTEN: i64 = 6;
const OFTEN_MINUTES: i64 = 10;

/// How far an ask for credentials has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// The position in a queue; 1 is next.
    Queued(u32),
    /// Something is being made at a provider: what comes of it must be heard.
    Sending,
}

/// Called as a request for credentials proceeds.
pub type OnProgress<'a> = &'a (dyn Fn(Progress) + Send + Sync);

/// A guest's turn to be given an identity at a provider.
pub(super) struct IssueProgress<'a> {
    use_cases: &'a UseCases,
    visit: VisitId,
    engine: Engine,
    on_progress: OnProgress<'a>,
    /// What was written down, from when the turn came.
    identity: Mutex<Option<IdentityId>>,
}

impl<'a> IssueProgress<'a> {
    pub fn new(use_cases: &'a UseCases, visit: VisitId, engine: Engine, on_progress: OnProgress<'a>) -> Self {
        Self {
            use_cases,
            visit,
            engine,
            on_progress,
            identity: Mutex::default(),
        }
    }

    /// The identity that is being made, where the turn has come.
    pub fn identity(&self) -> Option<IdentityId> {
        *self.identity.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It may be long since they asked: they may be gone, or put out.
    async fn begin(&self) -> Result<Result<IdentityId, EngineError>> {
        let now = self.use_cases.now();
        let mut tx = self.use_cases.begin(&Actor::system()).await?;
        let visit = tx.visit(self.visit).await?;
        let Some(visit) = visit.filter(|visit| !visit.is_over() && visit.admitted_at.is_some()) else {
            return Ok(Err(Error::Forbidden.into()));
        };
        if let Some(guest) = visit.guest {
            let since = now - SignedDuration::from_mins(OFTEN_MINUTES);
            if tx.identities_since(visit.consultation, guest, since).await? >= OFTEN {
                return Ok(Err(EngineError::refused(EntryRefusal::TooOften, Trouble::TooOften)));
            }
        }
        let id = tx.begin_identity(self.visit, self.engine, now).await?;
        tx.commit().await?;
        Ok(Ok(id))
    }
}

#[async_trait]
impl QueueTicket for IssueProgress<'_> {
    fn position(&self, position: u32) {
        (self.on_progress)(Progress::Queued(position));
    }

    async fn called(&self) -> Result<(), EngineError> {
        (self.on_progress)(Progress::Sending);
        let id = self.begin().await??;
        *self.identity.lock().unwrap_or_else(PoisonError::into_inner) = Some(id);
        Ok(())
    }
}

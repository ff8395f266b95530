use std::sync::{Mutex, PoisonError};

use anteroom_domain::id::VisitId;
use async_trait::async_trait;

use super::credentials::{NOT_IN, ours};
use crate::port::{EngineError, Turn};
use crate::{Result, Services};

/// How far an ask for credentials has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A place in a queue; 1 is next.
    Queued(u32),
    /// Something is being made at a provider: what comes of it must be heard.
    Sending,
}

pub type Told<'a> = &'a (dyn Fn(Step) + Send + Sync);

/// A guest's turn to be given an identity at a provider.
pub(super) struct Minting<'a> {
    services: &'a Services,
    visit: VisitId,
    told: Told<'a>,
    /// What was written down, from when the turn came.
    row: Mutex<Option<i64>>,
}

impl<'a> Minting<'a> {
    pub fn new(services: &'a Services, visit: VisitId, told: Told<'a>) -> Self {
        Self {
            services,
            visit,
            told,
            row: Mutex::default(),
        }
    }

    /// The row, where the turn has come.
    pub fn row(&self) -> Option<i64> {
        *self.row.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// None: they are gone, or were put out.
    async fn begin(&self) -> Result<Option<i64>> {
        let mut writes = self.services.0.store.write().await?;
        let visit = writes.visit(self.visit).await?;
        if !visit.is_some_and(|visit| !visit.is_over() && visit.admitted_at.is_some()) {
            return Ok(None);
        }
        let row = writes.begin_identity(self.visit, self.services.now()).await?;
        writes.commit().await?;
        Ok(Some(row))
    }
}

#[async_trait]
impl Turn for Minting<'_> {
    fn place(&self, place: u32) {
        (self.told)(Step::Queued(place));
    }

    async fn comes(&self) -> Result<(), EngineError> {
        (self.told)(Step::Sending);
        let row = self.begin().await.map_err(ours)?;
        *self.row.lock().unwrap_or_else(PoisonError::into_inner) = row;
        match row {
            Some(_) => Ok(()),
            None => Err(EngineError::refused(NOT_IN, "The visit was over before its turn came.")),
        }
    }
}

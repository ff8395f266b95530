//! Work that is done after the change that asks for it. A job is a row that is written in the transaction of its cause
//! ([`Transaction::enqueue`]), done at least once, and so made to be done twice. Each kind is a file here and a line in
//! [`UseCases::dispatch`].

use anteroom_domain::consultation::{Consultation, ProvisionedMeeting};
use anteroom_domain::id::{AccountId, ConsultationId, VisitId};
use anteroom_domain::job::Queue;
use anteroom_domain::organisation::Engine;
use anteroom_domain::trouble::Trouble;
use async_trait::async_trait;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::port::EngineError;
use crate::port::repository::{LeasedJob, NewJob};
use crate::transaction::Transaction;
use crate::{Error, Result, UseCases};

mod delete_identity;
mod discard_meeting;
mod overview;
mod prepare_meeting;
mod runner;

pub(crate) use delete_identity::DeleteIdentity;
pub(crate) use discard_meeting::DiscardMeeting;
pub(crate) use prepare_meeting::PrepareMeeting;
pub(crate) use runner::Queues;

/// One kind of job. Its fields are its payload.
#[async_trait]
pub(crate) trait Job: Serialize + DeserializeOwned + Send + Sync {
    /// The word in the `kind` column.
    const KIND: &'static str;
    /// Where it waits.
    const QUEUE: Queue;

    /// Jobs of one key are done one after another, in the order in which they were written.
    fn order_key(&self) -> Option<String> {
        None
    }

    /// Does it. What was done already is no error: whoever did it may have died before it was written down. `attempt`
    /// counts from 1.
    async fn run(&self, use_cases: &UseCases, attempt: i64) -> Result<(), JobError>;
}

/// A job was not done; it is tried again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JobError {
    /// A provider said no, or nothing. For an admin.
    #[error("{0:?}")]
    Provider(Trouble),
    /// It failed on our side.
    #[error(transparent)]
    Ours(#[from] Error),
}

impl From<EngineError> for JobError {
    fn from(error: EngineError) -> Self {
        Self::Provider(error.admin)
    }
}

impl Transaction {
    /// Writes a job down; its queue wakes after the commit.
    pub async fn enqueue<J: Job>(&mut self, consultation: ConsultationId, job: &J) -> Result<()> {
        let now = self.now();
        let new = NewJob {
            queue: J::QUEUE,
            kind: J::KIND,
            payload: serde_json::to_string(job).map_err(Error::internal)?,
            order_key: job.order_key(),
            consultation: Some(consultation),
            not_before: now,
            not_after: None,
        };
        self.add_job(&new, now).await?;
        self.wake(J::QUEUE);
        Ok(())
    }

    /// A meeting that we made at a provider is to be taken back. The consultation's next one is called otherwise, or a
    /// late discard would take the one in use.
    pub async fn discard_meeting(&mut self, of: &Consultation, meeting: ProvisionedMeeting) -> Result<()> {
        self.count_discarded_meeting(of.id).await?;
        let engine = of.engine;
        self.enqueue(of.id, &DiscardMeeting { engine, meeting }).await
    }

    /// The consultation's meeting is to be made, or moved.
    pub async fn prepare_meeting(
        &mut self,
        consultation: ConsultationId,
        engine: Engine,
        host: AccountId,
    ) -> Result<()> {
        let job = PrepareMeeting {
            consultation,
            engine,
            host,
        };
        self.enqueue(consultation, &job).await
    }

    /// What was made at a provider for this visit is to be deleted.
    pub async fn delete_identities(&mut self, visit: VisitId, consultation: ConsultationId) -> Result<()> {
        let now = self.now();
        for identity in self.retire_identities(visit, now).await? {
            self.enqueue(consultation, &DeleteIdentity { identity }).await?;
        }
        Ok(())
    }
}

impl UseCases {
    async fn dispatch(&self, job: &LeasedJob) -> Result<(), JobError> {
        match job.kind.as_str() {
            PrepareMeeting::KIND => self.run_job::<PrepareMeeting>(job).await,
            DiscardMeeting::KIND => self.run_job::<DiscardMeeting>(job).await,
            DeleteIdentity::KIND => self.run_job::<DeleteIdentity>(job).await,
            _ => Err(JobError::Provider(Trouble::UnknownWork)),
        }
    }

    async fn run_job<J: Job>(&self, job: &LeasedJob) -> Result<(), JobError> {
        let work: J = serde_json::from_str(&job.payload).map_err(Error::internal)?;
        work.run(self, job.attempts).await
    }
}

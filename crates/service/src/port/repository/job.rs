//! Storage of jobs.

use anteroom_domain::id::{BranchId, ConsultationId, JobId};
use anteroom_domain::job::{JobLine, Queue};
use async_trait::async_trait;
use jiff::Timestamp;

use crate::port::store::Result;

/// A job that is to be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    pub queue: Queue,
    pub kind: &'static str,
    /// JSON, of the kind's own form.
    pub payload: String,
    /// Jobs of one key are done one after another, in the order in which they were written.
    pub order_key: Option<String>,
    pub consultation: Option<ConsultationId>,
    pub not_before: Timestamp,
    /// What is not done by then is given up.
    pub not_after: Option<Timestamp>,
}

/// A job that a runner has taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeasedJob {
    pub id: JobId,
    pub kind: String,
    pub payload: String,
    /// How often it was begun, this time included.
    pub attempts: i64,
    pub not_after: Option<Timestamp>,
    /// Until when the runner has it. A runner whose time is over has no say in it any more.
    pub lease: Timestamp,
}

#[async_trait]
pub trait ReadJobs: Send {
    /// When a job of this queue can be taken next; None: nothing waits but for a job before it.
    async fn next_job_at(&mut self, queue: Queue) -> Result<Option<Timestamp>>;
    /// What is not done: first what was given up, then what failed. The first few hundred, and how many there are in all.
    async fn jobs(&mut self, branch: Option<BranchId>) -> Result<(Vec<JobLine>, i64)>;
    /// The branch of a job that is not done. None where there is no such job; an inner None: it is nobody's in particular.
    async fn job_branch(&mut self, id: JobId) -> Result<Option<Option<BranchId>>>;
}

#[async_trait]
pub trait WriteJobs: Send {
    async fn add_job(&mut self, new: &NewJob, at: Timestamp) -> Result<JobId>;
    /// Takes up to `most` jobs that are due, until `until`: those that nobody has, and those whose runner let its lease
    /// run out.
    async fn lease_jobs(&mut self, queue: Queue, now: Timestamp, until: Timestamp, most: u32)
    -> Result<Vec<LeasedJob>>;
    /// Done: it is forgotten. A job that another runner has taken over stays that runner's; so with the next two.
    async fn finish_job(&mut self, job: &LeasedJob) -> Result<()>;
    async fn fail_job(&mut self, job: &LeasedJob, why: &str, not_before: Timestamp) -> Result<()>;
    async fn give_up_job(&mut self, job: &LeasedJob, why: &str, at: Timestamp) -> Result<()>;
    /// Due at once, whatever became of it before.
    async fn retry_job(&mut self, id: JobId, at: Timestamp) -> Result<()>;
    /// After a restart nobody has a job.
    async fn release_jobs(&mut self, why: &str) -> Result<()>;
}

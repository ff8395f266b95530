//! Storage of jobs.

use anteroom_domain::id::{BranchId, ConsultationId, JobId};
use anteroom_domain::job::{JobLine, Queue};
use anteroom_domain::trouble::Trouble;
use async_trait::async_trait;
use jiff::Timestamp;

use crate::port::store::Result;

/// A job that is to be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// The queue in which the job waits.
    pub queue: Queue,
    /// The word by which the runner knows what is to be done.
    pub kind: &'static str,
    /// JSON, of the kind's own form.
    pub payload: String,
    /// Jobs of one key are done one after another, in the order in which they were written.
    pub order_key: Option<String>,
    /// The consultation that the job is about. Its branch's admins see the job. None: only those of the whole
    /// organisation do.
    pub consultation: Option<ConsultationId>,
    /// When the job may be taken first.
    pub not_before: Timestamp,
    /// What is not done by then is given up.
    pub not_after: Option<Timestamp>,
}

/// A job that a runner has taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeasedJob {
    /// The job's id.
    pub id: JobId,
    /// The word that says what is to be done. This version may not know it.
    pub kind: String,
    /// JSON, of the kind's own form.
    pub payload: String,
    /// How often it was begun, this time included.
    pub attempts: i64,
    /// When the job is given up if it is not done by then. None: never.
    pub not_after: Option<Timestamp>,
    /// Until when the runner has it. A runner whose time is over has no say in it any more.
    pub lease: Timestamp,
}

/// Look-ups of jobs.
#[async_trait]
pub trait ReadJobs: Send {
    /// When a job of this queue can be taken next; None: nothing waits but for a job before it.
    async fn next_job_at(&mut self, queue: Queue) -> Result<Option<Timestamp>>;
    /// What is not done: first what was given up, then what failed. The first few hundred, and how many there are in all.
    async fn jobs(&mut self, branch: Option<BranchId>) -> Result<(Vec<JobLine>, i64)>;
    /// The branch of a job that is not done. None where there is no such job; an inner None: it is nobody's in particular.
    async fn job_branch(&mut self, id: JobId) -> Result<Option<Option<BranchId>>>;
}

/// Changes of jobs.
#[async_trait]
pub trait WriteJobs: Send {
    /// Writes a job down and answers its id. `at` is the time of its cause.
    async fn add_job(&mut self, new: &NewJob, at: Timestamp) -> Result<JobId>;
    /// Takes up to `most` jobs that are due, until `until`: those that nobody has, and those whose runner let its lease
    /// run out.
    async fn lease_jobs(&mut self, queue: Queue, now: Timestamp, until: Timestamp, most: u32)
    -> Result<Vec<LeasedJob>>;
    /// Done: it is forgotten. A job that another runner has taken over stays that runner's; so with the next two.
    async fn finish_job(&mut self, job: &LeasedJob) -> Result<()>;
    /// It failed, as `why` tells an admin: it waits again, and may be taken from `not_before` on.
    async fn fail_job(&mut self, job: &LeasedJob, why: &Trouble, not_before: Timestamp) -> Result<()>;
    /// It failed, as `why` tells an admin, and is tried again only when one asks for it. Jobs behind it may be taken
    /// now.
    async fn give_up_job(&mut self, job: &LeasedJob, why: &Trouble, at: Timestamp) -> Result<()>;
    /// Due at once, also where it was given up. One that a runner has, or that waits for another of its key, stays where it
    /// is. Answers its queue; None where it is done.
    async fn retry_job(&mut self, id: JobId, at: Timestamp) -> Result<Option<Queue>>;
    /// After a restart nobody has a job.
    async fn release_jobs(&mut self, why: &Trouble) -> Result<()>;
}

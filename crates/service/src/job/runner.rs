//! Takes jobs that are due and does them.

use std::collections::BTreeMap;
use std::pin::pin;

use anteroom_domain::job::{Queue, try_again_at};
use anteroom_domain::trouble::Trouble;
use jiff::SignedDuration;
use strum::IntoEnumIterator as _;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, timeout};
use tracing::Instrument as _;
use tracing::instrument;

use super::JobError;
use crate::port::repository::LeasedJob;
use crate::{Actor, Result, UseCases};

/// How long a runner has a job. One that is not done by then is given up, so that it and its next try never meet.
const LEASE: SignedDuration = SignedDuration::from_mins(2);
/// What takes longer is given up, with time left to write that down.
const LONGEST: std::time::Duration = std::time::Duration::from_secs(110);

/// How often a runner looks for jobs whose time has come.
const LOOK: std::time::Duration = std::time::Duration::from_secs(2);

/// What the runners of this process share.
pub(crate) struct Queues {
    woken: BTreeMap<Queue, Notify>,
    /// How many jobs are being done in this process.
    running: watch::Sender<usize>,
}

impl Default for Queues {
    fn default() -> Self {
        Self {
            woken: Queue::iter().map(|queue| (queue, Notify::new())).collect(),
            running: watch::Sender::new(0),
        }
    }
}

impl Queues {
    pub fn wake(&self, queue: Queue) {
        if let Some(woken) = self.woken.get(&queue) {
            // A permit is kept where nobody waits at this moment.
            woken.notify_one();
        }
    }
}

/// Counts a job for as long as it is being done.
struct Running(watch::Sender<usize>);

impl Running {
    fn count(queues: &Queues) -> Self {
        queues.running.send_modify(|running| *running += 1);
        Self(queues.running.clone())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.send_modify(|running| *running -= 1);
    }
}

impl UseCases {
    /// Does the jobs of one queue, as many at once as it allows, until `stop`; then what is being done is finished.
    /// Looks when one is written, when one is done, and every other second for those whose time has come.
    pub async fn run_queue(&self, queue: Queue, stop: impl Future<Output = ()>) {
        let Some(woken) = self.0.queues.woken.get(&queue) else {
            return;
        };
        let mut stop = pin!(stop);
        let mut looks = interval(LOOK);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut running = JoinSet::new();
        loop {
            tokio::select! {
                () = &mut stop => break,
                () = woken.notified() => {}
                _ = looks.tick() => {}
                Some(_) = running.join_next() => {}
            }
            if let Err(error) = self.start_due(queue, &mut running).await {
                let error = &error as &dyn std::error::Error;
                tracing::error!(
                    error,
                    queue = queue.into_str(),
                    "jobs could not be looked for; they are looked for again"
                );
            }
        }
        while running.join_next().await.is_some() {}
    }

    /// Does what is due in every queue until nothing is, and nothing is being done any more. Answers how many were done.
    pub async fn run_due_jobs(&self) -> Result<usize> {
        let mut done = 0;
        let mut begun = self.0.queues.running.subscribe();
        loop {
            let mut running = JoinSet::new();
            for queue in Queue::iter() {
                self.start_due(queue, &mut running).await?;
            }
            if running.is_empty() && *begun.borrow() == 0 {
                return Ok(done);
            }
            done += running.join_all().await.into_iter().filter(|done| *done).count();
            // An error says that the sender is gone, which it is not before us.
            let _ = begun.wait_for(|running| *running == 0).await;
        }
    }

    /// Takes what is due and has room, and begins it.
    async fn start_due(&self, queue: Queue, running: &mut JoinSet<bool>) -> Result<()> {
        // Between a lease and its job nobody may think that nothing is being done.
        let _looking = Running::count(&self.0.queues);
        let free = queue.limit().saturating_sub(running.len());
        for job in self.lease(queue, free).await? {
            let use_cases = self.clone();
            let counted = Running::count(&self.0.queues);
            running.spawn(async move {
                let _counted = counted;
                use_cases.attempt(job).await
            });
        }
        Ok(())
    }

    /// After a restart nobody has a job: they are due at once, and not when their leases run out.
    #[instrument(skip_all)]
    pub async fn release_jobs(&self) -> Result<()> {
        let mut tx = self.begin(&Actor::system()).await?;
        tx.release_jobs(&Trouble::ServerStopped).await?;
        tx.commit().await
    }

    async fn lease(&self, queue: Queue, most: usize) -> Result<Vec<LeasedJob>> {
        let now = self.now();
        // Whoever finds nothing takes no turn of the one writer.
        let next = self.0.store.read().await?.next_job_at(queue).await?;
        if next.is_none_or(|next| now < next) {
            return Ok(Vec::new());
        }
        let mut tx = self.begin(&Actor::system()).await?;
        let most = u32::try_from(most).unwrap_or(u32::MAX);
        let leased = tx.lease_jobs(queue, now, now + LEASE, most).await?;
        tx.commit().await?;
        Ok(leased)
    }

    /// True: it is done.
    async fn attempt(&self, job: LeasedJob) -> bool {
        let span = tracing::info_span!("job", job.id = %job.id, job.kind, job.attempt = job.attempts);
        async {
            let outcome = self.guarded(&job).await;
            let done = outcome.is_ok();
            if let Err(error) = self.close(&job, outcome).await {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, "what became of a job could not be stored; it is done again");
            }
            done
        }
        .instrument(span)
        .await
    }

    /// Writes down what became of it.
    async fn close(&self, job: &LeasedJob, outcome: Result<(), JobError>) -> Result<()> {
        let why = match outcome {
            Ok(()) => {
                let mut tx = self.begin(&Actor::system()).await?;
                tx.finish_job(job).await?;
                tx.commit().await?;
                tracing::debug!("a job is done");
                return Ok(());
            }
            Err(JobError::Provider(why)) => {
                tracing::warn!(?why, "a job failed; it is tried again");
                why
            }
            Err(JobError::Ours(error)) => {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, "a job failed; it is tried again");
                Trouble::Ours
            }
        };
        let mut jitter = [0];
        self.0.entropy.fill(&mut jitter);
        let mut tx = self.begin(&Actor::system()).await?;
        let now = self.now();
        let next = try_again_at(now, job.attempts, jitter[0]);
        if job.not_after.is_some_and(|not_after| not_after < next) {
            tx.give_up_job(job, &why, now).await?;
        } else {
            tx.fail_job(job, &why, next).await?;
        }
        tx.commit().await
    }

    /// A job that panics or hangs delays only itself.
    async fn guarded(&self, job: &LeasedJob) -> Result<(), JobError> {
        let mut work = JoinSet::new();
        let (use_cases, job) = (self.clone(), job.clone());
        work.spawn(async move { use_cases.dispatch(&job).await }.in_current_span());
        match timeout(LONGEST, work.join_next()).await {
            Ok(Some(Ok(outcome))) => outcome,
            Ok(Some(Err(_)) | None) => Err(JobError::Provider(Trouble::BrokeDown)),
            Err(_) => Err(JobError::Provider(Trouble::TookTooLong)),
        }
    }
}

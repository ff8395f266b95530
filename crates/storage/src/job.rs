//! Jobs.

use anteroom_domain::id::{BranchId, ConsultationId, JobId};
use anteroom_domain::job::{JobLine, JobState, Queue};
use anteroom_domain::trouble::Trouble;
use anteroom_service::port::repository::{LeasedJob, NewJob, ReadJobs, WriteJobs};
use async_trait::async_trait;
use jiff::Timestamp;

use crate::error::{Result, inconsistent, internal};
use crate::row::{at, at_some, get, ms, timestamp, word};
use crate::transaction::SqliteTransaction;

/// As many as an admin can look through.
const SHOWN: u32 = 200;

#[async_trait]
impl ReadJobs for SqliteTransaction {
    async fn next_job_at(&mut self, queue: Queue) -> Result<Option<Timestamp>> {
        let next: Option<i64> = sqlx::query_scalar(
            "select min(max(j.not_before, coalesce(j.leased_until, 0))) from jobs j
            where j.queue = ? and j.given_up_at is null
                and not exists (
                    select 1 from jobs e where e.order_key = j.order_key and e.id < j.id and e.given_up_at is null
                )",
        )
        .bind(queue.into_str())
        .fetch_one(self.db())
        .await
        .map_err(internal)?;
        next.map(|ms| timestamp(ms, "not_before")).transpose()
    }

    async fn jobs(&mut self, branch: Option<BranchId>) -> Result<(Vec<JobLine>, i64)> {
        let rows = sqlx::query(
            "select j.id, j.queue, j.kind, j.consultation_id, j.attempts, j.last_error, j.created_at, j.not_before,
                c.starts_at,
                case
                    when j.given_up_at is not null then 0
                    when j.leased_until is not null then 1
                    when j.attempts > 0 then 2
                    else 3
                end as state,
                count(*) over () as in_all
            from jobs j left join consultations c on c.id = j.consultation_id
            where ?1 is null or c.branch_id = ?1
            order by j.given_up_at is null, j.attempts desc, j.id limit ?2",
        )
        .bind(branch.map(|id| id.0))
        .bind(SHOWN)
        .fetch_all(self.db())
        .await
        .map_err(internal)?;
        let in_all = rows.first().map_or(Ok(0), |row| get(row, "in_all"))?;
        let lines = rows
            .iter()
            .map(|row| {
                let id = get(row, "id")?;
                Ok(JobLine {
                    id: JobId(id),
                    queue: word(row, "jobs", "queue")?,
                    kind: get(row, "kind")?,
                    state: match get::<i64>(row, "state")? {
                        0 => JobState::GivenUp,
                        1 => JobState::Running,
                        2 => JobState::Retrying,
                        3 => JobState::Waiting,
                        _ => return Err(inconsistent("jobs", "state", id)),
                    },
                    consultation: get::<Option<i64>>(row, "consultation_id")?.map(ConsultationId),
                    starts_at: at_some(row, "starts_at")?,
                    attempts: get(row, "attempts")?,
                    last_error: trouble(get(row, "last_error")?),
                    created_at: at(row, "created_at")?,
                    not_before: at(row, "not_before")?,
                })
            })
            .collect::<Result<_>>()?;
        Ok((lines, in_all))
    }

    async fn job_branch(&mut self, id: JobId) -> Result<Option<Option<BranchId>>> {
        let found: Option<Option<i64>> = sqlx::query_scalar(
            "select c.branch_id from jobs j left join consultations c on c.id = j.consultation_id where j.id = ?",
        )
        .bind(id.0)
        .fetch_optional(self.db())
        .await
        .map_err(internal)?;
        Ok(found.map(|branch| branch.map(BranchId)))
    }
}

/// As it stands in the column `last_error`.
fn stored(why: &Trouble) -> Result<String> {
    serde_json::to_string(why).map_err(internal)
}

/// Why a job was not done. Empty: it has not failed. A version before this one wrote a sentence.
pub(crate) fn trouble(stored: String) -> Option<Trouble> {
    (!stored.is_empty()).then(|| serde_json::from_str(&stored).unwrap_or(Trouble::Told(stored)))
}

#[async_trait]
impl WriteJobs for SqliteTransaction {
    async fn add_job(&mut self, new: &NewJob, at: Timestamp) -> Result<JobId> {
        let done = sqlx::query(
            "insert into jobs (queue, kind, payload, order_key, consultation_id, created_at, not_before, not_after)
            values (?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(new.queue.into_str())
        .bind(new.kind)
        .bind(&new.payload)
        .bind(&new.order_key)
        .bind(new.consultation.map(|id| id.0))
        .bind(ms(at))
        .bind(ms(new.not_before))
        .bind(new.not_after.map(ms))
        .execute(self.db())
        .await
        .map_err(internal)?;
        Ok(JobId(done.last_insert_rowid()))
    }

    async fn lease_jobs(
        &mut self,
        queue: Queue,
        now: Timestamp,
        until: Timestamp,
        most: u32,
    ) -> Result<Vec<LeasedJob>> {
        let rows = sqlx::query(
            "update jobs set leased_until = ?1, attempts = attempts + 1
            where id in (
                select j.id from jobs j
                where j.queue = ?2 and j.given_up_at is null and j.not_before <= ?3
                    and (j.leased_until is null or j.leased_until <= ?3)
                    and not exists (
                        select 1 from jobs e where e.order_key = j.order_key and e.id < j.id and e.given_up_at is null
                    )
                order by j.not_before, j.id limit ?4
            )
            returning id, kind, payload, attempts, not_after",
        )
        .bind(ms(until))
        .bind(queue.into_str())
        .bind(ms(now))
        .bind(most)
        .fetch_all(self.db())
        .await
        .map_err(internal)?;
        rows.iter()
            .map(|row| {
                Ok(LeasedJob {
                    id: JobId(get(row, "id")?),
                    kind: get(row, "kind")?,
                    payload: get(row, "payload")?,
                    attempts: get(row, "attempts")?,
                    not_after: at_some(row, "not_after")?,
                    lease: until,
                })
            })
            .collect()
    }

    async fn finish_job(&mut self, job: &LeasedJob) -> Result<()> {
        self.execute(
            sqlx::query("delete from jobs where id = ? and leased_until = ?")
                .bind(job.id.0)
                .bind(ms(job.lease)),
        )
        .await
    }

    async fn fail_job(&mut self, job: &LeasedJob, why: &Trouble, not_before: Timestamp) -> Result<()> {
        self.end_attempt(job, why, Some(not_before), None).await
    }

    async fn give_up_job(&mut self, job: &LeasedJob, why: &Trouble, at: Timestamp) -> Result<()> {
        self.end_attempt(job, why, None, Some(at)).await
    }

    async fn retry_job(&mut self, id: JobId, at: Timestamp) -> Result<Option<Queue>> {
        let retried = sqlx::query(
            "update jobs set not_before = ?, not_after = null, given_up_at = null where id = ? returning id, queue",
        )
        .bind(ms(at))
        .bind(id.0)
        .fetch_optional(self.db())
        .await
        .map_err(internal)?;
        retried.map(|row| word(&row, "jobs", "queue")).transpose()
    }

    async fn release_jobs(&mut self, why: &Trouble) -> Result<()> {
        self.execute(
            sqlx::query("update jobs set leased_until = null, last_error = ? where leased_until is not null")
                .bind(stored(why)?),
        )
        .await
    }
}

impl SqliteTransaction {
    /// Writes why a job was not done and gives its lease back, if it is still ours. A time that is None stays as it is.
    async fn end_attempt(
        &mut self,
        job: &LeasedJob,
        why: &Trouble,
        not_before: Option<Timestamp>,
        given_up_at: Option<Timestamp>,
    ) -> Result<()> {
        self.execute(
            sqlx::query(
                "update jobs set last_error = ?, not_before = coalesce(?, not_before),
                given_up_at = coalesce(?, given_up_at), leased_until = null
            where id = ? and leased_until = ?",
            )
            .bind(stored(why)?)
            .bind(not_before.map(ms))
            .bind(given_up_at.map(ms))
            .bind(job.id.0)
            .bind(ms(job.lease)),
        )
        .await
    }
}

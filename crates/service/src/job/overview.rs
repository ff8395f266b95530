use anteroom_domain::id::JobId;
use anteroom_domain::job::{JobLine, Queue};
use strum::IntoEnumIterator as _;

use crate::{Result, Staff, UseCases};

impl UseCases {
    /// What is still to be done, for those who answer for it: the first few hundred, and how many there are in all.
    pub async fn jobs(&self, staff: &Staff) -> Result<(Vec<JobLine>, i64)> {
        staff.must_be_admin()?;
        Ok(self.0.store.read().await?.jobs(staff.scope()).await?)
    }

    /// An admin has mended what was in the way: it is due at once. One that is done meanwhile is done.
    pub async fn try_job_again(&self, staff: &Staff, id: JobId) -> Result<()> {
        staff.must_be_admin()?;
        let mut tx = self.begin().await?;
        let Some(branch) = tx.job_branch(id).await? else {
            return Ok(());
        };
        match branch {
            Some(branch) => staff.may_see(branch)?,
            None => staff.must_administer(None)?,
        }
        tx.retry_job(id, self.now()).await?;
        for queue in Queue::iter() {
            tx.wake(queue);
        }
        tx.commit().await
    }
}

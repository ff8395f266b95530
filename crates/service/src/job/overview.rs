use anteroom_domain::id::JobId;
use anteroom_domain::job::JobLine;
use tracing::instrument;

use crate::{Actor, Result, UseCases};

impl UseCases {
    /// What is still to be done, for those who answer for it: the first few hundred, and how many there are in all.
    #[instrument(skip_all)]
    pub async fn jobs(&self, actor: &Actor) -> Result<(Vec<JobLine>, i64)> {
        let staff = actor.admin()?;
        Ok(self.read(actor).await?.jobs(staff.scope()).await?)
    }

    /// An admin has mended what was in the way: it is due at once. One that is done meanwhile is done.
    #[instrument(skip_all)]
    pub async fn try_job_again(&self, actor: &Actor, id: JobId) -> Result<()> {
        let staff = actor.admin()?;
        let mut tx = self.begin(actor).await?;
        let Some(branch) = tx.job_branch(id).await? else {
            return Ok(());
        };
        match branch {
            Some(branch) => staff.must_see(branch)?,
            None => staff.must_administer(None)?,
        }
        if let Some(queue) = tx.retry_job(id, self.now()).await? {
            tx.wake(queue);
        }
        tx.commit().await
    }
}

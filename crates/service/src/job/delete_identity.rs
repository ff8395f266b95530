use anteroom_domain::event::{EventKind, NewEvent};
use anteroom_domain::id::IdentityId;
use anteroom_domain::job::Queue;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::{Job, JobError};
use crate::{Actor, Error, UseCases};

/// Deletes an identity that was made at a provider for a visit that is over.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct DeleteIdentity {
    pub identity: IdentityId,
}

#[async_trait]
impl Job for DeleteIdentity {
    const KIND: &'static str = "delete_identity";
    const QUEUE: Queue = Queue::Identities;

    fn order_key(&self) -> Option<String> {
        Some(format!("identity:{}", self.identity))
    }

    async fn run(&self, use_cases: &UseCases, _attempt: i64) -> Result<(), JobError> {
        let mut reads = use_cases.0.store.read().await.map_err(Error::from)?;
        let found = reads.retired_identity(self.identity).await.map_err(Error::from)?;
        drop(reads);
        // Deleted already: the process ended before the job was forgotten.
        let Some(identity) = found else { return Ok(()) };
        if let Some(provisioning) = use_cases.provisioning(identity.engine) {
            provisioning.forget(&identity.name).await?;
        }
        let now = use_cases.now();
        let mut tx = use_cases.begin(&Actor::system()).await?;
        if tx.identity_deleted(self.identity, now).await.map_err(Error::from)? {
            let event = NewEvent::of(now, identity.consultation, EventKind::IdentityDeleted)
                .guest(identity.guest)
                .visit(identity.visit);
            tx.record(event).await?;
        }
        Ok(tx.commit().await?)
    }
}

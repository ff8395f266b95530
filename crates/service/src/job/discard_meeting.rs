use anteroom_domain::consultation::ProvisionedMeeting;
use anteroom_domain::job::Queue;
use anteroom_domain::organisation::Engine;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::{Job, JobError};
use crate::UseCases;

/// Takes back a meeting that we made at a provider.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct DiscardMeeting {
    pub engine: Engine,
    pub meeting: ProvisionedMeeting,
}

#[async_trait]
impl Job for DiscardMeeting {
    const KIND: &'static str = "discard_meeting";
    const QUEUE: Queue = Queue::Meetings;

    fn order_key(&self) -> Option<String> {
        Some(format!("meeting:{}", self.meeting.id))
    }

    async fn run(&self, use_cases: &UseCases, _attempt: i64) -> Result<(), JobError> {
        match use_cases.provisioning(self.engine) {
            Some(provisioning) => Ok(provisioning.discard(&self.meeting).await?),
            None => Ok(()),
        }
    }
}

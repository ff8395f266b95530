use anteroom_domain::consultation::Consultation;
use anteroom_domain::id::{AccountId, ConsultationId};
use anteroom_domain::job::Queue;
use anteroom_domain::organisation::Engine;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::{Job, JobError};
use crate::{Error, UseCases};

/// Makes the external meeting of a consultation, or moves it to where the consultation is now.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PrepareMeeting {
    pub consultation: ConsultationId,
    /// The engine that it had then.
    pub engine: Engine,
    /// In whose name.
    pub host: AccountId,
}

#[async_trait]
impl Job for PrepareMeeting {
    const KIND: &'static str = "prepare_meeting";
    const QUEUE: Queue = Queue::Meetings;

    fn order_key(&self) -> Option<String> {
        Some(format!("prepare:{}", self.consultation))
    }

    async fn run(&self, use_cases: &UseCases, attempt: i64) -> Result<(), JobError> {
        let mut reads = use_cases.0.store.read().await.map_err(Error::from)?;
        let found = reads.consultation(self.consultation).await.map_err(Error::from)?;
        drop(reads);
        let Some(consultation) = found else { return Ok(()) };
        let is_wanted =
            consultation.engine == self.engine && consultation.host == self.host && !consultation.state.is_final();
        if is_wanted {
            use_cases.prepare_meeting(&consultation).await?;
        } else if attempt > 1 && (consultation.meeting.is_none() || consultation.host != self.host) {
            // An earlier attempt may have made one and died before it was written down. Asked again, the provider
            // answers with the same one.
            let asked_for = Consultation {
                engine: self.engine,
                host: self.host,
                meeting: None,
                ..consultation
            };
            use_cases.prepare_once(&asked_for).await?;
        }
        Ok(())
    }
}

use anteroom_domain::event::{Happening, NewEvent};
use anteroom_domain::organisation::Engine;
use jiff::{SignedDuration, Timestamp};

use crate::port::{DueIdentity, EngineError, Errand, ErrandKind};
use crate::{Error, Result, Services};

/// So many at a time: an answer of the provider may take seconds, and a stop must not wait for hundreds.
const AT_ONCE: u32 = 20;
/// How long after a failure an errand is tried again: doubled each time, up to an hour.
const AGAIN_SECONDS: i64 = 5;
const AGAIN_SECONDS_AT_MOST: i64 = 3_600;

impl Services {
    /// Does what is due outside: identities that must be deleted, meetings that must be made, moved or taken back. Each
    /// is a row that was written with its cause; after a crash it is simply done then. Answers how many were done.
    pub async fn run_errands(&self) -> Result<usize> {
        let now = self.now();
        let mut reads = self.0.store.read().await?;
        let identities = reads.due_identities(now, AT_ONCE).await?;
        let errands = reads.due_errands(now, AT_ONCE).await?;
        drop(reads);
        let mut done = 0;
        for due in identities {
            done += usize::from(self.delete_identity(&due).await?);
        }
        for errand in errands {
            done += usize::from(self.run_errand(&errand).await?);
        }
        Ok(done)
    }

    async fn delete_identity(&self, due: &DueIdentity) -> Result<bool> {
        let answer = self.engine(Engine::Teams).forget(&due.identity).await;
        let now = self.now();
        let mut writes = self.0.store.write().await?;
        match &answer {
            Ok(()) => {
                writes.identity_deleted(due.row, now).await?;
                let event = NewEvent::of(now, due.consultation, Happening::IdentityDeleted)
                    .guest(due.guest)
                    .visit(due.visit);
                writes.append(event).await?;
            }
            Err(error) => {
                writes
                    .identity_failed(due.row, &sentence(error), again_at(now, due.attempts))
                    .await?;
            }
        }
        writes.commit().await?;
        Ok(answer.is_ok())
    }

    async fn run_errand(&self, errand: &Errand) -> Result<bool> {
        let answer = match &errand.kind {
            ErrandKind::Discard(made) => self
                .engine(Engine::Teams)
                .discard(made)
                .await
                .map_err(|error| sentence(&error)),
            ErrandKind::Prepare => {
                let consultation = self.0.store.read().await?.consultation(errand.consultation).await?;
                match consultation {
                    // Over or elsewhere by now: nothing is to be made for it.
                    Some(consultation) if consultation.engine == Engine::Teams && !consultation.state.is_final() => {
                        match self.prepare_meeting(&consultation).await {
                            Ok(_) => Ok(()),
                            Err(Error::Refused(sentence)) => Err(sentence),
                            Err(error) => {
                                tracing::warn!(consultation.id = %errand.consultation, error = &error as &dyn std::error::Error, "the Teams meeting of consultation {} could not be prepared", errand.consultation);
                                Err("It failed on our side; the server's log says why.".to_owned())
                            }
                        }
                    }
                    _ => Ok(()),
                }
            }
        };
        let now = self.now();
        let mut writes = self.0.store.write().await?;
        match &answer {
            Ok(()) => writes.errand_done(errand.row, now).await?,
            Err(why) => {
                writes
                    .errand_failed(errand.row, why, again_at(now, errand.attempts))
                    .await?;
            }
        }
        writes.commit().await?;
        Ok(answer.is_ok())
    }
}

fn again_at(now: Timestamp, attempts: i64) -> Timestamp {
    let doubled = AGAIN_SECONDS.saturating_mul(1 << attempts.clamp(0, 20));
    now + SignedDuration::from_secs(doubled.min(AGAIN_SECONDS_AT_MOST))
}

/// For an admin; the rest is in the log.
fn sentence(error: &EngineError) -> String {
    match error {
        EngineError::Unavailable(sentence) => sentence.clone(),
        EngineError::Internal(cause) => {
            tracing::warn!(error = &**cause as &dyn std::error::Error, "an errand to Teams failed");
            "It failed on our side; the server's log says why.".to_owned()
        }
    }
}

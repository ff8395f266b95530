use anteroom_domain::event::{EventKind, NewEvent};
use anteroom_domain::organisation::Engine;
use jiff::{SignedDuration, Timestamp};

use crate::port::{DueIdentity, Errand, ErrandKind};
use crate::{Result, UseCases};

/// So many at a time: an answer of the provider may take seconds, and a stop must not wait for hundreds.
const AT_ONCE: u32 = 20;
/// How long after a failure an errand is tried again: doubled each time, up to an hour.
const AGAIN_SECONDS: i64 = 5;
const AGAIN_SECONDS_AT_MOST: i64 = 3_600;

impl UseCases {
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
        let mut tx = self.begin().await?;
        match &answer {
            Ok(()) => {
                if !tx.identity_deleted(due.row, now).await? {
                    return Ok(false);
                }
                let event = NewEvent::of(now, due.consultation, EventKind::IdentityDeleted)
                    .guest(due.guest)
                    .visit(due.visit);
                tx.record(event).await?;
            }
            Err(error) => {
                tx.identity_failed(due.row, &error.admin, again_at(now, due.attempts))
                    .await?;
            }
        }
        tx.commit().await?;
        Ok(answer.is_ok())
    }

    async fn run_errand(&self, errand: &Errand) -> Result<bool> {
        let answer = match &errand.kind {
            ErrandKind::Discard(made) => self
                .engine(Engine::Teams)
                .discard(made)
                .await
                .map_err(|error| error.admin),
            ErrandKind::Prepare => {
                let consultation = self.0.store.read().await?.consultation(errand.consultation).await?;
                match consultation {
                    // Over or elsewhere by now: nothing is to be made for it.
                    Some(consultation) if consultation.engine == Engine::Teams && !consultation.state.is_final() => {
                        let prepared = self.prepare_meeting(&consultation).await;
                        prepared.map(drop).map_err(|error| error.admin)
                    }
                    _ => Ok(()),
                }
            }
        };
        let now = self.now();
        let mut tx = self.begin().await?;
        match &answer {
            Ok(()) => tx.errand_done(errand.row, now).await?,
            Err(why) => {
                tx.errand_failed(errand.row, why, again_at(now, errand.attempts))
                    .await?;
            }
        }
        tx.commit().await?;
        Ok(answer.is_ok())
    }
}

fn again_at(now: Timestamp, attempts: i64) -> Timestamp {
    let doubled = AGAIN_SECONDS.saturating_mul(1 << attempts.clamp(0, 20));
    now + SignedDuration::from_secs(doubled.min(AGAIN_SECONDS_AT_MOST))
}

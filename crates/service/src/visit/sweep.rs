use anteroom_domain::consultation::{Consultation, DESERTED_MINUTES, EMPTY_MINUTES, MISSED_PATIENCE_MINUTES};
use anteroom_domain::event::{EventKind, NewEvent};
use anteroom_domain::id::VisitId;
use anteroom_domain::visit::{EndCause, RESUME_SECONDS, Role, Visit};
use jiff::{SignedDuration, Timestamp};
use tracing::instrument;

use super::finish::{last_together, missed_side};
use crate::{Actor, Result, UseCases};

/// What a sweep found to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sweep {
    /// How many visits ended because nobody came back to their seats.
    pub lost: usize,
    /// How many consultations were missed.
    pub missed: usize,
    /// How many live consultations ended because one side, or both, had left.
    pub ended: usize,
}

impl UseCases {
    /// What time brings about by itself: seats that nobody came back to, consultations that did not take place, rooms
    /// that one side has left for good. Run every second or so; each step is a transaction of its own and safe to repeat.
    pub async fn sweep(&self) -> Result<Sweep> {
        Ok(Sweep {
            lost: self.sweep_lost().await?,
            missed: self.sweep_missed().await?,
            ended: self.sweep_ended().await?,
        })
    }

    /// What needs doing only now and then.
    pub async fn tidy(&self) -> Result<()> {
        self.forget_old_sessions().await
    }

    /// Which visits go on: for those who keep something about each.
    #[instrument(skip_all)]
    pub async fn open_visits(&self) -> Result<Vec<VisitId>> {
        Ok(self.0.store.read().await?.open_visits().await?)
    }

    async fn sweep_lost(&self) -> Result<usize> {
        let before = self.now() - SignedDuration::from_secs(RESUME_SECONDS);
        let found = self.0.store.read().await?.lost_visits(before).await?;
        let mut done = 0;
        for visit in found {
            let mut tx = self.begin(&Actor::system()).await?;
            // They may have come back between the look and the write.
            let Some(visit) = tx.visit(visit.id).await?.filter(|visit| !visit.is_over()) else {
                continue;
            };
            let Some(gone_at) = visit.disconnected_at.filter(|at| *at <= before) else {
                continue;
            };
            self.end_visit(&mut tx, visit, gone_at, EndCause::Lost).await?;
            tx.commit().await?;
            done += 1;
        }
        Ok(done)
    }

    async fn sweep_missed(&self) -> Result<usize> {
        let now = self.now();
        let found = self.0.store.read().await?.overdue(now).await?;
        let mut done = 0;
        for overdue in found.into_iter().filter(|consultation| consultation.missed_at() <= now) {
            let mut tx = self.begin(&Actor::system()).await?;
            let Some(before) = tx.reads().consultation(overdue.id).await? else {
                continue;
            };
            let visits = tx.visits(before.id).await?;
            let patience = before.ends_at + SignedDuration::from_mins(MISSED_PATIENCE_MINUTES);
            if before.state.is_final()
                || before.live_at.is_some()
                || before.missed_at() > now
                || (now < patience && visits.iter().any(|visit| !visit.is_over()))
            {
                continue;
            }
            let side = missed_side(&visits, before.moved_at);
            let after = Consultation {
                state: before.state.miss(side)?,
                ..before
            };
            tx.save_consultation(&after, None).await?;
            tx.record(NewEvent::of(now, after.id, EventKind::Missed { side }))
                .await?;
            self.end_visits(&mut tx, after.id, now, EndCause::Ended).await?;
            tx.delete_messages(after.id).await?;
            tx.end_meeting(after.id);
            tx.commit().await?;
            done += 1;
        }
        Ok(done)
    }

    /// What nobody is in any more has ended: when both were last in. After its planned end, so has what one side has left.
    async fn sweep_ended(&self) -> Result<usize> {
        let now = self.now();
        let found = self.0.store.read().await?.one_sided(now).await?;
        let mut done = 0;
        for one_sided in found {
            let mut tx = self.begin(&Actor::system()).await?;
            let Some(before) = tx.reads().consultation(one_sided.id).await? else {
                continue;
            };
            let visits = tx.visits(before.id).await?;
            if before.state.is_final() || over_since(&before, &visits, now).is_none_or(|over| now < over) {
                continue;
            }
            let ended_at = last_together(&before, &visits, now);
            let after = Consultation {
                state: before.state.end()?,
                ended_at: Some(ended_at),
                ..before
            };
            tx.save_consultation(&after, None).await?;
            tx.record(NewEvent::of(ended_at, after.id, EventKind::Ended)).await?;
            self.end_visits(&mut tx, after.id, now, EndCause::Ended).await?;
            tx.delete_messages(after.id).await?;
            tx.end_meeting(after.id);
            tx.commit().await?;
            done += 1;
        }
        Ok(done)
    }
}

/// When it has ended by itself, unless somebody comes back before. A guest who waits in the lobby is not gone. On Teams the
/// clerk's side is not seen.
fn over_since(consultation: &Consultation, visits: &[Visit], now: Timestamp) -> Option<Timestamp> {
    let gone = |host: bool| {
        let mut left = None;
        for visit in visits.iter().filter(|visit| (visit.role == Role::Host) == host) {
            left = left.max(Some(visit.gone_at()?));
        }
        left
    };
    let guests = gone(false);
    let host = if consultation.engine.seats_hosts() {
        gone(true)
    } else {
        None
    };
    if now < consultation.ends_at {
        let last = guests?.max(host?);
        return Some(last + SignedDuration::from_mins(DESERTED_MINUTES));
    }
    let first = [guests, host].into_iter().flatten().min()?;
    Some(first + SignedDuration::from_mins(EMPTY_MINUTES))
}

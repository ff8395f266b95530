use anteroom_domain::consultation::{Consultation, EMPTY_MINUTES, MISSED_PATIENCE_MINUTES};
use anteroom_domain::event::{Happening, NewEvent};
use anteroom_domain::id::VisitId;
use anteroom_domain::signalling::RESUME_SECONDS;
use anteroom_domain::visit::EndCause;
use jiff::SignedDuration;

use super::finish::missed_side;
use crate::{Error, Result, Services};

/// What a sweep found to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sweep {
    pub lost: usize,
    pub missed: usize,
    pub ended: usize,
}

impl Services {
    /// What time brings about by itself: seats that nobody came back to, consultations that did not take place, rooms
    /// that everybody has left. Run every second or so; each step is a transaction of its own and safe to repeat.
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
    pub async fn open_visits(&self) -> Result<Vec<VisitId>> {
        Ok(self.0.store.read().await?.open_visits().await?)
    }

    async fn sweep_lost(&self) -> Result<usize> {
        let before = self.now() - SignedDuration::from_secs(RESUME_SECONDS);
        let found = self.0.store.read().await?.lost_visits(before).await?;
        let mut done = 0;
        for visit in found {
            let mut writes = self.0.store.write().await?;
            // They may have come back between the look and the write.
            let Some(visit) = writes.visit(visit.id).await?.filter(|visit| !visit.is_over()) else {
                continue;
            };
            let Some(gone_at) = visit.disconnected_at.filter(|at| *at <= before) else {
                continue;
            };
            let consultation = writes.consultation(visit.consultation).await?.ok_or(Error::NotFound)?;
            self.end_visit(writes.as_mut(), visit.clone(), gone_at, EndCause::Lost)
                .await?;
            self.commit_and_announce(writes, &visit).await?;
            self.put_out_of_engine(consultation.engine, &visit).await;
            done += 1;
        }
        Ok(done)
    }

    async fn sweep_missed(&self) -> Result<usize> {
        let now = self.now();
        let found = self.0.store.read().await?.overdue(now).await?;
        let mut done = 0;
        for overdue in found.into_iter().filter(|consultation| consultation.missed_at() <= now) {
            let mut writes = self.0.store.write().await?;
            let Some(before) = writes.consultation(overdue.id).await? else {
                continue;
            };
            let visits = writes.visits(before.id).await?;
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
            writes.save_consultation(&after, None).await?;
            writes
                .append(NewEvent::of(now, after.id, Happening::Missed { side }))
                .await?;
            self.end_visits(writes.as_mut(), after.id, now, EndCause::Ended).await?;
            writes.delete_messages(after.id).await?;
            writes.commit().await?;
            self.announce(&after);
            self.end_on_engine(&after).await;
            done += 1;
        }
        Ok(done)
    }

    async fn sweep_ended(&self) -> Result<usize> {
        let now = self.now();
        let found = self.0.store.read().await?.deserted().await?;
        let mut done = 0;
        for deserted in found {
            let mut writes = self.0.store.write().await?;
            let Some(before) = writes.consultation(deserted.id).await? else {
                continue;
            };
            let visits = writes.visits(before.id).await?;
            let Some(last_left) = visits.iter().filter_map(|visit| visit.left_at).max() else {
                continue;
            };
            let is_empty = visits.iter().all(anteroom_domain::visit::Visit::is_over);
            if before.state.is_final() || !is_empty || now < last_left + SignedDuration::from_mins(EMPTY_MINUTES) {
                continue;
            }
            let after = Consultation {
                state: before.state.end()?,
                ended_at: Some(last_left),
                ..before
            };
            writes.save_consultation(&after, None).await?;
            writes
                .append(NewEvent::of(last_left, after.id, Happening::Ended))
                .await?;
            writes.delete_messages(after.id).await?;
            writes.commit().await?;
            self.announce(&after);
            self.end_on_engine(&after).await;
            done += 1;
        }
        Ok(done)
    }
}

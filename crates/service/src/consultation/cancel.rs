use anteroom_domain::consultation::{CancelledBy, Consultation};
use anteroom_domain::event::{Happening, NewEvent};
use anteroom_domain::form::{FieldErrors, MAX_REASON_CHARS, check_text};
use anteroom_domain::id::{AccountId, ConsultationId};
use anteroom_domain::visit::EndCause;

use crate::port::{ErrandKind, Writes};
use crate::secret::hash;
use crate::{Error, Result, Services, Staff};

impl Services {
    /// By staff; the guest sees the reason.
    pub async fn cancel(&self, staff: &Staff, id: ConsultationId, reason: &str) -> Result<()> {
        let mut writes = self.0.store.write().await?;
        let consultation = writes.consultation(id).await?.ok_or(Error::NotFound)?;
        staff.may_see(consultation.branch)?;
        self.cancel_in(
            writes,
            consultation,
            CancelledBy::Staff,
            Some(staff.account().id),
            reason,
        )
        .await
    }

    /// By the guest, through their own link.
    pub async fn cancel_as_guest(&self, secret: &str, reason: &str) -> Result<()> {
        let mut writes = self.0.store.write().await?;
        let invited = writes
            .invitation(&hash(secret), self.now())
            .await?
            .ok_or(Error::NotFound)?;
        self.cancel_in(writes, invited.consultation, CancelledBy::Guest, None, reason)
            .await
    }

    async fn cancel_in(
        &self,
        mut writes: Box<dyn Writes>,
        before: Consultation,
        by: CancelledBy,
        account: Option<AccountId>,
        reason: &str,
    ) -> Result<()> {
        let now = self.now();
        let reason = check_text(reason, MAX_REASON_CHARS)
            .map_err(|sentence| Error::Invalid(FieldErrors::one("reason", sentence)))?;
        let after = Consultation {
            state: before.state.cancel(by)?,
            cancel_reason: reason,
            cancelled_at: Some(now),
            ..before
        };
        writes.save_consultation(&after, None).await?;
        writes
            .append(NewEvent::of(now, after.id, Happening::Cancelled { by }).by(account))
            .await?;
        self.end_visits(writes.as_mut(), after.id, now, EndCause::Ended).await?;
        if let Some(made) = after.meeting.as_ref().and_then(|meeting| meeting.made.clone()) {
            writes.add_errand(after.id, &ErrandKind::Discard(made), now).await?;
        }
        writes.delete_messages(after.id).await?;
        writes.commit().await?;
        self.announce(&after);
        self.engine(after.engine).end(after.id).await.map_err(Error::internal)
    }
}

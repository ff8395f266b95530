use anteroom_domain::consultation::{CancelledBy, Consultation};
use anteroom_domain::event::{EventKind, NewEvent};
use anteroom_domain::form::{FieldErrors, MAX_REASON_CHARS, check_text};
use anteroom_domain::guest::{Declination, Guest};
use anteroom_domain::id::{AccountId, ConsultationId};
use anteroom_domain::visit::EndCause;

use crate::secret::hash;
use crate::transaction::Transaction;
use crate::{Error, Result, Staff, UseCases};

impl UseCases {
    /// By staff; the guest sees the reason.
    pub async fn cancel(&self, staff: &Staff, id: ConsultationId, reason: &str) -> Result<()> {
        let mut tx = self.begin().await?;
        let consultation = tx.consultation(id).await?.ok_or(Error::NotFound)?;
        staff.may_see(consultation.branch)?;
        self.cancel_in(tx, consultation, CancelledBy::Staff, Some(staff.account().id), reason)
            .await
    }

    /// A guest says through their own link that they can't come. Where nobody else is expected, that cancels the
    /// appointment; else it is about them alone. Answers what it came to.
    pub async fn decline_invitation(&self, secret: &str, reason: &str) -> Result<Declination> {
        let (now, secret_hash) = (self.now(), hash(secret));
        // A secret that is nobody's does not take the one writer's place.
        self.0
            .store
            .read()
            .await?
            .invitation(&secret_hash, now)
            .await?
            .ok_or(Error::NotFound)?;
        let mut tx = self.begin().await?;
        let invited = tx.invitation(&secret_hash, now).await?.ok_or(Error::NotFound)?;
        let (consultation, guest) = (invited.consultation, invited.guest);
        let guests = tx.guests(consultation.id).await?;
        let meaning = Declination::of(consultation.state, &guest, &guests).ok_or_else(|| {
            Error::refused("This can't be cancelled any more. Reload the page to see where your appointment stands.")
        })?;
        match meaning {
            Declination::Cancel => {
                self.cancel_in(tx, consultation, CancelledBy::Guest, None, reason)
                    .await?;
            }
            Declination::Excuse => self.excuse_in(tx, &consultation, guest, reason).await?,
        }
        Ok(meaning)
    }

    async fn excuse_in(&self, mut tx: Transaction, of: &Consultation, guest: Guest, reason: &str) -> Result<()> {
        let now = self.now();
        let declination_note = check_reason(reason)?;
        let is_in = tx
            .visits(of.id)
            .await?
            .iter()
            .any(|visit| visit.guest == Some(guest.id) && !visit.is_over());
        if is_in {
            return Err(Error::refused(
                "You are in the meeting with this link. Leave it there first.",
            ));
        }
        let id = guest.id;
        tx.save_guest(&Guest {
            declination_at: Some(now),
            declination_note,
            ..guest
        })
        .await?;
        tx.record(NewEvent::of(now, of.id, EventKind::InvitationDeclined).guest(Some(id)))
            .await?;
        tx.commit().await
    }

    async fn cancel_in(
        &self,
        mut tx: Transaction,
        before: Consultation,
        by: CancelledBy,
        account: Option<AccountId>,
        reason: &str,
    ) -> Result<()> {
        let now = self.now();
        let reason = check_reason(reason)?;
        let after = Consultation {
            state: before.state.cancel(by)?,
            cancel_reason: reason,
            cancelled_at: Some(now),
            ..before
        };
        tx.save_consultation(&after, None).await?;
        tx.record(NewEvent::of(now, after.id, EventKind::Cancelled { by }).by(account))
            .await?;
        self.end_visits(&mut tx, after.id, now, EndCause::Ended).await?;
        if let Some(made) = after.meeting.as_ref().and_then(|meeting| meeting.provisioned.clone()) {
            tx.discard_meeting(after.id, made).await?;
        }
        tx.delete_messages(after.id).await?;
        tx.end_meeting(after.id);
        tx.commit().await
    }
}

fn check_reason(reason: &str) -> Result<String> {
    check_text(reason, MAX_REASON_CHARS).map_err(|sentence| Error::Invalid(FieldErrors::one("reason", sentence)))
}

use anteroom_domain::consultation::{CancelledBy, Consultation};
use anteroom_domain::event::{EventKind, NewEvent};
use anteroom_domain::guest::{Declination, Guest};
use anteroom_domain::id::ConsultationId;
use anteroom_domain::refusal::GuestRefusal;
use anteroom_domain::value::Reason;
use anteroom_domain::visit::EndCause;
use tracing::instrument;

use crate::transaction::Transaction;
use crate::{Actor, Error, Result, UseCases};

/// A consultation that is not to be.
#[derive(Clone, Debug)]
pub struct Cancel {
    /// The consultation that is called off.
    pub consultation: ConsultationId,
    /// The guest reads it.
    pub reason: Reason,
}

impl UseCases {
    /// By staff; the guest sees the reason.
    #[instrument(skip_all, fields(consultation.id = %command.consultation))]
    pub async fn cancel(&self, actor: &Actor, command: Cancel) -> Result<()> {
        actor.staff()?;
        let mut tx = self.begin(actor).await?;
        let consultation = tx.consultation(command.consultation).await?;
        self.cancel_in(tx, consultation, CancelledBy::Staff, command.reason)
            .await
    }

    /// A guest says through their own link that they can't come. Where nobody else is expected, that cancels the
    /// appointment; else it is about them alone. Answers what it came to.
    #[instrument(skip_all)]
    pub async fn decline_invitation(&self, actor: &Actor, reason: Reason) -> Result<Declination> {
        // A secret that is nobody's does not take the one writer's place.
        let known = self.read(actor).await?.invitation(actor.link()?, self.now()).await?;
        known.ok_or(Error::NotFound)?;
        let mut tx = self.begin(actor).await?;
        let invited = tx.invitation().await?;
        let (consultation, guest) = (invited.consultation, invited.guest);
        let guests = tx.guests(consultation.id).await?;
        let meaning = Declination::of(consultation.state, &guest, &guests).ok_or(GuestRefusal::CantDecline)?;
        match meaning {
            Declination::Cancel => {
                self.cancel_in(tx, consultation, CancelledBy::Guest, reason).await?;
            }
            Declination::Excuse => self.excuse_in(tx, &consultation, guest, reason).await?,
        }
        Ok(meaning)
    }

    async fn excuse_in(&self, mut tx: Transaction, of: &Consultation, guest: Guest, reason: Reason) -> Result<()> {
        let now = self.now();
        let is_in = tx
            .visits(of.id)
            .await?
            .iter()
            .any(|visit| visit.guest == Some(guest.id) && !visit.is_over());
        if is_in {
            return Err(GuestRefusal::InMeeting.into());
        }
        let id = guest.id;
        tx.save_guest(&Guest {
            declination_at: Some(now),
            declination_note: reason.into(),
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
        reason: Reason,
    ) -> Result<()> {
        let now = self.now();
        let after = Consultation {
            state: before.state.cancel(by)?,
            cancel_reason: reason.into(),
            cancelled_at: Some(now),
            ..before
        };
        tx.save_consultation(&after, None).await?;
        tx.record(NewEvent::of(now, after.id, EventKind::Cancelled { by }))
            .await?;
        self.end_visits(&mut tx, after.id, now, EndCause::Ended).await?;
        if let Some(made) = after.meeting.as_ref().and_then(|meeting| meeting.provisioned.clone()) {
            tx.discard_meeting(&after, made).await?;
        }
        tx.delete_messages(after.id).await?;
        tx.end_meeting(after.id);
        tx.commit().await
    }
}

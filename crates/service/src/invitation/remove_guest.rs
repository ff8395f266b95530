//! Who is not to come (any more), as staff decide it on the consultation's page, whether or not anybody is in the room.

use anteroom_domain::consultation::Consultation;
use anteroom_domain::event::{EventKind, NewEvent};
use anteroom_domain::guest::{Admission, Guest};
use anteroom_domain::id::{ConsultationId, GuestId};
use anteroom_domain::visit::EndCause;
use tracing::instrument;

use crate::transaction::Transaction;
use crate::{Actor, Error, Result, UseCases};

impl UseCases {
    /// Ends the guest's visit, withdraws their links and frees their seat.
    #[instrument(skip_all, fields(consultation.id = %consultation))]
    pub async fn remove_guest(&self, actor: &Actor, consultation: ConsultationId, guest: GuestId) -> Result<()> {
        actor.staff()?;
        let now = self.now();
        let mut tx = self.begin(actor).await?;
        let (of, guest) = find(&mut tx, consultation, guest).await?;
        if guest.admission.keeps_out() {
            return Ok(());
        }
        let guests = tx.guests(of.id).await?;
        if !guests.iter().any(|other| other.id != guest.id && other.is_expected()) {
            return Err(Error::refused(
                "Nobody else is expected. Cancel the consultation instead.",
            ));
        }
        let id = guest.id;
        tx.save_guest(&Guest {
            admission: Admission::Removed,
            ..guest
        })
        .await?;
        tx.revoke_invitations(id, now).await?;
        for kind in [EventKind::Removed, EventKind::InvitationsRevoked] {
            tx.record(NewEvent::of(now, of.id, kind).guest(Some(id))).await?;
        }
        let mut open = tx.visits(of.id).await?;
        open.retain(|visit| visit.guest == Some(id) && !visit.is_over());
        for visit in open {
            self.end_visit(&mut tx, visit, now, EndCause::Removed).await?;
        }
        tx.commit().await
    }

    /// They may come again, through a link that is made for them now.
    #[instrument(skip_all, fields(consultation.id = %consultation))]
    pub async fn restore_guest(&self, actor: &Actor, consultation: ConsultationId, guest: GuestId) -> Result<()> {
        actor.staff()?;
        let now = self.now();
        let mut tx = self.begin(actor).await?;
        let (of, guest) = find(&mut tx, consultation, guest).await?;
        if !guest.admission.keeps_out() {
            return Ok(());
        }
        let id = guest.id;
        tx.save_guest(&Guest {
            admission: Admission::Undecided,
            ..guest
        })
        .await?;
        let event = NewEvent::of(now, of.id, EventKind::AllowedAgain).guest(Some(id));
        tx.record(event).await?;
        tx.commit().await
    }
}

async fn find(tx: &mut Transaction, consultation: ConsultationId, guest: GuestId) -> Result<(Consultation, Guest)> {
    let (of, guest) = tx.consultation_and_guest(consultation, guest).await?;
    if of.state.is_final() {
        return Err(Error::refused(
            "This consultation is over; nobody comes to it any more.",
        ));
    }
    Ok((of, guest))
}

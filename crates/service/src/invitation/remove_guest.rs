//! Who is not to come (any more), as staff decide it on the consultation's page, whether or not anybody is in the room.

use anteroom_domain::consultation::Consultation;
use anteroom_domain::event::{EventKind, NewEvent};
use anteroom_domain::guest::{Admission, Guest};
use anteroom_domain::refusal::GuestRefusal;
use anteroom_domain::visit::EndCause;
use tracing::instrument;

use super::OfGuest;
use crate::transaction::Transaction;
use crate::{Actor, Result, UseCases};

impl UseCases {
    /// Ends the guest's visit, withdraws their links and frees their seat.
    #[instrument(skip_all, fields(consultation.id = %of.consultation))]
    pub async fn remove_guest(&self, actor: &Actor, of: OfGuest) -> Result<()> {
        actor.staff()?;
        let now = self.now();
        let mut tx = self.begin(actor).await?;
        let (of, guest) = find(&mut tx, of).await?;
        if guest.admission.keeps_out() {
            return Ok(());
        }
        let guests = tx.guests(of.id).await?;
        if !guests.iter().any(|other| other.id != guest.id && other.is_expected()) {
            return Err(GuestRefusal::LastExpected.into());
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
    #[instrument(skip_all, fields(consultation.id = %of.consultation))]
    pub async fn restore_guest(&self, actor: &Actor, of: OfGuest) -> Result<()> {
        actor.staff()?;
        let now = self.now();
        let mut tx = self.begin(actor).await?;
        let (of, guest) = find(&mut tx, of).await?;
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

async fn find(tx: &mut Transaction, of: OfGuest) -> Result<(Consultation, Guest)> {
    let (of, guest) = tx.consultation_and_guest(of).await?;
    if of.state.is_final() {
        return Err(GuestRefusal::Over.into());
    }
    Ok((of, guest))
}

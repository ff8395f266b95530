//! Who is not to come (any more), as staff decide it on the consultation's page, whether or not anybody is in the room.

use anteroom_domain::consultation::Consultation;
use anteroom_domain::event::{EventKind, NewEvent};
use anteroom_domain::guest::{Admission, Guest};
use anteroom_domain::id::{ConsultationId, GuestId};
use anteroom_domain::visit::EndCause;

use crate::transaction::Transaction;
use crate::{Error, Result, Staff, UseCases};

impl UseCases {
    /// Ends the guest's visit, withdraws their links and frees their seat.
    pub async fn remove_guest(&self, staff: &Staff, consultation: ConsultationId, guest: GuestId) -> Result<()> {
        let now = self.now();
        let by = Some(staff.account().id);
        let mut tx = self.begin().await?;
        let (of, guest) = find(&mut tx, staff, consultation, guest).await?;
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
            tx.record(NewEvent::of(now, of.id, kind).guest(Some(id)).by(by)).await?;
        }
        let mut open = tx.visits(of.id).await?;
        open.retain(|visit| visit.guest == Some(id) && !visit.is_over());
        for visit in open {
            self.end_visit(&mut tx, visit, now, EndCause::Removed).await?;
        }
        tx.commit().await
    }

    /// They may come again, through a link that is made for them now.
    pub async fn restore_guest(&self, staff: &Staff, consultation: ConsultationId, guest: GuestId) -> Result<()> {
        let now = self.now();
        let mut tx = self.begin().await?;
        let (of, guest) = find(&mut tx, staff, consultation, guest).await?;
        if !guest.admission.keeps_out() {
            return Ok(());
        }
        let id = guest.id;
        tx.save_guest(&Guest {
            admission: Admission::Undecided,
            ..guest
        })
        .await?;
        let event = NewEvent::of(now, of.id, EventKind::AllowedAgain)
            .guest(Some(id))
            .by(Some(staff.account().id));
        tx.record(event).await?;
        tx.commit().await
    }
}

async fn find(
    tx: &mut Transaction,
    staff: &Staff,
    consultation: ConsultationId,
    guest: GuestId,
) -> Result<(Consultation, Guest)> {
    let of = tx.consultation(consultation).await?.ok_or(Error::NotFound)?;
    staff.may_see(of.branch)?;
    let found = tx.guest(guest).await?.filter(|guest| guest.consultation == of.id);
    let guest = found.ok_or(Error::NotFound)?;
    if of.state.is_final() {
        return Err(Error::refused(
            "This consultation is over; nobody comes to it any more.",
        ));
    }
    Ok((of, guest))
}

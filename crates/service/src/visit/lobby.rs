use anteroom_domain::event::{EventKind, NewEvent};
use anteroom_domain::guest::Admission;
use anteroom_domain::id::{GuestId, VisitId};
use anteroom_domain::refusal::VisitRefusal;
use anteroom_domain::visit::{EndCause, Visit};
use tracing::instrument;

use crate::actor::may_host;
use crate::transaction::Transaction;
use crate::{Actor, Error, Result, UseCases};

impl UseCases {
    /// Lets a waiting guest in. Letting in who is in already is no fault: two colleagues may press at once.
    #[instrument(skip_all, fields(visit.id = %id))]
    pub async fn admit(&self, actor: &Actor, id: VisitId) -> Result<()> {
        let now = self.now();
        let mut tx = self.begin(actor).await?;
        let (_, visit) = self.host_and_visit(&mut tx, actor, id).await?;
        if visit.is_over() {
            return Err(VisitRefusal::NotWaiting.into());
        }
        if visit.admitted_at.is_some() {
            return Ok(());
        }
        self.set_admission(&mut tx, &visit, Admission::Admitted).await?;
        tx.save_visit(&Visit {
            admitted_at: Some(now),
            ..visit.clone().let_in(now)
        })
        .await?;
        let event = NewEvent::of(now, visit.consultation, EventKind::Admitted)
            .guest(visit.guest)
            .visit(id);
        tx.record(event).await?;
        tx.commit().await
    }

    /// Turns a waiting guest away. Their link does not bring them back unless this is taken back.
    #[instrument(skip_all, fields(visit.id = %id))]
    pub async fn decline(&self, actor: &Actor, id: VisitId) -> Result<()> {
        self.put_out(actor, id, EndCause::Declined).await
    }

    /// Puts out someone who is in. The same holds.
    #[instrument(skip_all, fields(visit.id = %id))]
    pub async fn remove(&self, actor: &Actor, id: VisitId) -> Result<()> {
        self.put_out(actor, id, EndCause::Removed).await
    }

    async fn put_out(&self, actor: &Actor, id: VisitId, cause: EndCause) -> Result<()> {
        let now = self.now();
        let mut tx = self.begin(actor).await?;
        let (_, visit) = self.host_and_visit(&mut tx, actor, id).await?;
        if visit.guest.is_none() {
            return Err(VisitRefusal::Colleague.into());
        }
        if visit.is_over() {
            return Ok(());
        }
        let (admission, kind) = match cause {
            EndCause::Declined => (Admission::Declined, EventKind::Declined),
            _ => (Admission::Removed, EventKind::Removed),
        };
        self.set_admission(&mut tx, &visit, admission).await?;
        let event = NewEvent::of(now, visit.consultation, kind).guest(visit.guest).visit(id);
        tx.record(event).await?;
        self.end_visit(&mut tx, visit, now, cause).await?;
        tx.commit().await
    }

    /// Takes a decline or a removal back: the guest may ask again through their link.
    #[instrument(skip_all)]
    pub async fn allow_again(&self, actor: &Actor, guest: GuestId) -> Result<()> {
        let now = self.now();
        let mut tx = self.begin(actor).await?;
        let host = self.hosting(&mut tx, actor).await?;
        let mut found = tx.guest(guest).await?.ok_or(Error::NotFound)?;
        if found.consultation != host.consultation {
            return Err(Error::NotFound);
        }
        if !found.admission.keeps_out() {
            return Ok(());
        }
        found.admission = Admission::Undecided;
        tx.save_guest(&found).await?;
        let event = NewEvent::of(now, found.consultation, EventKind::AllowedAgain).guest(Some(guest));
        tx.record(event).await?;
        tx.commit().await
    }

    /// The host's own visit, still open, and the visit that they mean, of the same consultation.
    async fn host_and_visit(&self, tx: &mut Transaction, actor: &Actor, id: VisitId) -> Result<(Visit, Visit)> {
        let by = self.hosting(tx, actor).await?;
        let visit = tx
            .visit(id)
            .await?
            .filter(|visit| visit.consultation == by.consultation);
        Ok((by, visit.ok_or(Error::NotFound)?))
    }

    /// The visit of somebody who is host at this moment: who no longer works here decides nothing any more.
    pub(super) async fn hosting(&self, tx: &mut Transaction, actor: &Actor) -> Result<Visit> {
        let host = actor.participant()?;
        if !host.is_host() {
            return Err(Error::Forbidden);
        }
        let visit = tx.visit(host.id.visit).await?.filter(|visit| !visit.is_over());
        let visit = visit.ok_or(Error::Forbidden)?;
        let account = tx.account(visit.account.ok_or(Error::Forbidden)?).await?;
        let consultation = tx.consultation(visit.consultation).await?;
        if account.is_some_and(|account| may_host(&account, &consultation)) {
            Ok(visit)
        } else {
            Err(Error::Forbidden)
        }
    }

    async fn set_admission(&self, tx: &mut Transaction, visit: &Visit, admission: Admission) -> Result<()> {
        let Some(id) = visit.guest else { return Ok(()) };
        let mut guest = tx.guest(id).await?.ok_or(Error::NotFound)?;
        guest.admission = admission;
        Ok(tx.save_guest(&guest).await?)
    }
}

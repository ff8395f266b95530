use anteroom_domain::consultation::State;
use anteroom_domain::event::{EventKind, NewEvent};
use anteroom_domain::form::{GuestForm, GuestTerms};
use anteroom_domain::guest::Guest;
use anteroom_domain::id::{ConsultationId, GuestId};
use tracing::instrument;

use crate::{Actor, Error, Result, UseCases};

impl UseCases {
    /// One of the guests, at any time until it is cancelled: a name that was misheard, another number.
    #[instrument(skip_all, fields(consultation.id = %consultation))]
    pub async fn change_guest(
        &self,
        actor: &Actor,
        consultation: ConsultationId,
        guest: GuestId,
        form: &GuestForm,
    ) -> Result<()> {
        actor.staff()?;
        let mut tx = self.begin(actor).await?;
        let (of, mut guest) = tx.consultation_and_guest(consultation, guest).await?;
        if let State::Cancelled { .. } = of.state {
            of.state.change()?;
        }
        put(&mut guest, form.check(Some(&of.zone)).map_err(Error::Invalid)?);
        tx.save_guest(&guest).await?;
        let edited = EventKind::Edited {
            service: of.service,
            host: of.host,
            engine: of.engine,
        };
        let event = NewEvent::of(self.now(), of.id, edited).guest(Some(guest.id));
        tx.record(event).await?;
        tx.commit().await
    }
}

/// The particulars into the guest.
pub(super) fn put(guest: &mut Guest, terms: GuestTerms) {
    guest.name = terms.name;
    guest.email = terms.email;
    guest.phone = terms.phone;
    guest.language = terms.language;
    guest.zone = terms.zone;
}

use anteroom_domain::consultation::State;
use anteroom_domain::event::{EventKind, NewEvent};
use anteroom_domain::guest::{Guest, GuestTerms};
use anteroom_domain::id::{ConsultationId, GuestId};
use anteroom_domain::time::Zone;
use tracing::instrument;

use crate::invitation::OfGuest;
use crate::{Actor, Result, UseCases};

/// A guest as they are to be from now on.
#[derive(Clone, Debug)]
pub struct ChangeGuest {
    /// The consultation that the guest is invited to.
    pub consultation: ConsultationId,
    /// The guest. One of another consultation is not found ([`Error::NotFound`](crate::Error::NotFound)).
    pub guest: GuestId,
    /// Their name, address, number, language and zone from now on. Whoever can't be reached is refused with
    /// [`GuestRefusal::NoContact`](anteroom_domain::refusal::GuestRefusal::NoContact).
    pub terms: GuestTerms,
}

impl UseCases {
    /// One of the guests, at any time until it is cancelled: a name that was misheard, another number.
    #[instrument(skip_all, fields(consultation.id = %command.consultation))]
    pub async fn change_guest(&self, actor: &Actor, command: ChangeGuest) -> Result<()> {
        actor.staff()?;
        let ChangeGuest {
            consultation,
            guest,
            terms,
        } = command;
        terms.check()?;
        let mut tx = self.begin(actor).await?;
        let (of, mut guest) = tx.consultation_and_guest(OfGuest { consultation, guest }).await?;
        if let State::Cancelled { .. } = of.state {
            of.state.change()?;
        }
        put(&mut guest, terms, &of.zone);
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

/// The particulars into the guest. `agreed`: the zone in which the time was agreed.
pub(super) fn put(guest: &mut Guest, terms: GuestTerms, agreed: &Zone) {
    guest.name = terms.name.into();
    guest.email = terms.email.map(String::from).unwrap_or_default();
    guest.phone = terms.phone.map(String::from).unwrap_or_default();
    guest.language = terms.language.into();
    guest.zone = terms.zone.unwrap_or_else(|| agreed.clone());
}

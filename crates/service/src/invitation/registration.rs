//! A launch: one link with which many register, each for a seat of their own that sees and hears.

use anteroom_domain::consultation::{Consultation, Stage};
use anteroom_domain::event::{EventActor, EventKind, NewEvent};
use anteroom_domain::guest::{Guest, email_key};
use anteroom_domain::id::ConsultationId;
use anteroom_domain::refusal::{ConsultationRefusal, GuestRefusal, RegistrationClosed};
use anteroom_domain::time::Zone;
use anteroom_domain::value::{EmailAddress, Language, Name};
use anteroom_domain::view::Registration;
use anteroom_domain::visit::Role;
use jiff::Timestamp;
use tracing::instrument;

use crate::consultation::invitation_ends;
use crate::port::{NewGuest, Reads};
use crate::{Actor, Error, Result, Secret, UseCases};

/// Of one meeting, the host and invited guests beside them. The built-in engine's rooms hold 128.
const MAX_ATTENDEES: i64 = 100;

/// Somebody who registers, as they describe themselves.
#[derive(Clone, Debug)]
pub struct Register {
    /// Their name.
    pub name: Name,
    /// Their e-mail address. If it has a seat already, it is refused with [`GuestRefusal::AddressTaken`].
    pub email: EmailAddress,
    /// None: the zone in which the time was agreed.
    pub zone: Option<Zone>,
    /// None: English.
    pub language: Option<Language>,
}

impl UseCases {
    /// A fresh link; older ones stop working, so that there is one that is passed on.
    #[instrument(skip_all, fields(consultation.id = %id))]
    pub async fn open_registration(&self, actor: &Actor, id: ConsultationId) -> Result<Secret> {
        actor.staff()?;
        let now = self.now();
        let link = self.secret();
        let mut tx = self.begin(actor).await?;
        let of = tx.consultation(id).await?;
        if of.state.is_final() {
            return Err(ConsultationRefusal::Over.into());
        }
        tx.revoke_registrations(id, now).await?;
        tx.add_registration(id, &link.hash(), now, invitation_ends(of.ends_at))
            .await?;
        let event = NewEvent::of(now, id, EventKind::RegistrationOpened);
        tx.record(event).await?;
        tx.commit().await?;
        Ok(link)
    }

    /// The consultation's registration link stops working. Whoever has registered keeps their seat and their own link.
    #[instrument(skip_all, fields(consultation.id = %id))]
    pub async fn close_registration(&self, actor: &Actor, id: ConsultationId) -> Result<()> {
        actor.staff()?;
        let now = self.now();
        let mut tx = self.begin(actor).await?;
        tx.consultation(id).await?;
        tx.revoke_registrations(id, now).await?;
        let event = NewEvent::of(now, id, EventKind::RegistrationClosed);
        tx.record(event).await?;
        tx.commit().await
    }

    /// What the link shows. Looking at it changes nothing.
    #[instrument(skip_all)]
    pub async fn registration(&self, actor: &Actor) -> Result<Option<Registration>> {
        let (now, link) = (self.now(), actor.link()?);
        let mut reads = self.read(actor).await?;
        let Some(of) = reads.registration(link, now).await? else {
            return Ok(None);
        };
        let closed = closed_because(reads.reads(), &of, now).await?;
        let branch = reads.branch(of.branch).await?.ok_or(Error::NotFound)?;
        Ok(Some(Registration {
            service: reads.service(of.service).await?.ok_or(Error::NotFound)?.name,
            branch: branch.name,
            contact: branch.contact,
            hours: branch.hours,
            host: reads.account(of.host).await?.ok_or(Error::NotFound)?.name,
            starts_at: of.starts_at,
            ends_at: of.ends_at,
            zone: of.zone,
            closed,
        }))
    }

    /// A seat of one's own, one for each address: answers with its link.
    #[instrument(skip_all)]
    pub async fn register(&self, actor: &Actor, command: Register) -> Result<Secret> {
        let (now, link_held) = (self.now(), actor.link()?);
        let Register {
            name,
            email,
            zone,
            language,
        } = command;
        let link = self.secret();
        // A secret that is nobody's does not take the one writer's place.
        let known = self.read(actor).await?.registration(link_held, now).await?;
        known.ok_or(Error::NotFound)?;
        let mut tx = self.begin(actor).await?;
        let of = tx.registration(link_held, now).await?.ok_or(Error::NotFound)?;
        if let Some(why) = closed_because(tx.reads(), &of, now).await? {
            return Err(GuestRefusal::RegistrationClosed(why).into());
        }
        let is_theirs = |guest: &&Guest| email_key(&guest.email) == email_key(&email);
        for guest in tx.guests(of.id).await?.iter().filter(is_theirs) {
            if guest.admission.keeps_out() {
                return Err(GuestRefusal::KeptOut.into());
            }
            // Whoever types an address has not proved that it is theirs: they are not shown its seat.
            if guest.is_expected() && tx.holds_link(guest.id, now).await? {
                return Err(GuestRefusal::AddressTaken.into());
            }
        }
        let new = NewGuest {
            consultation: of.id,
            name: name.into(),
            email: email.into(),
            phone: String::new(),
            language: language.map_or_else(|| "en".to_owned(), String::from),
            zone: zone.unwrap_or_else(|| of.zone.clone()),
            role: Role::Attendee,
            created_at: now,
        };
        let guest = tx.add_guest(&new).await?;
        tx.acts(EventActor::Guest(guest));
        tx.add_invitation(guest, &link.hash(), now, invitation_ends(of.ends_at))
            .await?;
        for kind in [EventKind::Registered, EventKind::Invited] {
            tx.record(NewEvent::of(now, of.id, kind).guest(Some(guest))).await?;
        }
        tx.commit().await?;
        Ok(link)
    }
}

async fn closed_because<R: Reads + ?Sized>(
    reads: &mut R,
    of: &Consultation,
    now: Timestamp,
) -> Result<Option<RegistrationClosed>> {
    if matches!(
        of.stage(now),
        Stage::Ended | Stage::Cancelled { .. } | Stage::Missed { .. }
    ) {
        return Ok(Some(RegistrationClosed::Over));
    }
    let taken = reads.taken_seats(of.id, Role::Attendee, now).await?;
    Ok((MAX_ATTENDEES <= taken).then_some(RegistrationClosed::Full))
}

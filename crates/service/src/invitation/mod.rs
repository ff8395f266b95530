//! The guest's own link, and what it is for at each moment. Looking at it changes nothing: mail scanners look, too.

use anteroom_domain::consultation::Stage;
use anteroom_domain::event::{EventKind, NewEvent};
use anteroom_domain::guest::{Declination, Guest, GuestTerms};
use anteroom_domain::id::{ConsultationId, GuestId};
use anteroom_domain::refusal::{ConsultationRefusal, GuestRefusal};
use anteroom_domain::value::Stars;
use anteroom_domain::view::Landing;
use anteroom_domain::visit::Role;
use tracing::instrument;

use crate::consultation::invitation_ends;
use crate::port::{Invited, NewGuest, Reads};
use crate::secret::hash;
use crate::{Actor, Error, Result, Secret, UseCases};

mod registration;
mod remove_guest;

pub use registration::Register;

/// The appointment as a calendar keeps it.
#[derive(Clone, Debug)]
pub struct CalendarEntry {
    /// The same for every link of this guest.
    pub name: String,
    /// The number of the consultation's last change. A later change has a higher number. 0: no change is known.
    pub sequence: i64,
    /// The appointment, as the guest's own link shows it.
    pub landing: Landing,
}

/// More people than this are a launch, which has a registration link of its own.
const MAX_GUESTS: usize = 20;

/// One more guest: a relative, a co-signer.
#[derive(Clone, Debug)]
pub struct AddGuest {
    /// The consultation that they are invited to. One that is over is refused with [`ConsultationRefusal::Over`].
    pub consultation: ConsultationId,
    /// The new guest. Whoever can't be reached is refused with [`GuestRefusal::NoContact`].
    pub guest: GuestTerms,
}

/// One guest of one consultation.
#[derive(Clone, Copy, Debug)]
pub struct OfGuest {
    /// The consultation.
    pub consultation: ConsultationId,
    /// The guest. One of another consultation is not found ([`Error::NotFound`]).
    pub guest: GuestId,
}

impl UseCases {
    /// Does this lead to anything, for a guest or for whoever would register?
    #[instrument(skip_all)]
    pub async fn is_link(&self, actor: &Actor) -> Result<bool> {
        let (now, link) = (self.now(), actor.link()?);
        let mut reads = self.read(actor).await?;
        if reads.invitation(link, now).await?.is_some() {
            return Ok(true);
        }
        Ok(reads.registration(link, now).await?.is_some())
    }

    /// What a good link shows. Unknown, expired and revoked are one answer, found by one look-up.
    #[instrument(skip_all)]
    pub async fn landing(&self, actor: &Actor) -> Result<Option<Landing>> {
        let link = actor.link()?;
        let mut reads = self.read(actor).await?;
        match reads.invitation(link, self.now()).await? {
            Some(invited) => Ok(Some(self.landing_of(reads.reads(), link, invited).await?)),
            None => Ok(None),
        }
    }

    /// The same for a calendar, which knows an entry again by its name and takes the one with the higher number for the
    /// newer one.
    #[instrument(skip_all)]
    pub async fn calendar_entry(&self, actor: &Actor) -> Result<Option<CalendarEntry>> {
        let link = actor.link()?;
        let mut reads = self.read(actor).await?;
        let Some(invited) = reads.invitation(link, self.now()).await? else {
            return Ok(None);
        };
        let (consultation, guest) = (invited.consultation.id, invited.guest.id);
        let name = hash(&format!("appointment|{consultation}|{guest}"));
        let last = reads.last_change(consultation).await?;
        Ok(Some(CalendarEntry {
            name: name.iter().take(12).map(|byte| format!("{byte:02x}")).collect(),
            sequence: last.map_or(0, |change| change.event.0),
            landing: self.landing_of(reads.reads(), link, invited).await?,
        }))
    }

    async fn landing_of(&self, reads: &mut dyn Reads, link: &[u8; 32], invited: Invited) -> Result<Landing> {
        let now = self.now();
        let consultation = invited.consultation;
        let service = reads.service(consultation.service).await?.ok_or(Error::NotFound)?;
        let branch = reads.branch(consultation.branch).await?.ok_or(Error::NotFound)?;
        let host = reads.account(consultation.host).await?.ok_or(Error::NotFound)?;
        let visits = reads.visits(consultation.id).await?;
        let guests = reads.guests(consultation.id).await?;
        let cant_come = Declination::of(consultation.state, &invited.guest, &guests);
        let was_in = visits
            .iter()
            .any(|visit| visit.guest == Some(invited.guest.id) && visit.media_at.is_some());
        // What this guest was told when they got this link. Moved and moved back is where it was.
        let told = reads.start_before(consultation.id, invited.made_at).await?;
        Ok(Landing {
            key: link.iter().take(6).map(|byte| format!("{byte:02x}")).collect(),
            stage: consultation.stage(now),
            service: service.name,
            branch: branch.name,
            contact: branch.contact,
            hours: branch.hours,
            host: host.name,
            guest: invited.guest.name,
            language: invited.guest.language,
            starts_at: consultation.starts_at,
            ends_at: consultation.ends_at,
            zone: invited.guest.zone,
            agreed_zone: consultation.zone.clone(),
            moved_from: told.filter(|told| *told != consultation.starts_at),
            cancel_reason: consultation.cancel_reason.clone(),
            cancelled_at: consultation.cancelled_at,
            ended_at: consultation.ended_at,
            kept_out: Some(invited.guest.admission).filter(|admission| admission.keeps_out()),
            cant_come,
            excused: invited.guest.declination_at.is_some(),
            rating: invited.guest.rating,
            was_in,
            engine: consultation.engine,
            role: invited.guest.role,
            consent: service.consent,
            now,
        })
    }

    /// A fresh link for a guest: only its hash is kept, so an old one can't be shown again. Older links stay good.
    #[instrument(skip_all, fields(consultation.id = %of.consultation))]
    pub async fn make_link(&self, actor: &Actor, of: OfGuest) -> Result<Secret> {
        actor.staff()?;
        let now = self.now();
        let link = self.secret();
        let mut tx = self.begin(actor).await?;
        let (of, guest) = tx.consultation_and_guest(of).await?;
        tx.add_invitation(guest.id, &link.hash(), now, invitation_ends(of.ends_at))
            .await?;
        let event = NewEvent::of(now, of.id, EventKind::Invited).guest(Some(guest.id));
        tx.record(event).await?;
        // Who said that they can't come asked for it, as they can after all.
        if guest.declination_at.is_some() {
            tx.save_guest(&Guest {
                declination_at: None,
                declination_note: String::new(),
                ..guest
            })
            .await?;
        }
        tx.commit().await?;
        Ok(link)
    }

    /// Every link of this guest stops working; whoever holds one sees what a stranger sees.
    #[instrument(skip_all, fields(consultation.id = %of.consultation))]
    pub async fn revoke_links(&self, actor: &Actor, of: OfGuest) -> Result<()> {
        actor.staff()?;
        let now = self.now();
        let mut tx = self.begin(actor).await?;
        let (of, guest) = tx.consultation_and_guest(of).await?;
        tx.revoke_invitations(guest.id, now).await?;
        let event = NewEvent::of(now, of.id, EventKind::InvitationsRevoked).guest(Some(guest.id));
        tx.record(event).await?;
        tx.commit().await
    }

    /// The guest gets a link of their own.
    #[instrument(skip_all, fields(consultation.id = %command.consultation))]
    pub async fn add_guest(&self, actor: &Actor, command: AddGuest) -> Result<(GuestId, Secret)> {
        actor.staff()?;
        let AddGuest {
            consultation,
            guest: terms,
        } = command;
        terms.check()?;
        let now = self.now();
        let link = self.secret();
        let mut tx = self.begin(actor).await?;
        let of = tx.consultation(consultation).await?;
        if of.state.is_final() {
            return Err(ConsultationRefusal::Over.into());
        }
        let guests = tx.guests(of.id).await?;
        if guests.iter().filter(|guest| guest.role == Role::Guest).count() >= MAX_GUESTS {
            return Err(GuestRefusal::TooMany { most: MAX_GUESTS }.into());
        }
        let new = NewGuest::invited(of.id, terms, &of.zone, now);
        let guest = tx.add_guest(&new).await?;
        tx.add_invitation(guest, &link.hash(), now, invitation_ends(of.ends_at))
            .await?;
        let event = NewEvent::of(now, of.id, EventKind::Invited).guest(Some(guest));
        tx.record(event).await?;
        tx.commit().await?;
        Ok((guest, link))
    }

    /// One to five stars, once it was live; the last word counts.
    #[instrument(skip_all)]
    pub async fn rate(&self, actor: &Actor, stars: Stars) -> Result<()> {
        let (now, link) = (self.now(), actor.link()?);
        let stars = stars.get();
        let known = self.read(actor).await?.invitation(link, now).await?;
        // Neither a secret that is nobody's nor a second tap on the same star takes the one writer's place.
        if known.ok_or(Error::NotFound)?.guest.rating == Some(stars) {
            return Ok(());
        }
        let mut tx = self.begin(actor).await?;
        let invited = tx.invitation().await?;
        if !matches!(invited.consultation.stage(now), Stage::Ended) && invited.consultation.live_at.is_none() {
            return Err(GuestRefusal::NotHeldYet.into());
        }
        let mut guest = invited.guest;
        guest.rating = Some(stars);
        tx.save_guest(&guest).await?;
        let event = NewEvent::of(now, invited.consultation.id, EventKind::Rated { stars }).guest(Some(guest.id));
        tx.record(event).await?;
        tx.commit().await
    }
}

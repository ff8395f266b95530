//! Plays the scripts through the use cases, each step at its own time, so that the history is what it would have been.

use std::sync::Arc;

use anteroom_domain::consultation::ConsultationPlan;
use anteroom_domain::guest::GuestTerms;
use anteroom_domain::id::{AccountId, ConsultationId, ServiceId, VisitId};
use anteroom_domain::time::Zone;
use anteroom_domain::value::{Minutes, Stars};
use anteroom_service::port::FixedClock;
use anteroom_service::{Actor, Cancel, Change, Join, JoinError, NoteOutcome, Schedule, Seat, Secret, UseCases};
use jiff::Timestamp;

use super::booking::Booking;
use super::script::Step;
use super::{DemoError, good};

/// A branch with its people, as they are in the database.
pub struct SeededBranch {
    pub zone: Zone,
    pub services: Vec<ServiceId>,
    pub clerks: Vec<Clerk>,
}

/// Somebody of staff, as they act.
pub struct Clerk {
    pub id: AccountId,
    pub actor: Actor,
}

/// A consultation in the course of its script.
#[derive(Default)]
pub struct Act {
    pub scheduled: Option<(ConsultationId, Secret)>,
    guest: Option<Seat>,
    host: Option<Seat>,
}

pub struct Seeder {
    pub clock: Arc<FixedClock>,
    pub use_cases: UseCases,
    pub places: Vec<SeededBranch>,
}

impl Seeder {
    pub async fn perform(&self, booking: &Booking, act: &mut Act, at: Timestamp, step: Step) -> Result<(), DemoError> {
        self.clock.set(at);
        let use_cases = &self.use_cases;
        let place = self.places.get(booking.branch).ok_or(DemoError::Plot("a branch"))?;
        let Clerk { id: host, actor: clerk } = place.clerks.get(booking.clerk).ok_or(DemoError::Plot("a clerk"))?;
        if step == Step::Schedule {
            let starts_at = booking.moved.map_or(booking.starts_at, |(first, _)| first);
            let (plan, guest) = plan(booking, place, *host, starts_at)?;
            let scheduled = use_cases.schedule(clerk, Schedule { plan, guest }).await?;
            act.scheduled = Some((scheduled.consultation, scheduled.link));
            return Ok(());
        }
        let (id, link) = act.scheduled.as_ref().ok_or(DemoError::Plot("a consultation"))?;
        let holder = Actor::with_link(link.reveal());
        match step {
            Step::Schedule => {}
            Step::Reschedule => {
                let (plan, guest) = plan(booking, place, *host, booking.starts_at)?;
                let change = Change {
                    consultation: *id,
                    plan,
                    guest,
                    seen: None,
                };
                use_cases.change(clerk, change).await?;
            }
            Step::CancelAsGuest { reason } => {
                use_cases.decline_invitation(&holder, good(reason)?).await?;
            }
            Step::CancelAsStaff { reason } => {
                let reason = good(reason)?;
                let consultation = *id;
                use_cases.cancel(clerk, Cancel { consultation, reason }).await?;
            }
            Step::GuestArrives => {
                let token = use_cases
                    .join(
                        &holder,
                        Join {
                            name: good(booking.guest.name)?,
                            agreed: None,
                        },
                    )
                    .await?;
                act.guest = use_cases.connect(token.reveal()).await?.ok();
            }
            Step::HostEnters => {
                let token = use_cases.enter(clerk, *id).await?;
                act.host = use_cases.connect(token.reveal()).await?.ok();
            }
            Step::Admit => {
                use_cases
                    .admit(&acting(act.host.as_ref())?, visit(act.guest.as_ref())?)
                    .await?;
            }
            Step::HostMedia => use_cases.media_joined(&acting(act.host.as_ref())?).await?,
            Step::GuestMedia => use_cases.media_joined(&acting(act.guest.as_ref())?).await?,
            Step::GuestLeaves => use_cases.leave(&acting(act.guest.as_ref())?).await?,
            Step::HostLeaves => use_cases.leave(&acting(act.host.as_ref())?).await?,
            Step::End => use_cases.end(&acting(act.host.as_ref())?).await?,
            Step::Rate { stars } => {
                let stars = Stars::new(stars).map_err(|_| DemoError::Plot("stars"))?;
                use_cases.rate(&holder, stars).await?;
            }
            Step::NoteOutcome { text } => {
                let note = NoteOutcome {
                    consultation: *id,
                    conclusion: None,
                    outcome: good(text)?,
                };
                use_cases.note_outcome(clerk, note).await?;
            }
            Step::Sweep => {
                use_cases.sweep().await?;
            }
        }
        Ok(())
    }
}

fn acting(seat: Option<&Seat>) -> Result<Actor, DemoError> {
    seat.cloned().map(Actor::from).ok_or(DemoError::Plot("a seat"))
}

fn visit(seat: Option<&Seat>) -> Result<VisitId, DemoError> {
    seat.map(|seat| seat.id.visit).ok_or(DemoError::Plot("a seat"))
}

impl From<JoinError> for DemoError {
    fn from(error: JoinError) -> Self {
        Self::Join(error)
    }
}

fn plan(
    booking: &Booking,
    place: &SeededBranch,
    host: AccountId,
    starts_at: Timestamp,
) -> Result<(ConsultationPlan, GuestTerms), DemoError> {
    let guest = booking.guest;
    let (email, phone) = if guest.reach.contains('@') {
        (Some(good(guest.reach)?), None)
    } else {
        (None, Some(good(guest.reach)?))
    };
    let minutes = u16::try_from(booking.length().as_mins()).unwrap_or(0);
    let service = place.services.get(booking.service).copied();
    let plan = ConsultationPlan {
        service: service.ok_or(DemoError::Plot("a service"))?,
        host,
        starts_at,
        length: Some(Minutes::new(minutes).map_err(|_| DemoError::Plot("a length"))?),
        zone: place.zone.clone(),
        notes: good(booking.notes)?,
        engine: None,
        meeting: None,
        webinar: false,
    };
    let guest = GuestTerms {
        name: good(guest.name)?,
        email,
        phone,
        language: good(guest.language)?,
        zone: match guest.zone {
            "" => None,
            zone => Some(good(zone)?),
        },
    };
    Ok((plan, guest))
}

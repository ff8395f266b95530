//! Plays the scripts through the use cases, each step at its own time, so that the history is what it would have been.

use std::sync::Arc;

use anteroom_domain::form::ConsultationForm;
use anteroom_domain::id::{AccountId, ConsultationId, ServiceId, VisitId};
use anteroom_domain::time::{Zone, instant_of};
use anteroom_service::port::FixedClock;
use anteroom_service::{Actor, JoinError, Seat, Secret, UseCases};
use jiff::Timestamp;

use super::DemoError;
use super::booking::Booking;
use super::script::Step;

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
            let scheduled = use_cases
                .schedule(clerk, &form(booking, place, *host, starts_at))
                .await?;
            act.scheduled = Some((scheduled.consultation, scheduled.link));
            return Ok(());
        }
        let (id, link) = act.scheduled.as_ref().ok_or(DemoError::Plot("a consultation"))?;
        let holder = Actor::with_link(link.reveal());
        match step {
            Step::Schedule => {}
            Step::Reschedule => {
                use_cases
                    .change(clerk, *id, &form(booking, place, *host, booking.starts_at))
                    .await?;
            }
            Step::CancelAsGuest { reason } => {
                use_cases.decline_invitation(&holder, reason).await?;
            }
            Step::CancelAsStaff { reason } => use_cases.cancel(clerk, *id, reason).await?,
            Step::GuestArrives => {
                let token = use_cases.join(&holder, booking.guest.name, None).await?;
                act.guest = use_cases.connect(token.reveal()).await?.ok();
            }
            Step::HostEnters => {
                let token = use_cases.enter(clerk, *id).await?;
                act.host = use_cases.connect(token.reveal()).await?.ok();
            }
            Step::Admit => use_cases.admit(&acting(&act.host)?, visit(&act.guest)?).await?,
            Step::HostMedia => use_cases.media_joined(&acting(&act.host)?).await?,
            Step::GuestMedia => use_cases.media_joined(&acting(&act.guest)?).await?,
            Step::GuestLeaves => use_cases.leave(&acting(&act.guest)?).await?,
            Step::HostLeaves => use_cases.leave(&acting(&act.host)?).await?,
            Step::End => use_cases.end(&acting(&act.host)?).await?,
            Step::Rate { stars } => use_cases.rate(&holder, stars).await?,
            Step::NoteOutcome { text } => use_cases.note_outcome(clerk, *id, None, text).await?,
            Step::Sweep => {
                use_cases.sweep().await?;
            }
        }
        Ok(())
    }
}

fn acting(seat: &Option<Seat>) -> Result<Actor, DemoError> {
    seat.clone().map(Actor::from).ok_or(DemoError::Plot("a seat"))
}

fn visit(seat: &Option<Seat>) -> Result<VisitId, DemoError> {
    seat.as_ref().map(|seat| seat.id.visit).ok_or(DemoError::Plot("a seat"))
}

impl From<JoinError> for DemoError {
    fn from(error: JoinError) -> Self {
        Self::Join(error)
    }
}

fn form(booking: &Booking, place: &SeededBranch, host: AccountId, starts_at: Timestamp) -> ConsultationForm {
    let guest = booking.guest;
    let (email, phone) = if guest.reach.contains('@') {
        (guest.reach, "")
    } else {
        ("", guest.reach)
    };
    let local = place.zone.at(starts_at);
    // In the hour that autumn repeats, the clock face can't say which of the two is meant.
    let zone = match instant_of(local.date(), local.time(), &place.zone) {
        Ok(instant) if instant == starts_at => place.zone.clone(),
        _ => Zone::utc(),
    };
    let local = zone.at(starts_at);
    let service = place.services.get(booking.service).map(ToString::to_string);
    ConsultationForm {
        service: service.unwrap_or_default(),
        guest_name: guest.name.to_owned(),
        guest_email: email.to_owned(),
        guest_phone: phone.to_owned(),
        guest_language: guest.language.to_owned(),
        guest_zone: if guest.zone.is_empty() {
            place.zone.to_string()
        } else {
            guest.zone.to_owned()
        },
        date: local.strftime("%Y-%m-%d").to_string(),
        time: local.strftime("%H:%M").to_string(),
        zone: zone.to_string(),
        minutes: booking.length().as_mins().to_string(),
        host: host.to_string(),
        notes: booking.notes.to_owned(),
        ..ConsultationForm::default()
    }
}

use anteroom_domain::consultation::Consultation;
use anteroom_domain::event::{Happening, NewEvent};
use anteroom_domain::form::{ConsultationForm, FieldErrors, MAX_NOTES_CHARS, check_text};
use anteroom_domain::id::ConsultationId;
use anteroom_domain::organisation::Engine;
use jiff::{SignedDuration, Timestamp};

use super::schedule::{busy, invitation_ends};
use crate::port::{ErrandKind, StoreError, Writes};
use crate::{Error, Result, Services, Staff};

impl Services {
    /// Particulars, and with another time a reschedule: the guests' links follow.
    pub async fn change(&self, staff: &Staff, id: ConsultationId, form: &ConsultationForm) -> Result<()> {
        let now = self.now();
        let plan = form.check().map_err(Error::Invalid)?;
        let mut writes = self.0.store.write().await?;
        let before = writes.consultation(id).await?.ok_or(Error::NotFound)?;
        staff.may_see(before.branch)?;
        let state = before.state.change()?;
        if writes.visits(id).await?.iter().any(|visit| !visit.is_over()) {
            return Err(Error::refused(
                "Someone is in the room or in the lobby. It can be changed once they have left.",
            ));
        }
        let (service, host) = self.check_people(writes.as_mut(), staff, &plan).await?;
        if service.branch != before.branch {
            return Err(Error::Invalid(FieldErrors::one(
                "service",
                "Choose a service of the same branch.",
            )));
        }
        let moved = plan.starts_at != before.starts_at || plan.ends_at != before.ends_at;
        if moved && plan.starts_at < now - SignedDuration::from_mins(1) {
            return Err(Error::Invalid(FieldErrors::one(
                "time",
                "That time has passed. Choose a later one.",
            )));
        }
        let place = self
            .place(writes.as_mut(), &service, &host, &plan, before.meeting.as_ref())
            .await?;
        let mut after = Consultation {
            state: if moved { state } else { before.state },
            service: service.id,
            host: host.id,
            engine: place.engine,
            meeting: place.meeting,
            webinar: place.webinar,
            starts_at: plan.starts_at,
            ends_at: plan.ends_at,
            zone: plan.zone.clone(),
            notes: plan.notes.clone(),
            ..before.clone()
        };
        let by = Some(staff.account().id);
        let happening = if moved {
            after.moved_from = Some(before.starts_at);
            after.moved_at = Some(now);
            Happening::Rescheduled {
                from: before.starts_at,
                starts_at: plan.starts_at,
                ends_at: plan.ends_at,
                service: service.id,
                host: host.id,
                engine: after.engine,
            }
        } else {
            Happening::Edited {
                service: service.id,
                host: host.id,
                engine: after.engine,
            }
        };
        let span = busy(&service, plan.starts_at, plan.ends_at);
        match writes.save_consultation(&after, Some(span)).await {
            Err(StoreError::HostBusy) => {
                drop(writes);
                return Err(self.host_busy(&service, &plan, Some(id)).await);
            }
            other => other?,
        }
        writes.extend_invitations(id, invitation_ends(plan.ends_at)).await?;
        writes.extend_registrations(id, invitation_ends(plan.ends_at)).await?;
        // The form is about the first guest; others have forms of their own.
        if let Some(mut guest) = writes.guests(id).await?.into_iter().next() {
            guest.name = plan.guest_name;
            guest.email = plan.guest_email;
            guest.phone = plan.guest_phone;
            guest.language = plan.guest_language;
            guest.zone = plan.guest_zone;
            writes.save_guest(&guest).await?;
        }
        writes.append(NewEvent::of(now, id, happening).by(by)).await?;
        follow(writes.as_mut(), &before, &after, moved, now).await?;
        if after.meeting != before.meeting && after.meeting.is_some() {
            let set = Happening::MeetingSet { made: false };
            writes.append(NewEvent::of(now, id, set).by(by)).await?;
        }
        writes.commit().await?;
        self.announce(&after);
        Ok(())
    }

    /// What came of it, in the clerk's words.
    pub async fn note_outcome(&self, staff: &Staff, id: ConsultationId, text: &str) -> Result<()> {
        let outcome = check_text(text, MAX_NOTES_CHARS)
            .map_err(|sentence| Error::Invalid(FieldErrors::one("outcome", sentence)))?;
        let mut writes = self.0.store.write().await?;
        let before = writes.consultation(id).await?.ok_or(Error::NotFound)?;
        staff.may_see(before.branch)?;
        let after = Consultation { outcome, ..before };
        writes.save_consultation(&after, None).await?;
        let event = NewEvent::of(self.now(), id, Happening::OutcomeNoted).by(Some(staff.account().id));
        writes.append(event).await?;
        writes.commit().await?;
        self.announce(&after);
        Ok(())
    }
}

/// A meeting that we made outside follows: it moves along, or is taken back where another one has its place.
async fn follow(
    writes: &mut dyn Writes,
    before: &Consultation,
    after: &Consultation,
    moved: bool,
    now: Timestamp,
) -> Result<()> {
    let made = |of: &Consultation| of.meeting.as_ref().and_then(|meeting| meeting.made.clone());
    if let Some(old) = made(before)
        && made(after).as_ref() != Some(&old)
    {
        writes.add_errand(before.id, &ErrandKind::Discard(old), now).await?;
    }
    let is_ours = after.engine == Engine::Teams && after.meeting.as_ref().is_none_or(|meeting| meeting.made.is_some());
    if is_ours && (moved || after.meeting.is_none()) {
        writes.add_errand(after.id, &ErrandKind::Prepare, now).await?;
    }
    Ok(())
}

use anteroom_domain::consultation::{Conclusion, Consultation, State};
use anteroom_domain::event::{EventKind, NewEvent};
use anteroom_domain::form::{ConsultationForm, ConsultationPlan, FieldErrors, MAX_NOTES_CHARS, check_text};
use anteroom_domain::id::ConsultationId;
use anteroom_domain::organisation::Engine;
use jiff::{SignedDuration, Timestamp};
use tracing::instrument;

use super::conflict;
use super::schedule::{busy, invitation_ends};
use crate::port::StoreError;
use crate::teams::place::Place;
use crate::transaction::Transaction;
use crate::{Actor, Error, Result, UseCases};

impl UseCases {
    /// Particulars, at any time until it is cancelled; and with another time a reschedule: the guests' links follow.
    #[instrument(skip_all, fields(consultation.id = %id))]
    pub async fn change(&self, actor: &Actor, id: ConsultationId, form: &ConsultationForm) -> Result<()> {
        let staff = actor.staff()?;
        let now = self.now();
        let plan = self.with_length(form).await?.check().map_err(Error::Invalid)?;
        let mut tx = self.begin(actor).await?;
        let before = tx.consultation(id).await?;
        if let State::Cancelled { .. } = before.state {
            before.state.change()?;
        }
        conflict::check(tx.reads(), &before, form, &plan).await?;
        let (service, host) = self.check_people(tx.reads(), staff, &plan, Some(&before)).await?;
        if service.branch != before.branch {
            return Err(Error::Invalid(FieldErrors::one(
                "service",
                "Choose a service of the same branch.",
            )));
        }
        let visits = tx.visits(id).await?;
        let fixed = fixed(before.state, visits.iter().any(|visit| !visit.is_over()));
        let change = Change::of(&before, &plan);
        change.check(&before, &plan, fixed, now).map_err(Error::Invalid)?;
        let place = match fixed {
            Some(_) => Place {
                engine: before.engine,
                meeting: before.meeting.clone(),
                webinar: before.webinar,
            },
            None => {
                self.place(tx.reads(), &service, &host, &plan, before.meeting.as_ref())
                    .await?
            }
        };
        let mut after = Consultation {
            state: if change.moved {
                before.state.change()?
            } else {
                before.state
            },
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
        let retimed = change.moved || change.stretched;
        let kind = if retimed {
            EventKind::Rescheduled {
                from: before.starts_at,
                starts_at: plan.starts_at,
                ends_at: plan.ends_at,
                service: service.id,
                host: host.id,
                engine: after.engine,
            }
        } else {
            EventKind::Edited {
                service: service.id,
                host: host.id,
                engine: after.engine,
            }
        };
        if change.moved {
            after.moved_from = Some(before.starts_at);
            after.moved_at = Some(now);
        }
        // What keeps its time and its service keeps the time around it, too, whatever the service says by now.
        let span = (retimed || service.id != before.service).then(|| busy(&service, plan.starts_at, plan.ends_at));
        match tx.save_consultation(&after, span).await {
            Err(StoreError::HostBusy) => {
                drop(tx);
                return Err(self.host_busy(&service, &host, &plan, Some(id)).await);
            }
            other => other?,
        }
        tx.extend_invitations(id, invitation_ends(plan.ends_at)).await?;
        tx.extend_registrations(id, invitation_ends(plan.ends_at)).await?;
        // The form is about the first guest; others have forms of their own.
        if let Some(mut guest) = tx.guests(id).await?.into_iter().next() {
            super::guest::put(&mut guest, plan.guest);
            tx.save_guest(&guest).await?;
        }
        tx.record(NewEvent::of(now, id, kind)).await?;
        follow(&mut tx, &before, &after, retimed).await?;
        if after.meeting != before.meeting && after.meeting.is_some() {
            let set = EventKind::MeetingSet { made: false };
            tx.record(NewEvent::of(now, id, set)).await?;
        }
        tx.commit().await
    }

    /// What came of it, in the clerk's words, and how it was left.
    #[instrument(skip_all, fields(consultation.id = %id))]
    pub async fn note_outcome(
        &self,
        actor: &Actor,
        id: ConsultationId,
        conclusion: Option<Conclusion>,
        text: &str,
    ) -> Result<()> {
        actor.staff()?;
        let outcome = check_text(text, MAX_NOTES_CHARS)
            .map_err(|sentence| Error::Invalid(FieldErrors::one("outcome", sentence)))?;
        let mut tx = self.begin(actor).await?;
        let before = tx.consultation(id).await?;
        let after = Consultation {
            outcome,
            conclusion,
            ..before
        };
        tx.save_consultation(&after, None).await?;
        let event = NewEvent::of(self.now(), id, EventKind::OutcomeNoted);
        tx.record(event).await?;
        tx.commit().await
    }
}

/// Why when, what, with whom and where stay, where they do: somebody came for that.
fn fixed(state: State, is_anybody_in: bool) -> Option<&'static str> {
    match state {
        State::Live => Some("It is live"),
        state if state.is_final() => Some("It is over"),
        _ if is_anybody_in => Some("Someone is in the room or in the lobby"),
        _ => None,
    }
}

/// What a form changes of when, what, with whom and where.
struct Change {
    /// It starts at another time.
    moved: bool,
    /// It starts as it did, and ends at another time.
    stretched: bool,
    service: bool,
    host: bool,
    place: bool,
}

impl Change {
    fn of(before: &Consultation, plan: &ConsultationPlan) -> Self {
        let moved = plan.starts_at != before.starts_at;
        let there = before.meeting.as_ref().map(|meeting| &meeting.link);
        Self {
            moved,
            stretched: !moved && plan.ends_at != before.ends_at,
            service: plan.service != before.service,
            host: plan.host != before.host,
            place: plan.engine.is_some_and(|engine| engine != before.engine)
                || (plan.meeting.is_some() && plan.meeting.as_ref() != there)
                || (plan.engine.is_some() && plan.webinar != before.webinar),
        }
    }

    /// What is fixed stays; what is running may take longer.
    fn check(
        &self,
        before: &Consultation,
        plan: &ConsultationPlan,
        fixed: Option<&str>,
        now: Timestamp,
    ) -> Result<(), FieldErrors> {
        let stays = |changes: bool| {
            let why = fixed.filter(|_| changes)?;
            Some(format!("{why}: this stays as it was. Set it back to save the rest."))
        };
        let passed = self.moved && plan.starts_at < now - SignedDuration::from_mins(1);
        let passed = passed.then(|| "That time has passed. Choose a later one.".to_owned());
        let over = self.stretched && plan.ends_at < now;
        let over = over.then(|| "It would be over by now. Choose a longer length.".to_owned());
        let mut errors = FieldErrors::default();
        // In the order of the form's fields.
        for (field, sentence) in [
            ("service", stays(self.service)),
            ("host", stays(self.host)),
            ("time", stays(self.moved).or(passed)),
            ("minutes", stays(self.stretched && before.state.is_final()).or(over)),
            ("engine", stays(self.place)),
        ] {
            if let Some(sentence) = sentence {
                errors.add(field, sentence);
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

/// A meeting that we made outside follows: it moves along, or is taken back where another one has its place.
async fn follow(tx: &mut Transaction, before: &Consultation, after: &Consultation, moved: bool) -> Result<()> {
    let made = |of: &Consultation| of.meeting.as_ref().and_then(|meeting| meeting.provisioned.clone());
    if let Some(old) = made(before)
        && made(after).as_ref() != Some(&old)
    {
        tx.discard_meeting(before.id, old).await?;
    }
    let is_ours = after.engine == Engine::Teams
        && after
            .meeting
            .as_ref()
            .is_none_or(|meeting| meeting.provisioned.is_some());
    if is_ours && (moved || after.meeting.is_none()) {
        tx.prepare_meeting(after.id, after.host).await?;
    }
    Ok(())
}

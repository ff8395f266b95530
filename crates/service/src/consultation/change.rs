use anteroom_domain::consultation::{Conclusion, Consultation, ConsultationPlan, State};
use anteroom_domain::event::{EventKind, NewEvent};
use anteroom_domain::guest::GuestTerms;
use anteroom_domain::id::{ConsultationId, EventId};
use anteroom_domain::refusal::{ConsultationRefusal, Fixed, Part};
use anteroom_domain::value::Notes;
use jiff::{SignedDuration, Timestamp};
use tracing::instrument;

use super::conflict;
use super::schedule::{busy, ends_at, invitation_ends};
use crate::port::StoreError;
use crate::teams::place::Place;
use crate::transaction::Transaction;
use crate::{Actor, Error, Result, UseCases};

/// A consultation as it is to be from now on.
#[derive(Clone, Debug)]
pub struct Change {
    /// The consultation that is changed.
    pub consultation: ConsultationId,
    /// When, what, with whom and where it is to be.
    pub plan: ConsultationPlan,
    /// The first guest; others are changed by themselves.
    pub guest: GuestTerms,
    /// The last change that whoever asks has seen, where they have seen any.
    pub seen: Option<EventId>,
}

/// What came of a consultation, in the clerk's words, and how it was left.
#[derive(Clone, Debug)]
pub struct NoteOutcome {
    /// The consultation.
    pub consultation: ConsultationId,
    /// How it was left. None: that is open, and what was noted before is taken back.
    pub conclusion: Option<Conclusion>,
    /// What came of it. It replaces what was noted before. Empty: nothing.
    pub outcome: Notes,
}

impl UseCases {
    /// Particulars, at any time until it is cancelled; and with another time a reschedule: the guests' links follow.
    #[instrument(skip_all, fields(consultation.id = %command.consultation))]
    pub async fn change(&self, actor: &Actor, command: Change) -> Result<()> {
        let staff = actor.staff()?;
        let now = self.now();
        let Change {
            consultation: id,
            plan,
            guest,
            seen,
        } = command;
        guest.check()?;
        let mut tx = self.begin(actor).await?;
        let before = tx.consultation(id).await?;
        if let State::Cancelled { .. } = before.state {
            before.state.change()?;
        }
        if let Some(seen) = seen {
            conflict::check(tx.reads(), &before, seen, &plan, &guest).await?;
        }
        let (service, host) = self.check_people(tx.reads(), staff, &plan, Some(&before)).await?;
        if service.branch != before.branch {
            return Err(ConsultationRefusal::ServiceOfOtherBranch.into());
        }
        let ends_at = ends_at(&plan, &service);
        let visits = tx.visits(id).await?;
        let fixed = fixed(before.state, visits.iter().any(|visit| !visit.is_over()));
        let change = Changed::of(&before, &plan, ends_at);
        change.check(&before, &plan, ends_at, fixed, now)?;
        let place = match fixed {
            Some(_) => Place {
                engine: before.engine,
                meeting: before.meeting.clone(),
                webinar: before.webinar,
            },
            None => self.place(tx.reads(), &service, &host, &plan, Some(&before)).await?,
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
            ends_at,
            zone: plan.zone.clone(),
            notes: plan.notes.to_string(),
            ..before.clone()
        };
        let retimed = change.moved || change.stretched;
        let kind = if retimed {
            EventKind::Rescheduled {
                from: before.starts_at,
                starts_at: plan.starts_at,
                ends_at,
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
        let span = (retimed || service.id != before.service).then(|| busy(&service, plan.starts_at, ends_at));
        match tx.save_consultation(&after, span).await {
            Err(StoreError::HostBusy) => {
                drop(tx);
                return Err(self.host_busy(&service, &host, &plan, Some(id)).await);
            }
            other => other?,
        }
        tx.extend_invitations(id, invitation_ends(ends_at)).await?;
        tx.extend_registrations(id, invitation_ends(ends_at)).await?;
        // The form is about the first guest; others have forms of their own.
        if let Some(mut first) = tx.guests(id).await?.into_iter().next() {
            super::guest::put(&mut first, guest, &plan.zone);
            tx.save_guest(&first).await?;
        }
        tx.record(NewEvent::of(now, id, kind)).await?;
        self.follow(&mut tx, &before, &after, retimed).await?;
        if after.meeting != before.meeting && after.meeting.is_some() {
            let set = EventKind::MeetingSet { made: false };
            tx.record(NewEvent::of(now, id, set)).await?;
        }
        tx.commit().await
    }

    /// May be said anew at any time: the last word counts.
    #[instrument(skip_all, fields(consultation.id = %command.consultation))]
    pub async fn note_outcome(&self, actor: &Actor, command: NoteOutcome) -> Result<()> {
        actor.staff()?;
        let NoteOutcome {
            consultation: id,
            conclusion,
            outcome,
        } = command;
        let mut tx = self.begin(actor).await?;
        let before = tx.consultation(id).await?;
        let after = Consultation {
            outcome: outcome.into(),
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
fn fixed(state: State, is_anybody_in: bool) -> Option<Fixed> {
    match state {
        State::Live => Some(Fixed::Live),
        state if state.is_final() => Some(Fixed::Over),
        _ if is_anybody_in => Some(Fixed::Occupied),
        _ => None,
    }
}

/// What is different of when, what, with whom and where.
struct Changed {
    /// It starts at another time.
    moved: bool,
    /// It starts as it did, and ends at another time.
    stretched: bool,
    service: bool,
    host: bool,
    place: bool,
}

impl Changed {
    fn of(before: &Consultation, plan: &ConsultationPlan, ends_at: Timestamp) -> Self {
        let moved = plan.starts_at != before.starts_at;
        let there = before.meeting.as_ref().map(|meeting| &meeting.link);
        Self {
            moved,
            stretched: !moved && ends_at != before.ends_at,
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
        ends_at: Timestamp,
        fixed: Option<Fixed>,
        now: Timestamp,
    ) -> Result<()> {
        let stays = |changes: bool, part: Part| {
            let why = fixed.filter(|_| changes)?;
            Some(ConsultationRefusal::Fixed { part, why })
        };
        let passed = self.moved && plan.starts_at < now - SignedDuration::from_mins(1);
        let passed = passed.then_some(ConsultationRefusal::TimePassed);
        let over = self.stretched && ends_at < now;
        let over = over.then_some(ConsultationRefusal::LengthPassed);
        let refusals: Vec<_> = [
            stays(self.service, Part::Service),
            stays(self.host, Part::Host),
            stays(self.moved, Part::Start).or(passed),
            stays(self.stretched && before.state.is_final(), Part::Length).or(over),
            stays(self.place, Part::Place),
        ]
        .into_iter()
        .flatten()
        .collect();
        if refusals.is_empty() {
            Ok(())
        } else {
            Err(Error::Consultation(refusals))
        }
    }
}

impl UseCases {
    /// A meeting that we made outside follows: it moves along, or is taken back where another one has its place.
    async fn follow(
        &self,
        tx: &mut Transaction,
        before: &Consultation,
        after: &Consultation,
        moved: bool,
    ) -> Result<()> {
        let made = |of: &Consultation| of.meeting.as_ref().and_then(|meeting| meeting.provisioned.clone());
        if let Some(old) = made(before)
            && made(after).as_ref() != Some(&old)
        {
            tx.discard_meeting(before, old).await?;
        }
        let is_pasted = after
            .meeting
            .as_ref()
            .is_some_and(|meeting| meeting.provisioned.is_none());
        let is_wanted = moved || after.meeting.is_none();
        if is_wanted && !is_pasted && self.provisions(after.engine) {
            tx.prepare_meeting(after.id, after.engine, after.host).await?;
        }
        Ok(())
    }
}

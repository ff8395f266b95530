//! A unit of work of one actor. It is the one door to a consultation: what an actor may not see is not there. It collects
//! what follows from it. What was recorded is published, and engines are told, once it is
//! committed; dropped before, it has done nothing.

use std::collections::BTreeSet;
use std::ops::{Deref, DerefMut};

use anteroom_domain::consultation::Consultation;
use anteroom_domain::event::{EventActor, EventKind, NewEvent};
use anteroom_domain::guest::Guest;
use anteroom_domain::id::{AccountId, ConsultationId};
use anteroom_domain::job::Queue;
use anteroom_domain::time::Span;
use anteroom_domain::visit::Visit;
use jiff::Timestamp;

use crate::invitation::OfGuest;
use crate::port::{Change, EngineError, Invited, Reads, SeatId, Sessions, StoreError, Writes};
use crate::{Actor, Error, Result, UseCases};

/// The store's transaction, with its effects.
pub(crate) struct Transaction {
    use_cases: UseCases,
    actor: Actor,
    /// As its events say it.
    acting: EventActor,
    writes: Box<dyn Writes>,
    /// Consultations of which something is different now.
    changed: BTreeSet<ConsultationId>,
    /// Accounts of which sessions have ended.
    signed_out: BTreeSet<AccountId>,
    /// Seats whose visits are over: nothing of the meeting flows to them any more.
    evicted: Vec<SeatId>,
    /// Meetings that are over.
    ended: BTreeSet<ConsultationId>,
    /// Queues that have new jobs.
    woken: BTreeSet<Queue>,
}

/// A look at what is stored, as one actor.
pub(crate) struct Reading {
    actor: Actor,
    reads: Box<dyn Reads>,
}

impl Reading {
    /// The consultation, where it is this actor's to see.
    pub async fn consultation(&mut self, id: ConsultationId) -> Result<Consultation> {
        let found = self.reads.consultation(id).await?.ok_or(Error::NotFound)?;
        self.actor.may_see(&found)?;
        Ok(found)
    }

    /// For helpers.
    pub fn reads(&mut self) -> &mut dyn Reads {
        &mut *self.reads
    }
}

impl Deref for Reading {
    type Target = dyn Reads;

    fn deref(&self) -> &Self::Target {
        &*self.reads
    }
}

impl DerefMut for Reading {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut *self.reads
    }
}

impl Deref for Transaction {
    type Target = dyn Writes;

    fn deref(&self) -> &Self::Target {
        &*self.writes
    }
}

impl DerefMut for Transaction {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut *self.writes
    }
}

impl UseCases {
    /// Looks, as this actor.
    pub(crate) async fn read(&self, actor: &Actor) -> Result<Reading> {
        Ok(Reading {
            actor: actor.clone(),
            reads: self.0.store.read().await?,
        })
    }

    /// Begins a unit of work: it has the one writer's place until it is committed or dropped.
    pub(crate) async fn begin(&self, actor: &Actor) -> Result<Transaction> {
        Ok(Transaction {
            use_cases: self.clone(),
            actor: actor.clone(),
            acting: actor.in_events(),
            writes: self.0.store.write().await?,
            changed: BTreeSet::new(),
            signed_out: BTreeSet::new(),
            evicted: Vec::new(),
            ended: BTreeSet::new(),
            woken: BTreeSet::new(),
        })
    }
}

impl Transaction {
    pub fn now(&self) -> Timestamp {
        self.use_cases.now()
    }

    /// The consultation, where it is this actor's to see.
    pub async fn consultation(&mut self, id: ConsultationId) -> Result<Consultation> {
        let found = self.writes.consultation(id).await?.ok_or(Error::NotFound)?;
        self.actor.may_see(&found)?;
        Ok(found)
    }

    /// The consultation and one of its guests.
    pub async fn consultation_and_guest(&mut self, of: OfGuest) -> Result<(Consultation, Guest)> {
        let consultation = self.consultation(of.consultation).await?;
        let found = self.writes.guest(of.guest).await?;
        let found = found.filter(|guest| guest.consultation == of.consultation);
        let guest = found.ok_or(Error::NotFound)?;
        Ok((consultation, guest))
    }

    /// Whose link the actor holds; from here on it is that guest who acts.
    pub async fn invitation(&mut self) -> Result<Invited> {
        let (link, now) = (*self.actor.link()?, self.now());
        let invited = self.writes.invitation(&link, now).await?.ok_or(Error::NotFound)?;
        self.acting = EventActor::Guest(invited.guest.id);
        Ok(invited)
    }

    /// Who acts has turned out: somebody who has signed in, or registered.
    pub fn acts(&mut self, acting: EventActor) {
        self.acting = acting;
    }

    /// For helpers that change nothing.
    pub fn reads(&mut self) -> &mut dyn Reads {
        &mut *self.writes
    }

    /// Writes the event down, with who acted. Whoever shows its consultation hears of it after the commit.
    pub async fn record(&mut self, event: NewEvent) -> Result<()> {
        self.changed.extend(event.consultation);
        let actor = self.acting;
        Ok(self.writes.append(NewEvent { actor, ..event }).await?)
    }

    /// Writes an event down that a rule brought about, whoever gave rise to it.
    pub async fn record_by_rule(&mut self, event: NewEvent) -> Result<()> {
        let acting = std::mem::replace(&mut self.acting, EventActor::System);
        let recorded = self.record(event).await;
        self.acting = acting;
        recorded
    }

    /// Writes an event down that is of no consultation, at this moment.
    pub async fn note(&mut self, kind: EventKind) -> Result<()> {
        let now = self.now();
        self.record(NewEvent::new(now, kind)).await
    }

    /// What is shown of a visit is its consultation's: a connection that is gone is no event, and is seen all the same.
    pub async fn save_visit(&mut self, visit: &Visit) -> Result<()> {
        self.changed.insert(visit.consultation);
        Ok(self.writes.save_visit(visit).await?)
    }

    /// A consultation that is stored anew is shown anew, also where the change is no event.
    pub async fn save_consultation(
        &mut self,
        consultation: &Consultation,
        busy: Option<Span>,
    ) -> Result<(), StoreError> {
        self.changed.insert(consultation.id);
        self.writes.save_consultation(consultation, busy).await
    }

    /// Stores a visit of which only a number changed that no page shows while it goes on: nobody reads the room again.
    pub async fn save_visit_quietly(&mut self, visit: &Visit) -> Result<()> {
        Ok(self.writes.save_visit(visit).await?)
    }

    /// Ends sessions of an account. Their sockets hear of it after the commit.
    pub async fn end_sessions(&mut self, account: AccountId, sessions: Sessions) -> Result<()> {
        self.signed_out.insert(account);
        Ok(self.writes.end_sessions(account, sessions).await?)
    }

    /// The visit is over: its engine is told after the commit.
    pub fn evict(&mut self, visit: &Visit) {
        self.changed.insert(visit.consultation);
        self.evicted.push(SeatId::from(visit));
    }

    /// The consultation is over, or its room was closed: its engine is told after the commit.
    pub fn end_meeting(&mut self, consultation: ConsultationId) {
        self.changed.insert(consultation);
        self.ended.insert(consultation);
    }

    /// There is something to do in this queue: its runner looks after the commit.
    pub fn wake(&mut self, queue: Queue) {
        self.woken.insert(queue);
    }

    /// Stores it all, then does what follows. It has happened, whatever an engine says to it now: a failure there is
    /// logged, and the engine is told again when the consultation ends.
    pub async fn commit(mut self) -> Result<()> {
        let mut changed = Vec::new();
        for id in self.changed {
            changed.extend(self.writes.consultation(id).await?);
        }
        self.writes.commit().await?;
        for queue in self.woken {
            self.use_cases.0.queues.wake(queue);
        }
        let bus = &self.use_cases.0.bus;
        for consultation in &changed {
            bus.announce(Change::Consultation {
                id: consultation.id,
                branch: Some(consultation.branch),
            });
        }
        for account in self.signed_out {
            bus.announce(Change::Sessions(account));
        }
        for consultation in &changed {
            let seats = self.evicted.iter().filter(|seat| seat.consultation == consultation.id);
            let is_over = self.ended.contains(&consultation.id);
            self.use_cases.tell_engine(consultation, is_over, seats).await;
        }
        Ok(())
    }
}

impl UseCases {
    /// Tells the engine of a consultation whose meeting is over, or who of it is out.
    async fn tell_engine(&self, consultation: &Consultation, is_over: bool, out: impl Iterator<Item = &SeatId>) {
        let engine = match self.meetings(consultation.engine) {
            Ok(engine) => engine,
            Err(error) => return not_told(consultation.id, &error),
        };
        if is_over {
            if let Err(error) = engine.end(consultation.id).await {
                not_told(consultation.id, &error);
            }
            return;
        }
        for seat in out {
            if let Err(error) = engine.remove(*seat).await {
                not_told(consultation.id, &error);
            }
        }
    }
}

fn not_told(id: ConsultationId, error: &EngineError) {
    let error = error as &dyn std::error::Error;
    tracing::error!(consultation.id = %id, error, "an engine was not told what became of consultation {id}");
}

use anteroom_domain::consultation::{Consultation, Stage, State};
use anteroom_domain::event::{EventActor, EventKind, NewEvent};
use anteroom_domain::guest::{Admission, Guest};
use anteroom_domain::id::{ConsentId, ConsultationId, VisitId};
use anteroom_domain::value::Name;
use anteroom_domain::visit::{EndCause, Role, Visit};
use jiff::{SignedDuration, Timestamp};
use tracing::instrument;

use crate::port::{NewVisit, Reads};
use crate::transaction::Transaction;
use crate::{Actor, Error, Result, Secret, UseCases};

/// Every arrival is a visit and its events, kept for good. A person with a bad line comes back every minute at most.
const MOST_ARRIVALS: i64 = 20;
const ARRIVALS_WITHIN: SignedDuration = SignedDuration::from_mins(10);

/// The reason why a guest does not come to the lobby.
#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    /// The link does not work.
    #[error("unknown link")]
    Unknown,
    /// The way in is not open yet: it opens [`EARLY_MINUTES`](anteroom_domain::consultation::EARLY_MINUTES) before the
    /// start.
    #[error("too early")]
    TooEarly,
    /// The appointment is over, or was cancelled.
    #[error("over")]
    Over,
    /// The host turned them away from the lobby, and has not taken it back.
    #[error("declined by the host")]
    Declined,
    /// The host or other staff removed them, and nobody has taken it back.
    #[error("removed by the host")]
    Removed,
    /// They said that they can't come.
    #[error("invitation declined")]
    InvitationDeclined,
    /// The service asks for an agreement.
    #[error("no agreement")]
    ConsentMissing,
    /// What they agreed to is not what is asked for any more.
    #[error("another text was agreed to")]
    ConsentChanged,
    /// They came and went too often.
    #[error("too often")]
    TooOften,
    /// Anything else: the actor holds no link, or the server is busy or failed.
    #[error(transparent)]
    Other(#[from] Error),
}

/// A guest who comes to the lobby.
#[derive(Clone, Debug)]
pub struct Join {
    /// How they want to be called.
    pub name: Name,
    /// The version of the service's text that they agreed to.
    pub agreed: Option<ConsentId>,
}

impl From<crate::port::StoreError> for JoinError {
    fn from(error: crate::port::StoreError) -> Self {
        Self::Other(error.into())
    }
}

/// What this link leads to, if its guest may come in now.
async fn may_come(reads: &mut dyn Reads, link: &[u8; 32], now: Timestamp) -> Result<(Consultation, Guest), JoinError> {
    let invited = reads.invitation(link, now).await?.ok_or(JoinError::Unknown)?;
    match invited.consultation.stage(now) {
        Stage::Open => {}
        Stage::TooEarly { .. } => return Err(JoinError::TooEarly),
        Stage::Ended | Stage::Cancelled { .. } | Stage::Missed { .. } => return Err(JoinError::Over),
    }
    match invited.guest.admission {
        Admission::Declined => return Err(JoinError::Declined),
        Admission::Removed => return Err(JoinError::Removed),
        Admission::Undecided | Admission::Admitted => {}
    }
    if invited.guest.declination_at.is_some() {
        return Err(JoinError::InvitationDeclined);
    }
    Ok((invited.consultation, invited.guest))
}

impl UseCases {
    /// A guest comes to the lobby. The invitation says who, where and as what; the browser says only how they want to
    /// be called, and to which version of the service's text they agreed. Answers with the seat token, which is worth as
    /// much as the visit it belongs to.
    #[instrument(skip_all)]
    pub async fn join(&self, actor: &Actor, command: Join) -> Result<Secret, JoinError> {
        let Join { name, agreed } = command;
        let now = self.now();
        // Looked up by a reader first: made-up links never keep the one writer busy.
        let link = actor.link()?;
        may_come(self.read(actor).await?.reads(), link, now).await?;
        let mut tx = self.begin(actor).await?;
        let (consultation, mut guest) = may_come(tx.reads(), link, now).await?;
        tx.acts(EventActor::Guest(guest.id));
        let service = tx.service(consultation.service).await?.ok_or(Error::NotFound)?;
        let consent = match (&service.consent, agreed) {
            (None, _) => None,
            (Some(_), None) => return Err(JoinError::ConsentMissing),
            (Some(asked), Some(agreed)) if asked.id != agreed => return Err(JoinError::ConsentChanged),
            (Some(asked), Some(_)) => Some(EventKind::ServiceConsentGiven {
                service: service.id,
                version: asked.id,
            }),
        };
        let token = self.secret();
        let mut visits = tx.visits(consultation.id).await?.into_iter();
        let open = visits.rfind(|visit| visit.guest == Some(guest.id) && !visit.is_over());
        match open {
            // Still waiting, or let in because of the link alone: another tab takes the seat over.
            Some(visit) if visit.is_waiting() || guest.role == Role::Attendee => {
                tx.set_visit_token(visit.id, &token.hash(), None).await?;
                if let Some(given) = consent {
                    let event = NewEvent::of(now, consultation.id, given);
                    tx.record(event.guest(visit.guest).visit(visit.id)).await?;
                }
                tx.save_visit(&Visit {
                    name: name.into(),
                    ..visit
                })
                .await?;
                tx.commit().await?;
                return Ok(token);
            }
            // Already in: whoever has the link now may be somebody else, and waits to be let in.
            Some(visit) => {
                // Whoever had the seat hears and sees nothing more, whether or not their page goes away.
                self.end_visit(&mut tx, visit, now, EndCause::Replaced).await?;
            }
            None => {}
        }
        if tx.arrivals(guest.id, now - ARRIVALS_WITHIN).await? >= MOST_ARRIVALS {
            return Err(JoinError::TooOften);
        }
        // An engine's own lobby decides, where the service does not want ours to decide first. Who was declined or
        // removed here does not come this far.
        // Who registered for a launch only watches: nobody lets in dozens one by one. Once one of them was put out,
        // whoever registers may be the same person again: those the host lets in.
        let by_rule = match guest.role {
            Role::Attendee => !tx.registered_after_a_removal(guest.id, consultation.id).await?,
            _ => consultation.engine.has_lobby() && !service.admit_first,
        };
        let admission = if by_rule {
            Admission::Admitted
        } else {
            Admission::Undecided
        };
        if guest.admission != admission {
            guest.admission = admission;
            tx.save_guest(&guest).await?;
        }
        let new = NewVisit {
            consultation: consultation.id,
            guest: Some(guest.id),
            account: None,
            // Whoever they are elsewhere, of a webinar they are the audience.
            role: if consultation.webinar {
                Role::Attendee
            } else {
                guest.role
            },
            name: name.into(),
            token_hash: token.hash(),
            session: None,
            arrived_at: now,
            admitted_at: by_rule.then_some(now),
        };
        let visit = self.arrive(&mut tx, consultation, &new).await?;
        if let Some(given) = consent {
            let event = NewEvent::of(now, new.consultation, given);
            tx.record(event.guest(new.guest).visit(visit)).await?;
        }
        tx.commit().await?;
        Ok(token)
    }

    /// A member of staff goes into the room: the host, or a colleague who steps in.
    #[instrument(skip_all, fields(consultation.id = %id))]
    pub async fn enter(&self, actor: &Actor, id: ConsultationId) -> Result<Secret> {
        let (now, staff) = (self.now(), actor.staff()?);
        let mut tx = self.begin(actor).await?;
        let consultation = tx.consultation(id).await?;
        let token = self.secret();
        let account = staff.account();
        let mut visits = tx.visits(id).await?.into_iter();
        let open = visits.rfind(|visit| visit.account == Some(account.id) && !visit.is_over());
        if let Some(visit) = open {
            tx.set_visit_token(visit.id, &token.hash(), staff.session()).await?;
            tx.commit().await?;
            return Ok(token);
        }
        let new = NewVisit {
            consultation: id,
            guest: None,
            account: Some(account.id),
            role: Role::Host,
            name: account.name.clone(),
            token_hash: token.hash(),
            session: staff.session(),
            arrived_at: now,
            admitted_at: Some(now),
        };
        self.arrive(&mut tx, consultation, &new).await?;
        tx.commit().await?;
        Ok(token)
    }

    async fn arrive(&self, tx: &mut Transaction, before: Consultation, new: &NewVisit) -> Result<VisitId> {
        let now: Timestamp = new.arrived_at;
        let mut state = before.state.arrive()?;
        // A host who looks in before guests may come opens nothing: the guest may still cancel.
        if new.account.is_some() && before.state == State::Scheduled && now < before.opens_at() {
            state = State::Scheduled;
        }
        let visit = tx.add_visit(new).await?;
        let arrived = EventKind::Arrived { role: new.role };
        tx.record(
            NewEvent::of(now, before.id, arrived)
                .guest(new.guest)
                .visit(visit)
                .account(new.account),
        )
        .await?;
        if new.admitted_at.is_some() && new.guest.is_some() {
            let admitted = NewEvent::of(now, before.id, EventKind::Admitted);
            tx.record_by_rule(admitted.guest(new.guest).visit(visit)).await?;
        }
        if state == before.state {
            return Ok(visit);
        }
        let after = Consultation {
            state,
            opened_at: Some(now),
            ..before
        };
        tx.save_consultation(&after, None).await?;
        tx.record_by_rule(NewEvent::of(now, after.id, EventKind::Opened))
            .await?;
        Ok(visit)
    }
}

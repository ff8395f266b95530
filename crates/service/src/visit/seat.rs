use anteroom_domain::chat::ChatMessage;
use anteroom_domain::consultation::Consultation;
use anteroom_domain::event::{EventKind, NewEvent};
use anteroom_domain::id::{AccountId, GuestId, VisitId};
use anteroom_domain::organisation::Engine;
use anteroom_domain::refusal::VisitRefusal;
use anteroom_domain::value::ChatText;
use anteroom_domain::visit::{Role, Visit};
use anteroom_protocol::seat::Closed;
use tracing::instrument;

use super::room::closed;
use crate::actor::may_host;
use crate::port::{Reads, SeatId};
use crate::secret::hash;
use crate::{Actor, Error, Result, UseCases};

/// How much of a meeting's chat somebody who comes late or reloads is shown.
const CHAT_MEMORY: u32 = 500;

/// Who holds a good seat token. Made in this crate alone.
#[derive(Clone, Debug)]
pub struct Seat {
    /// The visit that the seat belongs to, with its consultation and role.
    pub id: SeatId,
    /// Of a guest's seat.
    pub(crate) guest: Option<GuestId>,
    /// Of a host's seat.
    pub(crate) account: Option<AccountId>,
    /// The name under which others see the participant.
    pub name: String,
    /// The engine that carries the meeting.
    pub engine: Engine,
}

impl Seat {
    fn of(visit: &Visit, consultation: &Consultation) -> Self {
        Self {
            id: SeatId::from(visit),
            guest: visit.guest,
            account: visit.account,
            name: visit.name.clone(),
            engine: consultation.engine,
        }
    }

    /// Whether it is a host's seat: the clerk's, or that of a colleague who steps in.
    pub fn is_host(&self) -> bool {
        self.id.role == Role::Host
    }
}

/// The open visit of this token. Staff who no longer work here have none.
async fn find(reads: &mut dyn Reads, token: &str) -> Result<Result<(Visit, Consultation), Closed>> {
    let Some(visit) = reads.visit_by_token(&hash(token)).await? else {
        return Ok(Err(Closed::BadToken));
    };
    if let Some(cause) = visit.end_cause {
        return Ok(Err(closed(cause)));
    }
    let consultation = reads.consultation(visit.consultation).await?.ok_or(Error::NotFound)?;
    if let Some(id) = visit.account {
        let account = reads.account(id).await?.ok_or(Error::NotFound)?;
        if !may_host(&account, &consultation) {
            return Ok(Err(Closed::Removed));
        }
    }
    Ok(Ok((visit, consultation)))
}

impl UseCases {
    /// Whose seat this token is for, or why it is for none any more: only who once held it learns more than that.
    /// Changes nothing, so that made-up tokens never keep the one writer busy.
    #[instrument(skip_all)]
    pub async fn seat(&self, token: &str) -> Result<Result<Seat, Closed>> {
        let found = find(self.0.store.read().await?.as_mut(), token).await?;
        Ok(found.map(|(visit, consultation)| Seat::of(&visit, &consultation)))
    }

    /// The socket of a seat is open.
    #[instrument(skip_all)]
    pub async fn connect(&self, token: &str) -> Result<Result<Seat, Closed>> {
        let mut tx = self.begin(&Actor::system()).await?;
        let (visit, consultation) = match find(tx.reads(), token).await? {
            Ok(found) => found,
            Err(closed) => return Ok(Err(closed)),
        };
        let seat = Seat::of(&visit, &consultation);
        // From one socket to the next: nothing has changed.
        if visit.disconnected_at.is_none() {
            return Ok(Ok(seat));
        }
        tx.save_visit(&Visit {
            disconnected_at: None,
            ..visit
        })
        .await?;
        tx.commit().await?;
        Ok(Ok(seat))
    }

    /// The socket is gone; the seat is kept for a while.
    #[instrument(skip_all, fields(visit.id = %id))]
    pub async fn disconnect(&self, id: VisitId) -> Result<()> {
        self.disconnect_unless(id, || false).await
    }

    /// The same, where another socket may have taken the seat at this very moment: `is_back` is asked once nobody else
    /// can write, so whoever takes a seat first and connects then is not overlooked.
    #[instrument(skip_all, fields(visit.id = %id))]
    pub async fn disconnect_unless(&self, id: VisitId, is_back: impl Fn() -> bool + Send) -> Result<()> {
        let mut tx = self.begin(&Actor::system()).await?;
        let Some(visit) = tx.visit(id).await?.filter(|visit| !visit.is_over()) else {
            return Ok(());
        };
        if is_back() {
            return Ok(());
        }
        tx.save_visit(&Visit {
            disconnected_at: Some(self.now()),
            ..visit
        })
        .await?;
        tx.commit().await
    }

    /// After a restart no socket is open: every seat has the usual time to come back. And no answer to what was asked of
    /// others before comes any more.
    #[instrument(skip_all)]
    pub async fn disconnect_all(&self) -> Result<()> {
        let mut tx = self.begin(&Actor::system()).await?;
        tx.disconnect_all_visits(self.now()).await?;
        tx.doubt_asked_identities(self.now()).await?;
        tx.commit().await
    }

    /// Sound and picture can flow for this visit. When they can for both sides, the consultation is live.
    #[instrument(skip_all)]
    pub async fn media_joined(&self, actor: &Actor) -> Result<()> {
        let (now, id) = (self.now(), actor.participant()?.id.visit);
        let mut tx = self.begin(actor).await?;
        let Some(visit) = tx.visit(id).await?.filter(|visit| !visit.is_over()) else {
            return Ok(());
        };
        must_be_in(&visit)?;
        let before = tx.consultation(visit.consultation).await?;
        if visit.media_at.is_none() {
            tx.save_visit(&Visit {
                media_at: Some(now),
                ..visit.clone()
            })
            .await?;
            let event = NewEvent::of(now, before.id, EventKind::MediaJoined)
                .guest(visit.guest)
                .visit(id)
                .account(visit.account);
            tx.record(event).await?;
        }
        self.go_live_if_both_are_in(&mut tx, &before).await?;
        tx.commit().await
    }

    /// A message to everyone who is in.
    #[instrument(skip_all)]
    pub async fn chat(&self, actor: &Actor, text: ChatText) -> Result<ChatMessage> {
        let seat = actor.participant()?.id;
        if text.is_empty() {
            return Err(VisitRefusal::EmptyMessage.into());
        }
        let mut tx = self.begin(actor).await?;
        let visit = tx.visit(seat.visit).await?.ok_or(Error::NotFound)?;
        must_be_in(&visit)?;
        let message = tx.add_message(&visit, &text, self.now()).await?;
        // What nobody is shown any more is not kept: who writes without end fills no disk.
        tx.trim_messages(visit.consultation, CHAT_MEMORY).await?;
        tx.commit().await?;
        Ok(message)
    }

    /// What was written so far; only for one who is in.
    #[instrument(skip_all)]
    pub async fn chat_so_far(&self, actor: &Actor) -> Result<Vec<ChatMessage>> {
        let mut reads = self.read(actor).await?;
        let visit = reads
            .visit(actor.participant()?.id.visit)
            .await?
            .ok_or(Error::NotFound)?;
        must_be_in(&visit)?;
        Ok(reads.messages(visit.consultation, CHAT_MEMORY).await?)
    }
}

/// For what only those do whom the lobby let in.
fn must_be_in(visit: &Visit) -> Result<()> {
    if visit.is_over() || visit.admitted_at.is_none() {
        return Err(Error::Forbidden);
    }
    Ok(())
}

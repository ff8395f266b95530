use anteroom_domain::chat::{ChatMessage, MAX_CHAT_CHARS};
use anteroom_domain::consultation::Consultation;
use anteroom_domain::event::{EventKind, NewEvent};
use anteroom_domain::id::VisitId;
use anteroom_domain::organisation::Engine;
use anteroom_domain::visit::{Role, Visit};
use anteroom_protocol::seat::Closed;

use super::authority::may_host;
use super::room::closed;
use crate::port::{Reads, SeatId};
use crate::secret::hash;
use crate::{Error, Result, UseCases};

/// How much of a meeting's chat somebody who comes late or reloads is shown.
const CHAT_MEMORY: u32 = 500;

/// Who holds a good seat token.
#[derive(Clone, Debug)]
pub struct Seat {
    pub id: SeatId,
    pub name: String,
    pub engine: Engine,
}

impl Seat {
    fn of(visit: &Visit, consultation: &Consultation) -> Self {
        Self {
            id: SeatId::from(visit),
            name: visit.name.clone(),
            engine: consultation.engine,
        }
    }

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
        if !may_host(account, &consultation) {
            return Ok(Err(Closed::Removed));
        }
    }
    Ok(Ok((visit, consultation)))
}

impl UseCases {
    /// Whose seat this token is for, or why it is for none any more: only who once held it learns more than that.
    /// Changes nothing, so that made-up tokens never keep the one writer busy.
    pub async fn seat(&self, token: &str) -> Result<Result<Seat, Closed>> {
        let found = find(self.0.store.read().await?.as_mut(), token).await?;
        Ok(found.map(|(visit, consultation)| Seat::of(&visit, &consultation)))
    }

    /// The socket of a seat is open.
    pub async fn connect(&self, token: &str) -> Result<Result<Seat, Closed>> {
        let mut tx = self.begin().await?;
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
    pub async fn disconnect(&self, id: VisitId) -> Result<()> {
        self.disconnect_unless(id, || false).await
    }

    /// The same, where another socket may have taken the seat at this very moment: `is_back` is asked once nobody else
    /// can write, so whoever takes a seat first and connects then is not overlooked.
    pub async fn disconnect_unless(&self, id: VisitId, is_back: impl Fn() -> bool + Send) -> Result<()> {
        let mut tx = self.begin().await?;
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
    pub async fn disconnect_all(&self) -> Result<()> {
        let mut tx = self.begin().await?;
        tx.disconnect_all_visits(self.now()).await?;
        tx.doubt_asked_identities(self.now()).await?;
        tx.commit().await
    }

    /// Sound and picture can flow for this visit. When they can for both sides, the consultation is live.
    pub async fn media_joined(&self, id: VisitId) -> Result<()> {
        let now = self.now();
        let mut tx = self.begin().await?;
        let Some(visit) = tx.visit(id).await?.filter(|visit| !visit.is_over()) else {
            return Ok(());
        };
        let before = tx.consultation(visit.consultation).await?.ok_or(Error::NotFound)?;
        if visit.media_at.is_none() {
            tx.save_visit(&Visit {
                media_at: Some(now),
                ..visit.clone()
            })
            .await?;
            let event = NewEvent::of(now, before.id, EventKind::MediaJoined)
                .guest(visit.guest)
                .visit(id)
                .by(visit.account);
            tx.record(event).await?;
        }
        let open = tx
            .visits(before.id)
            .await?
            .into_iter()
            .filter(|visit| !visit.is_over() && visit.media_at.is_some());
        let (hosts, guests): (Vec<_>, Vec<_>) = open.partition(|visit| visit.role == Role::Host);
        if !hosts.is_empty() && !guests.is_empty() && before.live_at.is_none() {
            let after = Consultation {
                state: before.state.go_live()?,
                live_at: Some(now),
                ..before
            };
            tx.save_consultation(&after, None).await?;
            tx.record(NewEvent::of(now, after.id, EventKind::WentLive)).await?;
        }
        tx.commit().await
    }

    /// A message to everyone who is in.
    pub async fn chat(&self, seat: SeatId, text: &str) -> Result<ChatMessage> {
        let text = anteroom_domain::form::check_text(text, MAX_CHAT_CHARS).map_err(Error::Refused)?;
        if text.is_empty() {
            return Err(Error::refused("Write something first."));
        }
        let mut tx = self.begin().await?;
        let visit = tx.visit(seat.visit).await?.ok_or(Error::NotFound)?;
        if visit.is_over() || visit.admitted_at.is_none() {
            return Err(Error::Forbidden);
        }
        let message = tx.add_message(&visit, &text, self.now()).await?;
        // What nobody is shown any more is not kept: who tx without end fills no disk.
        tx.trim_messages(visit.consultation, CHAT_MEMORY).await?;
        tx.commit().await?;
        Ok(message)
    }

    /// What was written so far; only for one who is in.
    pub async fn chat_so_far(&self, seat: SeatId) -> Result<Vec<ChatMessage>> {
        Ok(self
            .0
            .store
            .read()
            .await?
            .messages(seat.consultation, CHAT_MEMORY)
            .await?)
    }
}

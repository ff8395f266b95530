use anteroom_domain::consultation::Consultation;
use anteroom_domain::event::{Happening, NewEvent};
use anteroom_domain::organisation::Engine;
use anteroom_domain::signalling::{TeamsNotice, TeamsStand};
use anteroom_domain::teams::end_code::explain;
use anteroom_domain::visit::Visit;

use crate::port::{SeatId, Writes};
use crate::{Error, Result, Services};

/// A browser that reports more of one kind than a meeting can hold is no client of ours.
const MOST_MESSAGES: i64 = 10_000;

/// What a participant's Teams client reports. It is their word: it decides nothing but what is shown and counted of
/// their own visit. (Microsoft sends no events about guests' calls to the organisation's server.)
impl Services {
    pub async fn stands_in_teams(&self, seat: SeatId, stand: TeamsStand) -> Result<()> {
        let now = self.now();
        let (mut writes, visit, before) = self.on_teams(seat).await?;
        if visit.teams == Some(stand) {
            return Ok(());
        }
        let mut after = Visit {
            teams: Some(stand),
            ..visit.clone()
        };
        let of = |happening| {
            NewEvent::of(now, before.id, happening)
                .guest(visit.guest)
                .visit(visit.id)
        };
        match stand {
            TeamsStand::Joining => {}
            TeamsStand::Lobby => writes.append(of(Happening::TeamsLobby)).await?,
            TeamsStand::In if visit.media_at.is_some() => {}
            TeamsStand::In => {
                after.media_at = Some(now);
                writes.append(of(Happening::MediaJoined)).await?;
            }
        }
        writes.save_visit(&after).await?;
        // Whoever is in was let in by somebody of the other side, or found them there: Teams lets no guest be alone.
        if stand == TeamsStand::In && before.live_at.is_none() {
            let live = Consultation {
                state: before.state.go_live()?,
                live_at: Some(now),
                ..before.clone()
            };
            writes.save_consultation(&live, None).await?;
            writes.append(NewEvent::of(now, live.id, Happening::WentLive)).await?;
        }
        self.commit_and_announce(writes, &visit).await
    }

    pub async fn ended_in_teams(&self, seat: SeatId, code: i32, sub_code: i32) -> Result<()> {
        let now = self.now();
        let (mut writes, visit, consultation) = self.on_teams(seat).await?;
        let cause = explain(code, sub_code).cause;
        let event = NewEvent::of(now, consultation.id, Happening::TeamsEnded { code, sub_code, cause })
            .guest(visit.guest)
            .visit(visit.id);
        writes.append(event).await?;
        self.commit_and_announce(writes, &visit).await
    }

    pub async fn notice_shown(&self, seat: SeatId, notice: TeamsNotice, version: u16) -> Result<()> {
        self.note(seat, Happening::NoticeShown { notice, version }).await
    }

    pub async fn consent_given(&self, seat: SeatId, version: u16) -> Result<()> {
        self.note(seat, Happening::ConsentGiven { version }).await
    }

    async fn note(&self, seat: SeatId, happening: Happening) -> Result<()> {
        let now = self.now();
        let (mut writes, visit, consultation) = self.on_teams(seat).await?;
        let event = NewEvent::of(now, consultation.id, happening)
            .guest(visit.guest)
            .visit(visit.id);
        writes.append(event).await?;
        self.commit_and_announce(writes, &visit).await
    }

    /// A message was sent into the meeting's own chat; what it said is not ours to know.
    pub async fn wrote_in_teams(&self, seat: SeatId) -> Result<()> {
        let (mut writes, visit, _) = self.on_teams(seat).await?;
        let after = Visit {
            teams_messages: (visit.teams_messages + 1).min(MOST_MESSAGES),
            ..visit
        };
        writes.save_visit(&after).await?;
        Ok(writes.commit().await?)
    }

    async fn on_teams(&self, seat: SeatId) -> Result<(Box<dyn Writes>, Visit, Consultation)> {
        let mut writes = self.0.store.write().await?;
        let visit = writes.visit(seat.visit).await?.ok_or(Error::NotFound)?;
        let consultation = writes.consultation(visit.consultation).await?.ok_or(Error::NotFound)?;
        if visit.is_over() || visit.teams_at.is_none() || consultation.engine != Engine::Teams {
            return Err(Error::Forbidden);
        }
        Ok((writes, visit, consultation))
    }
}

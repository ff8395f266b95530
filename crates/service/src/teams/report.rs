use anteroom_domain::consultation::Consultation;
use anteroom_domain::event::{EventKind, NewEvent};
use anteroom_domain::organisation::Engine;
use anteroom_domain::teams::Announcement;
use anteroom_domain::teams::end_code::{Cause, explain};
use anteroom_domain::visit::{RESUME_SECONDS, TeamsPresence, Visit};
use jiff::{SignedDuration, Timestamp};
use tracing::instrument;

use crate::port::Reads;
use crate::transaction::Transaction;
use crate::{Actor, Error, Result, UseCases};

/// A browser that reports more of one kind than a meeting can hold is no client of ours.
const MOST_MESSAGES: i64 = 10_000;
/// So many events a visit: events are never deleted, and whoever has a link can send reports as fast as they like.
const MOST_REPORTS: i64 = 200;
/// The same end of a call, reported again within this time, is one.
const SAME_END: SignedDuration = SignedDuration::from_secs(10);
/// What was shown or agreed to is reported again after a lost connection, which may be as late as the seat is kept.
const SAME_NOTICE: SignedDuration = SignedDuration::from_secs(RESUME_SECONDS + 10);

/// What a participant's Teams client reports. It is their word: it decides nothing but what is shown and counted of
/// their own visit. (Microsoft sends no events about guests' calls to the organisation's server.)
impl UseCases {
    /// Where the participant is in the meeting: joining, in Teams' lobby, or in. `with_host`: their client sees somebody there
    /// who is no guest.
    #[instrument(skip_all)]
    pub async fn report_presence(&self, actor: &Actor, presence: TeamsPresence, with_host: bool) -> Result<()> {
        let now = self.now();
        let (mut tx, visit, consultation) = self.on_teams(actor).await?;
        let is_there = presence != TeamsPresence::Joining;
        let mut after = Visit {
            teams: Some(presence),
            teams_waited: visit.teams_waited || presence == TeamsPresence::Lobby,
            teams_hosted: visit.teams_hosted || (presence == TeamsPresence::In && with_host),
            ..visit.clone()
        };
        if is_there {
            after.teams_at = visit.teams_at.or(Some(now));
            after.teams_until = None;
        }
        // Who was in once and comes back is no new arrival.
        if presence == TeamsPresence::Lobby && visit.teams != Some(presence) && visit.media_at.is_none() {
            after.lobby_since = Some(now);
        }
        if presence == TeamsPresence::In && visit.media_at.is_none() {
            after = after.let_in(now);
            after.media_at = Some(now);
        }
        if after == visit {
            return Ok(());
        }
        let kind = match presence {
            TeamsPresence::Lobby if visit.teams != Some(presence) => Some(EventKind::TeamsLobby),
            TeamsPresence::In if visit.media_at.is_none() => Some(EventKind::MediaJoined),
            _ => None,
        };
        if let Some(kind) = kind {
            note(&mut tx, &mut after, now, kind).await?;
        }
        tx.save_visit(&after).await?;
        self.go_live_if_both_are_in(&mut tx, &consultation).await?;
        tx.commit().await
    }

    /// What is charged ends here, whatever becomes of the visit.
    #[instrument(skip_all)]
    pub async fn ended_in_teams(&self, actor: &Actor, code: i32, sub_code: i32) -> Result<()> {
        let now = self.now();
        let (mut tx, visit, _) = self.on_teams(actor).await?;
        let cause = explain(code, sub_code).cause;
        let mut after = Visit {
            teams_until: visit.teams_until.or(Some(now)),
            teams_waited: visit.teams_waited || matches!(cause, Cause::Declined | Cause::LobbyTimeout),
            ..visit.clone()
        };
        let ended = EventKind::TeamsEnded { code, sub_code, cause };
        if !has_just_happened(tx.reads(), &visit, now - SAME_END, &ended).await? {
            note(&mut tx, &mut after, now, ended).await?;
        }
        tx.save_visit(&after).await?;
        tx.commit().await
    }

    /// The page showed an announcement of the meeting, in this version of its text.
    #[instrument(skip_all)]
    pub async fn notice_shown(&self, actor: &Actor, notice: Announcement, version: u16) -> Result<()> {
        self.noted(actor, EventKind::NoticeShown { notice, version }).await
    }

    /// The participant agreed to be recorded, reading this version of the text.
    #[instrument(skip_all)]
    pub async fn consent_given(&self, actor: &Actor, version: u16) -> Result<()> {
        self.noted(actor, EventKind::ConsentGiven { version }).await
    }

    async fn noted(&self, actor: &Actor, kind: EventKind) -> Result<()> {
        let now = self.now();
        let (mut tx, mut visit, _) = self.on_teams(actor).await?;
        if has_just_happened(tx.reads(), &visit, now - SAME_NOTICE, &kind).await? {
            return Ok(());
        }
        note(&mut tx, &mut visit, now, kind).await?;
        tx.save_visit(&visit).await?;
        tx.commit().await
    }

    /// A message was sent into the meeting's own chat; what it said is not ours to know.
    #[instrument(skip_all)]
    pub async fn wrote_in_teams(&self, actor: &Actor) -> Result<()> {
        let (mut tx, visit, consultation) = self.on_teams(actor).await?;
        let has_chat = self.0.engines.rules.chat && consultation.meeting.is_some_and(|meeting| meeting.link.has_chat());
        if !has_chat || visit.teams_messages >= MOST_MESSAGES {
            return Ok(());
        }
        let after = Visit {
            teams_messages: visit.teams_messages + 1,
            ..visit
        };
        tx.save_visit_quietly(&after).await?;
        tx.commit().await
    }

    /// Of one who has credentials.
    async fn on_teams(&self, actor: &Actor) -> Result<(Transaction, Visit, Consultation)> {
        let seat = actor.participant()?.id;
        let mut tx = self.begin(actor).await?;
        let visit = tx.visit(seat.visit).await?.ok_or(Error::NotFound)?;
        let consultation = tx.consultation(visit.consultation).await?;
        if visit.is_over() || visit.teams.is_none() || consultation.engine != Engine::Teams {
            return Err(Error::Forbidden);
        }
        Ok((tx, visit, consultation))
    }
}

/// One event more of this visit, as long as there is room for it.
async fn note(tx: &mut Transaction, visit: &mut Visit, now: Timestamp, kind: EventKind) -> Result<()> {
    if visit.teams_reports >= MOST_REPORTS {
        return Ok(());
    }
    visit.teams_reports += 1;
    let event = NewEvent::of(now, visit.consultation, kind)
        .guest(visit.guest)
        .visit(visit.id);
    tx.record(event).await
}

async fn has_just_happened(reads: &mut dyn Reads, visit: &Visit, since: Timestamp, kind: &EventKind) -> Result<bool> {
    Ok(reads.has_happened(visit.consultation, visit.id, kind, since).await?)
}

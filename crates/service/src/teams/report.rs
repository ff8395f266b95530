use anteroom_domain::consultation::Consultation;
use anteroom_domain::event::{EventKind, NewEvent};
use anteroom_domain::organisation::Engine;
use anteroom_domain::teams::Announcement;
use anteroom_domain::teams::end_code::{Cause, explain};
use anteroom_domain::visit::{RESUME_SECONDS, TeamsPresence, TeamsStay, Visit};
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
/// Where a participant's own client says that they are.
#[derive(Clone, Copy, Debug)]
pub struct ReportPresence {
    /// On the way, in Teams' lobby, or in.
    pub presence: TeamsPresence,
    /// The client sees somebody there who is no guest.
    pub with_host: bool,
}

/// How a participant's call on Teams ended, in the codes of the Calling SDK.
#[derive(Clone, Copy, Debug)]
pub struct TeamsCallEnd {
    /// The code, such as 603.
    pub code: i32,
    /// The sub-code, which tells more.
    pub sub_code: i32,
}

/// An announcement that a participant's page showed.
#[derive(Clone, Copy, Debug)]
pub struct NoticeShown {
    /// What of.
    pub notice: Announcement,
    /// The version of its text.
    pub version: u16,
}

impl UseCases {
    /// Where the participant is in the meeting: joining, in Teams' lobby, or in.
    #[instrument(skip_all)]
    pub async fn report_presence(&self, actor: &Actor, command: ReportPresence) -> Result<()> {
        let ReportPresence { presence, with_host } = command;
        let now = self.now();
        let (mut tx, visit, before, consultation) = self.on_teams(actor).await?;
        let is_there = presence != TeamsPresence::Joining;
        let comes_to = |there| presence == there && before.presence != there;
        let mut stay = TeamsStay {
            presence,
            since: before.since.or(is_there.then_some(now)),
            until: before.until.filter(|_| !is_there),
            waited: before.waited || presence == TeamsPresence::Lobby,
            hosted: before.hosted || (presence == TeamsPresence::In && with_host),
            ..before
        };
        let mut after = visit.clone();
        // Who was in once and comes back is no new arrival.
        if comes_to(TeamsPresence::Lobby) && visit.media_at.is_none() {
            after.lobby_since = Some(now);
        }
        if presence == TeamsPresence::In && visit.media_at.is_none() {
            after = after.let_in(now);
            after.media_at = Some(now);
        }
        if after == visit && stay == before {
            return Ok(());
        }
        if comes_to(TeamsPresence::Lobby) {
            note(&mut tx, &visit, &mut stay, now, EventKind::TeamsLobby).await?;
        } else if after.media_at != visit.media_at {
            note(&mut tx, &visit, &mut stay, now, EventKind::MediaJoined).await?;
        }
        after.teams = Some(stay);
        tx.save_visit(&after).await?;
        self.go_live_if_both_are_in(&mut tx, &consultation).await?;
        tx.commit().await
    }

    /// What is charged ends here, whatever becomes of the visit.
    #[instrument(skip_all)]
    pub async fn ended_in_teams(&self, actor: &Actor, command: TeamsCallEnd) -> Result<()> {
        let TeamsCallEnd { code, sub_code } = command;
        let now = self.now();
        let (mut tx, visit, before, _) = self.on_teams(actor).await?;
        let cause = explain(code, sub_code).cause;
        let mut stay = TeamsStay {
            until: before.until.or(Some(now)),
            waited: before.waited || matches!(cause, Cause::Declined | Cause::LobbyTimeout),
            ..before
        };
        let ended = EventKind::TeamsEnded { code, sub_code, cause };
        if !has_just_happened(tx.reads(), &visit, now - SAME_END, &ended).await? {
            note(&mut tx, &visit, &mut stay, now, ended).await?;
        }
        save(&mut tx, visit, stay).await?;
        tx.commit().await
    }

    /// The page showed an announcement of the meeting, in this version of its text.
    #[instrument(skip_all)]
    pub async fn notice_shown(&self, actor: &Actor, command: NoticeShown) -> Result<()> {
        let NoticeShown { notice, version } = command;
        self.noted(actor, EventKind::NoticeShown { notice, version }).await
    }

    /// The participant agreed to be recorded, reading this version of the text.
    #[instrument(skip_all)]
    pub async fn consent_given(&self, actor: &Actor, version: u16) -> Result<()> {
        self.noted(actor, EventKind::ConsentGiven { version }).await
    }

    async fn noted(&self, actor: &Actor, kind: EventKind) -> Result<()> {
        let now = self.now();
        let (mut tx, visit, mut stay, _) = self.on_teams(actor).await?;
        if has_just_happened(tx.reads(), &visit, now - SAME_NOTICE, &kind).await? {
            return Ok(());
        }
        note(&mut tx, &visit, &mut stay, now, kind).await?;
        save(&mut tx, visit, stay).await?;
        tx.commit().await
    }

    /// A message was sent into the meeting's own chat; what it said is not ours to know.
    #[instrument(skip_all)]
    pub async fn wrote_in_teams(&self, actor: &Actor) -> Result<()> {
        let (mut tx, visit, stay, consultation) = self.on_teams(actor).await?;
        let has_chat = self.0.engines.rules.chat && consultation.meeting.is_some_and(|meeting| meeting.link.has_chat());
        if !has_chat || stay.messages >= MOST_MESSAGES {
            return Ok(());
        }
        let teams = Some(TeamsStay {
            messages: stay.messages + 1,
            ..stay
        });
        tx.save_visit_quietly(&Visit { teams, ..visit }).await?;
        tx.commit().await
    }

    /// Of one who has credentials.
    async fn on_teams(&self, actor: &Actor) -> Result<(Transaction, Visit, TeamsStay, Consultation)> {
        let seat = actor.participant()?.id;
        let mut tx = self.begin(actor).await?;
        let visit = tx.visit(seat.visit).await?.ok_or(Error::NotFound)?;
        let consultation = tx.consultation(visit.consultation).await?;
        match visit.teams {
            Some(stay) if !visit.is_over() && consultation.engine == Engine::Teams => {
                Ok((tx, visit, stay, consultation))
            }
            _ => Err(Error::Forbidden),
        }
    }
}

async fn save(tx: &mut Transaction, visit: Visit, stay: TeamsStay) -> Result<()> {
    let teams = Some(stay);
    tx.save_visit(&Visit { teams, ..visit }).await
}

/// One event more of this visit, as long as there is room for it.
async fn note(
    tx: &mut Transaction,
    visit: &Visit,
    stay: &mut TeamsStay,
    now: Timestamp,
    kind: EventKind,
) -> Result<()> {
    if stay.reports >= MOST_REPORTS {
        return Ok(());
    }
    stay.reports += 1;
    let event = NewEvent::of(now, visit.consultation, kind)
        .guest(visit.guest)
        .visit(visit.id);
    tx.record(event).await
}

async fn has_just_happened(reads: &mut dyn Reads, visit: &Visit, since: Timestamp, kind: &EventKind) -> Result<bool> {
    Ok(reads.has_happened(visit.consultation, visit.id, kind, since).await?)
}

use anteroom_domain::consultation::{CancelledBy, Consultation, ExternalMeeting, ProvisionedMeeting, Side, State};
use anteroom_domain::id::{AccountId, BranchId, ConsultationId, ServiceId};
use anteroom_domain::time::Span;
use anteroom_service::port::repository::{ReadConsultations, WriteConsultations};
use anteroom_service::port::{Clash, NewConsultation};
use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use crate::error::{Result, inconsistent, internal, of_write};
use crate::row::{at, at_some, get, ms, word, word_some, zone};
use crate::transaction::SqliteTransaction;

/// The state is spread over three columns, so that the schema can hold their rules.
pub fn to_state(row: &SqliteRow) -> Result<State> {
    let state: String = get(row, "state")?;
    let side: Option<String> = get(row, "missed_side")?;
    let by: Option<String> = get(row, "cancelled_by")?;
    let state = match (
        state.as_str(),
        side.as_deref().and_then(|text| text.parse::<Side>().ok()),
        by.as_deref().and_then(|text| text.parse::<CancelledBy>().ok()),
    ) {
        ("scheduled", ..) => State::Scheduled,
        ("open", ..) => State::Open,
        ("live", ..) => State::Live,
        ("ended", ..) => State::Ended,
        ("missed", Some(side), _) => State::Missed { side },
        ("cancelled", _, Some(by)) => State::Cancelled { by },
        _ => return Err(inconsistent("consultations", "state", 0)),
    };
    Ok(state)
}

fn of_state(state: State) -> (&'static str, Option<&'static str>, Option<&'static str>) {
    let side = if let State::Missed { side } = state {
        Some(side.into_str())
    } else {
        None
    };
    let by = if let State::Cancelled { by } = state {
        Some(by.into_str())
    } else {
        None
    };
    (state.into_str(), side, by)
}

fn to_consultation(row: &SqliteRow) -> Result<Consultation> {
    let id = get(row, "id")?;
    Ok(Consultation {
        id: ConsultationId(id),
        service: ServiceId(get(row, "service_id")?),
        branch: BranchId(get(row, "branch_id")?),
        host: AccountId(get(row, "host_id")?),
        engine: word(row, "consultations", "engine")?,
        starts_at: at(row, "starts_at")?,
        ends_at: at(row, "ends_at")?,
        zone: zone(row, "zone")?,
        notes: get(row, "notes")?,
        state: to_state(row)?,
        cancel_reason: get(row, "cancel_reason")?,
        cancelled_at: at_some(row, "cancelled_at")?,
        opened_at: at_some(row, "opened_at")?,
        live_at: at_some(row, "live_at")?,
        ended_at: at_some(row, "ended_at")?,
        moved_from: at_some(row, "moved_from")?,
        moved_at: at_some(row, "moved_at")?,
        created_at: at(row, "created_at")?,
        outcome: get(row, "outcome")?,
        conclusion: word_some(row, "consultations", "conclusion")?,
        meeting: to_meeting(row, id)?,
        webinar: get(row, "webinar")?,
    })
}

fn to_meeting(row: &SqliteRow, id: i64) -> Result<Option<ExternalMeeting>> {
    let Some(place) = get::<Option<String>>(row, "meeting")? else {
        return Ok(None);
    };
    let link = place
        .parse()
        .map_err(|_| inconsistent("consultations", "meeting", id))?;
    let organizer: Option<String> = get(row, "meeting_organizer")?;
    let graph: Option<String> = get(row, "meeting_graph_id")?;
    Ok(Some(ExternalMeeting {
        link,
        provisioned: organizer
            .zip(graph)
            .map(|(organizer, id)| ProvisionedMeeting { organizer, id }),
    }))
}

/// The columns of [`to_consultation`], behind a prefix where a join needs one.
macro_rules! columns {
    ($c:literal) => {
        concat!(
            $c,
            "id, ",
            $c,
            "service_id, ",
            $c,
            "branch_id, ",
            $c,
            "host_id, ",
            $c,
            "engine, ",
            $c,
            "starts_at, ",
            $c,
            "ends_at, ",
            $c,
            "zone, ",
            $c,
            "notes, ",
            $c,
            "state, ",
            $c,
            "missed_side, ",
            $c,
            "cancelled_by, ",
            $c,
            "cancel_reason, ",
            $c,
            "cancelled_at, ",
            $c,
            "opened_at, ",
            $c,
            "live_at, ",
            $c,
            "ended_at, ",
            $c,
            "moved_from, ",
            $c,
            "moved_at, ",
            $c,
            "created_at, ",
            $c,
            "outcome, ",
            $c,
            "conclusion, ",
            $c,
            "meeting, ",
            $c,
            "meeting_organizer, ",
            $c,
            "meeting_graph_id, ",
            $c,
            "webinar"
        )
    };
}

pub async fn one(db: &mut SqliteConnection, id: ConsultationId) -> Result<Option<Consultation>> {
    let row = sqlx::query(concat!("select ", columns!(""), " from consultations where id = ?"))
        .bind(id.0)
        .fetch_optional(db)
        .await
        .map_err(internal)?;
    row.as_ref().map(to_consultation).transpose()
}

fn made(meeting: Option<&ExternalMeeting>) -> Option<&ProvisionedMeeting> {
    meeting.and_then(|meeting| meeting.provisioned.as_ref())
}

#[async_trait]
impl ReadConsultations for SqliteTransaction {
    async fn discarded_meetings(&mut self, consultation: ConsultationId) -> Result<i64> {
        sqlx::query_scalar("select meetings_discarded from consultations where id = ?")
            .bind(consultation.0)
            .fetch_one(self.db())
            .await
            .map_err(internal)
    }

    async fn consultation(&mut self, id: ConsultationId) -> Result<Option<Consultation>> {
        one(self.db(), id).await
    }

    async fn clash(&mut self, host: AccountId, span: Span, except: Option<ConsultationId>) -> Result<Option<Clash>> {
        let db = self.db();
        let row = sqlx::query(
            "select starts_at, ends_at, busy_until,
                (select g.name from guests g where g.consultation_id = c.id order by g.id limit 1) as guest
            from consultations c
            where host_id = ? and state in ('scheduled', 'open', 'live') and busy_from < ? and busy_until > ? and id is not ?
            order by busy_from limit 1",
        )
        .bind(host.0)
        .bind(ms(span.until))
        .bind(ms(span.from))
        .bind(except.map(|id| id.0))
        .fetch_optional(db)
        .await
        .map_err(internal)?;
        row.as_ref()
            .map(|row| {
                Ok(Clash {
                    guest: get::<Option<String>>(row, "guest")?.unwrap_or_default(),
                    starts_at: at(row, "starts_at")?,
                    ends_at: at(row, "ends_at")?,
                    free_at: at(row, "busy_until")?,
                })
            })
            .transpose()
    }

    async fn busy(&mut self, host: AccountId, span: Span, except: Option<ConsultationId>) -> Result<Vec<Span>> {
        let db = self.db();
        let rows = sqlx::query(
            "select busy_from, busy_until from consultations
            where host_id = ? and state in ('scheduled', 'open', 'live') and busy_from >= ? and busy_from < ? and id is not ?
            order by busy_from",
        )
        .bind(host.0)
        .bind(ms(span.from))
        .bind(ms(span.until))
        .bind(except.map(|id| id.0))
        .fetch_all(db)
        .await
        .map_err(internal)?;
        rows.iter()
            .map(|row| {
                Ok(Span {
                    from: at(row, "busy_from")?,
                    until: at(row, "busy_until")?,
                })
            })
            .collect()
    }

    /// The index of what is not over (`consultations_unfinished`) is partial: it is used where the query repeats its condition,
    /// and the state that is wanted is asked for besides.
    async fn overdue(&mut self, now: Timestamp) -> Result<Vec<Consultation>> {
        let db = self.db();
        let rows = sqlx::query(concat!(
            "select ",
            columns!(""),
            " from consultations where state in ('scheduled', 'open', 'live') and state <> 'live' and ends_at < ?
            order by ends_at limit 100"
        ))
        .bind(ms(now))
        .fetch_all(db)
        .await
        .map_err(internal)?;
        rows.iter().map(to_consultation).collect()
    }

    /// On Teams the clerk sits in their own Teams client, and only the guests' side is seen.
    async fn one_sided(&mut self, now: Timestamp) -> Result<Vec<Consultation>> {
        let db = self.db();
        let rows = sqlx::query(concat!(
            "select ",
            columns!("c."),
            " from consultations c where c.state in ('scheduled', 'open', 'live') and c.state = 'live'
                and (c.ends_at <= ?
                    or not exists (select 1 from visits v where v.consultation_id = c.id and v.left_at is null))
                and (not exists (select 1 from visits v
                        where v.consultation_id = c.id and v.left_at is null and v.role <> 'host'
                            and not exists (select 1 from teams_visits t
                                where t.visit_id = v.id and t.until_at is not null))
                    or c.engine <> 'teams' and not exists (select 1 from visits v
                        where v.consultation_id = c.id and v.left_at is null and v.role = 'host'))
            order by c.ends_at limit 100"
        ))
        .bind(ms(now))
        .fetch_all(db)
        .await
        .map_err(internal)?;
        rows.iter().map(to_consultation).collect()
    }
}

#[async_trait]
impl WriteConsultations for SqliteTransaction {
    async fn count_discarded_meeting(&mut self, consultation: ConsultationId) -> Result<()> {
        self.execute(
            sqlx::query("update consultations set meetings_discarded = meetings_discarded + 1 where id = ?")
                .bind(consultation.0),
        )
        .await
    }

    async fn add_consultation(&mut self, new: &NewConsultation) -> Result<()> {
        let db = self.db();
        sqlx::query(
            "insert into consultations
            (id, service_id, branch_id, host_id, engine, starts_at, ends_at, busy_from, busy_until, zone, notes, state,
                created_kind, created_by, created_at, meeting, meeting_organizer, meeting_graph_id, webinar)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'scheduled', 'staff', ?, ?, ?, ?, ?, ?)",
        )
        .bind(new.id.0)
        .bind(new.service.id.0)
        .bind(new.service.branch.0)
        .bind(new.host.0)
        .bind(new.engine.into_str())
        .bind(ms(new.starts_at))
        .bind(ms(new.ends_at))
        .bind(ms(new.busy.from))
        .bind(ms(new.busy.until))
        .bind(new.zone.as_str())
        .bind(&new.notes)
        .bind(new.created_by.0)
        .bind(ms(new.created_at))
        .bind(new.meeting.as_ref().map(|meeting| meeting.link.to_string()))
        .bind(made(new.meeting.as_ref()).map(|made| made.organizer.as_str()))
        .bind(made(new.meeting.as_ref()).map(|made| made.id.as_str()))
        .bind(new.webinar)
        .execute(db)
        .await
        .map_err(of_write)?;
        Ok(())
    }

    async fn save_consultation(&mut self, c: &Consultation, busy: Option<Span>) -> Result<()> {
        let db = self.db();
        let (state, side, by) = of_state(c.state);
        sqlx::query(
            "update consultations set
                service_id = ?, host_id = ?, engine = ?, starts_at = ?, ends_at = ?,
                busy_from = coalesce(?, busy_from), busy_until = coalesce(?, busy_until),
                zone = ?, notes = ?, state = ?, missed_side = ?, cancelled_by = ?, cancel_reason = ?, cancelled_at = ?,
                opened_at = ?, live_at = ?, ended_at = ?, moved_from = ?, moved_at = ?, outcome = ?, conclusion = ?,
                meeting = ?, meeting_organizer = ?, meeting_graph_id = ?, webinar = ?
            where id = ?",
        )
        .bind(c.service.0)
        .bind(c.host.0)
        .bind(c.engine.into_str())
        .bind(ms(c.starts_at))
        .bind(ms(c.ends_at))
        .bind(busy.map(|busy| ms(busy.from)))
        .bind(busy.map(|busy| ms(busy.until)))
        .bind(c.zone.as_str())
        .bind(&c.notes)
        .bind(state)
        .bind(side)
        .bind(by)
        .bind(&c.cancel_reason)
        .bind(c.cancelled_at.map(ms))
        .bind(c.opened_at.map(ms))
        .bind(c.live_at.map(ms))
        .bind(c.ended_at.map(ms))
        .bind(c.moved_from.map(ms))
        .bind(c.moved_at.map(ms))
        .bind(&c.outcome)
        .bind(c.conclusion.map(<&str>::from))
        .bind(c.meeting.as_ref().map(|meeting| meeting.link.to_string()))
        .bind(made(c.meeting.as_ref()).map(|made| made.organizer.as_str()))
        .bind(made(c.meeting.as_ref()).map(|made| made.id.as_str()))
        .bind(c.webinar)
        .bind(c.id.0)
        .execute(db)
        .await
        .map_err(of_write)?;
        Ok(())
    }
}

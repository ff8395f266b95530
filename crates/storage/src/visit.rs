use anteroom_domain::id::{AccountId, BranchId, ConsultationId, GuestId, SessionId, VisitId};
use anteroom_domain::view::Waiting;
use anteroom_domain::visit::{TeamsStay, Visit};
use anteroom_service::port::repository::{ReadVisits, WriteVisits};
use anteroom_service::port::{NewVisit, RoomVisit, Sessions};
use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;

use crate::account::only;
use crate::error::{Result, internal};
use crate::row::{at, at_some, get, ms, word, word_some};
use crate::transaction::SqliteTransaction;

/// What [`to_visit`] reads, behind the name that the table has in the query.
macro_rules! columns {
    ($v:literal) => {
        concat!(
            $v,
            "id, ",
            $v,
            "consultation_id, ",
            $v,
            "guest_id, ",
            $v,
            "account_id, ",
            $v,
            "role, ",
            $v,
            "name, ",
            $v,
            "arrived_at, ",
            $v,
            "admitted_at, ",
            $v,
            "lobby_since, ",
            $v,
            "waited, ",
            $v,
            "media_at, ",
            $v,
            "left_at, ",
            $v,
            "end_cause, ",
            $v,
            "disconnected_at, ",
            $v,
            "teams, ",
            $v,
            "teams_at, ",
            $v,
            "teams_until, ",
            $v,
            "teams_waited, ",
            $v,
            "teams_hosted, ",
            $v,
            "teams_reports, ",
            $v,
            "teams_messages",
        )
    };
}

fn to_visit(row: &SqliteRow) -> Result<Visit> {
    let id = get(row, "id")?;
    Ok(Visit {
        id: VisitId(id),
        consultation: ConsultationId(get(row, "consultation_id")?),
        guest: get::<Option<i64>>(row, "guest_id")?.map(GuestId),
        account: get::<Option<i64>>(row, "account_id")?.map(AccountId),
        role: word(row, "visits", "role")?,
        name: get(row, "name")?,
        arrived_at: at(row, "arrived_at")?,
        admitted_at: at_some(row, "admitted_at")?,
        lobby_since: at_some(row, "lobby_since")?,
        waited: get(row, "waited")?,
        media_at: at_some(row, "media_at")?,
        left_at: at_some(row, "left_at")?,
        end_cause: word_some(row, "visits", "end_cause")?,
        disconnected_at: at_some(row, "disconnected_at")?,
        teams: to_teams_stay(row)?,
    })
}

fn to_teams_stay(row: &SqliteRow) -> Result<Option<TeamsStay>> {
    let Some(presence) = word_some(row, "teams_visits", "teams")? else {
        return Ok(None);
    };
    Ok(Some(TeamsStay {
        presence,
        since: at_some(row, "teams_at")?,
        until: at_some(row, "teams_until")?,
        waited: get(row, "teams_waited")?,
        hosted: get(row, "teams_hosted")?,
        reports: get(row, "teams_reports")?,
        messages: get(row, "teams_messages")?,
    }))
}

#[async_trait]
impl ReadVisits for SqliteTransaction {
    async fn visit(&mut self, id: VisitId) -> Result<Option<Visit>> {
        let db = self.db();
        let row = sqlx::query(concat!("select ", columns!(""), " from whole_visits where id = ?"))
            .bind(id.0)
            .fetch_optional(db)
            .await
            .map_err(internal)?;
        row.as_ref().map(to_visit).transpose()
    }

    async fn visit_by_token(&mut self, hash: &[u8; 32]) -> Result<Option<Visit>> {
        let db = self.db();
        let row = sqlx::query(concat!(
            "select ",
            columns!(""),
            " from whole_visits where token_hash = ?"
        ))
        .bind(hash.as_slice())
        .fetch_optional(db)
        .await
        .map_err(internal)?;
        row.as_ref().map(to_visit).transpose()
    }

    async fn visits(&mut self, consultation: ConsultationId) -> Result<Vec<Visit>> {
        let db = self.db();
        let rows = sqlx::query(concat!(
            "select ",
            columns!(""),
            " from whole_visits where consultation_id = ? order by id",
        ))
        .bind(consultation.0)
        .fetch_all(db)
        .await
        .map_err(internal)?;
        rows.iter().map(to_visit).collect()
    }

    async fn room_visits(&mut self, consultation: ConsultationId) -> Result<Vec<RoomVisit>> {
        let db = self.db();
        let rows = sqlx::query(concat!(
            "select ",
            columns!("v."),
            ", g.name as invited, coalesce(nullif(g.email, ''), nullif(g.phone, '')) as contact
            from whole_visits v left join guests g on g.id = v.guest_id
            where v.consultation_id = ?1 and v.left_at is null
            union all
            select ",
            columns!("v."),
            ", g.name as invited, coalesce(nullif(g.email, ''), nullif(g.phone, '')) as contact
            from guests g
                join whole_visits v on v.id = (
                    select id from visits where guest_id = g.id order by arrived_at desc, id desc limit 1
                )
            where g.consultation_id = ?1 and g.admission in ('declined', 'removed') and v.end_cause = g.admission
            order by 1",
        ))
        .bind(consultation.0)
        .fetch_all(db)
        .await
        .map_err(internal)?;
        rows.iter()
            .map(|row| {
                Ok(RoomVisit {
                    visit: to_visit(row)?,
                    invited: get(row, "invited")?,
                    contact: get(row, "contact")?,
                })
            })
            .collect()
    }

    async fn open_visits(&mut self) -> Result<Vec<VisitId>> {
        let db = self.db();
        let ids: Vec<i64> = sqlx::query_scalar("select id from visits where left_at is null")
            .fetch_all(db)
            .await
            .map_err(internal)?;
        Ok(ids.into_iter().map(VisitId).collect())
    }

    /// Where it is one session, also what was taken in those that are over by now.
    async fn open_visits_of(&mut self, account: AccountId, sessions: Sessions) -> Result<Vec<Visit>> {
        let db = self.db();
        let rows = sqlx::query(concat!(
            "select ",
            columns!(""),
            " from whole_visits where account_id = ?1 and left_at is null
                and (?2 is null or session_id = ?2 or not exists (select 1 from sessions s where s.id = session_id))
                order by id",
        ))
        .bind(account.0)
        .bind(only(sessions))
        .fetch_all(db)
        .await
        .map_err(internal)?;
        rows.iter().map(to_visit).collect()
    }

    async fn arrivals(&mut self, guest: GuestId, since: Timestamp) -> Result<i64> {
        let db = self.db();
        sqlx::query_scalar("select count(*) from visits where guest_id = ? and arrived_at > ?")
            .bind(guest.0)
            .bind(ms(since))
            .fetch_one(db)
            .await
            .map_err(internal)
    }

    async fn lost_visits(&mut self, before: Timestamp) -> Result<Vec<Visit>> {
        let db = self.db();
        let rows = sqlx::query(concat!(
            "select ",
            columns!(""),
            " from whole_visits where left_at is null and disconnected_at <= ? order by id",
        ))
        .bind(ms(before))
        .fetch_all(db)
        .await
        .map_err(internal)?;
        rows.iter().map(to_visit).collect()
    }

    async fn waiting(&mut self, branch: Option<BranchId>) -> Result<Vec<Waiting>> {
        let db = self.db();
        let rows = sqlx::query(
            "select v.id, v.consultation_id, v.name, v.arrived_at, v.admitted_at, s.name as service, c.host_id, a.name as host_name
            from whole_visits v
                join consultations c on c.id = v.consultation_id
                join services s on s.id = c.service_id
                join accounts a on a.id = c.host_id
            where v.left_at is null and (v.admitted_at is null or v.teams = 'lobby') and (?1 is null or c.branch_id = ?1)
            order by v.arrived_at, v.id limit 200",
        )
        .bind(branch.map(|id| id.0))
        .fetch_all(db)
        .await
        .map_err(internal)?;
        rows.iter()
            .map(|row| {
                Ok(Waiting {
                    consultation: ConsultationId(get(row, "consultation_id")?),
                    visit: VisitId(get(row, "id")?),
                    guest: get(row, "name")?,
                    service: get(row, "service")?,
                    host: AccountId(get(row, "host_id")?),
                    host_name: get(row, "host_name")?,
                    since: at(row, "arrived_at")?,
                    in_teams: at_some(row, "admitted_at")?.is_some(),
                })
            })
            .collect()
    }
}

#[async_trait]
impl WriteVisits for SqliteTransaction {
    /// A new visit has no socket yet: its time to connect runs from now.
    async fn add_visit(&mut self, new: &NewVisit) -> Result<VisitId> {
        let db = self.db();
        let done = sqlx::query(
            "insert into visits
            (consultation_id, guest_id, account_id, role, name, token_hash, arrived_at, admitted_at, lobby_since,
                disconnected_at, session_id)
            values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, iif(?8 is null, ?7, null), ?7, ?9)",
        )
        .bind(new.consultation.0)
        .bind(new.guest.map(|id| id.0))
        .bind(new.account.map(|id| id.0))
        .bind(new.role.into_str())
        .bind(&new.name)
        .bind(new.token_hash.as_slice())
        .bind(ms(new.arrived_at))
        .bind(new.admitted_at.map(ms))
        .bind(new.session.map(|id| id.0))
        .execute(db)
        .await
        .map_err(internal)?;
        Ok(VisitId(done.last_insert_rowid()))
    }

    async fn save_visit(&mut self, visit: &Visit) -> Result<()> {
        sqlx::query(
            "update visits set name = ?, admitted_at = ?, lobby_since = ?, waited = ?, media_at = ?, left_at = ?,
                end_cause = ?, disconnected_at = ?
            where id = ?",
        )
        .bind(&visit.name)
        .bind(visit.admitted_at.map(ms))
        .bind(visit.lobby_since.map(ms))
        .bind(visit.waited)
        .bind(visit.media_at.map(ms))
        .bind(visit.left_at.map(ms))
        .bind(visit.end_cause.map(<&str>::from))
        .bind(visit.disconnected_at.map(ms))
        .bind(visit.id.0)
        .execute(self.db())
        .await
        .map_err(internal)?;
        let Some(stay) = visit.teams else { return Ok(()) };
        self.execute(
            sqlx::query(
                "insert into teams_visits (visit_id, presence, since_at, until_at, waited, hosted, reports, messages)
            values (?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (visit_id) do update set presence = excluded.presence, since_at = excluded.since_at,
                until_at = excluded.until_at, waited = excluded.waited, hosted = excluded.hosted,
                reports = excluded.reports, messages = excluded.messages",
            )
            .bind(visit.id.0)
            .bind(stay.presence.into_str())
            .bind(stay.since.map(ms))
            .bind(stay.until.map(ms))
            .bind(stay.waited)
            .bind(stay.hosted)
            .bind(stay.reports)
            .bind(stay.messages),
        )
        .await
    }

    async fn set_visit_token(&mut self, id: VisitId, hash: &[u8; 32], session: Option<SessionId>) -> Result<()> {
        self.execute(
            sqlx::query("update visits set token_hash = ?, session_id = ? where id = ?")
                .bind(hash.as_slice())
                .bind(session.map(|id| id.0))
                .bind(id.0),
        )
        .await
    }

    async fn disconnect_all_visits(&mut self, at: Timestamp) -> Result<()> {
        self.execute(
            sqlx::query("update visits set disconnected_at = ? where left_at is null and disconnected_at is null")
                .bind(ms(at)),
        )
        .await
    }
}

use anteroom_domain::chat::ChatMessage;
use anteroom_domain::id::{AccountId, BranchId, ConsultationId, GuestId, MessageId, SessionId, VisitId};
use anteroom_domain::view::Waiting;
use anteroom_domain::visit::Visit;
use anteroom_service::port::{NewVisit, RoomVisit, Sessions, StoreError};
use jiff::Timestamp;
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use crate::account::only_and_but;
use crate::error::internal;
use crate::row::{at, at_some, get, ms, word, word_some};

type Result<T> = std::result::Result<T, StoreError>;

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
        teams: word_some(row, "visits", "teams")?,
        teams_at: at_some(row, "teams_at")?,
        teams_until: at_some(row, "teams_until")?,
        teams_waited: get(row, "teams_waited")?,
        teams_hosted: get(row, "teams_hosted")?,
        teams_reports: get(row, "teams_reports")?,
        teams_messages: get(row, "teams_messages")?,
    })
}

pub async fn one(db: &mut SqliteConnection, id: VisitId) -> Result<Option<Visit>> {
    let row = sqlx::query(concat!("select ", columns!(""), " from visits where id = ?"))
        .bind(id.0)
        .fetch_optional(db)
        .await
        .map_err(internal)?;
    row.as_ref().map(to_visit).transpose()
}

pub async fn by_token(db: &mut SqliteConnection, hash: &[u8; 32]) -> Result<Option<Visit>> {
    let row = sqlx::query(concat!("select ", columns!(""), " from visits where token_hash = ?"))
        .bind(hash.as_slice())
        .fetch_optional(db)
        .await
        .map_err(internal)?;
    row.as_ref().map(to_visit).transpose()
}

pub async fn of(db: &mut SqliteConnection, consultation: ConsultationId) -> Result<Vec<Visit>> {
    let rows = sqlx::query(concat!(
        "select ",
        columns!(""),
        " from visits where consultation_id = ? order by id",
    ))
    .bind(consultation.0)
    .fetch_all(db)
    .await
    .map_err(internal)?;
    rows.iter().map(to_visit).collect()
}

pub async fn room(db: &mut SqliteConnection, consultation: ConsultationId) -> Result<Vec<RoomVisit>> {
    let rows = sqlx::query(concat!(
        "select ",
        columns!("v."),
        ", g.name as invited, coalesce(nullif(g.email, ''), nullif(g.phone, '')) as contact
        from visits v left join guests g on g.id = v.guest_id
        where v.consultation_id = ?1 and v.left_at is null
        union all
        select ",
        columns!("v."),
        ", g.name as invited, coalesce(nullif(g.email, ''), nullif(g.phone, '')) as contact
        from guests g
            join visits v on v.id = (
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

pub async fn open(db: &mut SqliteConnection) -> Result<Vec<VisitId>> {
    let ids: Vec<i64> = sqlx::query_scalar("select id from visits where left_at is null")
        .fetch_all(db)
        .await
        .map_err(internal)?;
    Ok(ids.into_iter().map(VisitId).collect())
}

/// Where it is one session, also what was taken in those that are over by now.
pub async fn open_of(db: &mut SqliteConnection, account: AccountId, sessions: Sessions) -> Result<Vec<Visit>> {
    let (only, but) = only_and_but(sessions);
    let rows = sqlx::query(concat!(
        "select ",
        columns!(""),
        " from visits where account_id = ?1 and left_at is null
            and (?2 is null or session_id = ?2 or not exists (select 1 from sessions s where s.id = session_id))
            and (?3 is null or session_id is not ?3) order by id",
    ))
    .bind(account.0)
    .bind(only)
    .bind(but)
    .fetch_all(db)
    .await
    .map_err(internal)?;
    rows.iter().map(to_visit).collect()
}

pub async fn arrivals(db: &mut SqliteConnection, guest: GuestId, since: Timestamp) -> Result<i64> {
    sqlx::query_scalar("select count(*) from visits where guest_id = ? and arrived_at > ?")
        .bind(guest.0)
        .bind(ms(since))
        .fetch_one(db)
        .await
        .map_err(internal)
}

pub async fn lost(db: &mut SqliteConnection, before: Timestamp) -> Result<Vec<Visit>> {
    let rows = sqlx::query(concat!(
        "select ",
        columns!(""),
        " from visits where left_at is null and disconnected_at <= ? order by id",
    ))
    .bind(ms(before))
    .fetch_all(db)
    .await
    .map_err(internal)?;
    rows.iter().map(to_visit).collect()
}

/// A new visit has no socket yet: its time to connect runs from now.
pub async fn add(db: &mut SqliteConnection, new: &NewVisit) -> Result<VisitId> {
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

pub async fn save(db: &mut SqliteConnection, visit: &Visit) -> Result<()> {
    sqlx::query(
        "update visits set name = ?, admitted_at = ?, lobby_since = ?, waited = ?, media_at = ?, left_at = ?,
            end_cause = ?, disconnected_at = ?,
            teams = ?, teams_at = ?, teams_until = ?, teams_waited = ?, teams_hosted = ?, teams_reports = ?,
            teams_messages = ?
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
    .bind(visit.teams.map(<&str>::from))
    .bind(visit.teams_at.map(ms))
    .bind(visit.teams_until.map(ms))
    .bind(visit.teams_waited)
    .bind(visit.teams_hosted)
    .bind(visit.teams_reports)
    .bind(visit.teams_messages)
    .bind(visit.id.0)
    .execute(db)
    .await
    .map_err(internal)?;
    Ok(())
}

pub async fn pass_on(db: &mut SqliteConnection, from: SessionId, to: SessionId) -> Result<()> {
    sqlx::query("update visits set session_id = ?2 where session_id = ?1 and left_at is null")
        .bind(from.0)
        .bind(to.0)
        .execute(db)
        .await
        .map_err(internal)?;
    Ok(())
}

pub async fn set_token(
    db: &mut SqliteConnection,
    id: VisitId,
    hash: &[u8; 32],
    session: Option<SessionId>,
) -> Result<()> {
    sqlx::query("update visits set token_hash = ?, session_id = ? where id = ?")
        .bind(hash.as_slice())
        .bind(session.map(|id| id.0))
        .bind(id.0)
        .execute(db)
        .await
        .map_err(internal)?;
    Ok(())
}

pub async fn disconnect_all(db: &mut SqliteConnection, at: Timestamp) -> Result<()> {
    sqlx::query("update visits set disconnected_at = ? where left_at is null and disconnected_at is null")
        .bind(ms(at))
        .execute(db)
        .await
        .map_err(internal)?;
    Ok(())
}

pub async fn waiting(db: &mut SqliteConnection, branch: Option<BranchId>) -> Result<Vec<Waiting>> {
    let rows = sqlx::query(
        "select v.id, v.consultation_id, v.name, v.arrived_at, v.admitted_at, s.name as service, c.host_id, a.name as host_name
        from visits v
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

/// The newest, oldest first.
pub async fn messages(db: &mut SqliteConnection, consultation: ConsultationId, most: u32) -> Result<Vec<ChatMessage>> {
    let rows = sqlx::query(
        "select m.id, m.visit_id, v.role, m.name, m.text, m.at from messages m join visits v on v.id = m.visit_id
        where m.consultation_id = ? order by m.id desc limit ?",
    )
    .bind(consultation.0)
    .bind(most)
    .fetch_all(db)
    .await
    .map_err(internal)?;
    rows.iter()
        .rev()
        .map(|row| {
            Ok(ChatMessage {
                id: MessageId(get(row, "id")?),
                visit: VisitId(get(row, "visit_id")?),
                role: word(row, "visits", "role")?,
                name: get(row, "name")?,
                text: get(row, "text")?,
                at: get(row, "at")?,
            })
        })
        .collect()
}

pub async fn add_message(db: &mut SqliteConnection, visit: &Visit, text: &str, at: Timestamp) -> Result<ChatMessage> {
    let done = sqlx::query("insert into messages (consultation_id, visit_id, name, text, at) values (?, ?, ?, ?, ?)")
        .bind(visit.consultation.0)
        .bind(visit.id.0)
        .bind(&visit.name)
        .bind(text)
        .bind(ms(at))
        .execute(db)
        .await
        .map_err(internal)?;
    Ok(ChatMessage {
        id: MessageId(done.last_insert_rowid()),
        visit: visit.id,
        role: visit.role,
        name: visit.name.clone(),
        text: text.to_owned(),
        at: ms(at),
    })
}

/// Of a consultation, the newest stay.
pub async fn trim_messages(db: &mut SqliteConnection, consultation: ConsultationId, most: u32) -> Result<()> {
    sqlx::query(
        "delete from messages where consultation_id = ?1 and id <=
            (select id from messages where consultation_id = ?1 order by id desc limit 1 offset ?2)",
    )
    .bind(consultation.0)
    .bind(most)
    .execute(db)
    .await
    .map_err(internal)?;
    Ok(())
}

pub async fn delete_messages(db: &mut SqliteConnection, consultation: ConsultationId) -> Result<()> {
    sqlx::query("delete from messages where consultation_id = ?")
        .bind(consultation.0)
        .execute(db)
        .await
        .map_err(internal)?;
    Ok(())
}

//! What is outside on Microsoft Teams: identities, errands, and what guests used.

use anteroom_domain::id::{BranchId, ConsultationId, GuestId, IdentityId, VisitId};
use anteroom_domain::organisation::Engine;
use anteroom_domain::view::{IdentityState, OutstandingIdentity};
use anteroom_service::port::UsageRow;
use anteroom_service::port::repository::{ReadIdentities, RetiredIdentity, WriteIdentities};
use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;

use crate::error::{Result, inconsistent, internal};
use crate::job::trouble;
use crate::row::{at, get, ms, word};
use crate::transaction::SqliteTransaction;

/// As many as an admin can look through.
const SHOWN: u32 = 200;

/// What guests used, at the time ?1; which consultations count is the caller's, so that each looks where it finds them at
/// once. Only guests are charged for; who sits in their own Teams client is not.
macro_rules! usage {
    ($which:literal) => {
        concat!(
            "select strftime('%Y-%m', t.since_at / 1000, 'unixepoch') as month, c.branch_id,
                count(distinct c.id) as consultations,
                sum(max(coalesce(t.until_at, v.left_at, ?1) - t.since_at, 0)) / 1000 as seconds,
                sum(t.messages) as messages
            from teams_visits t
            join visits v on v.id = t.visit_id
            join consultations c on c.id = v.consultation_id
            where t.since_at is not null and v.guest_id is not null and ",
            $which,
            " group by month, c.branch_id order by month desc, c.branch_id"
        )
    };
}

fn to_usage(row: &SqliteRow) -> Result<UsageRow> {
    Ok(UsageRow {
        month: get(row, "month")?,
        branch: BranchId(get(row, "branch_id")?),
        consultations: get(row, "consultations")?,
        seconds: get(row, "seconds")?,
        messages: get(row, "messages")?,
    })
}

#[async_trait]
impl ReadIdentities for SqliteTransaction {
    async fn identity_of(&mut self, visit: VisitId) -> Result<Option<String>> {
        let db = self.db();
        sqlx::query_scalar(
            "select identity from identities
            where visit_id = ? and identity is not null and retired_at is null and deleted_at is null
            order by id desc limit 1",
        )
        .bind(visit.0)
        .fetch_optional(db)
        .await
        .map_err(internal)
    }

    async fn identities_since(
        &mut self,
        consultation: ConsultationId,
        guest: GuestId,
        since: Timestamp,
    ) -> Result<i64> {
        let db = self.db();
        sqlx::query_scalar(
            "select count(*) from visits v join identities i on i.visit_id = v.id
            where v.consultation_id = ? and v.guest_id = ? and i.minted_at > ?",
        )
        .bind(consultation.0)
        .bind(guest.0)
        .bind(ms(since))
        .fetch_one(db)
        .await
        .map_err(internal)
    }

    async fn retired_identity(&mut self, id: IdentityId) -> Result<Option<RetiredIdentity>> {
        let found = sqlx::query(
            "select i.identity, i.engine, i.visit_id, v.consultation_id, v.guest_id
            from identities i join visits v on v.id = i.visit_id
            where i.id = ? and i.deleted_at is null and i.retired_at is not null and i.identity is not null",
        )
        .bind(id.0)
        .fetch_optional(self.db())
        .await
        .map_err(internal)?;
        found
            .map(|row| {
                Ok(RetiredIdentity {
                    name: get(&row, "identity")?,
                    engine: word(&row, "identities", "engine")?,
                    visit: VisitId(get(&row, "visit_id")?),
                    consultation: ConsultationId(get(&row, "consultation_id")?),
                    guest: get::<Option<i64>>(&row, "guest_id")?.map(GuestId),
                })
            })
            .transpose()
    }

    /// What needs attention comes first; of each kind, the oldest.
    async fn outstanding_identities(&mut self, branch: Option<BranchId>) -> Result<(Vec<OutstandingIdentity>, i64)> {
        let db = self.db();
        let rows = sqlx::query(
            "select i.id, v.consultation_id, c.starts_at, i.minted_at,
                coalesce(j.attempts, 0) as attempts, coalesce(j.last_error, '') as last_error,
                case
                    when i.identity is null and i.unsure_at is null then 3
                    when i.identity is null then 1
                    when i.retired_at is null then 4
                    when j.last_error <> '' then 0
                    else 2
                end as state,
                count(*) over () as in_all
            from identities i
            join visits v on v.id = i.visit_id
            join consultations c on c.id = v.consultation_id
            left join jobs j on j.order_key = 'identity:' || i.id
            where i.deleted_at is null and i.acknowledged_at is null and (?1 is null or c.branch_id = ?1)
            order by state, i.minted_at, i.id limit ?2",
        )
        .bind(branch.map(|id| id.0))
        .bind(SHOWN)
        .fetch_all(db)
        .await
        .map_err(internal)?;
        let in_all = rows.first().map_or(Ok(0), |row| get(row, "in_all"))?;
        let shown = rows
            .iter()
            .map(|row| {
                let id = get(row, "id")?;
                Ok(OutstandingIdentity {
                    id: IdentityId(id),
                    consultation: ConsultationId(get(row, "consultation_id")?),
                    starts_at: at(row, "starts_at")?,
                    minted_at: at(row, "minted_at")?,
                    attempts: get(row, "attempts")?,
                    last_error: trouble(get(row, "last_error")?),
                    state: match get::<i64>(row, "state")? {
                        0 => IdentityState::Failed,
                        1 => IdentityState::Unsure,
                        2 => IdentityState::Due,
                        3 => IdentityState::Asked,
                        4 => IdentityState::Used,
                        _ => return Err(inconsistent("identities", "state", id)),
                    },
                })
            })
            .collect::<Result<_>>()?;
        Ok((shown, in_all))
    }

    async fn unsure_identity(&mut self, id: IdentityId) -> Result<Option<BranchId>> {
        let db = self.db();
        let branch: Option<i64> = sqlx::query_scalar(
            "select c.branch_id
            from identities i
            join visits v on v.id = i.visit_id
            join consultations c on c.id = v.consultation_id
            where i.id = ? and i.identity is null and i.unsure_at is not null and i.deleted_at is null
                and i.acknowledged_at is null",
        )
        .bind(id.0)
        .fetch_optional(db)
        .await
        .map_err(internal)?;
        Ok(branch.map(BranchId))
    }

    async fn teams_usage(&mut self, branch: Option<BranchId>, now: Timestamp) -> Result<Vec<UsageRow>> {
        let rows = sqlx::query(usage!("(?2 is null or c.branch_id = ?2)"))
            .bind(ms(now))
            .bind(branch.map(|id| id.0))
            .fetch_all(self.db())
            .await
            .map_err(internal)?;
        rows.iter().map(to_usage).collect()
    }

    async fn teams_usage_of(&mut self, consultation: ConsultationId, now: Timestamp) -> Result<Vec<UsageRow>> {
        let rows = sqlx::query(usage!("c.id = ?2"))
            .bind(ms(now))
            .bind(consultation.0)
            .fetch_all(self.db())
            .await
            .map_err(internal)?;
        rows.iter().map(to_usage).collect()
    }
}

#[async_trait]
impl WriteIdentities for SqliteTransaction {
    async fn begin_identity(&mut self, visit: VisitId, engine: Engine, at: Timestamp) -> Result<IdentityId> {
        let db = self.db();
        let done = sqlx::query("insert into identities (visit_id, engine, minted_at) values (?, ?, ?)")
            .bind(visit.0)
            .bind(engine.into_str())
            .bind(ms(at))
            .execute(db)
            .await
            .map_err(internal)?;
        Ok(IdentityId(done.last_insert_rowid()))
    }

    async fn name_identity(&mut self, id: IdentityId, identity: &str) -> Result<()> {
        self.execute(
            sqlx::query("update identities set identity = ? where id = ?")
                .bind(identity)
                .bind(id.0),
        )
        .await
    }

    async fn doubt_identity(&mut self, id: IdentityId, at: Timestamp) -> Result<()> {
        self.execute(
            sqlx::query("update identities set unsure_at = ? where id = ? and identity is null")
                .bind(ms(at))
                .bind(id.0),
        )
        .await
    }

    async fn doubt_asked_identities(&mut self, at: Timestamp) -> Result<()> {
        let doubt = sqlx::query(
            "update identities set unsure_at = ? where identity is null and unsure_at is null and deleted_at is null",
        );
        self.execute(doubt.bind(ms(at))).await
    }

    async fn acknowledge_identity(&mut self, id: IdentityId, at: Timestamp) -> Result<()> {
        self.execute(
            sqlx::query("update identities set acknowledged_at = ? where id = ? and unsure_at is not null")
                .bind(ms(at))
                .bind(id.0),
        )
        .await
    }

    async fn drop_identity(&mut self, id: IdentityId) -> Result<()> {
        self.execute(sqlx::query("delete from identities where id = ? and identity is null").bind(id.0))
            .await
    }

    async fn retire_identities(&mut self, visit: VisitId, at: Timestamp) -> Result<Vec<IdentityId>> {
        let retired = sqlx::query_scalar(
            "update identities set retired_at = ?
            where visit_id = ? and retired_at is null and deleted_at is null and identity is not null
            returning id",
        )
        .bind(ms(at))
        .bind(visit.0)
        .fetch_all(self.db())
        .await
        .map_err(internal)?;
        Ok(retired.into_iter().map(IdentityId).collect())
    }

    /// What is deleted is forgotten here, too: an identity's name is of no more use.
    /// False where it was already.
    async fn identity_deleted(&mut self, id: IdentityId, at: Timestamp) -> Result<bool> {
        let db = self.db();
        let done =
            sqlx::query("update identities set identity = null, deleted_at = ? where id = ? and deleted_at is null")
                .bind(ms(at))
                .bind(id.0)
                .execute(db)
                .await
                .map_err(internal)?;
        Ok(done.rows_affected() != 0)
    }
}

//! The event log.

use anteroom_domain::event::{Event, EventActor, EventKind, NewEvent};
use anteroom_domain::id::{AccountId, ConsultationId, EventId, GuestId, VisitId};
use anteroom_domain::view::HistoryLine;
use anteroom_service::port::LastChange;
use anteroom_service::port::repository::{ReadEvents, WriteEvents};
use async_trait::async_trait;
use jiff::Timestamp;

use crate::error::{Result, internal};
use crate::row::{at, get, ms};
use crate::transaction::SqliteTransaction;

#[async_trait]
impl ReadEvents for SqliteTransaction {
    async fn history(&mut self, consultation: ConsultationId) -> Result<Vec<HistoryLine>> {
        let db = self.db();
        let rows = sqlx::query(
            "select e.id, e.at, e.consultation_id, e.guest_id, e.visit_id, e.account_id, e.actor_account_id,
                e.actor_guest_id, e.data, a.name as account_name, b.name as by_name
            from events e
            left join accounts a on a.id = e.account_id
            left join accounts b on b.id = e.actor_account_id
            where e.consultation_id = ? order by e.at, e.id",
        )
        .bind(consultation.0)
        .fetch_all(db)
        .await
        .map_err(internal)?;
        rows.iter()
            .map(|row| {
                let data: String = get(row, "data")?;
                let event = Event {
                    id: EventId(get(row, "id")?),
                    at: at(row, "at")?,
                    kind: serde_json::from_str(&data).map_err(internal)?,
                    consultation: get::<Option<i64>>(row, "consultation_id")?.map(ConsultationId),
                    guest: get::<Option<i64>>(row, "guest_id")?.map(GuestId),
                    visit: get::<Option<i64>>(row, "visit_id")?.map(VisitId),
                    account: get::<Option<i64>>(row, "account_id")?.map(AccountId),
                    actor: actor(get(row, "actor_account_id")?, get(row, "actor_guest_id")?),
                };
                Ok(HistoryLine {
                    event,
                    account: get(row, "account_name")?,
                    by: get(row, "by_name")?,
                })
            })
            .collect()
    }

    /// The start that it had at that time, where it was moved since.
    async fn start_before(&mut self, consultation: ConsultationId, at: Timestamp) -> Result<Option<Timestamp>> {
        let db = self.db();
        let data: Option<String> = sqlx::query_scalar(
            "select data from events where consultation_id = ? and kind = 'rescheduled' and at > ? order by id limit 1",
        )
        .bind(consultation.0)
        .bind(ms(at))
        .fetch_optional(db)
        .await
        .map_err(internal)?;
        let moved = data
            .map(|data| serde_json::from_str(&data))
            .transpose()
            .map_err(internal)?;
        Ok(moved.and_then(|moved| match moved {
            EventKind::Rescheduled { from, .. } => Some(from),
            _ => None,
        }))
    }

    async fn last_change(&mut self, consultation: ConsultationId) -> Result<Option<LastChange>> {
        let db = self.db();
        let row = sqlx::query(
            "select e.id, a.name as by_name from events e left join accounts a on a.id = e.actor_account_id
            where e.consultation_id = ? and e.kind in ('scheduled', 'edited', 'rescheduled', 'cancelled')
            order by e.id desc limit 1",
        )
        .bind(consultation.0)
        .fetch_optional(db)
        .await
        .map_err(internal)?;
        row.as_ref()
            .map(|row| {
                Ok(LastChange {
                    event: EventId(get(row, "id")?),
                    by: get(row, "by_name")?,
                })
            })
            .transpose()
    }

    async fn has_happened(
        &mut self,
        consultation: ConsultationId,
        visit: VisitId,
        kind: &EventKind,
        since: Timestamp,
    ) -> Result<bool> {
        let db = self.db();
        let data = serde_json::to_string(kind).map_err(internal)?;
        sqlx::query_scalar(
            "select exists (
                select 1 from events where consultation_id = ? and visit_id = ? and at >= ? and data = ?
            )",
        )
        .bind(consultation.0)
        .bind(visit.0)
        .bind(ms(since))
        .bind(data)
        .fetch_one(db)
        .await
        .map_err(internal)
    }

    async fn newest_event(&mut self) -> Result<EventId> {
        let db = self.db();
        let newest = sqlx::query_scalar("select coalesce(max(id), 0) from events")
            .fetch_one(db)
            .await;
        newest.map(EventId).map_err(internal)
    }
}

#[async_trait]
impl WriteEvents for SqliteTransaction {
    async fn append(&mut self, event: NewEvent) -> Result<()> {
        let (by_account, by_guest) = match event.actor {
            EventActor::Staff(account) => (Some(account.0), None),
            EventActor::Guest(guest) => (None, Some(guest.0)),
            EventActor::System => (None, None),
        };
        self.execute(
            sqlx::query(
                "insert into events (at, kind, consultation_id, guest_id, visit_id, account_id, actor_account_id,
                actor_guest_id, data)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )
            .bind(ms(event.at))
            .bind(event.kind.kind())
            .bind(event.consultation.map(|id| id.0))
            .bind(event.guest.map(|id| id.0))
            .bind(event.visit.map(|id| id.0))
            .bind(event.account.map(|id| id.0))
            .bind(by_account)
            .bind(by_guest)
            .bind(serde_json::to_string(&event.kind).map_err(internal)?),
        )
        .await
    }
}

fn actor(account: Option<i64>, guest: Option<i64>) -> EventActor {
    match (account, guest) {
        (Some(account), _) => EventActor::Staff(AccountId(account)),
        (None, Some(guest)) => EventActor::Guest(GuestId(guest)),
        (None, None) => EventActor::System,
    }
}

//! Chat messages.

use anteroom_domain::chat::ChatMessage;
use anteroom_domain::id::{ConsultationId, MessageId, VisitId};
use anteroom_domain::visit::Visit;
use anteroom_service::port::repository::{ReadMessages, WriteMessages};
use async_trait::async_trait;
use jiff::Timestamp;

use crate::error::{Result, internal};
use crate::row::{get, ms, word};
use crate::transaction::SqliteTransaction;

#[async_trait]
impl ReadMessages for SqliteTransaction {
    /// The newest, oldest first.
    async fn messages(&mut self, consultation: ConsultationId, most: u32) -> Result<Vec<ChatMessage>> {
        let db = self.db();
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
}

#[async_trait]
impl WriteMessages for SqliteTransaction {
    async fn add_message(&mut self, visit: &Visit, text: &str, at: Timestamp) -> Result<ChatMessage> {
        let db = self.db();
        let done =
            sqlx::query("insert into messages (consultation_id, visit_id, name, text, at) values (?, ?, ?, ?, ?)")
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
    async fn trim_messages(&mut self, consultation: ConsultationId, most: u32) -> Result<()> {
        self.execute(
            sqlx::query(
                "delete from messages where consultation_id = ?1 and id <=
                (select id from messages where consultation_id = ?1 order by id desc limit 1 offset ?2)",
            )
            .bind(consultation.0)
            .bind(most),
        )
        .await
    }

    async fn delete_messages(&mut self, consultation: ConsultationId) -> Result<()> {
        self.execute(sqlx::query("delete from messages where consultation_id = ?").bind(consultation.0))
            .await
    }
}

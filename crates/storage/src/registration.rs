use anteroom_domain::consultation::Consultation;
use anteroom_domain::id::{ConsultationId, GuestId};
use anteroom_domain::visit::Role;
use anteroom_service::port::repository::{ReadRegistrations, WriteRegistrations};
use async_trait::async_trait;
use jiff::Timestamp;

use crate::consultation;
use crate::error::{Result, internal};
use crate::row::ms;
use crate::transaction::SqliteTransaction;

#[async_trait]
impl ReadRegistrations for SqliteTransaction {
    async fn registration(&mut self, hash: &[u8; 32], now: Timestamp) -> Result<Option<Consultation>> {
        let db = self.db();
        let found: Option<i64> = sqlx::query_scalar(
            "select consultation_id from registrations where secret_hash = ? and revoked_at is null and valid_until > ?",
        )
        .bind(hash.as_slice())
        .bind(ms(now))
        .fetch_optional(&mut *db)
        .await
        .map_err(internal)?;
        match found {
            Some(id) => consultation::one(db, ConsultationId(id)).await,
            None => Ok(None),
        }
    }

    async fn has_registration(&mut self, consultation: ConsultationId, now: Timestamp) -> Result<bool> {
        let db = self.db();
        sqlx::query_scalar(
            "select exists (select 1 from registrations
                where consultation_id = ? and revoked_at is null and valid_until > ?)",
        )
        .bind(consultation.0)
        .bind(ms(now))
        .fetch_one(db)
        .await
        .map_err(internal)
    }

    async fn taken_seats(&mut self, consultation: ConsultationId, role: Role, now: Timestamp) -> Result<i64> {
        let db = self.db();
        sqlx::query_scalar(
            "select count(*) from guests g
            where g.consultation_id = ? and g.role = ? and g.admission not in ('declined', 'removed')
                and g.declination_at is null
                and exists (select 1 from invitations i
                    where i.guest_id = g.id and i.revoked_at is null and i.valid_until > ?)",
        )
        .bind(consultation.0)
        .bind(role.into_str())
        .bind(ms(now))
        .fetch_one(db)
        .await
        .map_err(internal)
    }

    /// By the log, whose lines stand in the order in which things happened.
    async fn registered_after_a_removal(&mut self, guest: GuestId, consultation: ConsultationId) -> Result<bool> {
        let db = self.db();
        sqlx::query_scalar(
            "select exists (
                select 1 from events out join guests g on g.id = out.guest_id
                where out.consultation_id = ?1 and out.kind in ('declined', 'removed')
                    and g.role = 'attendee' and g.admission in ('declined', 'removed')
                    and out.id < (select min(e.id) from events e
                        where e.consultation_id = ?1 and e.guest_id = ?2 and e.kind = 'registered'))",
        )
        .bind(consultation.0)
        .bind(guest.0)
        .fetch_one(db)
        .await
        .map_err(internal)
    }
}

#[async_trait]
impl WriteRegistrations for SqliteTransaction {
    async fn add_registration(
        &mut self,
        consultation: ConsultationId,
        hash: &[u8; 32],
        at: Timestamp,
        valid_until: Timestamp,
    ) -> Result<()> {
        self.execute(
            sqlx::query(
                "insert into registrations (consultation_id, secret_hash, created_at, valid_until) values (?, ?, ?, ?)",
            )
            .bind(consultation.0)
            .bind(hash.as_slice())
            .bind(ms(at))
            .bind(ms(valid_until)),
        )
        .await
    }

    async fn revoke_registrations(&mut self, consultation: ConsultationId, at: Timestamp) -> Result<()> {
        self.execute(
            sqlx::query("update registrations set revoked_at = ? where consultation_id = ? and revoked_at is null")
                .bind(ms(at))
                .bind(consultation.0),
        )
        .await
    }

    async fn extend_registrations(&mut self, consultation: ConsultationId, valid_until: Timestamp) -> Result<()> {
        self.execute(
            sqlx::query("update registrations set valid_until = ? where consultation_id = ? and revoked_at is null")
                .bind(ms(valid_until))
                .bind(consultation.0),
        )
        .await
    }
}

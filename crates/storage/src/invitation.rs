//! Links that guests hold.

use anteroom_domain::id::{ConsultationId, GuestId};
use anteroom_service::port::Invited;
use anteroom_service::port::repository::{ReadInvitations, WriteInvitations};
use async_trait::async_trait;
use jiff::Timestamp;

use crate::consultation;
use crate::error::{Result, inconsistent, internal};
use crate::guest::to_guest;
use crate::row::{at, ms};
use crate::transaction::SqliteTransaction;

#[async_trait]
impl ReadInvitations for SqliteTransaction {
    async fn invitation(&mut self, hash: &[u8; 32], now: Timestamp) -> Result<Option<Invited>> {
        let db = self.db();
        let found = sqlx::query(
            "select i.created_at as made_at, g.id, g.consultation_id, g.name, g.email, g.phone, g.language, g.zone,
                g.admission, g.rating, g.role, g.declination_at, g.declination_note
            from invitations i join guests g on g.id = i.guest_id
            where i.secret_hash = ? and i.revoked_at is null and i.valid_until > ?",
        )
        .bind(hash.as_slice())
        .bind(ms(now))
        .fetch_optional(&mut *db)
        .await
        .map_err(internal)?;
        let Some(row) = found else { return Ok(None) };
        let guest = to_guest(&row)?;
        let consultation = consultation::one(db, guest.consultation).await?;
        let consultation = consultation.ok_or_else(|| inconsistent("guests", "consultation_id", guest.id.0))?;
        Ok(Some(Invited {
            made_at: at(&row, "made_at")?,
            guest,
            consultation,
        }))
    }

    async fn holds_link(&mut self, guest: GuestId, now: Timestamp) -> Result<bool> {
        let db = self.db();
        sqlx::query_scalar(
            "select exists (select 1 from invitations where guest_id = ? and revoked_at is null and valid_until > ?)",
        )
        .bind(guest.0)
        .bind(ms(now))
        .fetch_one(db)
        .await
        .map_err(internal)
    }

    async fn good_invitations(&mut self, consultation: ConsultationId, now: Timestamp) -> Result<i64> {
        let db = self.db();
        sqlx::query_scalar(
            "select count(*) from guests g join invitations i on i.guest_id = g.id
            where g.consultation_id = ? and i.revoked_at is null and i.valid_until > ?",
        )
        .bind(consultation.0)
        .bind(ms(now))
        .fetch_one(db)
        .await
        .map_err(internal)
    }
}

#[async_trait]
impl WriteInvitations for SqliteTransaction {
    async fn add_invitation(
        &mut self,
        guest: GuestId,
        hash: &[u8; 32],
        at: Timestamp,
        valid_until: Timestamp,
    ) -> Result<()> {
        self.execute(
            sqlx::query("insert into invitations (guest_id, secret_hash, created_at, valid_until) values (?, ?, ?, ?)")
                .bind(guest.0)
                .bind(hash.as_slice())
                .bind(ms(at))
                .bind(ms(valid_until)),
        )
        .await
    }

    async fn extend_invitations(&mut self, consultation: ConsultationId, valid_until: Timestamp) -> Result<()> {
        self.execute(
            sqlx::query(
                "update invitations set valid_until = ?
            where revoked_at is null and guest_id in (select id from guests where consultation_id = ?)",
            )
            .bind(ms(valid_until))
            .bind(consultation.0),
        )
        .await
    }

    async fn revoke_invitations(&mut self, guest: GuestId, at: Timestamp) -> Result<()> {
        self.execute(
            sqlx::query("update invitations set revoked_at = ? where guest_id = ? and revoked_at is null")
                .bind(ms(at))
                .bind(guest.0),
        )
        .await
    }
}

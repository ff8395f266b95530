use anteroom_domain::consultation::Consultation;
use anteroom_domain::id::{ConsultationId, GuestId};
use anteroom_domain::visit::Role;
use anteroom_service::port::StoreError;
use jiff::Timestamp;
use sqlx::SqliteConnection;

use crate::consultation;
use crate::error::internal;
use crate::row::ms;

type Result<T> = std::result::Result<T, StoreError>;

pub async fn find(db: &mut SqliteConnection, hash: &[u8; 32], now: Timestamp) -> Result<Option<Consultation>> {
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

pub async fn has(db: &mut SqliteConnection, consultation: ConsultationId, now: Timestamp) -> Result<bool> {
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

pub async fn add(
    db: &mut SqliteConnection,
    consultation: ConsultationId,
    hash: &[u8; 32],
    at: Timestamp,
    valid_until: Timestamp,
) -> Result<()> {
    sqlx::query(
        "insert into registrations (consultation_id, secret_hash, created_at, valid_until) values (?, ?, ?, ?)",
    )
    .bind(consultation.0)
    .bind(hash.as_slice())
    .bind(ms(at))
    .bind(ms(valid_until))
    .execute(db)
    .await
    .map_err(internal)?;
    Ok(())
}

pub async fn revoke(db: &mut SqliteConnection, consultation: ConsultationId, at: Timestamp) -> Result<()> {
    sqlx::query("update registrations set revoked_at = ? where consultation_id = ? and revoked_at is null")
        .bind(ms(at))
        .bind(consultation.0)
        .execute(db)
        .await
        .map_err(internal)?;
    Ok(())
}

pub async fn extend(db: &mut SqliteConnection, consultation: ConsultationId, valid_until: Timestamp) -> Result<()> {
    sqlx::query("update registrations set valid_until = ? where consultation_id = ? and revoked_at is null")
        .bind(ms(valid_until))
        .bind(consultation.0)
        .execute(db)
        .await
        .map_err(internal)?;
    Ok(())
}

pub async fn taken_seats(
    db: &mut SqliteConnection,
    consultation: ConsultationId,
    role: Role,
    now: Timestamp,
) -> Result<i64> {
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

pub async fn holds_link(db: &mut SqliteConnection, guest: GuestId, now: Timestamp) -> Result<bool> {
    sqlx::query_scalar(
        "select exists (select 1 from invitations where guest_id = ? and revoked_at is null and valid_until > ?)",
    )
    .bind(guest.0)
    .bind(ms(now))
    .fetch_one(db)
    .await
    .map_err(internal)
}

/// By the log, whose lines stand in the order in which things happened.
pub async fn after_a_removal(db: &mut SqliteConnection, guest: GuestId, consultation: ConsultationId) -> Result<bool> {
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

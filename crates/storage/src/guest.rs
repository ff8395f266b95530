use anteroom_domain::guest::Guest;
use anteroom_domain::id::{ConsultationId, GuestId};
use anteroom_domain::text::fold;
use anteroom_service::port::{Invited, NewGuest, StoreError};
use jiff::Timestamp;
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use crate::consultation;
use crate::error::{inconsistent, internal};
use crate::row::{at, at_some, get, ms, word, zone};

type Result<T> = std::result::Result<T, StoreError>;

fn to_guest(row: &SqliteRow) -> Result<Guest> {
    let id = get(row, "id")?;
    let _admission: String = get(row, "admission")?;
    Ok(Guest {
        id: GuestId(id),
        consultation: ConsultationId(get(row, "consultation_id")?),
        name: get(row, "name")?,
        email: get(row, "email")?,
        phone: get(row, "phone")?,
        language: get(row, "language")?,
        zone: zone(row, "zone")?,
        admission: word(row, "guests", "admission")?,
        rating: get(row, "rating")?,
        role: word(row, "guests", "role")?,
        declination_at: at_some(row, "declination_at")?,
        declination_note: get(row, "declination_note")?,
    })
}

pub async fn of(db: &mut SqliteConnection, consultation: ConsultationId) -> Result<Vec<Guest>> {
    let rows = sqlx::query(
        "select id, consultation_id, name, email, phone, language, zone, admission, rating, role,
            declination_at, declination_note
        from guests
        where consultation_id = ? order by id",
    )
    .bind(consultation.0)
    .fetch_all(db)
    .await
    .map_err(internal)?;
    rows.iter().map(to_guest).collect()
}

pub async fn one(db: &mut SqliteConnection, id: GuestId) -> Result<Option<Guest>> {
    let row = sqlx::query(
        "select id, consultation_id, name, email, phone, language, zone, admission, rating, role,
            declination_at, declination_note
        from guests where id = ?",
    )
    .bind(id.0)
    .fetch_optional(db)
    .await
    .map_err(internal)?;
    row.as_ref().map(to_guest).transpose()
}

pub async fn add(db: &mut SqliteConnection, new: &NewGuest) -> Result<GuestId> {
    let done = sqlx::query(
        "insert into guests (consultation_id, name, name_key, email, phone, language, zone, role, created_at)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(new.consultation.0)
    .bind(&new.name)
    .bind(fold(&new.name))
    .bind(&new.email)
    .bind(&new.phone)
    .bind(&new.language)
    .bind(new.zone.as_str())
    .bind(new.role.into_str())
    .bind(ms(new.created_at))
    .execute(db)
    .await
    .map_err(internal)?;
    Ok(GuestId(done.last_insert_rowid()))
}

pub async fn save(db: &mut SqliteConnection, guest: &Guest) -> Result<()> {
    sqlx::query(
        "update guests set name = ?, name_key = ?, email = ?, phone = ?, language = ?, zone = ?, admission = ?, rating = ?,
            declination_at = ?, declination_note = ?
        where id = ?",
    )
    .bind(&guest.name)
    .bind(fold(&guest.name))
    .bind(&guest.email)
    .bind(&guest.phone)
    .bind(&guest.language)
    .bind(guest.zone.as_str())
    .bind(guest.admission.into_str())
    .bind(guest.rating)
    .bind(guest.declination_at.map(ms))
    .bind(&guest.declination_note)
    .bind(guest.id.0)
    .execute(db)
    .await
    .map_err(internal)?;
    Ok(())
}

pub async fn invitation(db: &mut SqliteConnection, hash: &[u8; 32], now: Timestamp) -> Result<Option<Invited>> {
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

pub async fn good_invitations(db: &mut SqliteConnection, consultation: ConsultationId, now: Timestamp) -> Result<i64> {
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

pub async fn add_invitation(
    db: &mut SqliteConnection,
    guest: GuestId,
    hash: &[u8; 32],
    at: Timestamp,
    valid_until: Timestamp,
) -> Result<()> {
    sqlx::query("insert into invitations (guest_id, secret_hash, created_at, valid_until) values (?, ?, ?, ?)")
        .bind(guest.0)
        .bind(hash.as_slice())
        .bind(ms(at))
        .bind(ms(valid_until))
        .execute(db)
        .await
        .map_err(internal)?;
    Ok(())
}

pub async fn extend_invitations(
    db: &mut SqliteConnection,
    consultation: ConsultationId,
    valid_until: Timestamp,
) -> Result<()> {
    sqlx::query(
        "update invitations set valid_until = ?
        where revoked_at is null and guest_id in (select id from guests where consultation_id = ?)",
    )
    .bind(ms(valid_until))
    .bind(consultation.0)
    .execute(db)
    .await
    .map_err(internal)?;
    Ok(())
}

pub async fn revoke_invitations(db: &mut SqliteConnection, guest: GuestId, at: Timestamp) -> Result<()> {
    sqlx::query("update invitations set revoked_at = ? where guest_id = ? and revoked_at is null")
        .bind(ms(at))
        .bind(guest.0)
        .execute(db)
        .await
        .map_err(internal)?;
    Ok(())
}

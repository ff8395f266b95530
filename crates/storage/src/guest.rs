use anteroom_domain::guest::Guest;
use anteroom_domain::id::{ConsultationId, GuestId};
use anteroom_domain::text::fold;
use anteroom_service::port::NewGuest;
use anteroom_service::port::repository::{ReadGuests, WriteGuests};
use async_trait::async_trait;
use sqlx::sqlite::SqliteRow;

use crate::error::{Result, internal};
use crate::row::{at_some, get, ms, word, zone};
use crate::transaction::SqliteTransaction;

pub fn to_guest(row: &SqliteRow) -> Result<Guest> {
    let id = get(row, "id")?;
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

#[async_trait]
impl ReadGuests for SqliteTransaction {
    async fn guests(&mut self, consultation: ConsultationId) -> Result<Vec<Guest>> {
        let db = self.db();
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

    async fn guest(&mut self, id: GuestId) -> Result<Option<Guest>> {
        let db = self.db();
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
}

#[async_trait]
impl WriteGuests for SqliteTransaction {
    async fn add_guest(&mut self, new: &NewGuest) -> Result<GuestId> {
        let db = self.db();
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

    async fn save_guest(&mut self, guest: &Guest) -> Result<()> {
        let save = sqlx::query(
            "update guests
            set name = ?, name_key = ?, email = ?, phone = ?, language = ?, zone = ?, admission = ?, rating = ?,
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
        .bind(guest.id.0);
        self.execute(save).await
    }
}

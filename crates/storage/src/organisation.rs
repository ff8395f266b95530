use anteroom_domain::id::{BranchId, ConsentId, ServiceId};
use anteroom_domain::organisation::{Branch, BranchTerms, Consent, Contact, Service, ServiceTerms};
use anteroom_domain::text::fold;
use anteroom_domain::time::OpeningHours;
use anteroom_domain::view::ConsentVersion;
use anteroom_service::port::repository::{ReadBranches, ReadServices, WriteBranches, WriteServices};
use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;

use crate::error::{Result, internal, of_write};
use crate::row::{at, get, ms, word, zone};
use crate::transaction::SqliteTransaction;

fn to_branch(row: &SqliteRow) -> Result<Branch> {
    Ok(Branch {
        id: BranchId(get(row, "id")?),
        name: get(row, "name")?,
        zone: zone(row, "zone")?,
        hours: OpeningHours {
            opens: get(row, "opens_minute")?,
            closes: get(row, "closes_minute")?,
        },
        contact: Contact {
            phone: get(row, "phone")?,
            email: get(row, "email")?,
            address: get(row, "address")?,
        },
    })
}

fn to_service(row: &SqliteRow) -> Result<Service> {
    let id = get(row, "id")?;
    let consent: Option<String> = get(row, "consent")?;
    let version: Option<i64> = get(row, "consent_id")?;
    Ok(Service {
        id: ServiceId(id),
        branch: BranchId(get(row, "branch_id")?),
        name: get(row, "name")?,
        minutes: get(row, "minutes")?,
        buffer_before: get(row, "buffer_before_minutes")?,
        buffer_after: get(row, "buffer_after_minutes")?,
        engine: word(row, "services", "engine")?,
        admit_first: get(row, "admit_first")?,
        consent: version
            .zip(consent.filter(|text| !text.is_empty()))
            .map(|(id, text)| Consent {
                id: ConsentId(id),
                text,
            }),
        active: get(row, "active")?,
    })
}

#[async_trait]
impl ReadBranches for SqliteTransaction {
    async fn branches(&mut self) -> Result<Vec<Branch>> {
        let db = self.db();
        let rows = sqlx::query("select * from branches")
            .fetch_all(db)
            .await
            .map_err(internal)?;
        let mut branches = rows.iter().map(to_branch).collect::<Result<Vec<_>>>()?;
        branches.sort_by_cached_key(|branch| (fold(&branch.name), branch.id));
        Ok(branches)
    }

    async fn branch(&mut self, id: BranchId) -> Result<Option<Branch>> {
        let db = self.db();
        let row = sqlx::query("select * from branches where id = ?")
            .bind(id.0)
            .fetch_optional(db)
            .await
            .map_err(internal)?;
        row.as_ref().map(to_branch).transpose()
    }
}

#[async_trait]
impl WriteBranches for SqliteTransaction {
    async fn add_branch(&mut self, branch: &BranchTerms, at: Timestamp) -> Result<BranchId> {
        let db = self.db();
        let done = sqlx::query(
            "insert into branches (name, zone, opens_minute, closes_minute, phone, email, address, created_at)
            values (?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(&*branch.name)
        .bind(branch.zone.as_str())
        .bind(branch.hours.opens)
        .bind(branch.hours.closes)
        .bind(branch.phone.as_deref().unwrap_or_default())
        .bind(branch.email.as_deref().unwrap_or_default())
        .bind(&*branch.address)
        .bind(ms(at))
        .execute(db)
        .await
        .map_err(of_write)?;
        Ok(BranchId(done.last_insert_rowid()))
    }

    async fn save_branch(&mut self, branch: &Branch) -> Result<()> {
        let db = self.db();
        sqlx::query(
            "update branches
            set name = ?, zone = ?, opens_minute = ?, closes_minute = ?, phone = ?, email = ?, address = ? where id = ?",
        )
        .bind(&branch.name)
        .bind(branch.zone.as_str())
        .bind(branch.hours.opens)
        .bind(branch.hours.closes)
        .bind(&branch.contact.phone)
        .bind(&branch.contact.email)
        .bind(&branch.contact.address)
        .bind(branch.id.0)
        .execute(db)
        .await
        .map_err(of_write)?;
        Ok(())
    }
}

#[async_trait]
impl ReadServices for SqliteTransaction {
    async fn services(&mut self, branch: Option<BranchId>) -> Result<Vec<Service>> {
        let db = self.db();
        let rows = sqlx::query(
            "select s.id, s.branch_id, s.name, s.minutes, s.buffer_before_minutes, s.buffer_after_minutes, s.engine,
                s.admit_first, s.active, c.id as consent_id, c.text as consent
            from services s
            left join service_consents c on c.id = (select max(id) from service_consents where service_id = s.id)
            where ?1 is null or s.branch_id = ?1 order by s.branch_id, s.name_key, s.id",
        )
        .bind(branch.map(|id| id.0))
        .fetch_all(db)
        .await
        .map_err(internal)?;
        rows.iter().map(to_service).collect()
    }

    async fn service(&mut self, id: ServiceId) -> Result<Option<Service>> {
        let db = self.db();
        let row = sqlx::query(
            "select s.id, s.branch_id, s.name, s.minutes, s.buffer_before_minutes, s.buffer_after_minutes, s.engine,
                s.admit_first, s.active, c.id as consent_id, c.text as consent
            from services s
            left join service_consents c on c.id = (select max(id) from service_consents where service_id = s.id)
            where s.id = ?",
        )
        .bind(id.0)
        .fetch_optional(db)
        .await
        .map_err(internal)?;
        row.as_ref().map(to_service).transpose()
    }

    /// The newest first.
    async fn consents(&mut self, service: ServiceId) -> Result<Vec<ConsentVersion>> {
        let db = self.db();
        let rows =
            sqlx::query("select id, text, created_at from service_consents where service_id = ? order by id desc")
                .bind(service.0)
                .fetch_all(db)
                .await
                .map_err(internal)?;
        rows.iter()
            .map(|row| {
                Ok(ConsentVersion {
                    id: ConsentId(get(row, "id")?),
                    text: get(row, "text")?,
                    since: at(row, "created_at")?,
                })
            })
            .collect()
    }
}

#[async_trait]
impl WriteServices for SqliteTransaction {
    async fn add_service(&mut self, service: &ServiceTerms, at: Timestamp) -> Result<ServiceId> {
        let db = self.db();
        let done = sqlx::query(
            "insert into services
            (branch_id, name, name_key, minutes, buffer_before_minutes, buffer_after_minutes, engine, admit_first,
                active, created_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(service.branch.0)
        .bind(&*service.name)
        .bind(fold(&service.name))
        .bind(service.minutes.get())
        .bind(service.buffer_before.get())
        .bind(service.buffer_after.get())
        .bind(service.engine.into_str())
        .bind(service.admit_first)
        .bind(service.active)
        .bind(ms(at))
        .execute(db)
        .await
        .map_err(of_write)?;
        Ok(ServiceId(done.last_insert_rowid()))
    }

    async fn save_service(&mut self, service: &Service) -> Result<()> {
        let db = self.db();
        sqlx::query(
            "update services set name = ?, name_key = ?, minutes = ?, buffer_before_minutes = ?, buffer_after_minutes = ?,
            engine = ?, admit_first = ?, active = ? where id = ?",
        )
        .bind(&service.name)
        .bind(fold(&service.name))
        .bind(service.minutes)
        .bind(service.buffer_before)
        .bind(service.buffer_after)
        .bind(service.engine.into_str())
        .bind(service.admit_first)
        .bind(service.active)
        .bind(service.id.0)
        .execute(db)
        .await
        .map_err(of_write)?;
        Ok(())
    }

    /// The text from now on, if it is another one than before; empty for none.
    async fn set_consent(&mut self, service: ServiceId, text: &str, at: Timestamp) -> Result<()> {
        let db = self.db();
        sqlx::query(
            "insert into service_consents (service_id, text, created_at)
            select ?1, ?2, ?3 where ?2 <> coalesce(
                (select text from service_consents where service_id = ?1 order by id desc limit 1), '')",
        )
        .bind(service.0)
        .bind(text)
        .bind(ms(at))
        .execute(db)
        .await
        .map_err(of_write)?;
        Ok(())
    }
}

use anteroom_domain::account::{Account, AccountTerms};
use anteroom_domain::id::{AccountId, BranchId};
use anteroom_domain::text::fold;
use anteroom_service::port::repository::{ReadAccounts, WriteAccounts};
use anteroom_service::port::{AccountSecret, NewPassword, Sessions};
use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;

use crate::error::{Result, internal, of_write};
use crate::row::{get, ms, word, zone};
use crate::transaction::SqliteTransaction;

pub fn to_account(row: &SqliteRow) -> Result<Account> {
    let id = get(row, "id")?;
    Ok(Account {
        id: AccountId(id),
        email: get(row, "email")?,
        name: get(row, "name")?,
        role: word(row, "accounts", "role")?,
        branch: get::<Option<i64>>(row, "branch_id")?.map(BranchId),
        zone: zone(row, "zone")?,
        entra_id: get(row, "entra_id")?,
        language: get(row, "language")?,
        active: get(row, "active")?,
    })
}

/// As a parameter: the one, where it is one.
pub fn only(sessions: Sessions) -> Option<i64> {
    match sessions {
        Sessions::All => None,
        Sessions::One(id) => Some(id.0),
    }
}

#[async_trait]
impl ReadAccounts for SqliteTransaction {
    async fn accounts(&mut self, branch: Option<BranchId>) -> Result<Vec<Account>> {
        let db = self.db();
        let rows = sqlx::query(
            "select id, email, name, role, branch_id, zone, entra_id, language, active from accounts
            where ?1 is null or branch_id = ?1 order by name_key, id",
        )
        .bind(branch.map(|id| id.0))
        .fetch_all(db)
        .await
        .map_err(internal)?;
        rows.iter().map(to_account).collect()
    }

    async fn account(&mut self, id: AccountId) -> Result<Option<Account>> {
        let db = self.db();
        let row = sqlx::query(
            "select id, email, name, role, branch_id, zone, entra_id, language, active from accounts where id = ?",
        )
        .bind(id.0)
        .fetch_optional(db)
        .await
        .map_err(internal)?;
        row.as_ref().map(to_account).transpose()
    }

    async fn account_by_email(&mut self, email: &str) -> Result<Option<AccountSecret>> {
        let db = self.db();
        let row = sqlx::query(
            "select id, email, name, role, branch_id, zone, entra_id, language, active, password_hash, password_is_given
            from accounts where email = ?",
        )
        .bind(email)
        .fetch_optional(db)
        .await
        .map_err(internal)?;
        row.as_ref()
            .map(|row| {
                Ok(AccountSecret {
                    account: to_account(row)?,
                    password_hash: get(row, "password_hash")?,
                    password_is_given: get(row, "password_is_given")?,
                })
            })
            .transpose()
    }

    async fn has_admin(&mut self) -> Result<bool> {
        let db = self.db();
        sqlx::query_scalar("select exists (select 1 from accounts where role = 'admin' and active)")
            .fetch_one(db)
            .await
            .map_err(internal)
    }
}

#[async_trait]
impl WriteAccounts for SqliteTransaction {
    async fn add_account(
        &mut self,
        email: &str,
        terms: &AccountTerms,
        password: &NewPassword,
        at: Timestamp,
    ) -> Result<AccountId> {
        let db = self.db();
        let done = sqlx::query(
            "insert into accounts (email, name, name_key, role, branch_id, zone, entra_id, password_hash,
                password_is_given, active, created_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(email)
        .bind(&*terms.name)
        .bind(fold(&terms.name))
        .bind(terms.role.into_str())
        .bind(terms.branch.map(|id| id.0))
        .bind(terms.zone.as_str())
        .bind(terms.entra_id.as_deref().unwrap_or_default())
        .bind(&password.hash)
        .bind(password.is_given)
        .bind(terms.active)
        .bind(ms(at))
        .execute(db)
        .await
        .map_err(of_write)?;
        Ok(AccountId(done.last_insert_rowid()))
    }

    async fn save_account(&mut self, account: &Account) -> Result<()> {
        let db = self.db();
        sqlx::query(
            "update accounts
            set name = ?, name_key = ?, role = ?, branch_id = ?, zone = ?, entra_id = ?, language = ?,
                active = ? where id = ?",
        )
        .bind(&account.name)
        .bind(fold(&account.name))
        .bind(account.role.into_str())
        .bind(account.branch.map(|id| id.0))
        .bind(account.zone.as_str())
        .bind(&account.entra_id)
        .bind(&account.language)
        .bind(account.active)
        .bind(account.id.0)
        .execute(db)
        .await
        .map_err(of_write)?;
        Ok(())
    }

    async fn set_password(&mut self, account: AccountId, password: &NewPassword) -> Result<()> {
        self.execute(
            sqlx::query("update accounts set password_hash = ?, password_is_given = ? where id = ?")
                .bind(&password.hash)
                .bind(password.is_given)
                .bind(account.0),
        )
        .await
    }
}

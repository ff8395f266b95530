//! Failed attempts to sign in.

use anteroom_service::port::Attempt;
use anteroom_service::port::repository::{ReadSignIns, WriteSignIns};
use async_trait::async_trait;
use jiff::Timestamp;

use crate::error::{Result, internal};
use crate::row::ms;
use crate::transaction::SqliteTransaction;

#[async_trait]
impl ReadSignIns for SqliteTransaction {
    async fn sign_in_failures(&mut self, key: &[u8; 32], since: Timestamp) -> Result<i64> {
        let db = self.db();
        sqlx::query_scalar("select count(*) from sign_in_failures where key_hash = ? and at >= ?")
            .bind(key.as_slice())
            .bind(ms(since))
            .fetch_one(db)
            .await
            .map_err(internal)
    }
}

#[async_trait]
impl WriteSignIns for SqliteTransaction {
    async fn add_sign_in_failure(&mut self, key: &[u8; 32], at: Timestamp) -> Result<Attempt> {
        let db = self.db();
        let done = sqlx::query("insert into sign_in_failures (key_hash, at) values (?, ?)")
            .bind(key.as_slice())
            .bind(ms(at))
            .execute(db)
            .await
            .map_err(internal)?;
        Ok(Attempt(done.last_insert_rowid()))
    }

    async fn drop_sign_in_failure(&mut self, attempt: Attempt) -> Result<()> {
        self.execute(sqlx::query("delete from sign_in_failures where id = ?").bind(attempt.0))
            .await
    }

    async fn forget_sign_in_failures(&mut self, before: Timestamp) -> Result<()> {
        self.execute(sqlx::query("delete from sign_in_failures where at < ?").bind(ms(before)))
            .await
    }
}

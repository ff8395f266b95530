//! Settings that admins change.

use anteroom_service::port::repository::{ReadSettings, WriteSettings};
use async_trait::async_trait;

use crate::error::{Result, internal};
use crate::transaction::SqliteTransaction;

#[async_trait]
impl ReadSettings for SqliteTransaction {
    async fn setting(&mut self, name: &str) -> Result<Option<String>> {
        let db = self.db();
        sqlx::query_scalar("select value from settings where name = ?")
            .bind(name)
            .fetch_optional(db)
            .await
            .map_err(internal)
    }
}

#[async_trait]
impl WriteSettings for SqliteTransaction {
    async fn set_setting(&mut self, name: &str, value: &str) -> Result<()> {
        let set = sqlx::query(
            "insert into settings (name, value) values (?, ?) on conflict (name) do update set value = excluded.value",
        );
        self.execute(set.bind(name).bind(value)).await
    }
}

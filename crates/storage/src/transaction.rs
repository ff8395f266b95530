//! One transaction on SQLite, read or write. The repositories of each noun are implemented for it in that noun's file.

use anteroom_service::port::{Reads, StoreError, Writes};
use async_trait::async_trait;
use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Sqlite, SqliteConnection, Transaction};

use crate::error::internal;

pub struct SqliteTransaction {
    pub tx: Transaction<'static, Sqlite>,
}

impl SqliteTransaction {
    pub fn db(&mut self) -> &mut SqliteConnection {
        &mut self.tx
    }

    /// A change, of however many rows.
    pub async fn execute(&mut self, change: Query<'_, Sqlite, SqliteArguments>) -> Result<(), StoreError> {
        change.execute(self.db()).await.map_err(internal)?;
        Ok(())
    }
}

impl Reads for SqliteTransaction {}

#[async_trait]
impl Writes for SqliteTransaction {
    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.tx.commit().await.map_err(internal)
    }
}

//! The demo's own file. It is never that of a real installation, and it is not thrown away once it has become one.

use std::io::ErrorKind;
use std::path::Path;

use anteroom_service::port::{Store, StoreError};
use anteroom_storage::SqliteStore;

use super::{DemoError, people};

/// Beside a real database, never in it.
pub const FILE: &str = "anteroom-demo.db";

/// An empty database in place of the last demo's. Refused where somebody has made accounts of their own in it.
pub async fn open_fresh(path: &Path) -> Result<SqliteStore, DemoError> {
    if path.exists() {
        let store = SqliteStore::open(path).await?;
        let foreign = foreign_accounts(&store).await;
        store.close().await;
        let shown = || path.display().to_string();
        match foreign.map_err(|source| DemoError::Store { path: shown(), source })? {
            0 => remove(path)?,
            count => return Err(DemoError::Foreign { path: shown(), count }),
        }
    }
    Ok(SqliteStore::open(path).await?)
}

async fn foreign_accounts(store: &SqliteStore) -> Result<usize, StoreError> {
    let accounts = store.read().await?.accounts(None).await?;
    Ok(accounts
        .iter()
        .filter(|account| people::emails().all(|email| email != account.email))
        .count())
}

fn remove(path: &Path) -> Result<(), DemoError> {
    for path in anteroom_storage::files(path) {
        match std::fs::remove_file(&path) {
            Err(source) if source.kind() != ErrorKind::NotFound => {
                return Err(DemoError::Remove {
                    path: path.display().to_string(),
                    source,
                });
            }
            _ => {}
        }
    }
    Ok(())
}

//! Constraints of the schema, by name, to errors of the domain.

use anteroom_service::port::StoreError;

pub type Result<T, E = StoreError> = std::result::Result<T, E>;

pub fn internal(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> StoreError {
    StoreError::Internal(error.into())
}

/// What went wrong before a unit of work had begun: nothing was done yet, so it may be tried again.
pub fn of_begin(error: sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::PoolTimedOut => StoreError::Busy,
        sqlx::Error::Database(error) if error.code().as_deref() == Some(SQLITE_BUSY) => StoreError::Busy,
        error => internal(error),
    }
}

/// Another program holds the file (<https://www.sqlite.org/rescode.html#busy>).
const SQLITE_BUSY: &str = "5";

/// A row that our own schema should have made impossible.
#[derive(Debug, thiserror::Error)]
#[error("{table} {id}: {column} holds what it never should")]
pub struct Inconsistent {
    pub table: &'static str,
    pub column: &'static str,
    pub id: i64,
}

pub fn inconsistent(table: &'static str, column: &'static str, id: i64) -> StoreError {
    internal(Inconsistent { table, column, id })
}

/// SQLite names the columns of a unique constraint that was broken, and a trigger's own message.
pub fn of_write(error: sqlx::Error) -> StoreError {
    let Some(message) = error.as_database_error().map(|error| error.message().to_owned()) else {
        return internal(error);
    };
    if message.contains("host_busy") {
        StoreError::HostBusy
    } else if message.contains("accounts.email") {
        StoreError::EmailTaken
    } else if message.contains("branches.name") || message.contains("services.branch_id, services.name") {
        StoreError::NameTaken
    } else {
        internal(error)
    }
}

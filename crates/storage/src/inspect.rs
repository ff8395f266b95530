//! A look at a database that makes no file and writes into none, whether a server runs on it or not.

use std::io;
use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};

use crate::{MIGRATOR, OpenError, file, has_only_foreign_tables};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    Missing,
    /// A file without a byte: to SQLite a database without tables.
    Empty,
    /// The database of another application.
    Foreign,
    /// Beside it lies a log, but not the log's index: looking into it would make one.
    Unsettled,
    /// In SQLite's words, which name tables and rows by number.
    Damaged(String),
    Sound(Schema),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    Current,
    /// So many steps behind; the next start takes them.
    Older(usize),
    Newer,
    /// A step was another one when it was taken.
    Other,
}

pub async fn inspect(path: &Path) -> Result<Condition, OpenError> {
    let is_logged = || file::log(path).exists();
    let before = is_logged();
    let found = look(path, before).await;
    // A server that started or stopped meanwhile changed the file under us: what was seen is worth nothing.
    let found = match is_logged() {
        after if after != before => look(path, after).await,
        _ => found,
    };
    found.map_err(|source| OpenError::Open {
        path: path.display().to_string(),
        source,
    })
}

async fn look(path: &Path, is_logged: bool) -> sqlx::Result<Condition> {
    match std::fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Condition::Missing),
        Err(error) => return Err(error.into()),
        Ok(found) if found.len() == 0 && !is_logged => return Ok(Condition::Empty),
        Ok(_) if is_logged && !file::index(path).exists() => return Ok(Condition::Unsettled),
        Ok(_) => {}
    }
    match examine(path, is_logged).await {
        Err(error) => damage(&error).map(Condition::Damaged).ok_or(error),
        found => found,
    }
}

/// Without a log nobody has the file open. It is then declared immutable, or even a reader would make a log beside it that
/// stays (<https://www.sqlite.org/wal.html#read_only_databases>).
async fn examine(path: &Path, is_logged: bool) -> sqlx::Result<Condition> {
    let options = SqliteConnectOptions::new().filename(path).read_only(true);
    let options = options.immutable(!is_logged).busy_timeout(Duration::from_secs(10));
    let mut db = options.connect().await?;
    let found = condition(&mut db).await;
    db.close().await?;
    found
}

async fn condition(db: &mut SqliteConnection) -> sqlx::Result<Condition> {
    if has_only_foreign_tables(db).await? {
        return Ok(Condition::Foreign);
    }
    let whole: String = sqlx::query_scalar("pragma quick_check(1)").fetch_one(&mut *db).await?;
    if whole != "ok" {
        return Ok(Condition::Damaged(whole));
    }
    let is_begun = "select exists (select 1 from sqlite_master where name = '_sqlx_migrations')";
    if !sqlx::query_scalar::<_, bool>(is_begun).fetch_one(&mut *db).await? {
        return Ok(Condition::Empty);
    }
    let taken: Vec<(i64, Vec<u8>)> = sqlx::query_as("select version, checksum from _sqlx_migrations")
        .fetch_all(db)
        .await?;
    Ok(Condition::Sound(schema(&taken)))
}

/// By the steps that were taken, each with the sum of what it did.
fn schema(taken: &[(i64, Vec<u8>)]) -> Schema {
    for (version, sum) in taken {
        match MIGRATOR.iter().find(|step| step.version == *version) {
            None => return Schema::Newer,
            Some(step) if *step.checksum != **sum => return Schema::Other,
            Some(_) => {}
        }
    }
    let is_missing = |version: i64| !taken.iter().any(|(taken, _)| *taken == version);
    match MIGRATOR.iter().filter(|step| is_missing(step.version)).count() {
        0 => Schema::Current,
        steps => Schema::Older(steps),
    }
}

/// What SQLite says where the file itself is at fault, and not the way to it.
fn damage(error: &sqlx::Error) -> Option<String> {
    /// <https://www.sqlite.org/rescode.html#corrupt>, and `SQLITE_NOTADB`. The low byte is the kind of an extended code.
    const OF_THE_FILE: [i32; 2] = [11, 26];
    let error = error.as_database_error()?;
    let code: i32 = error.code()?.parse().ok()?;
    OF_THE_FILE.contains(&(code & 0xff)).then(|| error.message().to_owned())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use sqlx::AssertSqlSafe;
    use tempfile::TempDir;

    use super::*;
    use crate::SqliteStore;

    async fn made() -> (TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("anteroom.db");
        let store = SqliteStore::open(&path).await.unwrap();
        store.close().await;
        (folder, path)
    }

    async fn change(path: &Path, sql: &str) {
        let mut db = SqliteConnectOptions::new().filename(path).connect().await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
            .execute(&mut db)
            .await
            .unwrap();
        db.close().await.unwrap();
    }

    fn files(folder: &TempDir) -> Vec<(String, u64)> {
        let entries = std::fs::read_dir(folder.path()).unwrap();
        let mut files: Vec<_> = entries
            .map(|entry| entry.unwrap())
            .map(|entry| {
                (
                    entry.file_name().into_string().unwrap(),
                    entry.metadata().unwrap().len(),
                )
            })
            .collect();
        files.sort();
        files
    }

    /// What is found, when looking has changed nothing.
    async fn found(folder: &TempDir, path: &Path) -> Condition {
        let before = files(folder);
        let found = inspect(path).await.unwrap();
        assert_eq!(files(folder), before, "{found:?}");
        found
    }

    #[tokio::test]
    async fn a_database_at_rest_is_looked_into_and_left_as_it_is() {
        let (folder, path) = made().await;
        assert_eq!(found(&folder, &path).await, Condition::Sound(Schema::Current));
        assert_eq!(files(&folder).len(), 1);
    }

    #[tokio::test]
    async fn so_is_one_that_a_server_runs_on_and_it_goes_on_running() {
        let (folder, path) = made().await;
        let store = SqliteStore::open(&path).await.unwrap();
        let note = "insert or replace into settings values ('a', 'b')";
        sqlx::query(note).execute(&store.writer).await.unwrap();
        assert_eq!(found(&folder, &path).await, Condition::Sound(Schema::Current));
        sqlx::query(note).execute(&store.writer).await.unwrap();
        store.close().await;
        assert_eq!(files(&folder).len(), 1);
    }

    #[tokio::test]
    async fn what_is_no_database_of_ours_is_told_as_that() {
        let (folder, path) = made().await;
        let other = folder.path().join("other.db");
        assert_eq!(found(&folder, &other).await, Condition::Missing);
        std::fs::write(&other, "").unwrap();
        assert_eq!(found(&folder, &other).await, Condition::Empty);
        change(&other, "create table cats (name text)").await;
        assert_eq!(found(&folder, &other).await, Condition::Foreign);
        std::fs::write(&other, "a letter to the bank, of some length").unwrap();
        assert!(matches!(found(&folder, &other).await, Condition::Damaged(_)));
        // Copied without the index while a server ran.
        std::fs::write(file::log(&path), "a log").unwrap();
        assert_eq!(found(&folder, &path).await, Condition::Unsettled);
    }

    #[tokio::test]
    async fn a_schema_of_another_version_is_told_and_left_alone() {
        let (folder, path) = made().await;
        let latest = "(select max(version) from _sqlx_migrations)";
        change(
            &path,
            &format!("update _sqlx_migrations set checksum = x'00' where version = {latest}"),
        )
        .await;
        assert_eq!(found(&folder, &path).await, Condition::Sound(Schema::Other));
        change(&path, &format!("delete from _sqlx_migrations where version = {latest}")).await;
        assert_eq!(found(&folder, &path).await, Condition::Sound(Schema::Older(1)));
        change(
            &path,
            "insert into _sqlx_migrations (version, description, success, checksum, execution_time) values (9999, '', 1, x'00', 0)",
        )
        .await;
        assert_eq!(found(&folder, &path).await, Condition::Sound(Schema::Newer));
    }

    #[tokio::test]
    async fn a_file_that_was_overwritten_is_damaged() {
        let (folder, path) = made().await;
        let mut bytes = std::fs::read(&path).unwrap();
        let half = bytes.len() / 2;
        bytes[half..].fill(0xa5);
        std::fs::write(&path, bytes).unwrap();
        let damaged = found(&folder, &path).await;
        assert!(matches!(damaged, Condition::Damaged(_)), "{damaged:?}");
    }
}

//! The storage port on one SQLite file. One writer connection and a pool of readers; every write is a
//! `BEGIN IMMEDIATE` transaction, so that what it reads first cannot change before it writes (a deferred transaction that
//! reads and then writes fails at once with `SQLITE_BUSY` when another wrote in between, whatever the busy timeout).

mod account;
mod consultation;
mod error;
mod event;
mod figures;
mod file;
mod guest;
mod identity;
mod inspect;
mod invitation;
mod job;
mod list;
mod message;
mod organisation;
mod registration;
mod row;
mod session;
mod setting;
mod sign_in;
mod transaction;
mod visit;

use std::path::Path;
use std::time::Duration;

use anteroom_service::port::{Reads, Store, StoreError, Writes};
use async_trait::async_trait;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions as _, Connection as _};

use error::{internal, of_begin};
use file::OpenFile;
pub use file::{files, log};
pub use inspect::{Condition, Schema, inspect};
use transaction::SqliteTransaction;

static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations");

/// As many readers as a small machine has use for; each holds a page cache of its own.
const READERS: u32 = 8;
/// The same for what looks at many rows, which takes a core for as long as it lasts.
const READERS_OF_MANY: u32 = 2;
/// A write waits at most this long for its turn. Writes take milliseconds: past this something is wrong.
const PATIENCE: Duration = Duration::from_secs(30);
/// A rush from outside makes many wait: that is no news for a log at its usual level.
const SLOW: log::LevelFilter = log::LevelFilter::Debug;
/// Where the log stays all the same, another program reads the file.
const FOLDINGS: u32 = 15;
/// From one try to the next, at most.
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

#[derive(Clone, Debug)]
pub struct SqliteStore {
    writer: SqlitePool,
    readers: SqlitePool,
    readers_of_many: SqlitePool,
    file: OpenFile,
}

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("{path} can't be opened as a database: {source}")]
    Open { path: String, source: sqlx::Error },
    #[error("{path} was made by a newer version of Anteroom, or is not Anteroom's: {source}")]
    Migrate {
        path: String,
        source: sqlx::migrate::MigrateError,
    },
    #[error("{path} is the database of another application. Name another data folder with --data.")]
    Foreign { path: String },
}

impl SqliteStore {
    /// Opens the file, makes it where it is missing, and brings its schema up to date.
    pub async fn open(path: &Path) -> Result<Self, OpenError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .busy_timeout(Duration::from_secs(10))
            .journal_mode(SqliteJournalMode::Wal)
            // A consultation that was confirmed survives a power cut: FULL flushes the log at every commit.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .pragma("temp_store", "memory")
            // What is deleted is overwritten: a copy of the file holds nothing of it.
            .pragma("secure_delete", "on")
            .pragma("journal_size_limit", "67108864")
            .optimize_on_close(true, Some(400));
        let open = |source| OpenError::Open {
            path: path.display().to_string(),
            source,
        };
        if is_foreign(path).await.map_err(open)? {
            return Err(OpenError::Foreign {
                path: path.display().to_string(),
            });
        }
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .min_connections(1)
            .acquire_timeout(PATIENCE)
            .acquire_slow_level(SLOW)
            .idle_timeout(None)
            .max_lifetime(None)
            .after_release(|connection, _| Box::pin(is_reusable(connection)))
            .connect_with(options.clone())
            .await
            .map_err(open)?;
        let migrate = |source| OpenError::Migrate {
            path: path.display().to_string(),
            source,
        };
        MIGRATOR.run(&writer).await.map_err(migrate)?;
        // A reader that tries to write is a fault of ours, and fails.
        let options = options.pragma("query_only", "on");
        let readers = readers_of(READERS).connect_with(options.clone()).await.map_err(open)?;
        let readers_of_many = readers_of(READERS_OF_MANY).connect_lazy_with(options);
        let file = OpenFile::of(path).map_err(|error| open(error.into()))?;
        Ok(Self {
            writer,
            readers,
            readers_of_many,
            file,
        })
    }

    /// Finishes what is under way and folds the log into the file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.readers_of_many.close().await;
        self.writer.close().await;
        self.fold_log().await;
    }

    /// The last connection that closes folds the log and removes it. A connection whose opening was given up closes
    /// when its thread gets to it; where that is the moment in which the last one of ours closes, each leaves the log to
    /// the other, and it stays. One more connection, opened and closed, folds it; ever longer pauses let the given-up one,
    /// which may wait for a lock of ours, be done first.
    async fn fold_log(&self) {
        let options = self.writer.connect_options();
        let log = file::log(self.file.database());
        let mut pause = Duration::from_millis(20);
        for _ in 0..FOLDINGS {
            // Another file's log is not ours to fold.
            if !log.exists() || self.file.is_still_there().is_err() {
                return;
            }
            if let Ok(last) = options.connect().await {
                // What can't be folded is folded when the file is opened next.
                _ = last.close().await;
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}

fn readers_of(count: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(count)
        .acquire_timeout(PATIENCE)
        .acquire_slow_level(SLOW)
        .after_release(|connection, _| Box::pin(is_reusable(connection)))
}

/// Looks before anything is written. A file that is missing or empty is nobody's.
async fn is_foreign(path: &Path) -> sqlx::Result<bool> {
    if std::fs::metadata(path).map_or(true, |file| file.len() == 0) {
        return Ok(false);
    }
    let options = SqliteConnectOptions::new().filename(path).read_only(true);
    let mut db = options.busy_timeout(Duration::from_secs(10)).connect().await?;
    let found = has_only_foreign_tables(&mut db).await;
    db.close().await?;
    found
}

/// Tables, and none that says which migrations made them.
async fn has_only_foreign_tables(db: &mut SqliteConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar(
        "select exists (select 1 from sqlite_master where type = 'table')
            and not exists (select 1 from sqlite_master where name = '_sqlx_migrations')",
    )
    .fetch_one(db)
    .await
}

/// SQLite ends a transaction by itself when the disk is full or fails (<https://www.sqlite.org/lang_transaction.html>,
/// section 3). The driver then counts one too many for ever after and refuses to begin another: such a connection is
/// closed, and the pool opens a new one. The ping waits for the roll-back that dropping a transaction queues.
async fn is_reusable(connection: &mut SqliteConnection) -> sqlx::Result<bool> {
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}

#[async_trait]
impl Store for SqliteStore {
    async fn read(&self) -> Result<Box<dyn Reads>, StoreError> {
        Ok(Box::new(SqliteTransaction {
            tx: self.readers.begin().await.map_err(of_begin)?,
        }))
    }

    async fn read_many(&self) -> Result<Box<dyn Reads>, StoreError> {
        Ok(Box::new(SqliteTransaction {
            tx: self.readers_of_many.begin().await.map_err(of_begin)?,
        }))
    }

    async fn write(&self) -> Result<Box<dyn Writes>, StoreError> {
        self.file.is_still_there().map_err(internal)?;
        Ok(Box::new(SqliteTransaction {
            tx: self.writer.begin_with("begin immediate").await.map_err(of_begin)?,
        }))
    }

    async fn check(&self) -> Result<(), StoreError> {
        self.file.is_still_there().map_err(internal)?;
        // What everybody reads, through a reader: a file that was overwritten fails here.
        for look in [
            "select * from accounts order by id desc limit 1",
            "select * from branches order by id desc limit 1",
            "select * from consultations order by id desc limit 1",
            "select * from guests order by id desc limit 1",
        ] {
            let found = sqlx::query(look).fetch_optional(&self.readers).await;
            found.map_err(internal)?;
        }
        // Only a commit reaches the disk: a full one, or a read-only file, shows there and nowhere before. The number is
        // ours to use (<https://www.sqlite.org/pragma.html#pragma_user_version>), and we have no use for it.
        let mut tx = self.writer.begin_with("begin immediate").await.map_err(internal)?;
        sqlx::query("pragma user_version = 0")
            .execute(&mut *tx)
            .await
            .map_err(internal)?;
        tx.commit().await.map_err(internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn pragmas(pool: &SqlitePool) -> (String, [i64; 3]) {
        let mut db = pool.acquire().await.unwrap();
        let mode = sqlx::query_scalar("pragma journal_mode")
            .fetch_one(&mut *db)
            .await
            .unwrap();
        let mut values = [0; 3];
        for (value, pragma) in
            values
                .iter_mut()
                .zip(["pragma synchronous", "pragma foreign_keys", "pragma busy_timeout"])
        {
            *value = sqlx::query_scalar(pragma).fetch_one(&mut *db).await.unwrap();
        }
        (mode, values)
    }

    #[tokio::test]
    async fn what_was_committed_is_on_the_disk_and_whole_on_every_connection() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&folder.path().join("anteroom.db")).await.unwrap();
        // FULL is 2.
        let expected = ("wal".to_owned(), [2, 1, 10_000]);
        assert_eq!(pragmas(&store.writer).await, expected);
        assert_eq!(pragmas(&store.readers).await, expected);
        let mut reader = store.readers.acquire().await.unwrap();
        let written = sqlx::query("insert into settings values ('a', 'b')")
            .execute(&mut *reader)
            .await;
        assert!(written.unwrap_err().to_string().contains("readonly"));
        drop(reader);
        store.close().await;
    }

    #[tokio::test]
    async fn where_every_place_is_taken_one_is_told_to_come_again_and_lists_take_no_place_of_a_page() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = SqliteStore::open(&folder.path().join("anteroom.db")).await.unwrap();
        let few = || readers_of(1).acquire_timeout(Duration::from_millis(20));
        let options = (*store.readers.connect_options()).clone();
        store.readers_of_many = few().connect_lazy_with(options.clone());
        let _list = store.read_many().await.unwrap();
        assert!(matches!(store.read_many().await, Err(StoreError::Busy)));
        assert!(store.read().await.is_ok());
        store.readers = few().connect_lazy_with(options);
        let _page = store.read().await.unwrap();
        assert!(matches!(store.read().await, Err(StoreError::Busy)));
    }

    /// A connection whose opening was given up closes when its thread gets to it, at any time.
    #[tokio::test(flavor = "multi_thread")]
    async fn a_read_that_was_given_up_while_the_store_closes_leaves_no_log_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("anteroom.db");
        for microseconds in (0..100).map(|step| step * 80) {
            let store = SqliteStore::open(&path).await.unwrap();
            let held = store.readers.acquire().await.unwrap();
            sqlx::query("insert or replace into settings values ('a', 'b')")
                .execute(&store.writer)
                .await
                .unwrap();
            let reads = (0..4).map(|_| {
                let readers = store.readers.clone();
                tokio::spawn(async move { readers.acquire().await.map(drop) })
            });
            let reads: Vec<_> = reads.collect();
            tokio::time::sleep(Duration::from_micros(microseconds)).await;
            for read in &reads {
                read.abort();
            }
            drop(held);
            store.close().await;
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "{microseconds}");
        }
    }
}

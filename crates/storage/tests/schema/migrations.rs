//! Opening a database: empty, of every earlier schema, of a later one, and what is none of ours.

use std::path::Path;

use anteroom_service::port::Store as _;
use anteroom_storage::{OpenError, SqliteStore};
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};

async fn connect(path: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
    options.foreign_keys(true).connect().await.unwrap()
}

async fn migrator() -> Migrator {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
    Migrator::new(folder).await.unwrap()
}

async fn schema(db: &mut SqliteConnection) -> Vec<String> {
    sqlx::query_scalar("select sql from sqlite_master where sql is not null and name not like '\\_sqlx%' escape '\\' order by type, name")
        .fetch_all(db)
        .await
        .unwrap()
}

/// A row for every table, each in the order that their references need.
const ROWS: [(&str, &str); 11] = [
    ("branches", "insert into branches (id, name, zone, opens_minute, closes_minute, created_at) values (1, 'North', 'Europe/Berlin', 480, 1080, 1)"),
    ("services", "insert into services (id, branch_id, name, name_key, minutes, buffer_before_minutes, buffer_after_minutes, engine, active, created_at)
        values (1, 1, 'Advice', 'advice', 30, 0, 10, 'builtin', 1, 1)"),
    (
        "accounts",
        "insert into accounts (id, email, name, name_key, role, branch_id, zone, password_hash, active, created_at)
        values (1, 'anna@example.org', 'Anna', 'anna', 'clerk', 1, 'Europe/Berlin', '$argon2id$', 1, 1)",
    ),
    ("sessions", "insert into sessions (secret_hash, account_id, created_at, seen_at) values (zeroblob(32), 1, 1, 1)"),
    (
        "consultations",
        "insert into consultations (id, service_id, branch_id, host_id, engine, starts_at, ends_at, busy_from, busy_until,
            zone, state, created_kind, created_by, created_at)
        values (1, 1, 1, 1, 'builtin', 1000, 2000, 1000, 2000, 'Europe/Berlin', 'scheduled', 'staff', 1, 1)",
    ),
    (
        "guests",
        "insert into guests (id, consultation_id, name, name_key, language, zone, created_at)
        values (1, 1, 'Zeb', 'zeb', 'en', 'Europe/Berlin', 1)",
    ),
    ("invitations", "insert into invitations values (1, 1, zeroblob(32), 1, 99999, null)"),
    (
        "visits",
        "insert into visits (id, consultation_id, guest_id, role, name, token_hash, arrived_at)
        values (1, 1, 1, 'guest', 'Zeb', zeroblob(32), 1)",
    ),
    (
        "events",
        "insert into events (id, at, kind, consultation_id, data) values (1, 1, 'scheduled', 1, '{\"kind\":\"edited\"}')",
    ),
    ("messages", "insert into messages values (1, 1, 1, 'Zeb', 'Good morning', 1)"),
    ("service_consents", "insert into service_consents values (1, 1, 'A colleague may listen.', 1)"),
];

async fn has(db: &mut SqliteConnection, table: &str) -> bool {
    sqlx::query_scalar("select exists (select 1 from sqlite_master where type = 'table' and name = ?)")
        .bind(table)
        .fetch_one(db)
        .await
        .unwrap()
}

#[tokio::test]
async fn an_empty_file_becomes_a_database_and_stays_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("anteroom.db");
    std::fs::write(&path, "").unwrap();
    for _ in 0..3 {
        let store = SqliteStore::open(&path).await.unwrap();
        store.check().await.unwrap();
        store.close().await;
    }
    let mut db = connect(&path).await;
    let mode: String = sqlx::query_scalar("pragma journal_mode")
        .fetch_one(&mut db)
        .await
        .unwrap();
    assert_eq!(mode, "wal");
    for (table, _) in ROWS {
        assert!(has(&mut db, table).await, "{table}");
    }
    let loose: Vec<String> = sqlx::query_scalar(
        "select name from pragma_table_list where type = 'table' and strict = 0 and schema = 'main'
            and name not like 'sqlite%' and name not like '\\_sqlx%' escape '\\'",
    )
    .fetch_all(&mut db)
    .await
    .unwrap();
    assert!(loose.is_empty(), "not strict: {loose:?}");
    db.close().await.unwrap();
}

#[tokio::test]
async fn every_earlier_schema_with_its_rows_becomes_the_present_one() {
    let folder = tempfile::tempdir().unwrap();
    let migrator = migrator().await;
    let fresh = folder.path().join("fresh.db");
    SqliteStore::open(&fresh).await.unwrap().close().await;
    let present = schema(&mut connect(&fresh).await).await;
    let versions: Vec<i64> = migrator.iter().map(|migration| migration.version).collect();
    assert!(8 <= versions.len());
    for version in versions {
        let path = folder.path().join(format!("{version}.db"));
        let mut db = connect(&path).await;
        migrator.run_to(version, &mut db).await.unwrap();
        let mut there = Vec::new();
        for (table, insert) in ROWS {
            if has(&mut db, table).await {
                sqlx::query(insert).execute(&mut db).await.unwrap();
                there.push(table);
            }
        }
        assert!(!there.is_empty());
        db.close().await.unwrap();

        let store = SqliteStore::open(&path).await.unwrap();
        store.check().await.unwrap();
        store.close().await;

        let mut db = connect(&path).await;
        assert_eq!(schema(&mut db).await, present, "from {version}");
        for table in there {
            let count = AssertSqlSafe(format!("select count(*) from {table}"));
            let rows: i64 = sqlx::query_scalar(count).fetch_one(&mut db).await.unwrap();
            assert_eq!(rows, 1, "{table} from {version}");
        }
        let broken = sqlx::query("pragma foreign_key_check")
            .fetch_all(&mut db)
            .await
            .unwrap();
        assert!(broken.is_empty());
        db.close().await.unwrap();
    }
}

#[track_caller]
fn names_the_file(error: &OpenError, path: &Path) -> String {
    let sentence = error.to_string();
    assert!(sentence.contains(&path.display().to_string()), "{sentence}");
    sentence
}

async fn refuse(path: &Path) -> String {
    let before = std::fs::read(path).unwrap();
    let error = SqliteStore::open(path).await.unwrap_err();
    assert_eq!(std::fs::read(path).unwrap(), before, "it is left as it was");
    names_the_file(&error, path)
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("anteroom.db");
    SqliteStore::open(&path).await.unwrap().close().await;
    let mut db = connect(&path).await;
    sqlx::query("insert into _sqlx_migrations values (9999, 'of tomorrow', current_timestamp, 1, x'00', 1)")
        .execute(&mut db)
        .await
        .unwrap();
    db.close().await.unwrap();
    assert!(refuse(&path).await.contains("newer version"));
}

#[tokio::test]
async fn a_migration_that_was_altered_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("anteroom.db");
    SqliteStore::open(&path).await.unwrap().close().await;
    let mut db = connect(&path).await;
    sqlx::query("update _sqlx_migrations set checksum = x'00' where version = 3")
        .execute(&mut db)
        .await
        .unwrap();
    db.close().await.unwrap();
    refuse(&path).await;
}

#[tokio::test]
async fn what_is_no_database_or_somebody_elses_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("text.db");
    std::fs::write(&text, "Dear diary, ".repeat(1_000)).unwrap();
    refuse(&text).await;
    // A database, of some other application.
    let other = folder.path().join("other.db");
    let mut db = connect(&other).await;
    sqlx::query("create table recipes (name text)")
        .execute(&mut db)
        .await
        .unwrap();
    db.close().await.unwrap();
    assert!(refuse(&other).await.contains("another application"));
    // One of ours whose first half is gone.
    let torn = folder.path().join("torn.db");
    SqliteStore::open(&torn).await.unwrap().close().await;
    let whole = std::fs::read(&torn).unwrap();
    std::fs::write(&torn, &whole[whole.len() / 2..]).unwrap();
    refuse(&torn).await;
    // A folder in its place.
    let error = SqliteStore::open(folder.path()).await.unwrap_err();
    names_the_file(&error, folder.path());
    let error = SqliteStore::open(&folder.path().join("missing/anteroom.db"))
        .await
        .unwrap_err();
    names_the_file(&error, Path::new("missing/anteroom.db"));
}

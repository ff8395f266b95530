//! The database, looked at from outside: is it sound, does it tell a possible story, has anything changed?

use std::collections::BTreeMap;
use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _};

pub async fn open(path: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(path).connect().await.unwrap()
}

/// Rows that must not exist, each by the sentence that it would break.
const IMPOSSIBLE: [(&str, &str); 19] = [
    (
        "every consultation has a guest",
        "select id from consultations c where not exists (select 1 from guests where consultation_id = c.id)",
    ),
    (
        "every guest has a link",
        "select id from guests g where not exists (select 1 from invitations where guest_id = g.id)",
    ),
    (
        "every consultation was scheduled once",
        "select id from consultations c
        where (select count(*) from events where consultation_id = c.id and kind = 'scheduled') <> 1",
    ),
    (
        "what a person did says who",
        "select id from events where actor_account_id is null and actor_guest_id is null and kind in (
            'scheduled', 'edited', 'rescheduled', 'cancelled', 'invited', 'invitations_revoked', 'arrived', 'declined',
            'removed', 'allowed_again', 'invitation_declined', 'media_joined', 'service_consent_given',
            'registration_opened', 'registration_closed', 'registered', 'rated', 'outcome_noted', 'branch_added',
            'branch_changed', 'service_added', 'service_changed', 'account_changed', 'password_set', 'signed_in',
            'signed_out_everywhere', 'teams_lobby', 'teams_ended', 'notice_shown', 'consent_given', 'identity_minted'
        )",
    ),
    (
        "what a rule did was done by nobody",
        "select id from events where (actor_account_id is not null or actor_guest_id is not null)
            and kind in ('opened', 'went_live', 'identity_deleted')",
    ),
    (
        "every link was noted",
        "select c.id from consultations c where
            (select count(*) from events where consultation_id = c.id and kind = 'invited') <>
            (select count(*) from invitations i join guests g on g.id = i.guest_id where g.consultation_id = c.id)",
    ),
    (
        "what was opened says so",
        "select id from consultations c where opened_at is not null
            and not exists (select 1 from events where consultation_id = c.id and kind = 'opened')",
    ),
    (
        "what is open has been opened",
        "select id from consultations where state in ('open', 'live', 'ended') and opened_at is null",
    ),
    (
        "what went live says so, once",
        "select id from consultations c where (live_at is not null)
            <> ((select count(*) from events where consultation_id = c.id and kind = 'went_live') = 1)",
    ),
    (
        "what has ended says so, once",
        "select id from consultations c where (state = 'ended')
            <> ((select count(*) from events where consultation_id = c.id and kind = 'ended') = 1)",
    ),
    (
        "what was cancelled says so, once",
        "select id from consultations c where (state = 'cancelled')
            <> ((select count(*) from events where consultation_id = c.id and kind = 'cancelled') = 1)",
    ),
    (
        "what was missed says so, once",
        "select id from consultations c where (state = 'missed')
            <> ((select count(*) from events where consultation_id = c.id and kind = 'missed') = 1)",
    ),
    (
        "nobody is in what is over",
        "select v.id from visits v join consultations c on c.id = v.consultation_id
        where v.left_at is null and c.state in ('ended', 'cancelled', 'missed')",
    ),
    (
        "no chat outlives its meeting",
        "select m.id from messages m join consultations c on c.id = m.consultation_id
        where c.state in ('ended', 'cancelled', 'missed')",
    ),
    (
        "every visit has arrived once",
        "select id from visits v where (select count(*) from events where visit_id = v.id and kind = 'arrived') <> 1",
    ),
    (
        "every visit that is over has left once",
        "select id from visits v where (left_at is not null)
            <> ((select count(*) from events where visit_id = v.id and kind = 'left') = 1)",
    ),
    (
        "every guest who is in was admitted once",
        "select id from visits v where role <> 'host' and (admitted_at is not null)
            <> ((select count(*) from events where visit_id = v.id and kind = 'admitted') = 1)",
    ),
    (
        "a guest visits their own consultation",
        "select v.id from visits v join guests g on g.id = v.guest_id where g.consultation_id <> v.consultation_id",
    ),
    (
        "no host is booked twice",
        "select a.id from consultations a join consultations b on a.host_id = b.host_id and a.id < b.id
        where a.state in ('scheduled', 'open', 'live') and b.state in ('scheduled', 'open', 'live')
            and a.busy_from < b.busy_until and b.busy_from < a.busy_until",
    ),
];

/// Sound, and telling a possible story.
pub async fn must_be_sound(path: &Path) {
    let mut db = open(path).await;
    let integrity: Vec<String> = sqlx::query_scalar("pragma integrity_check")
        .fetch_all(&mut db)
        .await
        .unwrap();
    assert_eq!(integrity, ["ok"]);
    let broken = sqlx::query("pragma foreign_key_check")
        .fetch_all(&mut db)
        .await
        .unwrap();
    assert!(broken.is_empty(), "{} foreign keys are broken", broken.len());
    for (sentence, sql) in IMPOSSIBLE {
        let found: Vec<i64> = sqlx::query_scalar(sql).fetch_all(&mut db).await.unwrap();
        assert!(found.is_empty(), "not so: {sentence}; see {found:?}");
    }
    db.close().await.unwrap();
}

/// Every row of every table.
pub async fn everything(path: &Path) -> BTreeMap<String, Vec<String>> {
    let mut db = open(path).await;
    let tables: Vec<String> = sqlx::query_scalar("select name from sqlite_master where type = 'table' order by name")
        .fetch_all(&mut db)
        .await
        .unwrap();
    let mut all = BTreeMap::new();
    for table in tables {
        let columns: Vec<String> = sqlx::query("select name from pragma_table_info(?)")
            .bind(&table)
            .fetch_all(&mut db)
            .await
            .unwrap()
            .iter()
            .map(|row| row.get::<String, _>(0))
            .collect();
        let columns: Vec<_> = columns.iter().map(|name| format!("quote({name})")).collect();
        let sql = format!("select {} from {table} order by 1", columns.join(" || '|' || "));
        let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&mut db).await.unwrap();
        all.insert(table, rows);
    }
    db.close().await.unwrap();
    all
}

pub async fn count(path: &Path, sql: &'static str) -> i64 {
    let mut db = open(path).await;
    let count = sqlx::query_scalar(sql).fetch_one(&mut db).await.unwrap();
    db.close().await.unwrap();
    count
}

pub async fn column(path: &Path, sql: &'static str) -> Vec<String> {
    let mut db = open(path).await;
    let found = sqlx::query_scalar(sql).fetch_all(&mut db).await.unwrap();
    db.close().await.unwrap();
    found
}

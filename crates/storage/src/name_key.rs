//! The keys of names: see `migrations/0102_name_keys.sql`. Where the domain's [`fold`] changes one day, a migration sets them to
//! null, and they are made anew.

use anteroom_domain::text::fold;
use sqlx::SqliteConnection;

/// The migration that makes room for them. Those after it count on them.
pub const MIGRATION: i64 = 102;

/// How many are made by one statement.
const BATCH: i64 = 10_000;

/// Which are missing, and how they are saved: as a list of pairs of id and key. Who has got one meanwhile keeps it.
const TABLES: [[&str; 2]; 3] = [
    [
        "select id, name from guests where name_key is null limit ?",
        "update guests set name_key = made.value ->> 1 from json_each(?) made
        where guests.id = made.value ->> 0 and guests.name_key is null",
    ],
    [
        "select id, name from services where name_key is null limit ?",
        "update services set name_key = made.value ->> 1 from json_each(?) made
        where services.id = made.value ->> 0 and services.name_key is null",
    ],
    [
        "select id, name from accounts where name_key is null limit ?",
        "update accounts set name_key = made.value ->> 1 from json_each(?) made
        where accounts.id = made.value ->> 0 and accounts.name_key is null",
    ],
];

/// Makes those that are missing.
pub async fn fill(db: &mut SqliteConnection) -> sqlx::Result<()> {
    for [missing, save] in TABLES {
        loop {
            let names: Vec<(i64, String)> = sqlx::query_as(missing).bind(BATCH).fetch_all(&mut *db).await?;
            if names.is_empty() {
                break;
            }
            let made: Vec<(i64, String)> = names.iter().map(|(id, name)| (*id, fold(name))).collect();
            let made = serde_json::to_string(&made).map_err(|error| sqlx::Error::Encode(error.into()))?;
            sqlx::query(save).bind(made).execute(&mut *db).await?;
        }
    }
    Ok(())
}

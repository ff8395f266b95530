use anteroom_domain::account::Account;
use anteroom_domain::id::{AccountId, BranchId, SessionId};
use anteroom_domain::text::fold;
use anteroom_domain::view::OpenSession;
use anteroom_service::port::{AccountSecret, Attempt, NewPassword, SessionRow, Sessions, StoreError};
use jiff::Timestamp;
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use crate::error::{internal, of_write};
use crate::row::{at, get, ms, word, zone};

type Result<T> = std::result::Result<T, StoreError>;

fn to_account(row: &SqliteRow) -> Result<Account> {
    let id = get(row, "id")?;
    Ok(Account {
        id: AccountId(id),
        email: get(row, "email")?,
        name: get(row, "name")?,
        role: word(row, "accounts", "role")?,
        branch: get::<Option<i64>>(row, "branch_id")?.map(BranchId),
        zone: zone(row, "zone")?,
        entra_id: get(row, "entra_id")?,
        active: get(row, "active")?,
    })
}

pub async fn all(db: &mut SqliteConnection, branch: Option<BranchId>) -> Result<Vec<Account>> {
    let rows = sqlx::query(
        "select id, email, name, role, branch_id, zone, entra_id, active from accounts
        where ?1 is null or branch_id = ?1 order by name_key, id",
    )
    .bind(branch.map(|id| id.0))
    .fetch_all(db)
    .await
    .map_err(internal)?;
    rows.iter().map(to_account).collect()
}

pub async fn one(db: &mut SqliteConnection, id: AccountId) -> Result<Option<Account>> {
    let row = sqlx::query("select id, email, name, role, branch_id, zone, entra_id, active from accounts where id = ?")
        .bind(id.0)
        .fetch_optional(db)
        .await
        .map_err(internal)?;
    row.as_ref().map(to_account).transpose()
}

pub async fn by_email(db: &mut SqliteConnection, email: &str) -> Result<Option<AccountSecret>> {
    let row = sqlx::query(
        "select id, email, name, role, branch_id, zone, entra_id, active, password_hash, password_is_given
        from accounts where email = ?",
    )
    .bind(email)
    .fetch_optional(db)
    .await
    .map_err(internal)?;
    row.as_ref()
        .map(|row| {
            Ok(AccountSecret {
                account: to_account(row)?,
                password_hash: get(row, "password_hash")?,
                password_is_given: get(row, "password_is_given")?,
            })
        })
        .transpose()
}

pub async fn has_admin(db: &mut SqliteConnection) -> Result<bool> {
    sqlx::query_scalar("select exists (select 1 from accounts where role = 'admin' and active)")
        .fetch_one(db)
        .await
        .map_err(internal)
}

pub async fn add(
    db: &mut SqliteConnection,
    account: &Account,
    password: &NewPassword,
    at: Timestamp,
) -> Result<AccountId> {
    let done = sqlx::query(
        "insert into accounts (email, name, name_key, role, branch_id, zone, entra_id, password_hash,
            password_is_given, active, created_at)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&account.email)
    .bind(&account.name)
    .bind(fold(&account.name))
    .bind(account.role.into_str())
    .bind(account.branch.map(|id| id.0))
    .bind(account.zone.as_str())
    .bind(&account.entra_id)
    .bind(&password.hash)
    .bind(password.is_given)
    .bind(account.active)
    .bind(ms(at))
    .execute(db)
    .await
    .map_err(of_write)?;
    Ok(AccountId(done.last_insert_rowid()))
}

pub async fn save(db: &mut SqliteConnection, account: &Account) -> Result<()> {
    sqlx::query(
        "update accounts
        set name = ?, name_key = ?, role = ?, branch_id = ?, zone = ?, entra_id = ?, active = ? where id = ?",
    )
    .bind(&account.name)
    .bind(fold(&account.name))
    .bind(account.role.into_str())
    .bind(account.branch.map(|id| id.0))
    .bind(account.zone.as_str())
    .bind(&account.entra_id)
    .bind(account.active)
    .bind(account.id.0)
    .execute(db)
    .await
    .map_err(of_write)?;
    Ok(())
}

pub async fn set_password(db: &mut SqliteConnection, account: AccountId, password: &NewPassword) -> Result<()> {
    sqlx::query("update accounts set password_hash = ?, password_is_given = ? where id = ?")
        .bind(&password.hash)
        .bind(password.is_given)
        .bind(account.0)
        .execute(db)
        .await
        .map_err(internal)?;
    Ok(())
}

pub async fn session(db: &mut SqliteConnection, hash: &[u8; 32]) -> Result<Option<SessionRow>> {
    let row = sqlx::query(
        "select a.id, a.email, a.name, a.role, a.branch_id, a.zone, a.entra_id, a.active,
            s.id as session_id, s.created_at as session_created_at, s.seen_at as session_seen_at
        from sessions s join accounts a on a.id = s.account_id where s.secret_hash = ?",
    )
    .bind(hash.as_slice())
    .fetch_optional(db)
    .await
    .map_err(internal)?;
    row.as_ref()
        .map(|row| {
            Ok(SessionRow {
                id: SessionId(get(row, "session_id")?),
                account: to_account(row)?,
                created_at: at(row, "session_created_at")?,
                seen_at: at(row, "session_seen_at")?,
            })
        })
        .transpose()
}

pub async fn sessions_of(db: &mut SqliteConnection, account: AccountId) -> Result<Vec<OpenSession>> {
    let rows = sqlx::query(
        "select id, browser, created_at, seen_at from sessions where account_id = ? order by seen_at desc, id desc",
    )
    .bind(account.0)
    .fetch_all(db)
    .await
    .map_err(internal)?;
    rows.iter()
        .map(|row| {
            Ok(OpenSession {
                id: SessionId(get(row, "id")?),
                browser: get(row, "browser")?,
                since: at(row, "created_at")?,
                used_at: at(row, "seen_at")?,
                is_this: false,
            })
        })
        .collect()
}

pub async fn add_session(
    db: &mut SqliteConnection,
    hash: &[u8; 32],
    account: AccountId,
    browser: &str,
    at: Timestamp,
) -> Result<SessionId> {
    let done = sqlx::query(
        "insert into sessions (secret_hash, account_id, browser, created_at, seen_at) values (?1, ?2, ?3, ?4, ?4)",
    )
    .bind(hash.as_slice())
    .bind(account.0)
    .bind(browser)
    .bind(ms(at))
    .execute(db)
    .await
    .map_err(internal)?;
    Ok(SessionId(done.last_insert_rowid()))
}

pub async fn touch_session(db: &mut SqliteConnection, hash: &[u8; 32], at: Timestamp) -> Result<()> {
    sqlx::query("update sessions set seen_at = ? where secret_hash = ?")
        .bind(ms(at))
        .bind(hash.as_slice())
        .execute(db)
        .await
        .map_err(internal)?;
    Ok(())
}

pub async fn end_sessions(db: &mut SqliteConnection, account: AccountId, sessions: Sessions) -> Result<()> {
    let (only, but) = only_and_but(sessions);
    sqlx::query("delete from sessions where account_id = ?1 and (?2 is null or id = ?2) and (?3 is null or id <> ?3)")
        .bind(account.0)
        .bind(only)
        .bind(but)
        .execute(db)
        .await
        .map_err(internal)?;
    Ok(())
}

/// As parameters: the one, where it is one; and the one that is left out.
pub fn only_and_but(sessions: Sessions) -> (Option<i64>, Option<i64>) {
    match sessions {
        Sessions::All => (None, None),
        Sessions::One(id) => (Some(id.0), None),
        Sessions::AllBut(id) => (None, Some(id.0)),
    }
}

pub async fn forget_sessions_before(db: &mut SqliteConnection, created: Timestamp, seen: Timestamp) -> Result<()> {
    sqlx::query("delete from sessions where created_at < ? or seen_at < ?")
        .bind(ms(created))
        .bind(ms(seen))
        .execute(db)
        .await
        .map_err(internal)?;
    Ok(())
}

pub async fn knows_browser(db: &mut SqliteConnection, hash: &[u8; 32], account: AccountId) -> Result<bool> {
    sqlx::query_scalar("select exists (select 1 from known_browsers where secret_hash = ? and account_id = ?)")
        .bind(hash.as_slice())
        .bind(account.0)
        .fetch_one(db)
        .await
        .map_err(internal)
}

pub async fn keep_known_browser(
    db: &mut SqliteConnection,
    hash: &[u8; 32],
    account: AccountId,
    at: Timestamp,
) -> Result<()> {
    sqlx::query(
        "insert into known_browsers (secret_hash, account_id, created_at) values (?, ?, ?)
        on conflict (secret_hash) do update set created_at = excluded.created_at",
    )
    .bind(hash.as_slice())
    .bind(account.0)
    .bind(ms(at))
    .execute(db)
    .await
    .map_err(internal)?;
    Ok(())
}

pub async fn forget_browsers_of(db: &mut SqliteConnection, account: AccountId, but: Option<&[u8; 32]>) -> Result<()> {
    sqlx::query("delete from known_browsers where account_id = ?1 and secret_hash is not ?2")
        .bind(account.0)
        .bind(but.map(<[u8; 32]>::as_slice))
        .execute(db)
        .await
        .map_err(internal)?;
    Ok(())
}

pub async fn forget_browsers_before(db: &mut SqliteConnection, before: Timestamp) -> Result<()> {
    sqlx::query("delete from known_browsers where created_at < ?")
        .bind(ms(before))
        .execute(db)
        .await
        .map_err(internal)?;
    Ok(())
}

pub async fn failures(db: &mut SqliteConnection, key: &[u8; 32], since: Timestamp) -> Result<i64> {
    sqlx::query_scalar("select count(*) from sign_in_failures where key_hash = ? and at >= ?")
        .bind(key.as_slice())
        .bind(ms(since))
        .fetch_one(db)
        .await
        .map_err(internal)
}

pub async fn add_failure(db: &mut SqliteConnection, key: &[u8; 32], at: Timestamp) -> Result<Attempt> {
    let done = sqlx::query("insert into sign_in_failures (key_hash, at) values (?, ?)")
        .bind(key.as_slice())
        .bind(ms(at))
        .execute(db)
        .await
        .map_err(internal)?;
    Ok(Attempt(done.last_insert_rowid()))
}

pub async fn drop_failure(db: &mut SqliteConnection, attempt: Attempt) -> Result<()> {
    sqlx::query("delete from sign_in_failures where id = ?")
        .bind(attempt.0)
        .execute(db)
        .await
        .map_err(internal)?;
    Ok(())
}

pub async fn forget_failures(db: &mut SqliteConnection, before: Timestamp) -> Result<()> {
    sqlx::query("delete from sign_in_failures where at < ?")
        .bind(ms(before))
        .execute(db)
        .await
        .map_err(internal)?;
    Ok(())
}

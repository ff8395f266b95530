//! Sessions of staff, and the browsers that accounts know.

use anteroom_domain::id::{AccountId, SessionId};
use anteroom_domain::view::OpenSession;
use anteroom_service::port::repository::{ReadSessions, WriteSessions};
use anteroom_service::port::{SessionRow, Sessions};
use async_trait::async_trait;
use jiff::Timestamp;

use crate::account::only;
use crate::account::to_account;
use crate::error::{Result, internal};
use crate::row::{at, get, ms};
use crate::transaction::SqliteTransaction;

#[async_trait]
impl ReadSessions for SqliteTransaction {
    async fn session(&mut self, hash: &[u8; 32]) -> Result<Option<SessionRow>> {
        let db = self.db();
        let row = sqlx::query(
            "select a.id, a.email, a.name, a.role, a.branch_id, a.zone, a.entra_id, a.language, a.active,
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

    async fn sessions_of(&mut self, account: AccountId) -> Result<Vec<OpenSession>> {
        let db = self.db();
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

    async fn knows_browser(&mut self, hash: &[u8; 32], account: AccountId) -> Result<bool> {
        let db = self.db();
        sqlx::query_scalar("select exists (select 1 from known_browsers where secret_hash = ? and account_id = ?)")
            .bind(hash.as_slice())
            .bind(account.0)
            .fetch_one(db)
            .await
            .map_err(internal)
    }
}

#[async_trait]
impl WriteSessions for SqliteTransaction {
    async fn add_session(
        &mut self,
        hash: &[u8; 32],
        account: AccountId,
        browser: &str,
        at: Timestamp,
    ) -> Result<SessionId> {
        let db = self.db();
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

    async fn touch_session(&mut self, hash: &[u8; 32], at: Timestamp) -> Result<()> {
        self.execute(
            sqlx::query("update sessions set seen_at = ? where secret_hash = ?")
                .bind(ms(at))
                .bind(hash.as_slice()),
        )
        .await
    }

    async fn end_sessions(&mut self, account: AccountId, sessions: Sessions) -> Result<()> {
        self.execute(
            sqlx::query("delete from sessions where account_id = ?1 and (?2 is null or id = ?2)")
                .bind(account.0)
                .bind(only(sessions)),
        )
        .await
    }

    async fn pass_seats_on(&mut self, from: SessionId, to: SessionId) -> Result<()> {
        self.execute(
            sqlx::query("update visits set session_id = ?2 where session_id = ?1 and left_at is null")
                .bind(from.0)
                .bind(to.0),
        )
        .await
    }

    async fn forget_sessions_before(&mut self, created: Timestamp, seen: Timestamp) -> Result<()> {
        self.execute(
            sqlx::query("delete from sessions where created_at < ? or seen_at < ?")
                .bind(ms(created))
                .bind(ms(seen)),
        )
        .await
    }

    async fn keep_known_browser(&mut self, hash: &[u8; 32], account: AccountId, at: Timestamp) -> Result<()> {
        self.execute(
            sqlx::query(
                "insert into known_browsers (secret_hash, account_id, created_at) values (?, ?, ?)
            on conflict (secret_hash) do update set created_at = excluded.created_at",
            )
            .bind(hash.as_slice())
            .bind(account.0)
            .bind(ms(at)),
        )
        .await
    }

    async fn forget_browsers_of(&mut self, account: AccountId, but: Option<&[u8; 32]>) -> Result<()> {
        self.execute(
            sqlx::query("delete from known_browsers where account_id = ?1 and secret_hash is not ?2")
                .bind(account.0)
                .bind(but.map(<[u8; 32]>::as_slice)),
        )
        .await
    }

    async fn forget_browsers_before(&mut self, before: Timestamp) -> Result<()> {
        self.execute(sqlx::query("delete from known_browsers where created_at < ?").bind(ms(before)))
            .await
    }
}

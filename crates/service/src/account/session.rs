//! Sessions: how long they live, and what ends with them. Whatever ends one (a sign-out, a new password, another role or
//! branch, an administrator) does it here, with everything that was opened in it: seats in rooms, and the sockets of pages.

use anteroom_domain::event::{EventKind, NewEvent};
use anteroom_domain::id::{AccountId, SessionId};
use anteroom_domain::view::OpenSession;
use anteroom_domain::visit::EndCause;
use jiff::{SignedDuration, Timestamp};
use tracing::instrument;

use super::attempts::WINDOW;
use crate::port::{SessionRow, Sessions};
use crate::secret::hash;
use crate::transaction::Transaction;
use crate::{Actor, Error, Result, UseCases};

/// A session that nobody used for this long is over.
const IDLE: SignedDuration = SignedDuration::from_hours(2);
/// No session is older than a working day.
const LONGEST: SignedDuration = SignedDuration::from_hours(12);
/// `seen_at` is written at most this often: a page view is not worth a disk flush.
const TOUCH: SignedDuration = SignedDuration::from_mins(1);
/// A browser in which nobody has signed in for a year is a stranger's again, as its cookie is gone.
const BROWSER: SignedDuration = SignedDuration::from_hours(365 * 24);

impl UseCases {
    /// Who has this session, if it is still good. Notes that somebody uses it.
    pub async fn session(&self, secret: &str) -> Result<Option<Actor>> {
        let now = self.now();
        let secret_hash = hash(secret);
        let Some(row) = self.good_session(&secret_hash, now).await? else {
            return Ok(None);
        };
        if now >= row.seen_at + TOUCH
            && let Err(error) = self.touch(&secret_hash, now).await
        {
            // Where nothing can be written (a full disk), what is stored can still be looked at.
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "that a session is in use could not be noted"
            );
        }
        Ok(Some(Actor::of_session(row.account, row.id)))
    }

    /// The same for what runs by itself, such as the socket of a page that nobody may be looking at: it does not count as
    /// use, or a session would never be over while a page is open.
    pub async fn session_at_rest(&self, secret: &str) -> Result<Option<Actor>> {
        let row = self.good_session(&hash(secret), self.now()).await?;
        Ok(row.map(|row| Actor::of_session(row.account, row.id)))
    }

    async fn good_session(&self, secret_hash: &[u8; 32], now: Timestamp) -> Result<Option<SessionRow>> {
        let row = self.0.store.read().await?.session(secret_hash).await?;
        Ok(row.filter(|row| row.account.active && is_good(now, row.created_at, row.seen_at)))
    }

    async fn touch(&self, secret_hash: &[u8; 32], now: Timestamp) -> Result<()> {
        let mut tx = self.begin(&Actor::system()).await?;
        tx.touch_session(secret_hash, now).await?;
        tx.commit().await
    }

    /// Where this person is signed in, this session first.
    #[instrument(skip_all)]
    pub async fn open_sessions(&self, actor: &Actor) -> Result<Vec<OpenSession>> {
        let staff = actor.staff()?;
        let now = self.now();
        let mut sessions = self.read(actor).await?.sessions_of(staff.account().id).await?;
        sessions.retain(|session| is_good(now, session.since, session.used_at));
        for session in &mut sessions {
            session.is_this = staff.session() == Some(session.id);
        }
        sessions.sort_by_key(|session| !session.is_this);
        Ok(sessions)
    }

    /// Ends the session with this secret. Its owner's seats that were taken in it, or in sessions that are over, end
    /// too. A secret of no session changes nothing.
    #[instrument(skip_all)]
    pub async fn sign_out(&self, secret: &str) -> Result<()> {
        let mut tx = self.begin(&Actor::system()).await?;
        self.end_session_in(&mut tx, &hash(secret)).await?;
        tx.commit().await
    }

    /// Ends one of one's own, in whichever browser it is.
    #[instrument(skip_all)]
    pub async fn end_own_session(&self, actor: &Actor, session: SessionId) -> Result<()> {
        let staff = actor.staff()?;
        let account = staff.account().id;
        let mut tx = self.begin(actor).await?;
        let mut sessions = tx.sessions_of(account).await?.into_iter();
        if !sessions.any(|open| open.id == session) {
            return Err(Error::NotFound);
        }
        self.end_sessions_in(&mut tx, account, Sessions::One(session), EndCause::Left)
            .await?;
        tx.commit().await
    }

    /// Ends every session of this account, this one included. No browser is known to it any more but the one in which this
    /// was done: whoever guesses at this account meanwhile must not lock its owner out.
    #[instrument(skip_all)]
    pub async fn sign_out_everywhere(&self, actor: &Actor, browser: Option<&str>) -> Result<()> {
        let staff = actor.staff()?;
        let account = staff.account().id;
        let mut tx = self.begin(actor).await?;
        self.end_sessions_in(&mut tx, account, Sessions::All, EndCause::Left)
            .await?;
        tx.forget_browsers_of(account, browser.map(hash).as_ref()).await?;
        let event = NewEvent::new(self.now(), EventKind::SignedOutEverywhere);
        tx.record(event).await?;
        tx.commit().await
    }

    /// The session with this secret, where there is one.
    pub(super) async fn end_session_in(&self, tx: &mut Transaction, secret_hash: &[u8; 32]) -> Result<()> {
        let Some(row) = tx.session(secret_hash).await? else {
            return Ok(());
        };
        self.end_sessions_in(tx, row.account.id, Sessions::One(row.id), EndCause::Left)
            .await
    }

    /// Ends the one that this browser had. Whoever signs in again in the middle of a meeting stays in it; whoever it was
    /// before, where it was somebody else, does not.
    pub(super) async fn replace_session_in(
        &self,
        tx: &mut Transaction,
        before: &[u8; 32],
        account: AccountId,
        session: SessionId,
    ) -> Result<()> {
        if let Some(row) = tx.session(before).await?
            && row.account.id == account
        {
            tx.pass_seats_on(row.id, session).await?;
        }
        self.end_session_in(tx, before).await
    }

    /// Ends sessions of an account, with the seats that were taken in them.
    pub(crate) async fn end_sessions_in(
        &self,
        tx: &mut Transaction,
        account: AccountId,
        sessions: Sessions,
        cause: EndCause,
    ) -> Result<()> {
        for visit in tx.open_visits_of(account, sessions).await? {
            self.end_visit(tx, visit, self.now(), cause).await?;
        }
        tx.end_sessions(account, sessions).await
    }

    pub(crate) async fn forget_old_sessions(&self) -> Result<()> {
        let now = self.now();
        let mut tx = self.begin(&Actor::system()).await?;
        tx.forget_sessions_before(now - LONGEST, now - IDLE).await?;
        tx.forget_sign_in_failures(now - WINDOW).await?;
        tx.forget_browsers_before(now - BROWSER).await?;
        tx.commit().await
    }
}

fn is_good(now: Timestamp, created_at: Timestamp, seen_at: Timestamp) -> bool {
    now < seen_at + IDLE && now < created_at + LONGEST
}

//! Sessions: how long they live, and what ends with them. Whatever ends one (a sign-out, a new password, another role or
//! branch, an administrator) does it here, with everything that was opened in it: seats in rooms, and the sockets of pages.

use anteroom_domain::consultation::Consultation;
use anteroom_domain::event::{EventKind, NewEvent};
use anteroom_domain::id::{AccountId, SessionId};
use anteroom_domain::view::OpenSession;
use anteroom_domain::visit::{EndCause, Visit};
use jiff::{SignedDuration, Timestamp};

use super::attempts::WINDOW;
use crate::port::{Change, SessionRow, Sessions, Writes};
use crate::secret::hash;
use crate::{Error, Result, Staff, UseCases};

/// A session that nobody used for this long is over.
const IDLE: SignedDuration = SignedDuration::from_hours(2);
/// No session is older than a working day.
const LONGEST: SignedDuration = SignedDuration::from_hours(12);
/// `seen_at` is written at most this often: a page view is not worth a disk flush.
const TOUCH: SignedDuration = SignedDuration::from_mins(1);
/// A browser in which nobody has signed in for a year is a stranger's again, as its cookie is gone.
const BROWSER: SignedDuration = SignedDuration::from_hours(365 * 24);

/// What is still to be done about sessions that have ended, once that is stored.
#[must_use]
pub(crate) struct Ended {
    account: AccountId,
    seats: Vec<(Consultation, Visit)>,
}

impl UseCases {
    /// Who has this session, if it is still good. Notes that somebody uses it.
    pub async fn session(&self, secret: &str) -> Result<Option<Staff>> {
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
        Ok(Some(Staff::of_session(row.account, row.id)))
    }

    /// The same for what runs by itself, such as the socket of a page that nobody may be looking at: it does not count as
    /// use, or a session would never be over while a page is open.
    pub async fn session_at_rest(&self, secret: &str) -> Result<Option<Staff>> {
        let row = self.good_session(&hash(secret), self.now()).await?;
        Ok(row.map(|row| Staff::of_session(row.account, row.id)))
    }

    async fn good_session(&self, secret_hash: &[u8; 32], now: Timestamp) -> Result<Option<SessionRow>> {
        let row = self.0.store.read().await?.session(secret_hash).await?;
        Ok(row.filter(|row| row.account.active && is_good(now, row.created_at, row.seen_at)))
    }

    async fn touch(&self, secret_hash: &[u8; 32], now: Timestamp) -> Result<()> {
        let mut writes = self.0.store.write().await?;
        writes.touch_session(secret_hash, now).await?;
        Ok(writes.commit().await?)
    }

    /// Where this person is signed in, this session first.
    pub async fn open_sessions(&self, staff: &Staff) -> Result<Vec<OpenSession>> {
        let now = self.now();
        let mut sessions = self.0.store.read().await?.sessions_of(staff.account().id).await?;
        sessions.retain(|session| is_good(now, session.since, session.used_at));
        for session in &mut sessions {
            session.is_this = staff.session() == Some(session.id);
        }
        sessions.sort_by_key(|session| !session.is_this);
        Ok(sessions)
    }

    pub async fn sign_out(&self, secret: &str) -> Result<()> {
        let mut writes = self.0.store.write().await?;
        let ended = self.end_session_in(writes.as_mut(), &hash(secret)).await?;
        writes.commit().await?;
        self.see_sessions_out(ended).await;
        Ok(())
    }

    /// Ends one of one's own, in whichever browser it is.
    pub async fn end_own_session(&self, staff: &Staff, session: SessionId) -> Result<()> {
        let account = staff.account().id;
        let mut writes = self.0.store.write().await?;
        let mut sessions = writes.sessions_of(account).await?.into_iter();
        if !sessions.any(|open| open.id == session) {
            return Err(Error::NotFound);
        }
        let ended = self
            .end_sessions_in(writes.as_mut(), account, Sessions::One(session), EndCause::Left)
            .await?;
        writes.commit().await?;
        self.see_sessions_out(Some(ended)).await;
        Ok(())
    }

    /// Ends every session of this account, this one included. No browser is known to it any more but the one in which this
    /// was done: whoever guesses at this account meanwhile must not lock its owner out.
    pub async fn sign_out_everywhere(&self, staff: &Staff, browser: Option<&str>) -> Result<()> {
        let account = staff.account().id;
        let mut writes = self.0.store.write().await?;
        let ended = self
            .end_sessions_in(writes.as_mut(), account, Sessions::All, EndCause::Left)
            .await?;
        writes.forget_browsers_of(account, browser.map(hash).as_ref()).await?;
        let event = NewEvent::new(self.now(), EventKind::SignedOutEverywhere).by(Some(account));
        writes.append(event).await?;
        writes.commit().await?;
        self.see_sessions_out(Some(ended)).await;
        Ok(())
    }

    /// The session with this secret, where there is one.
    pub(super) async fn end_session_in(
        &self,
        writes: &mut dyn Writes,
        secret_hash: &[u8; 32],
    ) -> Result<Option<Ended>> {
        let Some(row) = writes.session(secret_hash).await? else {
            return Ok(None);
        };
        let ended = self
            .end_sessions_in(writes, row.account.id, Sessions::One(row.id), EndCause::Left)
            .await?;
        Ok(Some(ended))
    }

    /// Ends the one that this browser had. Whoever signs in again in the middle of a meeting stays in it; whoever it was
    /// before, where it was somebody else, does not.
    pub(super) async fn replace_session_in(
        &self,
        writes: &mut dyn Writes,
        before: &[u8; 32],
        account: AccountId,
        session: SessionId,
    ) -> Result<Option<Ended>> {
        if let Some(row) = writes.session(before).await?
            && row.account.id == account
        {
            writes.pass_seats_on(row.id, session).await?;
        }
        self.end_session_in(writes, before).await
    }

    /// Ends them with the seats that were taken in them. After the commit, [`UseCases::see_sessions_out`] does the rest.
    pub(crate) async fn end_sessions_in(
        &self,
        writes: &mut dyn Writes,
        account: AccountId,
        sessions: Sessions,
        cause: EndCause,
    ) -> Result<Ended> {
        let seats = self.end_visits_of(writes, account, sessions, cause).await?;
        writes.end_sessions(account, sessions).await?;
        Ok(Ended { account, seats })
    }

    /// Tells the rooms and the open pages.
    pub(crate) async fn see_sessions_out(&self, ended: Option<Ended>) {
        let Some(Ended { account, seats }) = ended else { return };
        self.0.bus.announce(Change::Sessions(account));
        self.see_out(seats).await;
    }

    pub(crate) async fn forget_old_sessions(&self) -> Result<()> {
        let now = self.now();
        let mut writes = self.0.store.write().await?;
        writes.forget_sessions_before(now - LONGEST, now - IDLE).await?;
        writes.forget_sign_in_failures(now - WINDOW).await?;
        writes.forget_browsers_before(now - BROWSER).await?;
        Ok(writes.commit().await?)
    }
}

fn is_good(now: Timestamp, created_at: Timestamp, seen_at: Timestamp) -> bool {
    now < seen_at + IDLE && now < created_at + LONGEST
}

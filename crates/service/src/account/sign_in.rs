use anteroom_domain::account::check_password;
use anteroom_domain::event::{Happening, NewEvent};
use anteroom_domain::form::FieldErrors;
use anteroom_domain::id::AccountId;
use anteroom_domain::visit::EndCause;
use jiff::{SignedDuration, Timestamp};

use super::attempts::{WINDOW, take_back};
use crate::port::{Change, SessionRow, Writes};
use crate::secret::{Secret, hash};
use crate::{Error, Result, Services, Staff};

/// A session that nobody used for this long is over.
const IDLE: SignedDuration = SignedDuration::from_hours(2);
/// No session is older than a working day.
const LONGEST: SignedDuration = SignedDuration::from_hours(12);
/// `seen_at` is written at most this often: a page view is not worth a disk flush.
const TOUCH: SignedDuration = SignedDuration::from_mins(1);

/// A browser in which nobody has signed in for a year is a stranger's again, as its cookie is gone.
const BROWSER: SignedDuration = SignedDuration::from_hours(365 * 24);

#[derive(Debug)]
pub struct SignedIn {
    pub staff: Staff,
    /// For the session cookie.
    pub session: Secret,
    /// For a long-lived cookie by which this browser is known again.
    pub browser: Secret,
}

#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    #[error("This e-mail address and password don't belong together.")]
    Wrong,
    #[error("Too many attempts. Wait {minutes} minutes and try again.")]
    TooMany { minutes: i64 },
    #[error("Many people are signing in at this moment. Try again in a few seconds.")]
    Busy,
    #[error(transparent)]
    Other(#[from] Error),
}

impl From<crate::port::StoreError> for SignInError {
    fn from(error: crate::port::StoreError) -> Self {
        Self::Other(error.into())
    }
}

impl Services {
    /// Signs in. `network` is where the request comes from (an address, or an IPv6 /64); `browser` what the cookie of
    /// known browsers says; `before` the session that this browser had, which ends here.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        network: &str,
        browser: Option<&str>,
        before: Option<&str>,
    ) -> Result<SignedIn, SignInError> {
        let email = email.trim().to_lowercase();
        let mut reads = self.0.store.read().await?;
        let found = reads
            .account_by_email(&email)
            .await?
            .filter(|found| found.account.active);
        let browser = browser.map(Secret::given);
        let known = match (&found, browser) {
            (Some(found), Some(secret)) if reads.knows_browser(&secret.hash(), found.account.id).await? => Some(secret),
            _ => None,
        };
        drop(reads);
        let known_hash = known.as_ref().map(Secret::hash);
        let queue = &self.0.hashing;
        let place = match &known_hash {
            Some(hash) => queue.enter(&format!("{hash:?}")),
            None => queue.enter(network),
        };
        let _place = place.ok_or(SignInError::Busy)?;
        let reserved = match &known_hash {
            Some(hash) => self.reserve_known(hash, &email).await?,
            None => self.reserve_from(network, &email).await?,
        };
        let reserved = reserved.ok_or(SignInError::TooMany {
            minutes: WINDOW.as_mins(),
        })?;
        let hash_of_account = found.as_ref().map(|found| found.password_hash.clone());
        if !self.password_matches(password, hash_of_account.clone()).await? {
            return Err(SignInError::Wrong);
        }
        let now = self.now();
        let mut writes = self.0.store.write().await?;
        // Hashing takes its time: a password that was changed meanwhile, or an account that was switched off, is so.
        let still = writes.account_by_email(&email).await?;
        let still =
            still.filter(|still| still.account.active && Some(&still.password_hash) == hash_of_account.as_ref());
        let account = still.ok_or(SignInError::Wrong)?.account;
        take_back(writes.as_mut(), reserved).await?;
        let session = self.secret();
        let browser = known.unwrap_or_else(|| self.secret());
        if let Some(before) = before {
            writes.end_session(&hash(before)).await?;
        }
        writes.add_session(&session.hash(), account.id, now).await?;
        writes.keep_known_browser(&browser.hash(), account.id, now).await?;
        writes
            .append(NewEvent::new(now, Happening::SignedIn).by(Some(account.id)))
            .await?;
        writes.commit().await?;
        Ok(SignedIn {
            staff: Staff::vouched(account),
            session,
            browser,
        })
    }

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
        Ok(Some(Staff::vouched(row.account)))
    }

    /// The same for what runs by itself, such as the socket of a page that nobody may be looking at: it does not count as
    /// use, or a session would never be over while a page is open.
    pub async fn session_at_rest(&self, secret: &str) -> Result<Option<Staff>> {
        let row = self.good_session(&hash(secret), self.now()).await?;
        Ok(row.map(|row| Staff::vouched(row.account)))
    }

    async fn good_session(&self, secret_hash: &[u8; 32], now: Timestamp) -> Result<Option<SessionRow>> {
        let row = self.0.store.read().await?.session(secret_hash).await?;
        Ok(row.filter(|row| row.account.active && now < row.seen_at + IDLE && now < row.created_at + LONGEST))
    }

    async fn touch(&self, secret_hash: &[u8; 32], now: Timestamp) -> Result<()> {
        let mut writes = self.0.store.write().await?;
        writes.touch_session(secret_hash, now).await?;
        Ok(writes.commit().await?)
    }

    pub async fn sign_out(&self, secret: &str) -> Result<()> {
        let mut writes = self.0.store.write().await?;
        writes.end_session(&hash(secret)).await?;
        Ok(writes.commit().await?)
    }

    /// Ends every session of this account, this one included, and with them what it sits in; and no browser is known to it
    /// any more.
    pub async fn sign_out_everywhere(&self, staff: &Staff) -> Result<()> {
        let account = staff.account().id;
        let mut writes = self.0.store.write().await?;
        writes.end_sessions_of(account).await?;
        writes.forget_browsers_of(account).await?;
        let ended = self.end_visits_of(writes.as_mut(), account, EndCause::Left).await?;
        let event = NewEvent::new(self.now(), Happening::SignedOutEverywhere).by(Some(account));
        writes.append(event).await?;
        writes.commit().await?;
        self.0.bus.announce(Change::Sessions(account));
        self.see_out(ended).await;
        Ok(())
    }

    /// A new password for oneself; every session ends.
    pub async fn change_password(&self, staff: &Staff, current: &str, new: &str) -> Result<()> {
        const WRONG: &str = "This is not your current password.";
        let wrong = || Error::Invalid(FieldErrors::one("current", WRONG));
        check_password(new).map_err(|sentence| Error::Invalid(FieldErrors::one("new", sentence)))?;
        let account = staff.account();
        let found = self
            .0
            .store
            .read()
            .await?
            .account_by_email(&account.email)
            .await?
            .ok_or(Error::NotFound)?;
        let busy = || Error::TooMany("The server is busy. Try again in a few seconds.".to_owned());
        let _place = self.0.hashing.enter(&account.email).ok_or_else(busy)?;
        let reserved = self.reserve_own(&account.email).await?.ok_or_else(|| {
            let minutes = WINDOW.as_mins();
            Error::TooMany(format!("Too many attempts. Wait {minutes} minutes and try again."))
        })?;
        let before = found.password_hash;
        if !self.password_matches(current, Some(before.clone())).await? {
            return Err(wrong());
        }
        let hash = self.hash(new).await?;
        let now = self.now();
        let mut writes = self.0.store.write().await?;
        let still = writes.account_by_email(&account.email).await?;
        if still.is_none_or(|still| still.password_hash != before) {
            return Err(wrong());
        }
        take_back(writes.as_mut(), reserved).await?;
        self.set_password_in(writes.as_mut(), account.id, &hash).await?;
        for happening in [
            Happening::PasswordSet { account: account.id },
            Happening::SignedOutEverywhere,
        ] {
            writes
                .append(NewEvent::new(now, happening).by(Some(account.id)))
                .await?;
        }
        Ok(writes.commit().await?)
    }

    /// Whoever is in under the old password is out.
    pub(crate) async fn set_password_in(&self, writes: &mut dyn Writes, account: AccountId, hash: &str) -> Result<()> {
        writes.set_password(account, hash).await?;
        writes.end_sessions_of(account).await?;
        Ok(writes.forget_browsers_of(account).await?)
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

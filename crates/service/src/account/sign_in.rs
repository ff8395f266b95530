use anteroom_domain::account::check_password;
use anteroom_domain::event::{Happening, NewEvent};
use anteroom_domain::form::FieldErrors;
use jiff::{SignedDuration, Timestamp};

use crate::secret::{Secret, hash};
use crate::{Error, Result, Services, Staff};

/// A session that nobody used for this long is over.
const IDLE: SignedDuration = SignedDuration::from_hours(2);
/// No session is older than a working day.
const LONGEST: SignedDuration = SignedDuration::from_hours(12);
/// `seen_at` is written at most this often: a page view is not worth a disk flush.
const TOUCH: SignedDuration = SignedDuration::from_mins(1);

/// Failures are counted over this long.
const WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// Someone who mistypes tries a handful of times; a guesser from one network gets 40 guesses an hour at one account.
const PER_ACCOUNT_AND_NETWORK: i64 = 10;
/// A branch behind one address has many clerks.
const PER_NETWORK: i64 = 100;
/// Guessing spread over many networks. Past it, only browsers that have signed in to this account before may try: the
/// clerk at the usual desk is not locked out by strangers.
const PER_ACCOUNT: i64 = 50;

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
        let now = self.now();
        let by_both = hash(&format!("both|{network}|{email}"));
        let by_network = hash(&format!("network|{network}"));
        let by_account = hash(&format!("account|{email}"));
        let mut reads = self.0.store.read().await?;
        let found = reads
            .account_by_email(&email)
            .await?
            .filter(|found| found.account.active);
        let known = match (&found, browser) {
            (Some(found), Some(secret)) => reads.knows_browser(&hash(secret), found.account.id).await?,
            _ => false,
        };
        let since = now - WINDOW;
        let too_many = reads.sign_in_failures(&by_both, since).await? >= PER_ACCOUNT_AND_NETWORK
            || reads.sign_in_failures(&by_network, since).await? >= PER_NETWORK
            || (!known && reads.sign_in_failures(&by_account, since).await? >= PER_ACCOUNT);
        drop(reads);
        if too_many {
            return Err(SignInError::TooMany {
                minutes: WINDOW.as_mins(),
            });
        }
        let hash_of_account = found.as_ref().map(|found| found.password_hash.clone());
        let right = self.password_matches(password, hash_of_account).await?;
        let mut writes = self.0.store.write().await?;
        let Some(found) = found.filter(|_| right) else {
            for key in [by_both, by_network, by_account] {
                writes.add_sign_in_failure(&key, now).await?;
            }
            writes.forget_sign_in_failures(since).await?;
            writes.commit().await?;
            return Err(SignInError::Wrong);
        };
        let (session, new_browser) = (self.secret(), self.secret());
        if let Some(before) = before {
            writes.end_session(&hash(before)).await?;
        }
        writes.add_session(&session.hash(), found.account.id, now).await?;
        writes
            .add_known_browser(&new_browser.hash(), found.account.id, now)
            .await?;
        writes
            .append(NewEvent::new(now, Happening::SignedIn).by(Some(found.account.id)))
            .await?;
        writes.commit().await?;
        Ok(SignedIn {
            staff: Staff::vouched(found.account),
            session,
            browser: new_browser,
        })
    }

    /// Who has this session, if it is still good.
    pub async fn session(&self, secret: &str) -> Result<Option<Staff>> {
        let now = self.now();
        let secret_hash = hash(secret);
        let row = self.0.store.read().await?.session(&secret_hash).await?;
        let Some(row) =
            row.filter(|row| row.account.active && now < row.seen_at + IDLE && now < row.created_at + LONGEST)
        else {
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

    /// Ends every session of this account, this one included.
    pub async fn sign_out_everywhere(&self, staff: &Staff) -> Result<()> {
        let mut writes = self.0.store.write().await?;
        writes.end_sessions_of(staff.account().id).await?;
        let event = NewEvent::new(self.now(), Happening::SignedOutEverywhere).by(Some(staff.account().id));
        writes.append(event).await?;
        Ok(writes.commit().await?)
    }

    /// A new password for oneself; every session ends.
    pub async fn change_password(&self, staff: &Staff, current: &str, new: &str) -> Result<()> {
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
        if !self.password_matches(current, Some(found.password_hash)).await? {
            return Err(Error::Invalid(FieldErrors::one(
                "current",
                "This is not your current password.",
            )));
        }
        let hash = self.hash(new).await?;
        let mut writes = self.0.store.write().await?;
        writes.set_password(account.id, &hash).await?;
        writes.end_sessions_of(account.id).await?;
        writes
            .append(NewEvent::new(self.now(), Happening::SignedOutEverywhere).by(Some(account.id)))
            .await?;
        Ok(writes.commit().await?)
    }

    pub(crate) async fn forget_old_sessions(&self) -> Result<()> {
        let now = self.now();
        let mut writes = self.0.store.write().await?;
        writes.forget_sessions_before(now - LONGEST, now - IDLE).await?;
        writes.forget_sign_in_failures(now - WINDOW).await?;
        Ok(writes.commit().await?)
    }
}

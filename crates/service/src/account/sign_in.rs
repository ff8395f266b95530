use anteroom_domain::account::check_password;
use anteroom_domain::event::{Happening, NewEvent};
use anteroom_domain::form::FieldErrors;
use anteroom_domain::guest::email_key;
use anteroom_domain::visit::EndCause;

use super::attempts::{WINDOW, take_back};
use crate::port::Sessions;
use crate::secret::{Secret, hash};
use crate::{Error, Result, Services, Staff};

/// What is asked from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Browser<'a> {
    /// What the cookie of known browsers says.
    pub secret: Option<&'a str>,
    /// What it calls itself, in a few words.
    pub name: &'a str,
}

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
    /// Signs in. `network` is where the request comes from (an address, or an IPv6 /64); `before` the session that this
    /// browser had, which ends here.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        network: &str,
        browser: Browser<'_>,
        before: Option<&str>,
    ) -> Result<SignedIn, SignInError> {
        let email = email_key(email);
        let mut reads = self.0.store.read().await?;
        let found = reads
            .account_by_email(&email)
            .await?
            .filter(|found| found.account.active);
        let known = match (&found, browser.secret.map(Secret::given)) {
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
        let tried = found.as_ref().map(|found| found.account.id);
        let reserved = match &known_hash {
            Some(hash) => self.reserve_known(hash, &email, tried).await?,
            None => self.reserve_from(network, &email, tried).await?,
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
        let known = known.unwrap_or_else(|| self.secret());
        let id = writes
            .add_session(&session.hash(), account.id, browser.name, now)
            .await?;
        let ended = match before {
            Some(before) => {
                self.replace_session_in(writes.as_mut(), &hash(before), account.id, id)
                    .await?
            }
            None => None,
        };
        writes.keep_known_browser(&known.hash(), account.id, now).await?;
        writes
            .append(NewEvent::new(now, Happening::SignedIn).by(Some(account.id)))
            .await?;
        writes.commit().await?;
        self.see_sessions_out(ended).await;
        Ok(SignedIn {
            staff: Staff::of_session(account, id),
            session,
            browser: known,
        })
    }

    /// A new password for oneself; every session ends. The browser in which it was done stays known.
    pub async fn change_password(&self, staff: &Staff, browser: Option<&str>, current: &str, new: &str) -> Result<()> {
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
        let reserved = self.reserve_own(account).await?.ok_or_else(|| {
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
        writes.set_password(account.id, &hash).await?;
        let ended = self
            .end_sessions_in(writes.as_mut(), account.id, Sessions::All, EndCause::Left)
            .await?;
        writes
            .forget_browsers_of(account.id, browser.map(crate::secret::hash).as_ref())
            .await?;
        for happening in [
            Happening::PasswordSet { account: account.id },
            Happening::SignedOutEverywhere,
        ] {
            writes
                .append(NewEvent::new(now, happening).by(Some(account.id)))
                .await?;
        }
        writes.commit().await?;
        self.see_sessions_out(Some(ended)).await;
        Ok(())
    }
}

use anteroom_domain::account::Account;
use anteroom_domain::event::{EventActor, EventKind, NewEvent};
use anteroom_domain::guest::email_key;
use anteroom_domain::refusal::AccountRefusal;
use anteroom_domain::text;
use anteroom_domain::value::Password;
use anteroom_domain::visit::EndCause;
use tracing::instrument;

use super::attempts::{WINDOW, withdraw};
use super::create::Chosen;
use super::password::check_chosen;
use crate::port::{NewPassword, Sessions};
use crate::secret::{Secret, hash};
use crate::{Actor, Error, Result, UseCases};

/// What is asked from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Browser<'a> {
    /// What the cookie of known browsers says.
    pub secret: Option<&'a str>,
    /// What it calls itself, in a few words.
    pub name: &'a str,
}

/// Somebody at the sign-in page.
#[derive(Clone, Copy)]
pub struct SignIn<'a> {
    /// The e-mail address, as it was typed. The account is looked up by its [`email_key`].
    pub email: &'a str,
    /// The password, as it was typed.
    pub password: &'a str,
    /// Where theirs was given to them: the one that they choose. Empty where they were not asked yet.
    pub own: &'a str,
    /// Where the request comes from (an address, or an IPv6 /64).
    pub network: &'a str,
    /// The browser from which they sign in.
    pub browser: Browser<'a>,
    /// The session that this browser had, which ends here.
    pub before: Option<&'a str>,
}

/// Somebody who has just signed in, and the secrets that their browser keeps from now on.
#[derive(Debug)]
pub struct SignedIn {
    /// The member of staff, in the new session.
    pub actor: Actor,
    /// For the session cookie.
    pub session: Secret,
    /// For a long-lived cookie by which this browser is known again.
    pub browser: Secret,
}

/// The reason why somebody is not signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The password is wrong, or no account that may be used has the address: whoever asks can't tell which.
    #[error("wrong address or password")]
    Wrong,
    /// Too many attempts were made: in this browser, from this network or at this account.
    #[error("too many attempts")]
    TooMany {
        /// How long attempts count, in minutes. Whoever waits that long may try again.
        minutes: i64,
    },
    /// The password is right, and was given to them.
    #[error("the password is another's choice")]
    Given,
    /// Too many sign in at this moment.
    #[error("busy")]
    Busy,
    /// Anything else: the password that they chose for themselves is refused with [`Error::Account`], or the server
    /// failed.
    #[error(transparent)]
    Other(#[from] Error),
}

impl From<AccountRefusal> for SignInError {
    fn from(refusal: AccountRefusal) -> Self {
        Self::Other(refusal.into())
    }
}

/// One's own password, to be another from now on.
pub struct ChangePassword<'a> {
    /// The secret of the browser in which it is done: it stays known.
    pub browser: Option<&'a str>,
    /// The present password, as it was typed. If it is wrong, the change is refused with
    /// [`AccountRefusal::WrongPassword`].
    pub current: &'a str,
    /// The password from now on. One that is easy to guess is refused with [`AccountRefusal::PasswordGuessable`].
    pub new: Password,
}

impl From<crate::port::StoreError> for SignInError {
    fn from(error: crate::port::StoreError) -> Self {
        Self::Other(error.into())
    }
}

impl UseCases {
    /// Signs in. Whoever has a password that was given to them chooses their own with it.
    #[instrument(skip_all)]
    pub async fn sign_in(&self, asked: SignIn<'_>) -> Result<SignedIn, SignInError> {
        let SignIn {
            email,
            password,
            own,
            network,
            browser,
            before,
        } = asked;
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
        let hash_of_account = found.as_ref().and_then(|found| found.password_hash.clone());
        if !self.password_matches(password, hash_of_account.clone()).await? {
            return Err(SignInError::Wrong);
        }
        let chosen = match found.filter(|found| found.password_is_given) {
            None => None,
            Some(found) => match self.choose(&found.account, password, own).await {
                Ok(chosen) => Some(chosen),
                Err(error) => {
                    let mut tx = self.begin(&Actor::system()).await?;
                    withdraw(&mut tx, reserved).await?;
                    tx.commit().await?;
                    return Err(error);
                }
            },
        };
        let now = self.now();
        let mut tx = self.begin(&Actor::system()).await?;
        // Hashing takes its time: a password that was changed meanwhile, or an account that was switched off, is so.
        let still = tx.account_by_email(&email).await?;
        let still = still.filter(|still| still.account.active && still.password_hash == hash_of_account);
        let account = still.ok_or(SignInError::Wrong)?.account;
        tx.acts(EventActor::Staff(account.id));
        withdraw(&mut tx, reserved).await?;
        if let Some(chosen) = &chosen {
            tx.set_password(account.id, chosen).await?;
            let set = EventKind::PasswordSet { account: account.id };
            tx.record(NewEvent::new(now, set)).await?;
        }
        let session = self.secret();
        let known = known.unwrap_or_else(|| self.secret());
        let id = tx.add_session(&session.hash(), account.id, browser.name, now).await?;
        if let Some(before) = before {
            self.replace_session_in(&mut tx, &hash(before), account.id, id).await?;
        }
        tx.keep_known_browser(&known.hash(), account.id, now).await?;
        tx.record(NewEvent::new(now, EventKind::SignedIn)).await?;
        tx.commit().await?;
        Ok(SignedIn {
            actor: Actor::of_session(account, id),
            session,
            browser: known,
        })
    }

    /// The password that somebody chooses instead of the one that was given to them.
    async fn choose(&self, account: &Account, given: &str, own: &str) -> Result<NewPassword, SignInError> {
        if own.is_empty() {
            return Err(SignInError::Given);
        }
        if text::password(own) == text::password(given) {
            return Err(AccountRefusal::SamePassword.into());
        }
        let own: Password = own.parse().map_err(AccountRefusal::Password)?;
        check_chosen(&own, &[&account.email, &account.name])?;
        Ok(self.new_password(&own, Chosen::ByOwner).await?)
    }

    /// A new password for oneself; every session ends. The browser in which it was done stays known.
    #[instrument(skip_all)]
    pub async fn change_password(&self, actor: &Actor, command: ChangePassword<'_>) -> Result<()> {
        let staff = actor.staff()?;
        let ChangePassword { browser, current, new } = command;
        let wrong = || Error::from(AccountRefusal::WrongPassword);
        let account = staff.account();
        check_chosen(&new, &[&account.email, &account.name])?;
        let found = self
            .0
            .store
            .read()
            .await?
            .account_by_email(&account.email)
            .await?
            .ok_or(Error::NotFound)?;
        let _place = self.0.hashing.enter(&account.email).ok_or(Error::Busy)?;
        let reserved = self.reserve_own(account).await?.ok_or(Error::TooManyAttempts {
            minutes: WINDOW.as_mins(),
        })?;
        let before = found.password_hash;
        if !self.password_matches(current, before.clone()).await? {
            return Err(wrong());
        }
        let password = self.new_password(&new, Chosen::ByOwner).await?;
        let now = self.now();
        let mut tx = self.begin(actor).await?;
        let still = tx.account_by_email(&account.email).await?;
        if still.is_none_or(|still| still.password_hash != before) {
            return Err(wrong());
        }
        withdraw(&mut tx, reserved).await?;
        tx.set_password(account.id, &password).await?;
        self.end_sessions_in(&mut tx, account.id, Sessions::All, EndCause::Left)
            .await?;
        tx.forget_browsers_of(account.id, browser.map(crate::secret::hash).as_ref())
            .await?;
        for kind in [
            EventKind::PasswordSet { account: account.id },
            EventKind::SignedOutEverywhere,
        ] {
            tx.record(NewEvent::new(now, kind)).await?;
        }
        tx.commit().await
    }
}

//! How often somebody may try a password. An attempt is written down before it is looked at, in the transaction that
//! counts those before it, so that of many at once no more are tried than of as many one after another; the right
//! password takes its line back.

use anteroom_domain::account::Account;
use anteroom_domain::event::{EventKind, NewEvent};
use anteroom_domain::id::AccountId;
use jiff::{SignedDuration, Timestamp};

use crate::port::{Attempt, Reads};
use crate::secret::hash;
use crate::transaction::Transaction;
use crate::{Actor, Result, UseCases};

/// Attempts are counted over this long.
pub const WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// Someone who mistypes tries a handful of times; a guesser from one network gets 40 guesses an hour at one account.
const PER_ACCOUNT_AND_NETWORK: i64 = 10;
/// A branch behind one address has many clerks.
const PER_NETWORK: i64 = 100;
/// Guessing spread over many networks. Past it, only browsers that have signed in to this account before may try.
const PER_ACCOUNT: i64 = 50;
/// What one known browser, or one person who is signed in, gets wrong. Strangers behind the same address or at the same
/// account do not count against them.
const OF_ONE: i64 = 10;

/// Too many, or not.
pub type Reserved = Option<Vec<Attempt>>;

impl UseCases {
    /// Signing in from a browser that this account does not know.
    pub(super) async fn reserve_from(
        &self,
        network: &str,
        email: &str,
        account: Option<AccountId>,
    ) -> Result<Reserved> {
        let keys = [
            (format!("both|{network}|{email}"), PER_ACCOUNT_AND_NETWORK),
            (format!("network|{network}"), PER_NETWORK),
            (format!("account|{email}"), PER_ACCOUNT),
        ];
        self.reserve(&keys, account).await
    }

    /// From one that it does: `browser` is the hash of what its cookie holds.
    pub(super) async fn reserve_known(
        &self,
        browser: &[u8; 32],
        email: &str,
        account: Option<AccountId>,
    ) -> Result<Reserved> {
        let browser: String = browser.iter().map(|byte| format!("{byte:02x}")).collect();
        self.reserve(&[(format!("browser|{browser}|{email}"), OF_ONE)], account)
            .await
    }

    /// Changing the password of the account that is signed in.
    pub(super) async fn reserve_own(&self, account: &Account) -> Result<Reserved> {
        let key = format!("own|{}", account.email);
        self.reserve(&[(key, OF_ONE)], Some(account.id)).await
    }

    /// `account` is the one whose password is tried, where there is one.
    async fn reserve(&self, keys: &[(String, i64)], account: Option<AccountId>) -> Result<Reserved> {
        let now = self.now();
        let since = now - WINDOW;
        // Whoever is past it takes no turn of the one writer.
        if is_past(self.0.store.read().await?.as_mut(), keys, since).await? {
            return Ok(None);
        }
        let mut tx = self.begin(&Actor::system()).await?;
        if is_past(tx.reads(), keys, since).await? {
            return Ok(None);
        }
        let mut reserved = Vec::new();
        for (key, _) in keys {
            reserved.push(tx.add_sign_in_failure(&hash(key), now).await?);
        }
        tx.forget_sign_in_failures(since).await?;
        // In the same transaction, so that a known address takes no longer than one that is nobody's.
        if let Some(account) = account {
            tx.record(NewEvent::new(now, EventKind::SignInTried { account }))
                .await?;
        }
        tx.commit().await?;
        Ok(Some(reserved))
    }
}

async fn is_past<R: Reads + ?Sized>(reads: &mut R, keys: &[(String, i64)], since: Timestamp) -> Result<bool> {
    for (key, most) in keys {
        if *most <= reads.sign_in_failures(&hash(key), since).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// They knew it.
pub async fn withdraw(tx: &mut Transaction, reserved: Vec<Attempt>) -> Result<()> {
    for attempt in reserved {
        tx.drop_sign_in_failure(attempt).await?;
    }
    Ok(())
}

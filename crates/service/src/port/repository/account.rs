//! Storage of accounts.

use anteroom_domain::account::{Account, AccountTerms};
use anteroom_domain::id::{AccountId, BranchId};
use async_trait::async_trait;
use jiff::Timestamp;

use crate::port::store::Result;

/// An account with its password, for whoever checks one.
#[derive(Clone, Debug)]
pub struct AccountSecret {
    /// The account, which may be one that is not in use.
    pub account: Account,
    /// The PHC string of the account's password.
    pub password_hash: Option<String>,
    /// Somebody else chose it: whoever has it must choose another before anything else.
    pub password_is_given: bool,
}

/// A password as it is stored.
#[derive(Clone, Debug)]
pub struct NewPassword {
    /// A PHC string.
    pub hash: String,
    /// Whether somebody else chose it: then the owner must choose another before anything else.
    pub is_given: bool,
}

/// Look-ups of staff accounts.
#[async_trait]
pub trait ReadAccounts: Send {
    /// The accounts of one branch, in use or not, by name. None: all, those of the whole organisation among them.
    async fn accounts(&mut self, branch: Option<BranchId>) -> Result<Vec<Account>>;
    /// The account with this id, in use or not.
    async fn account(&mut self, id: AccountId) -> Result<Option<Account>>;
    /// The account with this e-mail address, in use or not, and its password. `email` is an
    /// [`email_key`](anteroom_domain::guest::email_key).
    async fn account_by_email(&mut self, email: &str) -> Result<Option<AccountSecret>>;
    /// Is there an active admin at all?
    async fn has_admin(&mut self) -> Result<bool>;
}

/// Changes of staff accounts.
#[async_trait]
pub trait WriteAccounts: Send {
    /// Adds an account and answers its id. `email` is an [`email_key`](anteroom_domain::guest::email_key);
    /// [`StoreError::EmailTaken`](crate::port::StoreError::EmailTaken) if another account has it.
    async fn add_account(
        &mut self,
        email: &str,
        terms: &AccountTerms,
        password: &NewPassword,
        at: Timestamp,
    ) -> Result<AccountId>;
    /// Stores the account as it is now, but for its e-mail address, which stays.
    async fn save_account(&mut self, account: &Account) -> Result<()>;
    /// Replaces the account's password. Sessions go on.
    async fn set_password(&mut self, account: AccountId, password: &NewPassword) -> Result<()>;
}

//! Storage of accounts.

use anteroom_domain::account::Account;
use anteroom_domain::id::{AccountId, BranchId};
use async_trait::async_trait;
use jiff::Timestamp;

use crate::port::store::Result;

#[derive(Clone, Debug)]
pub struct AccountSecret {
    pub account: Account,
    pub password_hash: String,
    /// Somebody else chose it: whoever has it must choose another before anything else.
    pub password_is_given: bool,
}

/// A password as it is stored.
#[derive(Clone, Debug)]
pub struct NewPassword {
    /// A PHC string.
    pub hash: String,
    pub is_given: bool,
}

#[async_trait]
pub trait ReadAccounts: Send {
    async fn accounts(&mut self, branch: Option<BranchId>) -> Result<Vec<Account>>;
    async fn account(&mut self, id: AccountId) -> Result<Option<Account>>;
    async fn account_by_email(&mut self, email: &str) -> Result<Option<AccountSecret>>;
    /// Is there an active admin at all?
    async fn has_admin(&mut self) -> Result<bool>;
}

#[async_trait]
pub trait WriteAccounts: Send {
    async fn add_account(&mut self, account: &Account, password: &NewPassword, at: Timestamp) -> Result<AccountId>;
    async fn save_account(&mut self, account: &Account) -> Result<()>;
    async fn set_password(&mut self, account: AccountId, password: &NewPassword) -> Result<()>;
}

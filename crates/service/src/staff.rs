//! Someone of staff who has signed in. Use cases that are theirs take this type, so that they can't be called without.

use anteroom_domain::account::{Account, AccountRole};
use anteroom_domain::id::{BranchId, SessionId};

use crate::{Error, Result};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    account: Account,
    session: Option<SessionId>,
}

impl Staff {
    /// Only for what has just checked a session or a password, and for the command line, whose user owns the database.
    pub fn vouched(account: Account) -> Self {
        Self { account, session: None }
    }

    pub(crate) fn of_session(account: Account, session: SessionId) -> Self {
        Self {
            account,
            session: Some(session),
        }
    }

    /// In which they have signed in; None where nobody did.
    pub fn session(&self) -> Option<SessionId> {
        self.session
    }

    pub fn account(&self) -> &Account {
        &self.account
    }

    pub fn is_admin(&self) -> bool {
        self.account.role == AccountRole::Admin
    }

    /// The one branch that this person sees, or None for all.
    pub fn scope(&self) -> Option<BranchId> {
        self.account.branch
    }

    pub(crate) fn may_see(&self, branch: BranchId) -> Result<()> {
        match self.account.branch {
            Some(own) if own != branch => Err(Error::NotFound),
            _ => Ok(()),
        }
    }

    pub(crate) fn must_be_admin(&self) -> Result<()> {
        if self.is_admin() { Ok(()) } else { Err(Error::Forbidden) }
    }

    /// Branches, services and accounts of the whole organisation are an admin's who has no branch of their own.
    pub(crate) fn must_administer(&self, branch: Option<BranchId>) -> Result<()> {
        self.must_be_admin()?;
        match (self.account.branch, branch) {
            (None, _) => Ok(()),
            (Some(own), Some(branch)) if own == branch => Ok(()),
            _ => Err(Error::Forbidden),
        }
    }
}

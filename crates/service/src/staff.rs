//! Someone of staff who has signed in. Use cases that are theirs take this type, so that they can't be called without.

use anteroom_domain::account::{Account, AccountRole};
use anteroom_domain::id::BranchId;

use crate::{Error, Result};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff(Account);

impl Staff {
    /// Only for what has just checked a session or a password, and for the command line, whose user owns the database.
    pub fn vouched(account: Account) -> Self {
        Self(account)
    }

    pub fn account(&self) -> &Account {
        &self.0
    }

    pub fn is_admin(&self) -> bool {
        self.0.role == AccountRole::Admin
    }

    /// The one branch that this person sees, or None for all.
    pub fn scope(&self) -> Option<BranchId> {
        self.0.branch
    }

    pub(crate) fn may_see(&self, branch: BranchId) -> Result<()> {
        match self.0.branch {
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
        match (self.0.branch, branch) {
            (None, _) => Ok(()),
            (Some(own), Some(branch)) if own == branch => Ok(()),
            _ => Err(Error::Forbidden),
        }
    }
}

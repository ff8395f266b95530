//! Storage of branches.

use anteroom_domain::id::BranchId;
use anteroom_domain::organisation::{Branch, BranchTerms};
use async_trait::async_trait;
use jiff::Timestamp;

use crate::port::store::Result;

/// Look-ups of branches.
#[async_trait]
pub trait ReadBranches: Send {
    /// All branches, by name.
    async fn branches(&mut self) -> Result<Vec<Branch>>;
    /// The branch with this id.
    async fn branch(&mut self, id: BranchId) -> Result<Option<Branch>>;
}

/// Changes of branches.
#[async_trait]
pub trait WriteBranches: Send {
    /// Adds a branch and answers its id. [`StoreError::NameTaken`](crate::port::StoreError::NameTaken) if another
    /// branch has its name.
    async fn add_branch(&mut self, branch: &BranchTerms, at: Timestamp) -> Result<BranchId>;
    /// Stores the branch as it is now. [`StoreError::NameTaken`](crate::port::StoreError::NameTaken) if another branch
    /// has its name.
    async fn save_branch(&mut self, branch: &Branch) -> Result<()>;
}

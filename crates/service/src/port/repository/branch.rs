//! Storage of branches.

use anteroom_domain::id::BranchId;
use anteroom_domain::organisation::{Branch, BranchTerms};
use async_trait::async_trait;
use jiff::Timestamp;

use crate::port::store::Result;

#[async_trait]
pub trait ReadBranches: Send {
    async fn branches(&mut self) -> Result<Vec<Branch>>;
    async fn branch(&mut self, id: BranchId) -> Result<Option<Branch>>;
}

#[async_trait]
pub trait WriteBranches: Send {
    async fn add_branch(&mut self, branch: &BranchTerms, at: Timestamp) -> Result<BranchId>;
    async fn save_branch(&mut self, branch: &Branch) -> Result<()>;
}

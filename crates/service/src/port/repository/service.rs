//! Storage of services, and what their guests agree to.

use anteroom_domain::id::{BranchId, ServiceId};
use anteroom_domain::organisation::{Service, ServiceTerms};
use anteroom_domain::view::ConsentVersion;
use async_trait::async_trait;
use jiff::Timestamp;

use crate::port::store::Result;

#[async_trait]
pub trait ReadServices: Send {
    /// Active or not, by branch and name.
    async fn services(&mut self, branch: Option<BranchId>) -> Result<Vec<Service>>;
    async fn service(&mut self, id: ServiceId) -> Result<Option<Service>>;
    /// Every version of what guests of this service were asked to agree to, the newest first.
    async fn consents(&mut self, service: ServiceId) -> Result<Vec<ConsentVersion>>;
}

#[async_trait]
pub trait WriteServices: Send {
    async fn add_service(&mut self, service: &ServiceTerms, at: Timestamp) -> Result<ServiceId>;
    async fn save_service(&mut self, service: &Service) -> Result<()>;
    /// What guests agree to from now on; empty for nothing. The same text again is no new version.
    async fn set_consent(&mut self, service: ServiceId, text: &str, at: Timestamp) -> Result<()>;
}

//! Storage of services, and what their guests agree to.

use anteroom_domain::id::{BranchId, ServiceId};
use anteroom_domain::organisation::{Service, ServiceTerms};
use anteroom_domain::view::ConsentVersion;
use async_trait::async_trait;
use jiff::Timestamp;

use crate::port::store::Result;

/// Look-ups of services.
#[async_trait]
pub trait ReadServices: Send {
    /// Active or not, by branch and name.
    async fn services(&mut self, branch: Option<BranchId>) -> Result<Vec<Service>>;
    /// The service with this id, active or not, with the text that its guests agree to now.
    async fn service(&mut self, id: ServiceId) -> Result<Option<Service>>;
    /// Every version of what guests of this service were asked to agree to, the newest first.
    async fn consents(&mut self, service: ServiceId) -> Result<Vec<ConsentVersion>>;
}

/// Changes of services.
#[async_trait]
pub trait WriteServices: Send {
    /// Adds a service and answers its id. What its guests agree to is set apart, with [`Self::set_consent`].
    /// [`StoreError::NameTaken`](crate::port::StoreError::NameTaken) if another service of the branch has its name.
    async fn add_service(&mut self, service: &ServiceTerms, at: Timestamp) -> Result<ServiceId>;
    /// Stores the service as it is now, but for its branch and what its guests agree to, which stay.
    /// [`StoreError::NameTaken`](crate::port::StoreError::NameTaken) if another service of the branch has its name.
    async fn save_service(&mut self, service: &Service) -> Result<()>;
    /// What guests agree to from now on; empty for nothing. The same text again is no new version.
    async fn set_consent(&mut self, service: ServiceId, text: &str, at: Timestamp) -> Result<()>;
}

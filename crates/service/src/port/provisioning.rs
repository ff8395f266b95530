//! What is made at a provider for a meeting, and deleted there afterwards.

use anteroom_domain::consultation::{Consultation, ExternalMeeting, ProvisionedMeeting};
use anteroom_domain::view::Health;
use anteroom_protocol::teams::TeamsToken;
use async_trait::async_trait;

use super::meetings::{EngineError, EngineOff};

/// What an engine makes at a provider: meetings, and identities of guests. Everything is idempotent. An engine that makes
/// nothing has no such port.
#[async_trait]
pub trait Provisioning: Send + Sync {
    /// Makes the meeting, or moves it to where the consultation is now. Some: where it is, to be kept with the
    /// consultation. `organizer` is the host's id at the provider, and `key` tells this consultation from those of
    /// every other installation. [`Effect::Gone`](super::Effect::Gone): the meeting that it has is not there any more.
    async fn prepare(
        &self,
        consultation: &Consultation,
        organizer: &str,
        key: &str,
    ) -> Result<Option<ExternalMeeting>, EngineError>;
    /// Takes back a meeting that [`Self::prepare`] made. One that is gone already is no error.
    async fn discard(&self, made: &ProvisionedMeeting) -> Result<(), EngineError>;
    /// A fresh token for somebody who is in, for as much as they would be given if they entered now.
    async fn refresh(&self, consultation: &Consultation, identity: &str) -> Result<TeamsToken, EngineError>;
    /// Deletes an identity that was made for a visit. One that is gone already is no error.
    async fn forget(&self, identity: &str) -> Result<(), EngineError>;
    /// For an admin: how what it depends on answered last.
    fn condition(&self) -> Health;
}

#[async_trait]
impl Provisioning for EngineOff {
    async fn prepare(&self, _: &Consultation, _: &str, _: &str) -> Result<Option<ExternalMeeting>, EngineError> {
        self.refuse()
    }

    async fn discard(&self, _: &ProvisionedMeeting) -> Result<(), EngineError> {
        self.refuse()
    }

    async fn refresh(&self, _: &Consultation, _: &str) -> Result<TeamsToken, EngineError> {
        self.refuse()
    }

    async fn forget(&self, _: &str) -> Result<(), EngineError> {
        self.refuse()
    }

    /// Nothing is asked.
    fn condition(&self) -> Health {
        Health::default()
    }
}

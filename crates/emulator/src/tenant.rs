use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::options::Options;

/// What an administrator set up, or forgot to, on Azure's side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tenant {
    /// Object ids of the people there are.
    pub users: BTreeSet<String>,
    /// Is OnlineMeetings.ReadWrite.All consented to? It goes into a token when that is issued, as with the real one.
    pub consent: bool,
    pub access_policy: AccessPolicy,
    pub policy_wording: PolicyWording,
    /// Has the machine a managed identity?
    pub managed_identity: bool,
    /// May the application, and the managed identity, use the ACS resource?
    pub resource_role: bool,
    pub secret_expired: bool,
}

impl Default for Tenant {
    fn default() -> Self {
        Self {
            users: BTreeSet::from([Options::USER.to_owned()]),
            consent: true,
            access_policy: AccessPolicy::Everyone,
            policy_wording: PolicyWording::Current,
            managed_identity: true,
            resource_role: true,
            secret_expired: false,
        }
    }
}

/// Whose meetings the application may make (`Grant-CsApplicationAccessPolicy`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AccessPolicy {
    /// Granted with `-Global`.
    Everyone,
    Users(BTreeSet<String>),
}

impl AccessPolicy {
    pub fn covers(&self, user: &str) -> bool {
        match self {
            Self::Everyone => true,
            Self::Users(users) => users.contains(user),
        }
    }
}

/// How Graph says that the access policy is missing: Microsoft's documentation changed its mind, both are out there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PolicyWording {
    /// `Forbidden`, "No application access policy found for this app…"
    Current,
    /// `Unauthorized`, "App … is not authorized to Create meeting on behalf of user …"
    Former,
}

/// What is to change; everything else stays.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TenantChange {
    pub users: Option<BTreeSet<String>>,
    pub consent: Option<bool>,
    pub access_policy: Option<AccessPolicy>,
    pub policy_wording: Option<PolicyWording>,
    pub managed_identity: Option<bool>,
    pub resource_role: Option<bool>,
    pub secret_expired: Option<bool>,
}

impl Tenant {
    pub fn change(&mut self, change: TenantChange) {
        fn set<T>(field: &mut T, value: Option<T>) {
            if let Some(value) = value {
                *field = value;
            }
        }
        set(&mut self.users, change.users);
        set(&mut self.consent, change.consent);
        set(&mut self.access_policy, change.access_policy);
        set(&mut self.policy_wording, change.policy_wording);
        set(&mut self.managed_identity, change.managed_identity);
        set(&mut self.resource_role, change.resource_role);
        set(&mut self.secret_expired, change.secret_expired);
    }
}

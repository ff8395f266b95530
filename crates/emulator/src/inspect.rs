//! What can be seen of the emulator from outside. Tokens themselves are not shown.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::fault::Planned;
use crate::limit::Limits;
use crate::operation::Operation;
use crate::tenant::Tenant;

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Inspection {
    pub now: Timestamp,
    pub skew_seconds: i64,
    pub latency_milliseconds: u64,
    pub tenant: Tenant,
    pub limits: Limits,
    /// What is still to fail.
    pub faults: Vec<Planned>,
    /// In the order in which they were made.
    pub identities: Vec<Identity>,
    pub meetings: Vec<Meeting>,
    pub requests: BTreeMap<Operation, Requests>,
    /// Why requests were refused, newest last. The answer itself does not say it, as with the real service.
    pub refusals: Vec<Refusal>,
}

impl Inspection {
    pub fn requests(&self, operation: Operation) -> u32 {
        self.requests.get(&operation).map_or(0, |requests| requests.total)
    }

    /// The identities that were not deleted.
    pub fn alive(&self) -> impl Iterator<Item = &Identity> {
        self.identities.iter().filter(|identity| identity.deleted_at.is_none())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    pub id: String,
    pub created_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
    pub tokens: Vec<Token>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Token {
    pub scopes: Vec<String>,
    pub issued_at: Timestamp,
    pub expires_on: Timestamp,
    /// By revoking, or with the identity.
    pub revoked_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Meeting {
    pub id: String,
    /// The organizer's object id.
    pub user: String,
    pub external_id: String,
    pub subject: Option<String>,
    pub start: Timestamp,
    pub end: Timestamp,
    pub join_web_url: String,
    pub meeting_id: String,
    pub passcode: String,
    pub thread_id: String,
    pub created_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
    /// How often it was changed.
    pub changes: u32,
    /// What else was set on it.
    pub settings: serde_json::Map<String, serde_json::Value>,
}

/// How often an operation was asked for, and what was answered. The sum of the answers is less where there was none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Requests {
    pub total: u32,
    pub answers: BTreeMap<u16, u32>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    pub at: Timestamp,
    pub operation: Operation,
    pub reason: String,
}

/// What an ACS token is good for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "camelCase")]
pub enum TokenState {
    /// Not one of ours.
    Unknown,
    Good {
        identity: String,
        scopes: Vec<String>,
    },
    Expired,
    Revoked,
}

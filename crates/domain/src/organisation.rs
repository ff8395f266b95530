//! Branches and services.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::id::{BranchId, ConsentId, ServiceId};
use crate::time::{OpeningHours, Zone};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branch {
    pub id: BranchId,
    pub name: String,
    pub zone: Zone,
    pub hours: OpeningHours,
    pub contact: Contact,
}

/// Where guests reach somebody. Each is empty where there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Contact {
    /// As it is written there.
    pub phone: String,
    pub email: String,
    /// On one or more lines.
    pub address: String,
}

impl Contact {
    pub fn is_empty(&self) -> bool {
        self.phone.is_empty() && self.email.is_empty() && self.address.is_empty()
    }
}

/// What carries the meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Engine {
    Builtin,
    /// Microsoft Teams: the guest joins the clerk's Teams meeting through Azure Communication Services.
    Teams,
}

/// What is consulted on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    pub id: ServiceId,
    pub branch: BranchId,
    pub name: String,
    /// Usual length.
    pub minutes: u16,
    /// Kept free for the host before and after.
    pub buffer_before: u16,
    pub buffer_after: u16,
    pub engine: Engine,
    /// On Teams: a clerk admits guests here before they get credentials. Otherwise Teams' own lobby is the only one.
    pub admit_first: bool,
    /// What guests agree to before they join, where they must.
    pub consent: Option<Consent>,
    pub active: bool,
}

/// Most characters of what guests agree to: more is not read by anybody.
pub const MAX_CONSENT_CHARS: usize = 2_000;

/// What guests agree to before they join. The id is the version: another text is another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    pub id: ConsentId,
    pub text: String,
}

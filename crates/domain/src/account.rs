//! Staff accounts.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::id::{AccountId, BranchId};
use crate::time::Zone;
use crate::value::{EntraId, Name};
use crate::word::into_str;

/// The role of a staff account: it decides what its owner may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum AccountRole {
    /// Schedules and holds the consultations of one branch.
    Clerk,
    /// A clerk who also manages services, accounts and reports, of one branch or of the whole organisation.
    Admin,
}

into_str!(AccountRole);

/// A staff account, as far as all staff may know it: the password is not part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The account's id.
    pub id: AccountId,
    /// The e-mail address, with which its owner signs in.
    pub email: String,
    /// The owner's name.
    pub name: String,
    /// The owner's role.
    pub role: AccountRole,
    /// The owner's branch. None only for an admin of the whole organisation.
    pub branch: Option<BranchId>,
    /// The zone in which the owner reads times.
    pub zone: Zone,
    /// The owner's object ID in Microsoft Entra, an [`EntraId`]. Graph makes Teams meetings in the name
    /// of that user. Empty: none.
    pub entra_id: String,
    /// The BCP 47 tag of the language that the owner has chosen to read. None: what their browser asks for.
    pub language: Option<String>,
    /// Whether the account may be used. An inactive account cannot sign in, and its open sessions count no longer.
    pub active: bool,
}

/// A staff account as it is to be, without its e-mail address and password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountTerms {
    /// The owner's name.
    pub name: Name,
    /// The owner's role.
    pub role: AccountRole,
    /// The owner's branch. None: the whole organisation.
    pub branch: Option<BranchId>,
    /// The zone in which the owner reads times.
    pub zone: Zone,
    /// The owner's object ID in Microsoft Entra.
    pub entra_id: Option<EntraId>,
    /// Whether the account may be used.
    pub active: bool,
}

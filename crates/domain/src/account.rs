//! Staff accounts.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::id::{AccountId, BranchId};
use crate::text;
use crate::time::Zone;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum AccountRole {
    Clerk,
    Admin,
}

/// What anyone of staff may know of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    pub id: AccountId,
    pub email: String,
    pub name: String,
    pub role: AccountRole,
    /// None: an admin of the whole organisation.
    pub branch: Option<BranchId>,
    pub zone: Zone,
    /// Their object id in Microsoft Entra, in whose name Graph makes Teams meetings. Empty: none.
    pub entra_id: String,
    pub active: bool,
}

/// An object id is a GUID; it is kept in lower case.
pub fn check_entra_id(text: &str) -> Result<String, &'static str> {
    const ADVICE: &str =
        "Enter the object ID from Microsoft Entra, such as 2c0f4a71-3d8e-4a3d-9a2c-0a7a1b9bb001, or nothing.";
    let text = text.trim().to_ascii_lowercase();
    let is_guid = text.len() == 36
        && text.bytes().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
    if text.is_empty() || is_guid {
        Ok(text)
    } else {
        Err(ADVICE)
    }
}

/// A new password: long enough to resist guessing (NIST SP 800-63B §5.1.1.2 asks for eight, and for no rule on its
/// characters), short enough that hashing it is no attack.
pub fn check_password(password: &str) -> Result<(), &'static str> {
    match text::password(password).chars().count() {
        0..10 => Err("Use at least 10 characters. Three or four unrelated words are good."),
        10..=200 => Ok(()),
        _ => Err("Use at most 200 characters."),
    }
}

//! Staff accounts.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::id::{AccountId, BranchId};
use crate::text;
use crate::time::Zone;
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
    /// The owner's object ID in Microsoft Entra, checked by [`check_entra_id`]. Graph makes Teams meetings in the name
    /// of that user. Empty: none.
    pub entra_id: String,
    /// Whether the account may be used. An inactive account cannot sign in, and its open sessions count no longer.
    pub active: bool,
}

/// Checks an object ID of Microsoft Entra: a GUID, brought to lower case, or empty text.
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

/// Checks a new password: 10 to 200 characters.
///
/// NIST SP 800-63B §5.1.1.2 asks for at least eight characters and for no rule on which ones. The upper limit keeps the
/// hashing of a password cheap, so that long passwords cannot overload the server.
pub fn check_password(password: &str) -> Result<(), &'static str> {
    match text::password(password).chars().count() {
        0..10 => Err("Use at least 10 characters. Three or four unrelated words are good."),
        10..=200 => Ok(()),
        _ => Err("Use at most 200 characters."),
    }
}

use anteroom_domain::account::{Account, AccountRole, AccountTerms};
use anteroom_domain::id::BranchId;
use anteroom_domain::refusal::AccountRefusal;
use anteroom_domain::time::Zone;
use anteroom_domain::value::{EmailAddress, Password, optional};
use anteroom_i18n::Lang;
use serde::{Deserialize, Serialize};

use super::{FieldErrors, Unchosen, ticked};
use crate::words::Sentence as _;

/// The form of a staff account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountForm {
    pub name: String,
    /// To sign in with. It cannot be changed later.
    pub email: String,
    /// `clerk` or `admin`.
    pub role: String,
    /// The id of the branch. Empty: the whole organisation, for an admin only.
    pub branch: String,
    /// By city or by IANA name.
    pub zone: String,
    /// Empty on an existing account: the password stays.
    pub password: String,
    /// The owner's object ID in Microsoft Entra, so that Graph can make Teams meetings in their name. Empty: none.
    pub entra_id: String,
    /// A checkbox.
    pub active: String,
}

/// What a new account has beside its terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAccountTerms {
    pub email: EmailAddress,
    pub password: Password,
    pub terms: AccountTerms,
}

impl AccountForm {
    /// Filled from an account.
    pub fn of(account: &Account) -> Self {
        Self {
            name: account.name.clone(),
            email: account.email.clone(),
            role: account.role.into_str().to_owned(),
            branch: account.branch.map(|id| id.to_string()).unwrap_or_default(),
            zone: account.zone.to_string(),
            password: String::new(),
            entra_id: account.entra_id.clone(),
            active: ticked(account.active),
        }
    }

    /// Of a new account, which needs an e-mail address and a password.
    pub fn parse_new(&self, lang: Lang) -> Result<NewAccountTerms, FieldErrors> {
        let (terms, email, password) = self.parse(lang, true)?;
        match (email, password) {
            (Some(email), Some(password)) => Ok(NewAccountTerms { email, password, terms }),
            // Both were asked for.
            _ => Err(FieldErrors::default()),
        }
    }

    /// Of an existing account. Its e-mail address stays, and so does its password if the field is empty.
    pub fn parse_existing(&self, lang: Lang) -> Result<(AccountTerms, Option<Password>), FieldErrors> {
        let (terms, _, password) = self.parse(lang, false)?;
        Ok((terms, password))
    }

    fn parse(
        &self,
        lang: Lang,
        is_new: bool,
    ) -> Result<(AccountTerms, Option<EmailAddress>, Option<Password>), FieldErrors> {
        let mut errors = FieldErrors::default();
        let name = errors.take(lang, "name", self.name.parse());
        let email = if is_new {
            errors.take(lang, "email", self.email.parse())
        } else {
            None
        };
        let role = errors.take(
            lang,
            "role",
            self.role.parse::<AccountRole>().map_err(|_| Unchosen::Role),
        );
        let branch = match self.branch.trim() {
            "" if role == Some(AccountRole::Clerk) => {
                errors.add("branch", AccountRefusal::BranchMissing.sentence(lang));
                None
            }
            "" => None,
            id => errors.take(lang, "branch", id.parse().map(BranchId).map_err(|_| Unchosen::Branch)),
        };
        let zone = errors.take(lang, "zone", self.zone.parse::<Zone>());
        let entra_id = errors.take(lang, "entra_id", optional(&self.entra_id));
        let password = if is_new || !self.password.is_empty() {
            errors.take(lang, "password", self.password.parse())
        } else {
            None
        };
        match (name, role, zone, entra_id) {
            (Some(name), Some(role), Some(zone), Some(entra_id)) if errors.is_empty() => {
                let terms = AccountTerms {
                    name,
                    role,
                    branch,
                    zone,
                    entra_id,
                    active: !self.active.is_empty(),
                };
                Ok((terms, email, password))
            }
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::lang;

    #[test]
    fn everything_that_is_wrong_with_an_account_is_said_at_once_from_top_to_bottom() {
        let form = AccountForm {
            role: "clerk".into(),
            zone: "Europe/Nowhere".into(),
            password: "short".into(),
            entra_id: "me".into(),
            ..AccountForm::default()
        };
        let all = ["name", "email", "branch", "zone", "entra_id", "password"];
        assert_eq!(form.parse_new(lang()).unwrap_err().fields(), all);
        let of_existing = ["name", "branch", "zone", "entra_id", "password"];
        assert_eq!(form.parse_existing(lang()).unwrap_err().fields(), of_existing);
        let form = AccountForm {
            role: "clerk".into(),
            branch: "x".into(),
            ..AccountForm::default()
        };
        assert_eq!(
            form.parse_existing(lang()).unwrap_err().fields(),
            ["name", "branch", "zone"]
        );
    }

    #[test]
    fn an_admin_of_everything_needs_no_branch_and_an_existing_account_no_password() {
        let form = AccountForm {
            name: " Adele  Admin ".into(),
            role: "admin".into(),
            zone: "Europe/Berlin".into(),
            active: "on".into(),
            ..AccountForm::default()
        };
        let (terms, password) = form.parse_existing(lang()).unwrap();
        assert_eq!((&*terms.name, terms.branch, terms.active), ("Adele Admin", None, true));
        assert_eq!(password, None);
        assert_eq!(form.parse_new(lang()).unwrap_err().fields(), ["email", "password"]);
    }
}

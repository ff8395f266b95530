use anteroom_domain::account::{Account, AccountRole, check_password};
use anteroom_domain::event::{Happening, NewEvent};
use anteroom_domain::form::FieldErrors;
use anteroom_domain::guest::{check_email, check_name, email_key};
use anteroom_domain::id::{AccountId, BranchId};
use anteroom_domain::time::Zone;

use crate::port::Writes;
use crate::{Error, Result, Services, Staff};

#[derive(Clone, Debug)]
pub struct NewAccount {
    pub email: String,
    pub name: String,
    pub password: String,
    pub role: AccountRole,
    pub branch: Option<BranchId>,
    pub zone: Zone,
    /// Checked; empty: none.
    pub entra_id: String,
}

impl NewAccount {
    fn check(&self) -> Result<Account> {
        let mut errors = FieldErrors::default();
        let email = errors.take("email", check_email(&self.email));
        let name = errors.take("name", check_name(&self.name));
        errors.take("password", check_password(&self.password));
        if self.role == AccountRole::Clerk && self.branch.is_none() {
            errors.add("branch", "Choose the branch that this clerk belongs to.");
        }
        match (email, name) {
            (Some(email), Some(name)) if errors.is_empty() => Ok(Account {
                entra_id: self.entra_id.clone(),
                id: AccountId(0),
                email: email_key(&email),
                name,
                role: self.role,
                branch: self.branch,
                zone: self.zone.clone(),
                active: true,
            }),
            _ => Err(Error::Invalid(errors)),
        }
    }
}

impl Services {
    /// Is this a new installation, with nobody to administer it?
    pub async fn needs_set_up(&self) -> Result<bool> {
        Ok(!self.0.store.read().await?.has_admin().await?)
    }

    /// The first admin. Whoever calls this has checked the one-time code; that there is no admin yet is checked here,
    /// in the same transaction, so that of two people at the set-up page one is refused.
    pub async fn set_up(&self, new: NewAccount) -> Result<Staff> {
        let account = NewAccount {
            role: AccountRole::Admin,
            branch: None,
            ..new.clone()
        }
        .check()?;
        let hash = self.hash(&new.password).await?;
        let mut writes = self.0.store.write().await?;
        if writes.has_admin().await? {
            return Err(Error::refused(
                "This installation has an administrator already. Sign in instead.",
            ));
        }
        let account = self.store_account(writes.as_mut(), account, &hash, None).await?;
        writes.commit().await?;
        Ok(Staff::vouched(account))
    }

    pub async fn create_account(&self, staff: &Staff, new: NewAccount) -> Result<AccountId> {
        staff.must_administer(new.branch)?;
        self.create_account_unasked(new, Some(staff.account().id)).await
    }

    /// For the command line, whose user owns the database.
    pub async fn create_account_unasked(&self, new: NewAccount, by: Option<AccountId>) -> Result<AccountId> {
        let account = new.check()?;
        let hash = self.hash(&new.password).await?;
        let mut writes = self.0.store.write().await?;
        let account = self.store_account(writes.as_mut(), account, &hash, by).await?;
        writes.commit().await?;
        Ok(account.id)
    }

    async fn store_account(
        &self,
        writes: &mut dyn Writes,
        account: Account,
        hash: &str,
        by: Option<AccountId>,
    ) -> Result<Account> {
        let now = self.now();
        let id = writes.add_account(&account, hash, now).await?;
        writes
            .append(NewEvent::new(now, Happening::AccountCreated).by(by))
            .await?;
        Ok(Account { id, ..account })
    }
}

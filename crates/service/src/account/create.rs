use anteroom_domain::account::{AccountRole, AccountTerms};
use anteroom_domain::event::{EventKind, NewEvent};
use anteroom_domain::guest::email_key;
use anteroom_domain::id::{AccountId, BranchId};
use anteroom_domain::refusal::{AccountRefusal, OrganisationRefusal};
use anteroom_domain::time::Zone;
use anteroom_domain::value::{EmailAddress, EntraId, Name, Password};
use tracing::instrument;

use super::password::check_chosen;
use crate::port::NewPassword;
use crate::transaction::Transaction;
use crate::{Actor, Error, Result, UseCases};

/// An account that is to be made. It may be used at once.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// The e-mail address, with which the owner signs in. Refused with [`AccountRefusal::AddressTaken`] if another
    /// account has it.
    pub email: EmailAddress,
    /// The owner's name.
    pub name: Name,
    /// The first password. One that is easy to guess is refused with [`AccountRefusal::PasswordGuessable`].
    pub password: Password,
    /// The owner's role. [`UseCases::set_up`] ignores it and makes an admin.
    pub role: AccountRole,
    /// The owner's branch. None: the whole organisation, which a clerk is refused with
    /// [`AccountRefusal::BranchMissing`]. [`UseCases::set_up`] ignores it and takes None.
    pub branch: Option<BranchId>,
    /// The zone in which the owner reads times.
    pub zone: Zone,
    /// The owner's object ID in Microsoft Entra, in whose name Graph makes Teams meetings. None: it makes none.
    pub entra_id: Option<EntraId>,
    /// Who chose the password. [`UseCases::set_up`] takes it for the owner's own.
    pub chosen: Chosen,
}

/// Whose choice a password was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// The owner chose it: it is good from now on.
    ByOwner,
    /// Somebody else knows it: it is good for choosing another, at the first sign-in.
    ForOwner,
}

impl NewAccount {
    /// Of the terms that a form names. Whether the account is active is not asked: a new one is.
    pub fn of(terms: AccountTerms, email: EmailAddress, password: Password, chosen: Chosen) -> Self {
        Self {
            email,
            name: terms.name,
            password,
            role: terms.role,
            branch: terms.branch,
            zone: terms.zone,
            entra_id: terms.entra_id,
            chosen,
        }
    }

    fn check(&self) -> Result<()> {
        check_branch(self.role, self.branch)?;
        Ok(check_chosen(&self.password, &[&self.email, &self.name])?)
    }

    fn terms(&self) -> AccountTerms {
        AccountTerms {
            name: self.name.clone(),
            role: self.role,
            branch: self.branch,
            zone: self.zone.clone(),
            entra_id: self.entra_id.clone(),
            active: true,
        }
    }
}

/// A clerk belongs to a branch.
pub(crate) fn check_branch(role: AccountRole, branch: Option<BranchId>) -> Result<(), AccountRefusal> {
    match (role, branch) {
        (AccountRole::Clerk, None) => Err(AccountRefusal::BranchMissing),
        _ => Ok(()),
    }
}

impl UseCases {
    /// Is this a new installation, with nobody to administer it?
    #[instrument(skip_all)]
    pub async fn needs_set_up(&self) -> Result<bool> {
        Ok(!self.0.store.read().await?.has_admin().await?)
    }

    /// The first admin. Whoever calls this has checked the one-time code; that there is no admin yet is checked here,
    /// in the same transaction, so that of two people at the set-up page one is refused.
    #[instrument(skip_all)]
    pub async fn set_up(&self, new: NewAccount) -> Result<Actor> {
        let new = NewAccount {
            role: AccountRole::Admin,
            branch: None,
            ..new
        };
        new.check()?;
        let password = self.new_password(&new.password, Chosen::ByOwner).await?;
        let mut tx = self.begin(&Actor::system()).await?;
        if tx.has_admin().await? {
            return Err(AccountRefusal::SetUpAlready.into());
        }
        let id = self.store_account(&mut tx, &new, &password).await?;
        let account = tx.account(id).await?.ok_or(Error::NotFound)?;
        tx.commit().await?;
        Ok(Actor::of_account(account))
    }

    pub(crate) async fn new_password(&self, password: &str, chosen: Chosen) -> Result<NewPassword> {
        Ok(NewPassword {
            hash: self.hash(password).await?,
            is_given: chosen == Chosen::ForOwner,
        })
    }

    /// Makes an account and answers its id. An admin of the whole organisation may make any; an admin of a branch,
    /// those of that branch. Everybody else is refused with [`Error::Forbidden`](crate::Error::Forbidden).
    #[instrument(skip_all)]
    pub async fn create_account(&self, actor: &Actor, new: NewAccount) -> Result<AccountId> {
        let staff = actor.staff()?;
        staff.must_administer(new.branch)?;
        self.create(actor, new).await
    }

    /// For the command line, whose user owns the database.
    #[instrument(skip_all)]
    pub async fn create_account_unasked(&self, new: NewAccount) -> Result<AccountId> {
        self.create(&Actor::system(), new).await
    }

    async fn create(&self, actor: &Actor, new: NewAccount) -> Result<AccountId> {
        new.check()?;
        let password = self.new_password(&new.password, new.chosen).await?;
        let mut tx = self.begin(actor).await?;
        if let Some(branch) = new.branch {
            tx.branch(branch).await?.ok_or(OrganisationRefusal::UnknownBranch)?;
        }
        let id = self.store_account(&mut tx, &new, &password).await?;
        tx.commit().await?;
        Ok(id)
    }

    async fn store_account(&self, tx: &mut Transaction, new: &NewAccount, password: &NewPassword) -> Result<AccountId> {
        let now = self.now();
        let id = tx
            .add_account(&email_key(&new.email), &new.terms(), password, now)
            .await?;
        tx.record(NewEvent::new(now, EventKind::AccountCreated).account(Some(id)))
            .await?;
        Ok(id)
    }
}

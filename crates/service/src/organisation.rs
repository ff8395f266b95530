//! Branches, services and accounts, as admins keep them.

use anteroom_domain::account::{Account, AccountRole, AccountTerms};
use anteroom_domain::event::EventKind;
use anteroom_domain::id::{AccountId, BranchId, ServiceId};
use anteroom_domain::organisation::{BranchTerms, ServiceTerms};
use anteroom_domain::refusal::{AccountRefusal, OrganisationRefusal};
use anteroom_domain::value::Password;
use anteroom_domain::view::{Choices, ConsentVersion};
use anteroom_domain::visit::EndCause;
use tracing::instrument;

use crate::account::{Chosen, check_branch, check_chosen};
use crate::port::Sessions;
use crate::{Actor, Error, Result, UseCases};

/// A branch as it is to be from now on.
#[derive(Clone, Debug)]
pub struct SaveBranch {
    /// The branch that is changed.
    pub branch: BranchId,
    /// Its particulars. A name that another branch has is refused with [`OrganisationRefusal::NameTaken`].
    pub terms: BranchTerms,
}

/// A service as it is to be from now on.
#[derive(Clone, Debug)]
pub struct SaveService {
    /// The service that is changed.
    pub service: ServiceId,
    /// Its particulars. Another branch than its own is refused with [`OrganisationRefusal::ServiceStays`], and a name
    /// that another service of the branch has, with [`OrganisationRefusal::NameTaken`].
    pub terms: ServiceTerms,
}

/// An account as it is to be from now on.
#[derive(Clone, Debug)]
pub struct SaveAccount {
    /// The account that is changed.
    pub account: AccountId,
    /// Its particulars. Its e-mail address stays as it is.
    pub terms: AccountTerms,
    /// None: it stays.
    pub password: Option<Password>,
}

impl UseCases {
    /// What this person can choose from when scheduling: active services and hosts of their branches.
    #[instrument(skip_all)]
    pub async fn choices(&self, actor: &Actor) -> Result<Choices> {
        actor.staff()?;
        let mut choices = self.organisation(actor).await?;
        choices.services.retain(|service| service.active);
        choices
            .hosts
            .retain(|account| account.active && account.branch.is_some());
        Ok(choices)
    }

    /// Everything of this person's branches, in use or not.
    #[instrument(skip_all)]
    pub async fn organisation(&self, actor: &Actor) -> Result<Choices> {
        let staff = actor.staff()?;
        let mut reads = self.read(actor).await?;
        let mut branches = reads.branches().await?;
        branches.retain(|branch| staff.sees(branch.id));
        let services = reads.services(staff.scope()).await?;
        let hosts = reads.accounts(staff.scope()).await?;
        Ok(Choices {
            branches,
            services,
            hosts,
            teams: self.teams_offer(),
        })
    }

    /// Adds a branch and answers its id. Only an admin of the whole organisation may. A name that another branch has is
    /// refused with [`OrganisationRefusal::NameTaken`].
    #[instrument(skip_all)]
    pub async fn add_branch(&self, actor: &Actor, branch: BranchTerms) -> Result<BranchId> {
        let staff = actor.staff()?;
        staff.must_administer(None)?;
        let mut tx = self.begin(actor).await?;
        let id = tx.add_branch(&branch, self.now()).await?;
        tx.note(EventKind::BranchAdded { branch: id }).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Changes a branch. Only its own admins and those of the whole organisation may.
    #[instrument(skip_all)]
    pub async fn save_branch(&self, actor: &Actor, command: SaveBranch) -> Result<()> {
        let staff = actor.staff()?;
        let SaveBranch { branch: id, terms } = command;
        staff.must_administer(Some(id))?;
        let mut tx = self.begin(actor).await?;
        tx.branch(id).await?.ok_or(Error::NotFound)?;
        tx.save_branch(&terms.with_id(id)).await?;
        tx.note(EventKind::BranchChanged { branch: id }).await?;
        tx.commit().await
    }

    /// Adds a service and answers its id. It is in use at once, whatever [`ServiceTerms::active`] says. Only admins of
    /// its branch and of the whole organisation may. A name that another service of the branch has is refused with
    /// [`OrganisationRefusal::NameTaken`].
    #[instrument(skip_all)]
    pub async fn add_service(&self, actor: &Actor, service: ServiceTerms) -> Result<ServiceId> {
        let staff = actor.staff()?;
        staff.must_administer(Some(service.branch))?;
        let mut tx = self.begin(actor).await?;
        tx.branch(service.branch)
            .await?
            .ok_or(OrganisationRefusal::UnknownBranch)?;
        let id = tx
            .add_service(
                &ServiceTerms {
                    active: true,
                    ..service.clone()
                },
                self.now(),
            )
            .await?;
        tx.note(EventKind::ServiceAdded { service: id }).await?;
        tx.set_consent(id, &service.consent, self.now()).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// What guests of this service were asked to agree to, the newest first: what the versions in the events stand for.
    #[instrument(skip_all)]
    pub async fn consents(&self, actor: &Actor, id: ServiceId) -> Result<Vec<ConsentVersion>> {
        let staff = actor.staff()?;
        let mut reads = self.read(actor).await?;
        let service = reads.service(id).await?.ok_or(Error::NotFound)?;
        staff.must_administer(Some(service.branch))?;
        Ok(reads.consents(id).await?)
    }

    /// What is already scheduled keeps its length and buffers.
    #[instrument(skip_all)]
    pub async fn save_service(&self, actor: &Actor, command: SaveService) -> Result<()> {
        let staff = actor.staff()?;
        let SaveService {
            service: id,
            terms: service,
        } = command;
        let mut tx = self.begin(actor).await?;
        let before = tx.service(id).await?.ok_or(Error::NotFound)?;
        staff.must_administer(Some(before.branch))?;
        if before.branch != service.branch {
            return Err(OrganisationRefusal::ServiceStays.into());
        }
        tx.save_service(&service.with_id(id)).await?;
        tx.note(EventKind::ServiceChanged { service: id }).await?;
        tx.set_consent(id, &service.consent, self.now()).await?;
        tx.commit().await
    }

    /// Of oneself only what does no harm: neither the password without the present one, nor what one may do.
    #[instrument(skip_all)]
    pub async fn save_account(&self, actor: &Actor, command: SaveAccount) -> Result<()> {
        let staff = actor.admin()?;
        let SaveAccount {
            account: id,
            terms,
            password,
        } = command;
        check_branch(terms.role, terms.branch)?;
        let own = id == staff.account().id;
        if own && password.is_some() {
            return Err(AccountRefusal::OwnPassword.into());
        }
        let known = self.read(actor).await?.account(id).await?.ok_or(Error::NotFound)?;
        staff.must_administer(known.branch)?;
        let given = match password {
            None => None,
            Some(password) => {
                check_chosen(&password, &[&known.email, &terms.name])?;
                Some(self.new_password(&password, Chosen::ForOwner).await?)
            }
        };
        let mut tx = self.begin(actor).await?;
        let before = tx.account(id).await?.ok_or(Error::NotFound)?;
        staff.must_administer(before.branch)?;
        staff.must_administer(terms.branch)?;
        if let Some(branch) = terms.branch {
            tx.branch(branch).await?.ok_or(OrganisationRefusal::UnknownBranch)?;
        }
        let after = Account {
            name: terms.name.into(),
            role: terms.role,
            branch: terms.branch,
            zone: terms.zone,
            entra_id: terms.entra_id.map(String::from).unwrap_or_default(),
            active: terms.active,
            ..before.clone()
        };
        let may = |of: &Account| (of.role, of.branch, of.active);
        if own && may(&before) != may(&after) {
            return Err(AccountRefusal::OwnAccess.into());
        }
        // Whoever had a session under the old password, role or branch signs in anew; you keep yours.
        if !own && (may(&before) != may(&after) || given.is_some()) {
            self.end_sessions_in(&mut tx, id, Sessions::All, EndCause::Removed)
                .await?;
        }
        tx.save_account(&after).await?;
        // Two administrators may take each other's administration away at the same moment.
        if is_over_all(&before) && !tx.accounts(None).await?.iter().any(is_over_all) {
            return Err(AccountRefusal::LastAdmin.into());
        }
        let (role, branch, active) = may(&after);
        let changed = EventKind::AccountChanged {
            account: id,
            role,
            branch,
            active,
        };
        tx.note(changed).await?;
        if let Some(password) = &given {
            tx.set_password(id, password).await?;
            tx.forget_browsers_of(id, None).await?;
            tx.note(EventKind::PasswordSet { account: id }).await?;
        }
        tx.commit().await
    }
}

/// An administrator of the whole organisation, who can sign in.
fn is_over_all(account: &Account) -> bool {
    account.active && account.role == AccountRole::Admin && account.branch.is_none()
}

//! Branches, services and accounts, as admins keep them.

use anteroom_domain::account::{Account, AccountRole};
use anteroom_domain::event::EventKind;
use anteroom_domain::form::FieldErrors;
use anteroom_domain::id::{AccountId, BranchId, ServiceId};
use anteroom_domain::organisation::Service;
use anteroom_domain::organisation_form::{AccountForm, BranchForm, ServiceForm};
use anteroom_domain::view::{Choices, ConsentVersion};
use anteroom_domain::visit::EndCause;
use tracing::instrument;

use crate::account::{Chosen, check_chosen};
use crate::port::Sessions;
use crate::{Actor, Error, NewAccount, Result, UseCases};

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

    #[instrument(skip_all)]
    pub async fn add_branch(&self, actor: &Actor, form: &BranchForm) -> Result<BranchId> {
        let staff = actor.staff()?;
        staff.must_administer(None)?;
        let branch = form.check(BranchId(0)).map_err(Error::Invalid)?;
        let mut tx = self.begin(actor).await?;
        let id = tx.add_branch(&branch, self.now()).await?;
        tx.note(EventKind::BranchAdded { branch: id }).await?;
        tx.commit().await?;
        Ok(id)
    }

    #[instrument(skip_all)]
    pub async fn save_branch(&self, actor: &Actor, id: BranchId, form: &BranchForm) -> Result<()> {
        let staff = actor.staff()?;
        staff.must_administer(Some(id))?;
        let branch = form.check(id).map_err(Error::Invalid)?;
        let mut tx = self.begin(actor).await?;
        tx.branch(id).await?.ok_or(Error::NotFound)?;
        tx.save_branch(&branch).await?;
        tx.note(EventKind::BranchChanged { branch: id }).await?;
        tx.commit().await
    }

    #[instrument(skip_all)]
    pub async fn add_service(&self, actor: &Actor, form: &ServiceForm) -> Result<ServiceId> {
        let staff = actor.staff()?;
        let service = form.check(ServiceId(0)).map_err(Error::Invalid)?;
        staff.must_administer(Some(service.branch))?;
        let mut tx = self.begin(actor).await?;
        tx.branch(service.branch)
            .await?
            .ok_or_else(|| invalid("branch", "Choose a branch."))?;
        let id = tx
            .add_service(
                &Service {
                    active: true,
                    ..service.clone()
                },
                self.now(),
            )
            .await?;
        tx.note(EventKind::ServiceAdded { service: id }).await?;
        tx.set_consent(id, asked(&service), self.now()).await?;
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
    pub async fn save_service(&self, actor: &Actor, id: ServiceId, form: &ServiceForm) -> Result<()> {
        let staff = actor.staff()?;
        let service = form.check(id).map_err(Error::Invalid)?;
        let mut tx = self.begin(actor).await?;
        let before = tx.service(id).await?.ok_or(Error::NotFound)?;
        staff.must_administer(Some(before.branch))?;
        if before.branch != service.branch {
            return Err(invalid(
                "branch",
                "A service stays in its branch: what is scheduled counts there. Add a new one.",
            ));
        }
        tx.save_service(&service).await?;
        tx.note(EventKind::ServiceChanged { service: id }).await?;
        tx.set_consent(id, asked(&service), self.now()).await?;
        tx.commit().await
    }

    #[instrument(skip_all)]
    pub async fn add_account(&self, actor: &Actor, form: &AccountForm, chosen: Chosen) -> Result<AccountId> {
        actor.admin()?;
        let terms = form.check_new().map_err(Error::Invalid)?;
        let new = NewAccount {
            email: form.email.clone(),
            name: terms.name,
            password: form.password.clone(),
            role: terms.role,
            branch: terms.branch,
            zone: terms.zone,
            entra_id: terms.entra_id,
            chosen,
        };
        self.create_account(actor, new).await
    }

    /// Of oneself only what does no harm: neither the password without the present one, nor what one may do.
    #[instrument(skip_all)]
    pub async fn save_account(&self, actor: &Actor, id: AccountId, form: &AccountForm) -> Result<()> {
        let staff = actor.admin()?;
        let terms = form.check_existing().map_err(Error::Invalid)?;
        let own = id == staff.account().id;
        if own && !form.password.is_empty() {
            return Err(invalid(
                "password",
                "Your own password is changed under \u{201c}Your account\u{201d}, where the present one is asked for.",
            ));
        }
        let given = match form.password.as_str() {
            "" => None,
            password => {
                check_chosen(password, &[&form.email, &form.name]).map_err(|sentence| invalid("password", sentence))?;
                Some(self.new_password(password, Chosen::ForOwner).await?)
            }
        };
        let mut tx = self.begin(actor).await?;
        let before = tx.account(id).await?.ok_or(Error::NotFound)?;
        staff.must_administer(before.branch)?;
        staff.must_administer(terms.branch)?;
        let after = Account {
            name: terms.name,
            role: terms.role,
            branch: terms.branch,
            zone: terms.zone,
            entra_id: terms.entra_id,
            active: terms.active,
            ..before.clone()
        };
        let may = |of: &Account| (of.role, of.branch, of.active);
        if own && may(&before) != may(&after) {
            return Err(invalid(
                "",
                "You can't change your own role, branch or access. Ask another administrator to do it.",
            ));
        }
        // Whoever had a session under the old password, role or branch signs in anew; you keep yours.
        if !own && (may(&before) != may(&after) || given.is_some()) {
            self.end_sessions_in(&mut tx, id, Sessions::All, EndCause::Removed)
                .await?;
        }
        tx.save_account(&after).await?;
        // Two administrators may take each other's administration away at the same moment.
        if is_over_all(&before) && !tx.accounts(None).await?.iter().any(is_over_all) {
            return Err(invalid(
                "",
                "This is the last administrator of the whole organisation. Make another one first.",
            ));
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

/// What its guests agree to, empty for nothing.
fn asked(service: &Service) -> &str {
    service.consent.as_ref().map_or("", |consent| &consent.text)
}

fn invalid(field: &str, sentence: &str) -> Error {
    Error::Invalid(FieldErrors::one(field, sentence))
}

//! Branches, services and accounts, as admins keep them.

use anteroom_domain::account::{Account, AccountRole};
use anteroom_domain::event::{EventKind, NewEvent};
use anteroom_domain::form::FieldErrors;
use anteroom_domain::id::{AccountId, BranchId, ServiceId};
use anteroom_domain::organisation::Service;
use anteroom_domain::organisation_form::{AccountForm, BranchForm, ServiceForm};
use anteroom_domain::view::{Choices, ConsentVersion};
use anteroom_domain::visit::EndCause;

use crate::account::{Chosen, check_chosen};
use crate::port::Sessions;
use crate::transaction::Transaction;
use crate::{Error, NewAccount, Result, Staff, UseCases};

impl UseCases {
    /// What this person can choose from when scheduling: active services and hosts of their branches.
    pub async fn choices(&self, staff: &Staff) -> Result<Choices> {
        let mut choices = self.organisation(staff).await?;
        choices.services.retain(|service| service.active);
        choices
            .hosts
            .retain(|account| account.active && account.branch.is_some());
        Ok(choices)
    }

    /// Everything of this person's branches, in use or not.
    pub async fn organisation(&self, staff: &Staff) -> Result<Choices> {
        let mut reads = self.0.store.read().await?;
        let mut branches = reads.branches().await?;
        branches.retain(|branch| staff.may_see(branch.id).is_ok());
        let services = reads.services(staff.scope()).await?;
        let hosts = reads.accounts(staff.scope()).await?;
        Ok(Choices {
            branches,
            services,
            hosts,
            teams: self.teams_offer(),
        })
    }

    pub async fn add_branch(&self, staff: &Staff, form: &BranchForm) -> Result<BranchId> {
        staff.must_administer(None)?;
        let branch = form.check(BranchId(0)).map_err(Error::Invalid)?;
        let mut tx = self.begin().await?;
        let id = tx.add_branch(&branch, self.now()).await?;
        self.note_in(&mut tx, staff, EventKind::BranchAdded { branch: id })
            .await?;
        tx.commit().await?;
        Ok(id)
    }

    pub async fn save_branch(&self, staff: &Staff, id: BranchId, form: &BranchForm) -> Result<()> {
        staff.must_administer(Some(id))?;
        let branch = form.check(id).map_err(Error::Invalid)?;
        let mut tx = self.begin().await?;
        tx.branch(id).await?.ok_or(Error::NotFound)?;
        tx.save_branch(&branch).await?;
        self.note_in(&mut tx, staff, EventKind::BranchChanged { branch: id })
            .await?;
        tx.commit().await
    }

    pub async fn add_service(&self, staff: &Staff, form: &ServiceForm) -> Result<ServiceId> {
        let service = form.check(ServiceId(0)).map_err(Error::Invalid)?;
        staff.must_administer(Some(service.branch))?;
        let mut tx = self.begin().await?;
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
        self.note_in(&mut tx, staff, EventKind::ServiceAdded { service: id })
            .await?;
        tx.set_consent(id, asked(&service), self.now()).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// What guests of this service were asked to agree to, the newest first: what the versions in the events stand for.
    pub async fn consents(&self, staff: &Staff, id: ServiceId) -> Result<Vec<ConsentVersion>> {
        let mut reads = self.0.store.read().await?;
        let service = reads.service(id).await?.ok_or(Error::NotFound)?;
        staff.must_administer(Some(service.branch))?;
        Ok(reads.consents(id).await?)
    }

    /// What is already scheduled keeps its length and buffers.
    pub async fn save_service(&self, staff: &Staff, id: ServiceId, form: &ServiceForm) -> Result<()> {
        let service = form.check(id).map_err(Error::Invalid)?;
        let mut tx = self.begin().await?;
        let before = tx.service(id).await?.ok_or(Error::NotFound)?;
        staff.must_administer(Some(before.branch))?;
        if before.branch != service.branch {
            return Err(invalid(
                "branch",
                "A service stays in its branch: what is scheduled counts there. Add a new one.",
            ));
        }
        tx.save_service(&service).await?;
        self.note_in(&mut tx, staff, EventKind::ServiceChanged { service: id })
            .await?;
        tx.set_consent(id, asked(&service), self.now()).await?;
        tx.commit().await
    }

    pub async fn add_account(&self, staff: &Staff, form: &AccountForm, chosen: Chosen) -> Result<AccountId> {
        staff.must_be_admin()?;
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
        self.create_account(staff, new).await
    }

    /// Of oneself only what does no harm: neither the password without the present one, nor what one may do.
    pub async fn save_account(&self, staff: &Staff, id: AccountId, form: &AccountForm) -> Result<()> {
        staff.must_be_admin()?;
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
        let mut tx = self.begin().await?;
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
        self.note_in(&mut tx, staff, changed).await?;
        if let Some(password) = &given {
            tx.set_password(id, password).await?;
            tx.forget_browsers_of(id, None).await?;
            self.note_in(&mut tx, staff, EventKind::PasswordSet { account: id })
                .await?;
        }
        tx.commit().await
    }

    async fn note_in(&self, tx: &mut Transaction, staff: &Staff, kind: EventKind) -> Result<()> {
        let event = NewEvent::new(self.now(), kind).by(Some(staff.account().id));
        tx.record(event).await
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

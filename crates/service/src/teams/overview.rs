use std::collections::BTreeMap;

use anteroom_domain::id::{BranchId, IdentityId};
use anteroom_domain::organisation::Engine;
use anteroom_domain::refusal::OrganisationRefusal;
use anteroom_domain::teams::cost::Used;
use anteroom_domain::value::EntraId;
use anteroom_domain::view::{TeamsOffer, TeamsOverview, TeamsUsage};
use tracing::instrument;

use super::TENANTS;
use crate::port::{Provisioning, Reads, UsageRow};
use crate::{Actor, Result, UseCases};

/// More tenants than this are no restriction.
const MOST_TENANTS: usize = 100;

impl UseCases {
    /// What staff can choose when they schedule.
    pub fn teams_offer(&self) -> TeamsOffer {
        self.0.engines.rules.offer.clone()
    }

    /// What an admin answers for: how Teams does, what is outstanding, what it will cost.
    #[instrument(skip_all)]
    pub async fn teams(&self, actor: &Actor) -> Result<TeamsOverview> {
        let staff = actor.admin()?;
        let mut reads = self.read(actor).await?;
        let usage = reads.teams_usage(staff.scope(), self.now()).await?;
        let (outstanding, outstanding_count) = reads.outstanding_identities(staff.scope()).await?;
        Ok(TeamsOverview {
            outstanding,
            outstanding_count,
            offer: self.teams_offer(),
            health: self
                .provisioning(Engine::Teams)
                .map(<dyn Provisioning>::condition)
                .unwrap_or_default(),
            tenants: self.tenants(reads.reads()).await?,
            usage: self.with_estimates(reads.reads(), usage).await?,
            rates: self.0.engines.rules.rates.clone(),
        })
    }

    /// Of an identity that may exist at Microsoft's, an admin has taken note: nobody can find out, and it is listed no
    /// longer. Noted by two at once, it is noted.
    #[instrument(skip_all)]
    pub async fn acknowledge_identity(&self, actor: &Actor, id: IdentityId) -> Result<()> {
        let staff = actor.admin()?;
        let mut tx = self.begin(actor).await?;
        let Some(branch) = tx.unsure_identity(id).await? else {
            return Ok(());
        };
        staff.must_see(branch)?;
        tx.acknowledge_identity(id, self.now()).await?;
        tx.commit().await
    }

    /// Only meetings of these tenants may be used from now on.
    #[instrument(skip_all)]
    pub async fn set_tenants(&self, actor: &Actor, tenants: Vec<EntraId>) -> Result<()> {
        let staff = actor.staff()?;
        staff.must_administer(None)?;
        let mut listed: Vec<&str> = Vec::new();
        for tenant in &tenants {
            if !listed.contains(&&**tenant) {
                listed.push(tenant);
            }
        }
        if listed.len() > MOST_TENANTS {
            return Err(OrganisationRefusal::TooManyTenants { most: MOST_TENANTS }.into());
        }
        let mut tx = self.begin(actor).await?;
        tx.set_setting(TENANTS, &listed.join("\n")).await?;
        tx.commit().await
    }

    pub(crate) async fn with_estimates(&self, reads: &mut dyn Reads, rows: Vec<UsageRow>) -> Result<Vec<TeamsUsage>> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let names: BTreeMap<BranchId, String> = reads
            .branches()
            .await?
            .into_iter()
            .map(|branch| (branch.id, branch.name))
            .collect();
        let rates = &self.0.engines.rules.rates;
        let estimate = |row: UsageRow| TeamsUsage {
            estimate: rates.estimate(Used {
                seconds: u64::try_from(row.seconds).unwrap_or_default(),
                messages: u64::try_from(row.messages).unwrap_or_default(),
            }),
            branch: names.get(&row.branch).cloned().unwrap_or_default(),
            month: row.month,
            consultations: row.consultations,
            seconds: row.seconds,
            messages: row.messages,
        };
        Ok(rows.into_iter().map(estimate).collect())
    }
}

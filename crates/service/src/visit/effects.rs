//! What follows a change that is stored. It has happened, whatever an engine says to it now: a failure is logged, and the
//! engine is told again when the consultation ends.

use anteroom_domain::account::Account;
use anteroom_domain::consultation::Consultation;
use anteroom_domain::id::AccountId;
use anteroom_domain::organisation::Engine;
use anteroom_domain::visit::{EndCause, Visit};

use crate::port::{SeatId, Sessions, Writes};
use crate::{Error, Result, UseCases};

impl UseCases {
    /// The visit is over: nothing of the meeting flows to its seat any more.
    pub(crate) async fn evict(&self, engine: Engine, visit: &Visit) {
        if let Err(error) = self.engine(engine).remove(SeatId::from(visit)).await {
            tracing::error!(visit.id = %visit.id, error = &error as &dyn std::error::Error, "the engine did not put visit {} out", visit.id);
        }
    }

    /// The consultation is over, or its room was closed.
    pub(crate) async fn end_on_engine(&self, consultation: &Consultation) {
        if let Err(error) = self.engine(consultation.engine).end(consultation.id).await {
            tracing::error!(consultation.id = %consultation.id, error = &error as &dyn std::error::Error, "the engine did not end consultation {}", consultation.id);
        }
    }

    /// Ends what this account sits in as staff, of what was taken in these sessions. Answers what [`UseCases::see_out`] needs after the commit.
    pub(crate) async fn end_visits_of(
        &self,
        writes: &mut dyn Writes,
        account: AccountId,
        sessions: Sessions,
        cause: EndCause,
    ) -> Result<Vec<(Consultation, Visit)>> {
        let mut ended = Vec::new();
        for visit in writes.open_visits_of(account, sessions).await? {
            let consultation = writes.consultation(visit.consultation).await?.ok_or(Error::NotFound)?;
            self.end_visit(writes, visit.clone(), self.now(), cause).await?;
            ended.push((consultation, visit));
        }
        Ok(ended)
    }

    pub(crate) async fn see_out(&self, ended: Vec<(Consultation, Visit)>) {
        for (consultation, visit) in ended {
            self.announce(&consultation);
            self.evict(consultation.engine, &visit).await;
        }
    }
}

/// Does this account sit in this room by right?
pub(super) fn may_host(account: Account, consultation: &Consultation) -> bool {
    account.active && crate::Staff::vouched(account).may_see(consultation.branch).is_ok()
}

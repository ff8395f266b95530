//! When a consultation goes live: one rule for every engine.

use anteroom_domain::consultation::Consultation;
use anteroom_domain::event::{EventKind, NewEvent};
use anteroom_domain::visit::{Role, TeamsPresence, Visit};

use crate::transaction::Transaction;
use crate::{Result, UseCases};

impl UseCases {
    /// It is live once a guest is in and the host's side is. To be called after whatever may bring that about.
    pub(crate) async fn go_live_if_both_are_in(&self, tx: &mut Transaction, before: &Consultation) -> Result<()> {
        if before.live_at.is_some() || before.state.is_final() {
            return Ok(());
        }
        let mut open = tx.visits(before.id).await?;
        open.retain(|visit| !visit.is_over());
        let (hosts, guests): (Vec<_>, Vec<_>) = open.iter().partition(|visit| visit.role == Role::Host);
        // Where hosts are in a client that is not ours, their own page is a sign of them, and so is a guest's client that
        // sees somebody there who is no guest. That a guest is in says nothing: a meeting may let them start it.
        let is_hosted = if before.engine.seats_hosts() {
            hosts.iter().any(|visit| is_in(visit))
        } else {
            !hosts.is_empty() || guests.iter().any(|visit| visit.saw_host_in_teams())
        };
        if !is_hosted || !guests.iter().any(|visit| is_in(visit)) {
            return Ok(());
        }
        let now = self.now();
        let live = Consultation {
            state: before.state.go_live()?,
            live_at: Some(now),
            ..before.clone()
        };
        tx.save_consultation(&live, None).await?;
        tx.record_by_rule(NewEvent::of(now, live.id, EventKind::WentLive)).await
    }
}

/// Sound and picture can flow, and they are not in a lobby of the engine's.
fn is_in(visit: &Visit) -> bool {
    visit.media_at.is_some() && visit.teams.is_none_or(|stay| stay.presence == TeamsPresence::In)
}

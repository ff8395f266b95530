//! An edit that was begun before another one was saved: it does not undo that one unseen.

use anteroom_domain::consultation::{Consultation, ConsultationPlan};
use anteroom_domain::guest::GuestTerms;
use anteroom_domain::id::EventId;
use anteroom_domain::refusal::{ConsultationRefusal, Difference};
use jiff::SignedDuration;

use crate::Result;
use crate::port::Reads;

/// Refuses what was filled in from an older state, with what is stored now and differs from it.
pub(super) async fn check(
    reads: &mut dyn Reads,
    stored: &Consultation,
    seen: EventId,
    plan: &ConsultationPlan,
    guest: &GuestTerms,
) -> Result<()> {
    let Some(last) = reads.last_change(stored.id).await? else {
        return Ok(());
    };
    if seen == last.event {
        return Ok(());
    }
    let different = differences(reads, stored, plan, guest).await?;
    if different.is_empty() {
        return Ok(());
    }
    Err(ConsultationRefusal::Stale {
        by: last.by,
        stored: different,
        version: last.event,
    }
    .into())
}

async fn differences(
    reads: &mut dyn Reads,
    stored: &Consultation,
    plan: &ConsultationPlan,
    guest: &GuestTerms,
) -> Result<Vec<Difference>> {
    let mut different = Vec::new();
    if plan.starts_at != stored.starts_at || plan.zone != stored.zone {
        different.push(Difference::Start(stored.starts_at, stored.zone.clone()));
    }
    let length = stored.ends_at.duration_since(stored.starts_at);
    if plan
        .length
        .is_some_and(|minutes| SignedDuration::from_mins(i64::from(minutes.get())) != length)
    {
        different.push(Difference::Length(length.as_mins()));
    }
    if plan.service != stored.service
        && let Some(service) = reads.service(stored.service).await?
    {
        different.push(Difference::Service(service.name));
    }
    if plan.host != stored.host
        && let Some(host) = reads.account(stored.host).await?
    {
        different.push(Difference::Host(host.name));
    }
    if plan.engine.is_some_and(|engine| engine != stored.engine)
        || plan.meeting.as_ref() != stored.meeting.as_ref().map(|meeting| &meeting.link)
    {
        different.push(Difference::Place);
    }
    if let Some(first) = reads.guests(stored.id).await?.into_iter().next() {
        let mut as_sent = first.clone();
        super::guest::put(&mut as_sent, guest.clone(), &plan.zone);
        if as_sent != first {
            different.push(Difference::Guest {
                name: first.name,
                reach: [first.email, first.phone].join(" ").trim().to_owned(),
            });
        }
    }
    if *plan.notes != *stored.notes {
        different.push(Difference::Notes(stored.notes.clone()));
    }
    Ok(different)
}

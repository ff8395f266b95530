//! An edit that was begun before another one was saved: it does not undo that one unseen.

use anteroom_domain::consultation::Consultation;
use anteroom_domain::form::{ConsultationForm, ConsultationPlan};

use crate::port::Reads;
use crate::{Error, Result};

/// Refuses a form that was filled from an older state, with what is stored now and differs from it.
pub(super) async fn check(
    reads: &mut dyn Reads,
    stored: &Consultation,
    form: &ConsultationForm,
    plan: &ConsultationPlan,
) -> Result<()> {
    let Some(last) = reads.last_change(stored.id).await? else {
        return Ok(());
    };
    if form.version.is_empty() || form.version == last.event.to_string() {
        return Ok(());
    }
    let different = differences(reads, stored, plan).await?;
    if different.is_empty() {
        return Ok(());
    }
    let who = last.by.unwrap_or_else(|| "The guest".to_owned());
    Err(Error::Stale {
        sentence: format!(
            "{who} changed this consultation after you opened it. Stored now is: {}. What you typed stands below: \
            save it again to put it in place of that, or leave this page to keep what is stored.",
            different.join("; ")
        ),
        version: last.event,
    })
}

async fn differences(reads: &mut dyn Reads, stored: &Consultation, plan: &ConsultationPlan) -> Result<Vec<String>> {
    let mut different = Vec::new();
    if plan.starts_at != stored.starts_at || plan.zone != stored.zone {
        let start = stored.zone.at(stored.starts_at);
        different.push(format!(
            "start {} ({})",
            start.strftime("%Y-%m-%d at %H:%M"),
            stored.zone
        ));
    }
    let length = stored.ends_at.duration_since(stored.starts_at);
    if plan.ends_at.duration_since(plan.starts_at) != length {
        different.push(format!("length {} minutes", length.as_mins()));
    }
    if plan.service != stored.service
        && let Some(service) = reads.service(stored.service).await?
    {
        different.push(format!("service {}", service.name));
    }
    if plan.host != stored.host
        && let Some(host) = reads.account(stored.host).await?
    {
        different.push(format!("host {}", host.name));
    }
    if plan.engine.is_some_and(|engine| engine != stored.engine)
        || plan.meeting.as_ref() != stored.meeting.as_ref().map(|meeting| &meeting.link)
    {
        different.push("another place".to_owned());
    }
    if let Some(guest) = reads.guests(stored.id).await?.into_iter().next() {
        let mut as_typed = guest.clone();
        super::guest::put(&mut as_typed, plan.guest.clone());
        if as_typed != guest {
            let reach = [guest.email, guest.phone].join(" ");
            different.push(format!("guest {} ({})", guest.name, reach.trim()));
        }
    }
    if plan.notes != stored.notes {
        different.push(match stored.notes.is_empty() {
            true => "no notes".to_owned(),
            false => format!("the notes \u{201c}{}\u{201d}", shortened(&stored.notes)),
        });
    }
    Ok(different)
}

fn shortened(text: &str) -> String {
    const MOST: usize = 120;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}\u{2026}", text.get(..end).unwrap_or(text)),
        None => text.to_owned(),
    }
}

//! The figures of the dashboard.

use std::collections::BTreeMap;

use anteroom_domain::figures::{Counts, Figures, Group, MAX_RANGE_DAYS, Range};
use anteroom_domain::refusal::ReportRefusal;
use anteroom_domain::time::{Span, day};
use anteroom_domain::view::ListQuery;
use tracing::instrument;

use crate::port::ExportRow;
use crate::{Actor, Error, Result, UseCases};

/// An export of more is asked to take a shorter range: it is held in memory.
const MOST_EXPORTED: i64 = 200_000;

impl UseCases {
    /// Seconds fresh: computed from the tables that the events are written with, in one consistent view.
    #[instrument(skip_all)]
    pub async fn figures(&self, actor: &Actor, range: Range) -> Result<Figures> {
        let staff = actor.admin()?;
        let range = Range {
            branch: staff.scope().or(range.branch),
            ..range
        };
        let days = boundaries(&range)?;
        let (Some(from), Some(until)) = (days.first(), days.last()) else {
            return Err(Error::NotFound);
        };
        let span = Span {
            from: *from,
            until: *until,
        };
        let mut reads = self.0.store.read_many().await?;
        let rows = reads.counts(&range, &days).await?;
        let branches: BTreeMap<_, _> = reads.branches().await?.into_iter().map(|b| (b.id, b.name)).collect();
        let services: BTreeMap<_, _> = reads
            .services(None)
            .await?
            .into_iter()
            .map(|s| (s.id, s.name))
            .collect();
        let hosts: BTreeMap<_, _> = reads
            .accounts(None)
            .await?
            .into_iter()
            .map(|a| (a.id, a.name))
            .collect();
        let mut counts = Counts::default();
        let mut by_day: Vec<Group> = (0..days.len() - 1)
            .filter_map(|n| {
                let date = range
                    .from
                    .checked_add(jiff::Span::new().days(i64::try_from(n).ok()?))
                    .ok()?;
                Some(Group {
                    key: date.to_string(),
                    label: date.to_string(),
                    counts: Counts::default(),
                })
            })
            .collect();
        let (mut by_branch, mut by_service, mut by_host) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for row in rows {
            row.add_to(&mut counts);
            if let Some(group) = usize::try_from(row.day).ok().and_then(|n| by_day.get_mut(n)) {
                row.add_to(&mut group.counts);
            }
            row.add_to(by_branch.entry(row.branch).or_default());
            row.add_to(by_service.entry(row.service).or_default());
            row.add_to(by_host.entry(row.host).or_default());
        }
        Ok(Figures {
            counts,
            wait: reads.waits(&range, span).await?,
            length: reads.lengths(&range, span).await?,
            by_day,
            by_branch: groups(by_branch, &branches),
            by_service: groups(by_service, &services),
            by_host: groups(by_host, &hosts),
            as_of_event: reads.newest_event().await?,
            range,
        })
    }

    /// The consultations behind a figure, all of them, for a file.
    #[instrument(skip_all)]
    pub async fn export(&self, actor: &Actor, query: ListQuery) -> Result<Vec<ExportRow>> {
        let staff = actor.admin()?;
        let query = ListQuery {
            branch: staff.scope().or(query.branch),
            ..query
        };
        let mut reads = self.0.store.read_many().await?;
        let total = reads.consultations(&query).await?.total;
        if total > MOST_EXPORTED {
            return Err(ReportRefusal::TooManyRows { total }.into());
        }
        Ok(reads.export(&query).await?)
    }
}

/// The instants between which the days of the range lie; at least two.
fn boundaries(range: &Range) -> Result<Vec<jiff::Timestamp>> {
    let count = range
        .from
        .until(range.to)
        .map_err(|_| ReportRefusal::OutOfRange)?
        .get_days();
    if count < 0 {
        return Err(ReportRefusal::Backwards.into());
    }
    if count >= MAX_RANGE_DAYS {
        return Err(ReportRefusal::TooLong { days: MAX_RANGE_DAYS }.into());
    }
    let mut days = Vec::new();
    for date in range
        .from
        .series(jiff::Span::new().days(1))
        .take(usize::try_from(count).unwrap_or(0) + 1)
    {
        let span = day(date, &range.zone).ok_or(ReportRefusal::OutOfRange)?;
        days.push(span.from);
        if date == range.to {
            days.push(span.until);
        }
    }
    Ok(days)
}

fn groups<K: Ord + ToString>(counts: BTreeMap<K, Counts>, names: &BTreeMap<K, String>) -> Vec<Group> {
    let mut groups: Vec<Group> = counts
        .into_iter()
        .map(|(key, counts)| Group {
            label: names.get(&key).cloned().unwrap_or_default(),
            key: key.to_string(),
            counts,
        })
        .collect();
    groups.sort_by(|a, b| {
        b.counts
            .scheduled()
            .cmp(&a.counts.scheduled())
            .then_with(|| a.label.cmp(&b.label))
    });
    groups
}

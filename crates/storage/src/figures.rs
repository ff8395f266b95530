//! The dashboard's queries. What they find is handed over as one text a day, or one altogether: a row costs as much as
//! hundreds of numbers in a text, and sorting and grouping is faster here than in a sorter of SQLite's. Each reads
//! indexes only (see the bench `dashboard`).

use anteroom_domain::figures::{Outcome, Range, Spread};
use anteroom_domain::id::{AccountId, BranchId, ServiceId};
use anteroom_domain::time::Span;
use anteroom_service::port::FiguresRow;
use anteroom_service::port::repository::ReadFigures;
use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::SqliteConnection;

use crate::error::{Result, inconsistent, internal};
use crate::row::{get, ms};
use crate::transaction::SqliteTransaction;

const OUTCOMES: [Outcome; 7] = [
    Outcome::Pending,
    Outcome::Kept,
    Outcome::CancelledByGuest,
    Outcome::CancelledByStaff,
    Outcome::MissedByGuest,
    Outcome::MissedByHost,
    Outcome::MissedTechnical,
];

/// Branch, service, host and outcome of one consultation, and whether it was cancelled too late.
fn to_row(day: i64, text: &str) -> Option<FiguresRow> {
    let mut words = text.split(' ').map(str::parse);
    let mut next = || words.next()?.ok();
    let (branch, service, host) = (BranchId(next()?), ServiceId(next()?), AccountId(next()?));
    let outcome = *OUTCOMES.get(usize::try_from(next()?).ok()?)?;
    let late = next()? != 0;
    Some(FiguresRow {
        day,
        branch,
        service,
        host,
        outcome,
        late,
        count: 1,
    })
}

async fn spread(db: &mut SqliteConnection, sql: &'static str, range: &Range, span: Span) -> Result<Spread> {
    let row = sqlx::query(sql)
        .bind(ms(span.from))
        .bind(ms(span.until))
        .bind(range.branch.map(|id| id.0))
        .bind(range.service.map(|id| id.0))
        .bind(range.host.map(|id| id.0))
        .fetch_one(db)
        .await
        .map_err(internal)?;
    let found: Option<&str> = get(&row, "found")?;
    let durations = found.unwrap_or_default().split(',').filter(|one| !one.is_empty());
    let durations: std::result::Result<Vec<i64>, _> = durations.map(str::parse).collect();
    Ok(Spread::of(durations.map_err(internal)?))
}

#[async_trait]
impl ReadFigures for SqliteTransaction {
    /// Days are given as pairs of instants, because SQLite knows no time zones; for each the index is searched once.
    async fn counts(&mut self, range: &Range, days: &[Timestamp]) -> Result<Vec<FiguresRow>> {
        let db = self.db();
        let pairs: Vec<[i64; 2]> = days
            .windows(2)
            .filter_map(|pair| Some([ms(*pair.first()?), ms(*pair.last()?)]))
            .collect();
        // The outcomes are those of `Outcome::of`, by their position in `OUTCOMES`; the last number says whether it was
        // cancelled too late.
        let rows = sqlx::query(
            "select d.key as day, (
                select group_concat(c.branch_id || ' ' || c.service_id || ' ' || c.host_id || ' ' || case c.state
                        when 'ended' then 1
                        when 'live' then 1
                        when 'cancelled' then case c.cancelled_by when 'guest' then 2 else 3 end
                        when 'missed' then case c.missed_side when 'guest' then 4 when 'host' then 5 else 6 end
                        else 0
                    end || ' ' || (c.state = 'cancelled' and c.starts_at <= c.cancelled_at))
                from consultations c indexed by consultations_figures
                where c.starts_at >= json_extract(d.value, '$[0]') and c.starts_at < json_extract(d.value, '$[1]')
                    and (?2 is null or c.branch_id = ?2)
                    and (?3 is null or c.service_id = ?3)
                    and (?4 is null or c.host_id = ?4)
            ) as found
            from json_each(?1) d",
        )
        .bind(serde_json::to_string(&pairs).map_err(internal)?)
        .bind(range.branch.map(|id| id.0))
        .bind(range.service.map(|id| id.0))
        .bind(range.host.map(|id| id.0))
        .fetch_all(db)
        .await
        .map_err(internal)?;
        let mut counts = Vec::new();
        for row in rows {
            let day = get(&row, "day")?;
            let found: Option<&str> = get(&row, "found")?;
            for one in found.unwrap_or_default().split(',').filter(|one| !one.is_empty()) {
                counts.push(to_row(day, one).ok_or_else(|| inconsistent("consultations", "state", day))?);
            }
        }
        Ok(counts)
    }

    async fn waits(&mut self, range: &Range, span: Span) -> Result<Spread> {
        let db = self.db();
        spread(
            db,
            "select group_concat(v.waited) as found
            from consultations c indexed by consultations_figures
                join visits v indexed by visits_waits on v.consultation_id = c.id
            where c.starts_at >= ?1 and c.starts_at < ?2
                and (?3 is null or c.branch_id = ?3)
                and (?4 is null or c.service_id = ?4)
                and (?5 is null or c.host_id = ?5)
                and v.waited is not null",
            range,
            span,
        )
        .await
    }

    async fn lengths(&mut self, range: &Range, span: Span) -> Result<Spread> {
        let db = self.db();
        spread(
            db,
            "select group_concat(c.ended_at - c.live_at) as found
            from consultations c indexed by consultations_lengths
            where c.starts_at >= ?1 and c.starts_at < ?2
                and (?3 is null or c.branch_id = ?3)
                and (?4 is null or c.service_id = ?4)
                and (?5 is null or c.host_id = ?5)
                and c.state = 'ended'",
            range,
            span,
        )
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_has_a_place_and_what_has_none_is_refused() {
        for outcome in Outcome::ALL {
            assert!(OUTCOMES.contains(&outcome), "{outcome:?}");
        }
        assert_eq!(to_row(3, "7 8 9 5 0").unwrap().outcome, Outcome::MissedByHost);
        assert!(to_row(3, "7 8 9 2 1").unwrap().late);
        assert_eq!(to_row(3, "7 8 9 7 0"), None);
        assert_eq!(to_row(3, "7 8 9 5"), None);
        assert_eq!(to_row(3, "7 8"), None);
    }
}

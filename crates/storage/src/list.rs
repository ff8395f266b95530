//! Consultations as lists show them.
//!
//! A list first picks the ids of its page, from indexes alone where it can, and then looks up what it shows of those: on a
//! large installation what a row shows costs far more than finding it.

use anteroom_domain::figures::Outcome;
use anteroom_domain::guest::phone_tail;
use anteroom_domain::id::{AccountId, BranchId, ConsultationId, GuestId};
use anteroom_domain::text::{fold, one_line};
use anteroom_domain::time::Span;
use anteroom_domain::view::{ConsultationPage, ConsultationRow, ListQuery, PAGE_SIZE, Sort};
use anteroom_service::port::ExportRow;
use anteroom_service::port::repository::ReadConsultationLists;
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use crate::consultation::to_state;
use crate::error::{Result, internal};
use crate::row::{at, at_some, get, ms, word, word_some, zone};
use crate::transaction::SqliteTransaction;

/// What is shown of the consultations that were picked, in their order. The joins are crossed because SQLite then keeps
/// to this order of loops.
const SHOW: &str = "
    select c.id, c.starts_at, c.ends_at, c.zone, c.state, c.missed_side, c.cancelled_by, c.host_id,
        s.name as service, b.name as branch, a.name as host_name,
        (select group_concat(g.name, ', ' order by g.id) from guests g where g.consultation_id = c.id) as guests,
        (select min(g.id) from guests g where g.consultation_id = c.id having count(*) = 1) as only_guest,
        (select count(*) from visits v where v.consultation_id = c.id and v.left_at is null
                and (v.admitted_at is null or exists (select 1 from teams_visits t where t.visit_id = v.id and t.presence = 'lobby')))
            as waiting,
        (select min(v.arrived_at) from visits v
            where v.consultation_id = c.id and v.left_at is null
                and (v.admitted_at is null or exists (select 1 from teams_visits t where t.visit_id = v.id and t.presence = 'lobby'))) as waiting_since,
        (select max(v.disconnected_at) from visits v
            where v.consultation_id = c.id and v.left_at is null
                and (v.admitted_at is null or exists (select 1 from teams_visits t where t.visit_id = v.id and t.presence = 'lobby'))
            having count(*) = count(v.disconnected_at)) as waiting_lost_since,
        exists (select 1 from visits v where v.consultation_id = c.id and v.left_at is null) as occupied";

/// What a file has beside it.
const EXPORT: &str = ",
        c.engine, c.outcome, c.conclusion, c.ended_at - c.live_at as length,
        (select max(v.waited) from visits v where v.consultation_id = c.id) as waited,
        (select avg(g.rating) from guests g where g.consultation_id = c.id) as rating";

const PICKED: &str = "
    from picked p
        cross join consultations c on c.id = p.id
        cross join services s on s.id = c.service_id
        cross join branches b on b.id = c.branch_id
        cross join accounts a on a.id = c.host_id
    order by p.place";

fn to_row(row: &SqliteRow) -> Result<ConsultationRow> {
    Ok(ConsultationRow {
        id: ConsultationId(get(row, "id")?),
        starts_at: at(row, "starts_at")?,
        ends_at: at(row, "ends_at")?,
        zone: zone(row, "zone")?,
        state: to_state(row)?,
        service: get(row, "service")?,
        branch: get(row, "branch")?,
        host: AccountId(get(row, "host_id")?),
        host_name: get(row, "host_name")?,
        guests: get::<Option<String>>(row, "guests")?.unwrap_or_default(),
        only_guest: get::<Option<i64>>(row, "only_guest")?.map(GuestId),
        waiting: get(row, "waiting")?,
        waiting_since: at_some(row, "waiting_since")?,
        waiting_lost_since: at_some(row, "waiting_lost_since")?,
        occupied: get(row, "occupied")?,
    })
}

fn push_filters(query: &mut QueryBuilder<Sqlite>, list: &ListQuery) {
    query.push(" where 1 = 1");
    if let Some(from) = list.from {
        query.push(" and c.starts_at >= ").push_bind(ms(from));
    }
    if let Some(until) = list.until {
        query.push(" and c.starts_at < ").push_bind(ms(until));
    }
    if let Some(branch) = list.branch {
        query.push(" and c.branch_id = ").push_bind(branch.0);
    }
    if let Some(service) = list.service {
        query.push(" and c.service_id = ").push_bind(service.0);
    }
    if let Some(host) = list.host {
        query.push(" and c.host_id = ").push_bind(host.0);
    }
    if let Some(outcome) = list.outcome {
        query.push(match outcome {
            Outcome::Pending => " and c.state in ('scheduled', 'open')",
            Outcome::Kept => " and c.state in ('live', 'ended')",
            Outcome::CancelledByGuest => " and c.state = 'cancelled' and c.cancelled_by = 'guest'",
            Outcome::CancelledByStaff => " and c.state = 'cancelled' and c.cancelled_by = 'staff'",
            Outcome::MissedByGuest => " and c.state = 'missed' and c.missed_side = 'guest'",
            Outcome::MissedByHost => " and c.state = 'missed' and c.missed_side = 'host'",
            Outcome::MissedTechnical => " and c.state = 'missed' and c.missed_side = 'technical'",
        });
    }
    push_search(query, list.search.trim());
}

/// The index holds stretches of three characters; what is shorter is looked for in every guest.
const INDEXED: usize = 3;

fn push_search(query: &mut QueryBuilder<Sqlite>, search: &str) {
    if search.is_empty() {
        return;
    }
    let search = &one_line(search);
    // Names are looked for by their keys; an address stays as it is.
    let key = &fold(search);
    // SQLite's patterns and queries end at a zero, which no guest has in their name. Marks alone are nothing to look for.
    if search.contains('\0') || key.is_empty() {
        query.push(" and false");
        return;
    }
    query.push(" and c.id in (select g.consultation_id from guests g where ");
    // Numbers are stored in one form, and written in many.
    if let Some(tail) = phone_tail(search) {
        query.push("g.id in (select rowid from guest_search where guest_search match ");
        query.push_bind(format!("\"{tail}\"")).push("))");
        return;
    }
    if [search, key].into_iter().all(|text| INDEXED <= text.chars().count()) {
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        query.push("g.id in (select rowid from guest_search where guest_search match ");
        query.push_bind(format!(
            "name_key: {} OR {{email phone}}: {}",
            quoted(key),
            quoted(search)
        ));
        query.push("))");
    } else {
        query.push("g.name_key like ").push_bind(pattern(key));
        query.push(" escape '\\' or g.email like ").push_bind(pattern(search));
        query.push(" escape '\\' or g.phone like ").push_bind(pattern(search));
        query.push(" escape '\\')");
    }
}

/// Anywhere in a text.
fn pattern(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

/// What of a list is picked: all of it, or what begins before or after an instant, each walked away from it.
#[derive(Clone, Copy)]
enum Part {
    Whole,
    From(Timestamp),
    Before(Timestamp),
}

/// Ids in the order of the list, each with its place in it.
fn pick(list: &ListQuery, part: Part) -> QueryBuilder<Sqlite> {
    let down = match part {
        Part::Whole if list.descending => " desc",
        Part::Before(_) => " desc",
        _ => "",
    };
    let sort = match part {
        Part::Whole => list.sort,
        Part::From(_) | Part::Before(_) => Sort::Start,
    };
    let order = match sort {
        Sort::Start => format!("c.starts_at{down}, c.id{down}"),
        Sort::Guest => format!("g.name_key{down}, c.starts_at, c.id"),
        Sort::Service => {
            format!("(select s.name_key from services s where s.id = c.service_id){down}, c.starts_at, c.id")
        }
        Sort::Host => format!("(select a.name_key from accounts a where a.id = c.host_id){down}, c.starts_at, c.id"),
        Sort::State => format!("c.state{down}, c.starts_at, c.id"),
    };
    let mut query = QueryBuilder::new("with found as (select c.id from ");
    query.push(match sort {
        // By the guest who was named first: every consultation has one, and the index over names is walked in order.
        Sort::Guest => "guests g cross join consultations c on c.id = g.consultation_id",
        _ => "consultations c",
    });
    push_filters(&mut query, list);
    match part {
        Part::Whole => {}
        Part::From(at) => {
            query.push(" and c.starts_at >= ").push_bind(ms(at));
        }
        Part::Before(at) => {
            query.push(" and c.starts_at < ").push_bind(ms(at));
        }
    }
    if sort == Sort::Guest {
        query.push(" and g.id = (select min(f.id) from guests f where f.consultation_id = c.id)");
    }
    query.push(" order by ").push(order);
    query
}

/// Ends the picking: with as many as there are, or with a page.
fn show(mut pick: QueryBuilder<Sqlite>, more: &str, limit: i64, offset: i64) -> QueryBuilder<Sqlite> {
    pick.push(" limit ").push_bind(limit).push(" offset ").push_bind(offset);
    pick.push("), picked as materialized (select id, row_number() over () as place from found)");
    pick.push(SHOW).push(more).push(PICKED);
    pick
}

async fn rows(db: &mut SqliteConnection, mut query: QueryBuilder<Sqlite>) -> Result<Vec<ConsultationRow>> {
    let rows = query.build().fetch_all(db).await.map_err(internal)?;
    rows.iter().map(to_row).collect()
}

/// Without pages: to SQLite a limit below zero is none.
const ALL: i64 = -1;

async fn all(db: &mut SqliteConnection, list: &ListQuery) -> Result<Vec<ConsultationRow>> {
    rows(db, show(pick(list, Part::Whole), "", ALL, 0)).await
}

#[async_trait]
impl ReadConsultationLists for SqliteTransaction {
    async fn consultations(&mut self, list: &ListQuery) -> Result<ConsultationPage> {
        let db = self.db();
        let mut count = QueryBuilder::<Sqlite>::new("select count(*), count(*) filter (where c.starts_at >= ");
        count.push_bind(list.around.map(ms)).push(") from consultations c");
        push_filters(&mut count, list);
        let (total, to_come): (i64, i64) = count.build_query_as().fetch_one(&mut *db).await.map_err(internal)?;
        let page = list.page.max(1);
        let size = i64::from(PAGE_SIZE);
        let offset = i64::from(page - 1) * size;
        let found = match list.around {
            None => rows(db, show(pick(list, Part::Whole), "", size, offset)).await?,
            Some(at) => {
                // What is to come ends on this page, or before it, or after.
                let first = (to_come - offset).clamp(0, size);
                let mut found = match first {
                    0 => Vec::new(),
                    _ => rows(db, show(pick(list, Part::From(at)), "", first, offset)).await?,
                };
                if first < size {
                    let passed = (offset - to_come).max(0);
                    let past = show(pick(list, Part::Before(at)), "", size - first, passed);
                    found.extend(rows(db, past).await?);
                }
                found
            }
        };
        Ok(ConsultationPage {
            rows: found,
            total,
            page,
        })
    }

    async fn export(&mut self, list: &ListQuery) -> Result<Vec<ExportRow>> {
        let db = self.db();
        let mut query = show(pick(list, Part::Whole), EXPORT, ALL, 0);
        let rows = query.build().fetch_all(db).await.map_err(internal)?;
        let to_export = |row: &SqliteRow| {
            Ok(ExportRow {
                row: to_row(row)?,
                engine: word(row, "consultations", "engine")?,
                waited: get::<Option<i64>>(row, "waited")?.map(SignedDuration::from_millis),
                length: get::<Option<i64>>(row, "length")?.map(SignedDuration::from_millis),
                rating: get(row, "rating")?,
                conclusion: word_some(row, "consultations", "conclusion")?,
                outcome_note: get(row, "outcome")?,
            })
        };
        rows.iter().map(to_export).collect()
    }

    async fn day(&mut self, branch: Option<BranchId>, span: Span) -> Result<Vec<ConsultationRow>> {
        let db = self.db();
        let list = ListQuery {
            from: Some(span.from),
            until: Some(span.until),
            branch,
            ..ListQuery::default()
        };
        all(db, &list).await
    }
}

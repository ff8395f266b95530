//! How long the dashboard's figures take on a large installation: 200,000 consultations within a year and over two
//! million events. Prints figures and asserts none: `cargo bench -p anteroom-storage --bench dashboard`.
#![expect(clippy::print_stdout, reason = "a bench is there to print its figures")]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anteroom_domain::figures::Range;
use anteroom_domain::id::{AccountId, BranchId};
use anteroom_domain::time::Zone;
use anteroom_domain::view::{ListQuery, Sort};
use anteroom_service::port::{FixedClock, LocalBus, NoMeetings, SeededEntropy};
use anteroom_service::{Engines, UseCases};
use anteroom_storage::SqliteStore;
use jiff::civil::date;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const CONSULTATIONS: u32 = 200_000;
const BRANCHES: u32 = 20;
const SERVICES: u32 = 60;
const HOSTS: u32 = 200;
const RUNS: usize = 10;
/// An admin of the whole organisation.
const BOSS: AccountId = AccountId(100_000);
/// The year that all of it lies in: 2027, from its first instant in UTC.
const YEAR_BEGINS_MS: i64 = 1_798_761_600_000;

#[tokio::main]
async fn main() -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("anteroom.db");
    SqliteStore::open(&path).await?.close().await;
    let began = now();
    fill(&path).await?;
    report(&path, began.elapsed()).await?;
    let zone: Zone = "Europe/Berlin".parse()?;
    let year = Range {
        from: date(2027, 1, 1),
        to: date(2027, 12, 31),
        zone,
        branch: None,
        service: None,
        host: None,
    };
    let month = Range {
        from: date(2027, 6, 1),
        to: date(2027, 6, 30),
        ..year.clone()
    };
    println!("{:<44}{:>12}{:>12}{:>12}", "", "first", "p50", "worst");
    for (name, range) in [
        ("figures, 30 days", month.clone()),
        (
            "figures, 30 days, one branch",
            Range {
                branch: Some(BranchId(7)),
                ..month.clone()
            },
        ),
        ("figures, a year", year.clone()),
        (
            "figures, a year, one branch",
            Range {
                branch: Some(BranchId(7)),
                ..year.clone()
            },
        ),
        (
            "figures, a year, one clerk",
            Range {
                host: Some(AccountId(42)),
                ..year
            },
        ),
    ] {
        // A store of its own each: its connections have no page in their caches yet.
        let store = SqliteStore::open(&path).await?;
        let use_cases = use_cases(&store);
        let admin = use_cases.vouch(BOSS).await?;
        let mut times = Vec::new();
        for _ in 0..=RUNS {
            let began = now();
            use_cases.figures(&admin, range.clone()).await?;
            times.push(began.elapsed());
        }
        print(name, &times);
        store.close().await;
    }
    for (name, query) in [
        (
            "list, as it opens",
            ListQuery {
                around: Some(jiff::Timestamp::from_millisecond(YEAR_BEGINS_MS + 330 * 86_400_000)?),
                ..ListQuery::default()
            },
        ),
        (
            "list, latest first",
            ListQuery {
                descending: true,
                ..ListQuery::default()
            },
        ),
        (
            "list, by guest, page 1",
            ListQuery {
                sort: Sort::Guest,
                ..ListQuery::default()
            },
        ),
        (
            "list, by service, page 4,000",
            ListQuery {
                sort: Sort::Service,
                page: 4_000,
                ..ListQuery::default()
            },
        ),
        (
            "list, search that finds one",
            ListQuery {
                search: "guest 123456".into(),
                ..ListQuery::default()
            },
        ),
        (
            "list, search that finds 1,111",
            ListQuery {
                search: "uest 199".into(),
                ..ListQuery::default()
            },
        ),
        (
            "list, search that finds all",
            ListQuery {
                search: "example.org".into(),
                ..ListQuery::default()
            },
        ),
        (
            "list, search for two letters",
            ListQuery {
                search: "99".into(),
                ..ListQuery::default()
            },
        ),
    ] {
        let store = SqliteStore::open(&path).await?;
        let use_cases = use_cases(&store);
        let admin = use_cases.vouch(BOSS).await?;
        let mut times = Vec::new();
        for _ in 0..=RUNS {
            let began = now();
            use_cases.consultations(&admin, query.clone()).await?;
            times.push(began.elapsed());
        }
        print(name, &times);
        store.close().await;
    }
    let store = SqliteStore::open(&path).await?;
    let began = now();
    let use_cases = use_cases(&store);
    let admin = use_cases.vouch(BOSS).await?;
    let rows = use_cases.export(&admin, ListQuery::default()).await?;
    println!("export of {} rows: {:.1} s", rows.len(), began.elapsed().as_secs_f64());
    store.close().await;
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "a bench reads the clock: that is what it is for"
)]
fn now() -> Instant {
    Instant::now()
}

/// The first run apart, and the middle and the worst of the others.
fn print(name: &str, times: &[Duration]) {
    let Some((first, others)) = times.split_first() else {
        return;
    };
    let mut others = others.to_vec();
    others.sort();
    let ms = |time: Option<&Duration>| time.map_or(0.0, |time| time.as_secs_f64() * 1_000.0);
    let middle = others.get(others.len() / 2);
    println!(
        "{name:<44}{:>9.1} ms{:>9.1} ms{:>9.1} ms",
        ms(Some(first)),
        ms(middle),
        ms(others.last())
    );
}

async fn report(path: &Path, took: Duration) -> Outcome<()> {
    let mut db = SqliteConnectOptions::new().filename(path).connect().await?;
    let (consultations, visits, events): (i64, i64, i64) = sqlx::query_as(
        "select (select count(*) from consultations), (select count(*) from visits), (select count(*) from events)",
    )
    .fetch_one(&mut db)
    .await?;
    let megabytes = std::fs::metadata(path)?.len() / 1_000_000;
    println!(
        "{consultations} consultations, {visits} visits, {events} events: {megabytes} MB, filled in {:.0} s\n",
        took.as_secs_f64()
    );
    Ok(db.close().await?)
}

fn use_cases(store: &SqliteStore) -> UseCases {
    UseCases::new(
        Arc::new(store.clone()),
        Arc::new(FixedClock::at(jiff::Timestamp::UNIX_EPOCH)),
        Arc::new(SeededEntropy::new(1)),
        Arc::new(LocalBus::default()),
        Engines::builtin(NoMeetings),
    )
}

/// Past the use cases, which would take an hour. Everything is drawn from the row's number by multiplication with large
/// primes: the same file in every run.
async fn fill(path: &Path) -> Outcome<()> {
    let mut db: SqliteConnection = SqliteConnectOptions::new().filename(path).connect().await?;
    db.execute("pragma synchronous = off").await?;
    db.execute("begin").await?;
    let numbers = |n: u32| format!("with recursive n(i) as (select 1 union all select i + 1 from n where i < {n})");
    let statements = [
        format!(
            "{} insert into branches (id, name, zone, opens_minute, closes_minute, created_at)
            select i, 'Branch ' || i, 'Europe/Berlin', 480, 1080, 0 from n",
            numbers(BRANCHES)
        ),
        format!(
            "{} insert into services
                (id, branch_id, name, name_key, minutes, buffer_before_minutes, buffer_after_minutes, engine, created_at)
            select i, 1 + i % {BRANCHES}, 'Service ' || i, 'service ' || i, 30, 0, 5, 'builtin', 0 from n",
            numbers(SERVICES)
        ),
        format!(
            "{} insert into accounts (id, email, name, name_key, role, branch_id, zone, password_hash, created_at)
            select i, 'clerk' || i || '@example.org', 'Clerk ' || i, 'clerk ' || i, 'clerk', 1 + i % {BRANCHES}, 'Europe/Berlin', '-', 0
            from n",
            numbers(HOSTS)
        ),
        format!(
            "insert into accounts (id, email, name, name_key, role, zone, password_hash, created_at)
            values ({BOSS}, 'boss@example.org', 'Boss', 'boss', 'admin', 'UTC', '-', 0)"
        ),
        // Of a hundred: 66 kept, 8 cancelled by each side, 10 missed by the guest, 4 by the host, 4 technical.
        format!(
            "{}, d as (
                select i, i * 7919 % 97 * 100 / 97 as fate, 1 + i * 104729 % {SERVICES} as service,
                    -- Made day by day, up to two weeks ahead.
                    {YEAR_BEGINS_MS} + (i * (351 * 96) / {CONSULTATIONS} + i * 15485863 % (14 * 96)) * 900000 as starts_at
                from n
            )
            insert into consultations (id, service_id, branch_id, host_id, engine, starts_at, ends_at, busy_from,
                busy_until, zone, state, missed_side, cancelled_by, cancelled_at, opened_at, live_at, ended_at,
                created_kind, created_by, created_at)
            select i, service, 1 + service % {BRANCHES},
                1 + (service % {BRANCHES} + {BRANCHES} - 1) % {BRANCHES} + {BRANCHES} * (i / 61 * 611953 % ({HOSTS} / {BRANCHES})),
                'builtin', starts_at, starts_at + 1800000, starts_at, starts_at + 2100000, 'Europe/Berlin',
                case when fate < 66 then 'ended' when fate < 82 then 'cancelled' else 'missed' end,
                case when fate < 82 then null when fate < 92 then 'guest' when fate < 96 then 'host' else 'technical' end,
                case when fate between 66 and 73 then 'guest' when fate between 74 and 81 then 'staff' end,
                case when fate between 66 and 81 then starts_at - 86400000 end,
                case when fate < 66 then starts_at - 300000 end,
                case when fate < 66 then starts_at + i * 32452843 % 600000 end,
                case when fate < 66 then starts_at + 900000 + i * 49979687 % 1500000 end,
                'staff', 1, starts_at - 600000000
            from d",
            numbers(CONSULTATIONS)
        ),
        "insert into guests (consultation_id, name, name_key, email, language, zone, created_at)
            select id, 'Guest ' || id, 'guest ' || id, 'guest' || id || '@example.org', 'en', 'Europe/Berlin', created_at
            from consultations"
            .into(),
        // The guest's visit where one came, and the host's where it took place.
        "insert into visits (consultation_id, guest_id, role, name, token_hash, arrived_at, admitted_at, waited, media_at,
                left_at, end_cause)
            select c.id, g.id, 'guest', g.name, randomblob(32), c.starts_at - 300000,
                case when c.state = 'ended' or c.missed_side = 'technical'
                    then c.starts_at - 300000 + c.id * 86028121 % 900000 end,
                case when c.state = 'ended' or c.missed_side = 'technical' then c.id * 86028121 % 900000 end,
                c.live_at, coalesce(c.ended_at, c.ends_at), 'left'
            from consultations c join guests g on g.consultation_id = c.id
            where c.state = 'ended' or c.missed_side in ('host', 'technical')"
            .into(),
        "insert into visits (consultation_id, account_id, role, name, token_hash, arrived_at, admitted_at, media_at,
                left_at, end_cause)
            select id, host_id, 'host', 'Clerk', randomblob(32), starts_at - 60000, starts_at - 60000, live_at, ended_at,
                'left'
            from consultations where state = 'ended'"
            .into(),
        "insert into events (at, kind, consultation_id, data)
            select c.starts_at, k.kind, c.id, json_object('kind', k.kind, 'starts_at', '2027-01-01T00:00:00Z')
            from consultations c join (
                select 'scheduled' as kind, 0 as kept union all select 'invited', 0 union all select 'missed', 0
                union all select 'opened', 1 union all select 'arrived', 1 union all select 'arrived', 1
                union all select 'admitted', 1 union all select 'media_joined', 1 union all select 'media_joined', 1
                union all select 'went_live', 1 union all select 'left', 1 union all select 'left', 1
                union all select 'ended', 1
            ) k on k.kept = 0 or c.state = 'ended'"
            .into(),
    ];
    for statement in statements {
        // Nothing in them comes from outside.
        db.execute(AssertSqlSafe(statement)).await?;
    }
    db.execute("commit").await?;
    db.execute("analyze").await?;
    db.execute("pragma wal_checkpoint(truncate)").await?;
    Ok(db.close().await?)
}

//! The rules that the schema holds by itself, whoever writes.

use std::path::{Path, PathBuf};

use anteroom_service::port::{Entropy as _, SeededEntropy};
use anteroom_storage::SqliteStore;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};

const MINUTE: i64 = 60_000;
const HOSTS: i64 = 2;

async fn connect(path: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(path).foreign_keys(true);
    options.connect().await.unwrap()
}

/// A branch with a service and two hosts.
async fn database(folder: &Path) -> PathBuf {
    let path = folder.join("anteroom.db");
    SqliteStore::open(&path).await.unwrap().close().await;
    let mut db = connect(&path).await;
    for sql in [
        "insert into branches (id, name, zone, opens_minute, closes_minute, created_at) values (1, 'North', 'Europe/Berlin', 480, 1080, 1)",
        "insert into services (id, branch_id, name, name_key, minutes, buffer_before_minutes, buffer_after_minutes, engine, active, created_at) values (1, 1, 'Advice', 'advice', 30, 0, 0, 'builtin', 1, 1)",
        "insert into accounts (id, email, name, name_key, role, branch_id, zone, password_hash, active, created_at) values (1, 'anna@example.org', 'Anna', 'anna', 'clerk', 1, 'Europe/Berlin', '$', 1, 1)",
        "insert into accounts (id, email, name, name_key, role, branch_id, zone, password_hash, active, created_at) values (2, 'ben@example.org', 'Ben', 'ben', 'clerk', 1, 'Europe/Berlin', '$', 1, 1)",
    ] {
        sqlx::query(sql).execute(&mut db).await.unwrap();
    }
    db.close().await.unwrap();
    path
}

/// What the rule says, written down the plain way.
#[derive(Clone, Copy, Debug)]
struct Booking {
    id: i64,
    host: i64,
    starts: i64,
    minutes: i64,
    before: i64,
    after: i64,
    holds: bool,
}

impl Booking {
    fn busy(&self) -> (i64, i64) {
        (
            self.starts - self.before * MINUTE,
            self.starts + (self.minutes + self.after) * MINUTE,
        )
    }

    fn hinders(&self, other: &Self) -> bool {
        let ((a, b), (c, d)) = (self.busy(), other.busy());
        self.holds && other.holds && self.id != other.id && self.host == other.host && a < d && c < b
    }
}

struct Dice(SeededEntropy);

impl Dice {
    fn below(&self, end: i64) -> i64 {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        i64::from(u32::from_le_bytes(bytes)) % end
    }

    /// Mostly short ones close together; now and then the longest that there are.
    fn place(&self, id: i64) -> Booking {
        let long = self.below(8) == 0;
        let pick = |short: i64, longest: i64| if long { longest } else { self.below(short) };
        Booking {
            id,
            host: 1 + self.below(HOSTS),
            starts: (10_000 + self.below(3_000)) * MINUTE,
            minutes: 5 + pick(60, 475),
            before: pick(20, 120),
            after: pick(20, 120),
            holds: true,
        }
    }
}

async fn insert(db: &mut SqliteConnection, new: &Booking) -> Result<(), sqlx::Error> {
    let (from, until) = new.busy();
    sqlx::query(
        "insert into consultations (id, service_id, branch_id, host_id, engine, starts_at, ends_at, busy_from, busy_until,
            zone, state, created_kind, created_by, created_at)
        values (?, 1, 1, ?, 'builtin', ?, ?, ?, ?, 'Europe/Berlin', 'scheduled', 'staff', 1, 1)",
    )
    .bind(new.id)
    .bind(new.host)
    .bind(new.starts)
    .bind(new.starts + new.minutes * MINUTE)
    .bind(from)
    .bind(until)
    .execute(db)
    .await
    .map(|_| ())
}

async fn update(db: &mut SqliteConnection, to: &Booking) -> Result<(), sqlx::Error> {
    let (from, until) = to.busy();
    sqlx::query(
        "update consultations set host_id = ?, starts_at = ?, ends_at = ?, busy_from = ?, busy_until = ?,
            state = case when ? then 'scheduled' else 'cancelled' end,
            cancelled_by = case when ? then null else 'staff' end, cancelled_at = case when ? then null else 1 end
        where id = ?",
    )
    .bind(to.host)
    .bind(to.starts)
    .bind(to.starts + to.minutes * MINUTE)
    .bind(from)
    .bind(until)
    .bind(to.holds)
    .bind(to.holds)
    .bind(to.holds)
    .bind(to.id)
    .execute(db)
    .await
    .map(|_| ())
}

#[tokio::test]
async fn a_host_is_booked_as_the_plain_rule_says_whatever_is_tried() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(folder.path()).await;
    // Two connections take turns by chance, as two processes would.
    let mut connections = [connect(&path).await, connect(&path).await];
    for db in &mut connections {
        sqlx::query("pragma synchronous = off").execute(db).await.unwrap();
    }
    let dice = Dice(SeededEntropy::new(11));
    let mut model: Vec<Booking> = Vec::new();
    let (mut yes, mut no) = (0, 0);
    for step in 0..4_000 {
        let db = &mut connections[usize::try_from(dice.below(2)).unwrap()];
        let some = usize::try_from(dice.below(i64::try_from(model.len()).unwrap().max(1))).unwrap();
        let (wish, is_new) = match (dice.below(10), model.get(some)) {
            (0..=3, _) | (_, None) => (dice.place(step + 1), true),
            // Moved, perhaps to the other host.
            (4..=6, Some(old)) => (
                Booking {
                    holds: old.holds,
                    ..dice.place(old.id)
                },
                false,
            ),
            // Nudged by a few minutes: it overlaps its own old place.
            (7, Some(old)) => (
                Booking {
                    starts: old.starts + (dice.below(21) - 10) * MINUTE,
                    ..*old
                },
                false,
            ),
            // Cancelled, or called back.
            (_, Some(old)) => (
                Booking {
                    holds: !old.holds,
                    ..*old
                },
                false,
            ),
        };
        let expected = !model.iter().any(|other| other.hinders(&wish));
        let done = if is_new {
            insert(db, &wish).await
        } else {
            update(db, &wish).await
        };
        match done {
            Ok(()) => {
                assert!(expected, "step {step}: {wish:?} was let in");
                yes += 1;
                model.retain(|old| old.id != wish.id);
                model.push(wish);
            }
            Err(error) => {
                assert!(error.to_string().contains("host_busy"), "step {step}: {error}");
                assert!(!expected, "step {step}: {wish:?} was refused");
                no += 1;
            }
        }
    }
    assert!(400 < yes && 400 < no, "{yes} went, {no} did not");
    let [mut one, two] = connections;
    let overlaps: i64 = sqlx::query_scalar(
        "select count(*) from consultations a join consultations b on a.host_id = b.host_id and a.id < b.id
        where a.state = 'scheduled' and b.state = 'scheduled' and a.busy_from < b.busy_until and b.busy_from < a.busy_until",
    )
    .fetch_one(&mut one)
    .await
    .unwrap();
    assert_eq!(overlaps, 0);
    one.close().await.unwrap();
    two.close().await.unwrap();
}

#[tokio::test]
async fn the_log_is_never_changed() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(folder.path()).await;
    let mut db = connect(&path).await;
    sqlx::query("insert into events (at, kind, data) values (1, 'signed_in', '{}')")
        .execute(&mut db)
        .await
        .unwrap();
    for sql in [
        "update events set at = 2",
        "update events set data = '{\"kind\":\"ended\"}' where id = 1",
        "delete from events",
        "delete from events where id = 1",
        "insert into events (id, at, kind, data) values (1, 2, 'ended', '{}') on conflict do update set at = 2",
        "insert or replace into events (id, at, kind, data) values (1, 2, 'ended', '{}')",
        "replace into events (id, at, kind, data) values (1, 2, 'ended', '{}')",
    ] {
        let error = sqlx::query(sql).execute(&mut db).await.expect_err(sql).to_string();
        assert!(error.contains("events_append_only"), "{sql}: {error}");
    }
    let error = sqlx::query("insert into events (at, kind, data) values (1, 'x', 'no json')")
        .execute(&mut db)
        .await;
    assert!(error.is_err());
    let rows: Vec<(i64, i64, String)> = sqlx::query_as("select id, at, kind from events")
        .fetch_all(&mut db)
        .await
        .unwrap();
    assert_eq!(rows, [(1, 1, "signed_in".to_owned())]);
    db.close().await.unwrap();
}

#[tokio::test]
async fn states_that_can_not_be_are_refused_by_the_schema() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(folder.path()).await;
    let mut db = connect(&path).await;
    let one = Booking {
        id: 1,
        host: 1,
        starts: 10_000 * MINUTE,
        minutes: 30,
        before: 0,
        after: 0,
        holds: true,
    };
    insert(&mut db, &one).await.unwrap();
    for (n, sql) in [
        "insert into guests (id, consultation_id, name, name_key, language, zone, created_at) values (1, 1, 'Zeb', 'zeb', 'en', 'UTC', 1)",
        "insert into visits (id, consultation_id, guest_id, role, name, token_hash, arrived_at)
            values (1, 1, 1, 'guest', 'Zeb', zeroblob(32), 1)",
    ]
    .into_iter()
    .enumerate()
    {
        sqlx::query(sql).execute(&mut db).await.unwrap_or_else(|error| panic!("{n}: {error}"));
    }
    for sql in [
        "update consultations set state = 'missed'",
        "update consultations set state = 'cancelled'",
        "update consultations set state = 'live'",
        "update consultations set state = 'ended', live_at = 1",
        "update consultations set state = 'postponed'",
        "update consultations set missed_side = 'guest'",
        "update consultations set ends_at = starts_at",
        "update consultations set ends_at = starts_at + 481 * 60000, busy_until = starts_at + 481 * 60000",
        "update consultations set busy_from = starts_at + 1",
        "update consultations set moved_at = 5",
        "update consultations set host_id = 99",
        "update consultations set starts_at = 'tomorrow'",
        "update guests set name = ''",
        "update guests set admission = 'perhaps'",
        "update guests set rating = 6",
        "insert into invitations values (1, 1, 'short', 1, 2, null)",
        "insert into invitations values (1, 99, zeroblob(32), 1, 2, null)",
        "insert into visits (consultation_id, guest_id, role, name, token_hash, arrived_at)
            values (1, 1, 'guest', 'Zeb again', randomblob(32), 1)",
        "update visits set left_at = 5",
        "update visits set account_id = 1",
        "insert into messages values (1, 1, 1, 'Zeb', '', 1)",
        "insert into accounts (id, email, name, name_key, role, branch_id, zone, password_hash, active, created_at) values (9, 'ANNA@example.org', 'Other', 'other', 'clerk', 1, 'UTC', '$', 1, 1)",
        "insert into accounts (id, email, name, name_key, role, branch_id, zone, password_hash, active, created_at) values (9, 'x@example.org', 'Other', 'other', 'clerk', null, 'UTC', '$', 1, 1)",
        "delete from consultations",
        "delete from branches",
        "update consultations set engine = 'telepathy'",
        "update consultations set conclusion = 'maybe'",
        "update consultations set created_by = null",
        "update visits set role = 'ghost'",
        "update guests set role = 'host'",
        "update accounts set role = 'king'",
    ] {
        assert!(
            sqlx::query(sql).execute(&mut db).await.is_err(),
            "the schema lets this happen: {sql}"
        );
    }
    db.close().await.unwrap();
}

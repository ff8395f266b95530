//! Lists and what is found in them: always what a plain look at every row would give.

use std::collections::BTreeMap;
use std::path::Path;

use anteroom_domain::text::fold;
use anteroom_domain::view::{ListQuery, Sort};
use anteroom_service::port::Store as _;
use anteroom_storage::SqliteStore;
use jiff::Timestamp;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};

async fn connect(path: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(path).foreign_keys(true);
    options.connect().await.unwrap()
}

async fn run(db: &mut SqliteConnection, sql: String) {
    sqlx::query(AssertSqlSafe(sql)).execute(db).await.unwrap();
}

/// By consultation; the one that was named first is the one that a list is sorted by.
const GUESTS: [(i64, &str, &str, &str); 9] = [
    (1, "Ségolène Rochat", "segolene@example.com", ""),
    (2, "Fatma Yıldız", "fatma@example.com", ""),
    (3, "Anna \"Ann\" O'Hara", "", "+41446681800"),
    (3, "Zebedee Quill", "zeb@quill.example", ""),
    (4, "100% Holz_AG", "holz@example.net", ""),
    (5, "anna ab", "ab@example.org", ""),
    (6, "李明", "li.ming@example.cn", ""),
    (7, "Ann", "", "+442079460233"),
    (8, "Zuletzt", "last@example.org", ""),
];

async fn filled(path: &Path) -> SqliteStore {
    SqliteStore::open(path).await.unwrap().close().await;
    let mut db = connect(path).await;
    run(
        &mut db,
        "insert into branches (id, name, zone, opens_minute, closes_minute, created_at) values (1, 'North', 'Europe/Berlin', 480, 1080, 1)".into(),
    )
    .await;
    for (id, name) in [(1, "Zinsen"), (2, "advice")] {
        let key = fold(name);
        run(
            &mut db,
            format!(
                "insert into services (id, branch_id, name, name_key, minutes, buffer_before_minutes, buffer_after_minutes, engine, \
                 active, created_at) values ({id}, 1, '{name}', '{key}', 30, 0, 0, 'builtin', 1, 1)"
            ),
        )
        .await;
    }
    for (id, name) in [(1, "Ben"), (2, "anna")] {
        let key = fold(name);
        run(
            &mut db,
            format!(
                "insert into accounts (id, email, name, name_key, role, branch_id, zone, password_hash, active, created_at) \
                 values ({id}, '{name}@example.org', '{name}', '{key}', 'clerk', 1, 'Europe/Berlin', '$', 1, 1)"
            ),
        )
        .await;
    }
    for id in 1..=8 {
        // Two begin at the same time.
        let starts = if id == 2 { 1 } else { id } * 10_000_000;
        run(
            &mut db,
            format!(
                "insert into consultations (id, service_id, branch_id, host_id, engine, starts_at, ends_at, busy_from, \
                 busy_until, zone, state, created_kind, created_by, created_at) \
                 values ({id}, 1 + {id} % 2, 1, 1 + {id} % 2, 'builtin', {starts}, {starts} + 1000, {starts}, \
                 {starts} + 1000, 'Europe/Berlin', 'scheduled', 'staff', 1, 1)"
            ),
        )
        .await;
    }
    for (consultation, name, email, phone) in GUESTS {
        sqlx::query(
            "insert into guests (consultation_id, name, name_key, email, phone, language, zone, created_at)
            values (?, ?, ?, ?, ?, 'en', 'Europe/Berlin', 1)",
        )
        .bind(consultation)
        .bind(name)
        .bind(fold(name))
        .bind(email)
        .bind(phone)
        .execute(&mut db)
        .await
        .unwrap();
    }
    db.close().await.unwrap();
    SqliteStore::open(path).await.unwrap()
}

async fn ids(store: &SqliteStore, query: &ListQuery) -> Vec<i64> {
    let mut reads = store.read().await.unwrap();
    let page = reads.consultations(query).await.unwrap();
    let ids: Vec<i64> = page.rows.iter().map(|row| row.id.0).collect();
    assert_eq!(page.total, i64::try_from(ids.len()).unwrap(), "{query:?}");
    let exported = reads.export(query).await.unwrap();
    let rows: Vec<_> = exported.into_iter().map(|export| export.row).collect();
    assert_eq!(rows, page.rows, "{query:?}");
    ids
}

async fn found(store: &SqliteStore, search: &str) -> Vec<i64> {
    let query = ListQuery {
        search: search.into(),
        ..ListQuery::default()
    };
    ids(store, &query).await
}

#[tokio::test]
async fn a_part_of_a_name_an_address_or_a_number_finds_its_consultation() {
    let folder = tempfile::tempdir().unwrap();
    let store = filled(&folder.path().join("anteroom.db")).await;
    for (search, expected) in [
        ("quill", &[3][..]),
        ("QUILL.EX", &[3]),
        ("  zebedee ", &[3]),
        ("ann", &[3, 5, 7]),
        ("nna", &[3, 5]),
        ("an", &[3, 5, 7]),
        ("na a", &[5]),
        ("segolene roch", &[1]),
        ("SÉGOLÈNE", &[1]),
        ("se\u{301}golene", &[1]),
        ("fatma y", &[2]),
        ("yildiz", &[2]),
        ("YILDIZ", &[2]),
        ("se", &[1]),
        ("SÉ", &[1]),
        ("il", &[2, 3]),
        ("\u{301}", &[]),
        ("0794", &[7]),
        ("+41", &[3]),
        ("李明", &[6]),
        ("李", &[6]),
        // What a query language or a pattern would take for its own.
        ("\"ann\"", &[3]),
        ("\"", &[3]),
        ("o'hara", &[3]),
        ("100%", &[4]),
        ("%", &[4]),
        ("_", &[4]),
        ("holz_ag", &[4]),
        ("holz.ag", &[]),
        ("ann*", &[]),
        ("ann OR fatma", &[]),
        ("name:ann", &[]),
        ("nothing\0at all", &[]),
        ("\0", &[]),
        ("\\", &[]),
        // Not across a name and an address.
        ("rochatsegolene", &[]),
        ("", &[1, 2, 3, 4, 5, 6, 7, 8]),
    ] {
        assert_eq!(found(&store, search).await, expected, "{search:?}");
    }
    store.close().await;
}

#[tokio::test]
async fn what_a_guest_is_called_now_is_what_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("anteroom.db");
    let store = filled(&path).await;
    let mut db = connect(&path).await;
    run(
        &mut db,
        "update guests set name = 'Erased', name_key = 'erased', email = '' where consultation_id = 1".into(),
    )
    .await;
    run(&mut db, "delete from guests where name = 'Zebedee Quill'".into()).await;
    run(
        &mut db,
        "update guests set admission = 'declined' where consultation_id = 2".into(),
    )
    .await;
    assert!(found(&store, "rochat").await.is_empty());
    assert!(found(&store, "segolene").await.is_empty());
    assert!(found(&store, "quill").await.is_empty());
    assert_eq!(found(&store, "erased").await, [1]);
    assert_eq!(found(&store, "fatma").await, [2]);
    // Not even a piece of what was erased is left in the index.
    run(
        &mut db,
        "create virtual table temp.words using fts5vocab(main, guest_search, row)".into(),
    )
    .await;
    let left: Vec<String> =
        sqlx::query_scalar("select term from temp.words where term in ('roc', 'uil', 'era', 'fat')")
            .fetch_all(&mut db)
            .await
            .unwrap();
    assert_eq!(left, ["era", "fat"]);
    run(
        &mut db,
        "insert into guest_search (guest_search, rank) values ('integrity-check', 1)".into(),
    )
    .await;
    db.close().await.unwrap();
    store.close().await;
}

/// Those of before have no key; they get one when the file is opened.
#[tokio::test]
async fn names_are_sorted_and_found_without_capitals_and_accents() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("anteroom.db");
    filled(&path).await.close().await;
    let mut db = connect(&path).await;
    let names = ["östlund", "Olsen", "Ötzi", "Łukasz", "Lund", "Ψάρης", "ψαρα", "Ёлкин"];
    for (id, name) in (1..).zip(names) {
        run(
            &mut db,
            format!(
                "update guests set name = '{name}', name_key = '{}' where consultation_id = {id}",
                fold(name)
            ),
        )
        .await;
    }
    run(
        &mut db,
        "update services set name = 'Über', name_key = 'uber' where id = 1".into(),
    )
    .await;
    run(
        &mut db,
        "update accounts set name = 'Ádám', name_key = 'adam' where id = 1".into(),
    )
    .await;
    db.close().await.unwrap();
    let store = SqliteStore::open(&path).await.unwrap();
    let sorted = async |sort: Sort| {
        let query = ListQuery {
            sort,
            ..ListQuery::default()
        };
        ids(&store, &query).await
    };
    assert_eq!(sorted(Sort::Guest).await, [4, 5, 2, 1, 3, 7, 6, 8]);
    assert_eq!(sorted(Sort::Service).await, [1, 3, 5, 7, 2, 4, 6, 8]);
    assert_eq!(sorted(Sort::Host).await, [2, 4, 6, 8, 1, 3, 5, 7]);
    for (search, expected) in [
        ("os", &[1][..]),
        ("ÖS", &[1]),
        ("lukasz", &[4]),
        ("lu", &[1, 4, 5]),
        ("ΨΆΡ", &[6, 7]),
        ("ψα", &[6, 7]),
        ("елкин", &[8]),
    ] {
        assert_eq!(found(&store, search).await, expected, "{search}");
    }
    store.close().await;
}

#[tokio::test]
async fn every_order_has_every_consultation_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = filled(&folder.path().join("anteroom.db")).await;
    let expected: BTreeMap<(&str, bool), [i64; 8]> = [
        (("start", false), [1, 2, 3, 4, 5, 6, 7, 8]),
        (("start", true), [8, 7, 6, 5, 4, 3, 2, 1]),
        (("guest", false), [4, 7, 3, 5, 2, 1, 8, 6]),
        (("guest", true), [6, 8, 1, 2, 5, 3, 7, 4]),
        (("service", false), [1, 3, 5, 7, 2, 4, 6, 8]),
        (("service", true), [2, 4, 6, 8, 1, 3, 5, 7]),
        (("host", false), [1, 3, 5, 7, 2, 4, 6, 8]),
        (("host", true), [2, 4, 6, 8, 1, 3, 5, 7]),
        (("state", false), [1, 2, 3, 4, 5, 6, 7, 8]),
        (("state", true), [1, 2, 3, 4, 5, 6, 7, 8]),
    ]
    .into();
    for ((sort, descending), expected) in expected {
        let query = ListQuery {
            sort: sort.parse::<Sort>().unwrap(),
            descending,
            ..ListQuery::default()
        };
        assert_eq!(ids(&store, &query).await, expected, "{sort} {descending}");
    }
    let mut reads = store.read().await.unwrap();
    let mut around = async |at: i64, search: &str| {
        let query = ListQuery {
            around: Some(Timestamp::from_millisecond(at).unwrap()),
            search: search.into(),
            ..ListQuery::default()
        };
        let page = reads.consultations(&query).await.unwrap();
        let ids: Vec<i64> = page.rows.iter().map(|row| row.id.0).collect();
        assert_eq!(page.total, i64::try_from(ids.len()).unwrap());
        ids
    };
    assert_eq!(around(50_000_000, "").await, [5, 6, 7, 8, 4, 3, 2, 1]);
    assert_eq!(around(0, "").await, [1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(around(90_000_000, "").await, [8, 7, 6, 5, 4, 3, 2, 1]);
    assert_eq!(around(40_000_000, "ann").await, [5, 7, 3]);
    let second = reads
        .consultations(&ListQuery {
            page: 2,
            ..ListQuery::default()
        })
        .await
        .unwrap();
    assert_eq!((second.rows.len(), second.total, second.page), (0, 8, 2));
    let both = reads
        .consultations(&ListQuery {
            search: "quill".into(),
            ..ListQuery::default()
        })
        .await
        .unwrap();
    assert_eq!(both.rows[0].guests, "Anna \"Ann\" O'Hara, Zebedee Quill");
    drop(reads);
    store.close().await;
}

use anteroom_domain::figures::{Outcome, Range};
use anteroom_domain::view::ListQuery;
use anteroom_service::port::SeededEntropy;
use anteroom_storage::SqliteStore;

use super::*;

struct Bank {
    use_cases: UseCases,
    admin: Actor,
    demo: DemoAccounts,
    store: SqliteStore,
    _folder: tempfile::TempDir,
}

fn a_wednesday_afternoon() -> Timestamp {
    "2027-03-10T13:17:23Z".parse().unwrap()
}

async fn bank(now: Timestamp) -> Bank {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join(FILE)).await.unwrap();
    let entropy = Arc::new(SeededEntropy::new(3));
    let demo = seed(Arc::new(store.clone()), entropy.clone(), now, SEED).await.unwrap();
    let clock = Arc::new(FixedClock::at(now));
    let use_cases = UseCases::new(
        Arc::new(store.clone()),
        clock,
        entropy,
        Arc::new(LocalBus::default()),
        Engines::builtin(NoMeetings),
    );
    let accounts = store.read().await.unwrap().accounts(None).await.unwrap();
    let admin = accounts
        .into_iter()
        .find(|account| account.email == ADMIN.email)
        .unwrap();
    Bank {
        admin: use_cases.vouch(admin.id).await.unwrap(),
        use_cases,
        demo,
        store,
        _folder: folder,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_weeks_have_some_of_every_outcome() {
    let now = a_wednesday_afternoon();
    let bank = bank(now).await;
    let range = Range {
        from: "2027-02-08".parse().unwrap(),
        to: "2027-03-10".parse().unwrap(),
        zone: "Europe/Zurich".parse().unwrap(),
        branch: None,
        service: None,
        host: None,
    };
    let figures = bank.use_cases.figures(&bank.admin, range).await.unwrap();
    assert!((60..=130).contains(&figures.counts.scheduled()), "{:?}", figures.counts);
    for outcome in Outcome::ALL {
        assert!(figures.counts.of(outcome) > 0, "{outcome:?}: {:?}", figures.counts);
    }
    assert!(
        figures.counts.kept * 2 > figures.counts.scheduled(),
        "{:?}",
        figures.counts
    );
    assert!(
        figures.wait.count >= figures.counts.kept && figures.wait.p90 > figures.wait.p50,
        "{:?}",
        figures.wait
    );
    assert!(figures.length.p50 > Some(10 * 60), "{:?}", figures.length);
    assert_eq!(figures.by_branch.len(), 2);
    assert_eq!(figures.by_service.len(), 6);
    assert_eq!(figures.by_host.len(), 5);
    // What is due has been dealt with: a server that starts on it has nothing to sweep up.
    assert_eq!(
        bank.use_cases.sweep().await.unwrap(),
        anteroom_service::Sweep::default()
    );
    bank.store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_gets_in_and_there_is_something_to_walk_into() {
    let now = a_wednesday_afternoon();
    let bank = bank(now).await;
    assert_eq!(bank.demo.accounts.len(), 7);
    for account in &bank.demo.accounts {
        let signed_in = bank
            .use_cases
            .sign_in(anteroom_service::SignIn {
                email: &account.email,
                password: &account.password,
                own: "",
                network: "test",
                browser: anteroom_service::Browser::default(),
                before: None,
            })
            .await
            .unwrap();
        assert_eq!(signed_in.actor.staff().unwrap().account().role, account.role);
    }
    let next = bank.demo.next.as_ref().unwrap();
    let wait = next.starts_at.duration_since(now);
    assert!((4..=9).contains(&wait.as_mins()), "{wait}");
    let landing = bank
        .use_cases
        .landing(&Actor::with_link(next.link.reveal()))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(landing.stage, anteroom_domain::consultation::Stage::Open);
    assert_eq!(
        (landing.service.as_str(), landing.host.as_str()),
        (next.service, next.host)
    );
    let anna = bank.use_cases.choices(&bank.admin).await.unwrap();
    let anna = anna
        .hosts
        .into_iter()
        .find(|host| host.email == "anna.keller@example.org")
        .unwrap();
    let day = bank
        .use_cases
        .day(&bank.use_cases.vouch(anna.id).await.unwrap(), None)
        .await
        .unwrap();
    assert!(
        day.rows.iter().filter(|row| row.host == anna.id).count() >= 4,
        "{}",
        day.rows.len()
    );
    bank.store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_time_and_seed_make_the_same_bank() {
    let now = a_wednesday_afternoon();
    let (one, two) = (bank(now).await, bank(now).await);
    assert_eq!(one.demo.accounts, two.demo.accounts);
    let rows = |bank: &Bank| {
        let (use_cases, admin) = (bank.use_cases.clone(), bank.admin.clone());
        async move { use_cases.export(&admin, ListQuery::default()).await.unwrap() }
    };
    assert_eq!(rows(&one).await, rows(&two).await);
    one.store.close().await;
    two.store.close().await;
}

#[test]
fn at_no_time_of_any_day_is_a_clerk_booked_twice() {
    // A year in steps of 7 hours and 13 minutes: every hour, weekends, and the nights in which the clocks change.
    for n in 0..1200 {
        let now = a_wednesday_afternoon() + SignedDuration::from_mins(433 * n);
        let mut rng = StdRng::seed_from_u64(SEED);
        let bookings = Diary::new(now, &mut rng).fill();
        for booking in &bookings {
            assert!(booking.made_at < now && booking.made_at < booking.starts_at);
            // A past one is over, to its last step but a clerk's note.
            let steps = script(booking, &mut rng);
            assert!(steps.iter().all(|(at, _)| *at >= booking.made_at), "{now} {booking:?}");
            if booking.course == Course::Upcoming {
                assert!(booking.starts_at >= now + SignedDuration::from_mins(4));
            } else if booking.starts_at < now {
                let is_late =
                    |step: &script::Step| !matches!(step, script::Step::NoteOutcome { .. } | script::Step::Rate { .. });
                assert!(
                    steps.iter().all(|(at, step)| *at <= now || !is_late(step)),
                    "{now} {booking:?}"
                );
            }
        }
        for (clerk, mut stretches) in busy(&bookings) {
            stretches.sort();
            for pair in stretches.windows(2) {
                assert!(
                    pair[0].1 <= pair[1].0,
                    "{now}: clerk {clerk:?} at {} and {}",
                    pair[0].0,
                    pair[1].0
                );
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demo_starts_afresh_unless_somebody_has_made_it_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE);
    let account = |email: &str| NewAccount {
        chosen: anteroom_service::Chosen::ByOwner,
        entra_id: None,
        email: email.parse().unwrap(),
        name: "Somebody".parse().unwrap(),
        password: "correct horse battery".parse().unwrap(),
        role: AccountRole::Admin,
        branch: None,
        zone: anteroom_domain::time::Zone::utc(),
    };
    let add = async |email: &str| {
        let store = open_fresh(&path).await?;
        let use_cases = UseCases::new(
            Arc::new(store.clone()),
            Arc::new(FixedClock::at(a_wednesday_afternoon())),
            Arc::new(SeededEntropy::new(1)),
            Arc::new(LocalBus::default()),
            Engines::builtin(NoMeetings),
        );
        use_cases.create_account_unasked(account(email)).await.unwrap();
        store.close().await;
        Ok::<_, DemoError>(())
    };
    add(ADMIN.email).await.unwrap();
    add("director@hospital.example")
        .await
        .expect("the demo's own account is no obstacle");
    let error = add(ADMIN.email).await.unwrap_err();
    assert!(matches!(error, DemoError::Foreign { count: 1, .. }), "{error}");
    assert!(error.to_string().contains("Move the file away"));
}

type Stretch = (Timestamp, Timestamp);

/// When each clerk is booked, buffers included; what was moved takes both of its times.
fn busy(bookings: &[Booking]) -> BTreeMap<(usize, usize), Vec<Stretch>> {
    let mut busy: BTreeMap<_, Vec<Stretch>> = BTreeMap::new();
    for booking in bookings {
        let service = booking.what;
        let stretch = |start: Timestamp| {
            let until = start + booking.length() + SignedDuration::from_mins(service.buffer_after);
            (start - SignedDuration::from_mins(service.buffer_before), until)
        };
        let of_clerk = busy.entry((booking.branch, booking.clerk)).or_default();
        of_clerk.push(stretch(booking.starts_at));
        of_clerk.extend(booking.moved.map(|(first, _)| stretch(first)));
    }
    busy
}

/// The browser tests count on it, and so does everybody who tries the demo out.
#[test]
fn at_any_time_somebody_is_free_in_a_few_minutes_and_everybody_six_weeks_from_now() {
    const SOON_MINUTES: [i64; 4] = [2, 6, 10, 13];
    let minutes = SignedDuration::from_mins;
    for n in 0..1200 {
        let now = a_wednesday_afternoon() + minutes(433 * n);
        let bookings = Diary::new(now, &mut StdRng::seed_from_u64(SEED)).fill();
        let busy = busy(&bookings);
        // Five minutes of the first service, which has the longest buffers.
        let is_free = |stretches: &Vec<Stretch>| {
            SOON_MINUTES.iter().any(|soon| {
                let (from, until) = (now + minutes(soon - 10), now + minutes(soon + 5 + 10));
                stretches.iter().all(|(start, end)| *end <= from || until <= *start)
            })
        };
        assert!(busy.values().any(is_free), "{now}");
        let last = busy.values().flatten().map(|(_, end)| *end).max().unwrap();
        assert!(last < now + minutes(41 * 24 * 60), "{now}: {last}");
    }
}

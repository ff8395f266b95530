//! What a real service does rarely.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anteroom_domain::refusal::EntryRefusal;
use anteroom_domain::trouble::Trouble;
use anteroom_emulator::{Fault, Operation, Planned};
use anteroom_engines::teams::acs::NotCreated;
use anteroom_http::Failure;
use anteroom_service::port::{EngineError, QueueTicket};
use async_trait::async_trait;

use crate::common::{SCOPES, World, create, impatient, issue, not_created, patient};

const CREATE: Operation = Operation::CreateIdentity;
const ISSUE: Operation = Operation::IssueToken;

fn status(status: u16, retry_after: Option<&str>) -> Fault {
    Fault::Status {
        status,
        retry_after: retry_after.map(str::to_owned),
    }
}

/// What says nothing about whether it was done.
fn unclear() -> Vec<Fault> {
    vec![
        status(500, None),
        status(502, None),
        status(503, Some("1")),
        status(504, None),
        Fault::DropConnection,
        Fault::Truncated,
        Fault::Malformed,
        Fault::Html,
        Fault::WrongTypes,
        Fault::Empty,
        Fault::Huge { bytes: 1 << 20 },
    ]
}

#[tokio::test]
async fn what_passes_is_asked_for_again() {
    for fault in [status(429, None), status(429, Some("1"))].into_iter().chain(unclear()) {
        let world = World::new(patient());
        let client = world.identities();
        let created = create(&client).await.unwrap();
        world.emulator.fail(ISSUE, 2, fault.clone());
        let issued = issue(&client, &created.identity).await;
        assert!(issued.is_ok(), "{fault:?}: {issued:?}");
        assert_eq!(world.emulator.inspect().requests(ISSUE), 3, "{fault:?}");
    }
}

#[tokio::test]
async fn what_does_not_pass_is_told_after_a_few_attempts() {
    for (fault, expected) in [
        (status(429, None), "takes no more requests"),
        (status(503, None), "trouble of its own"),
        (Fault::DropConnection, "closed the connection"),
        (Fault::Malformed, "never should"),
        (Fault::Html, "never should"),
        (Fault::WrongTypes, "never should"),
        (Fault::Empty, "never should"),
        (Fault::Huge { bytes: 1 << 20 }, "never should"),
    ] {
        let world = World::new(patient());
        let client = world.identities();
        let created = create(&client).await.unwrap();
        world.emulator.fail(ISSUE, 100, fault.clone());
        let failure = issue(&client, &created.identity).await.unwrap_err();
        assert!(failure.to_string().contains(expected), "{fault:?}: {failure}");
        assert!(failure.is_passing());
        assert_eq!(world.emulator.inspect().requests(ISSUE), 4, "{fault:?}");
    }
}

/// Each further attempt could leave one more identity behind that nobody can name, and so nobody delete.
#[tokio::test]
async fn an_identity_is_asked_for_once_where_nobody_knows_whether_it_was_made() {
    for after_effect in [false, true] {
        for fault in unclear() {
            let world = World::new(patient());
            world.emulator.plan(Planned {
                operation: CREATE,
                times: 1,
                after_effect,
                fault: fault.clone(),
            });
            let unanswered = create(&world.identities()).await.unwrap_err();
            assert!(unanswered.may_be_done, "{fault:?}: {unanswered:?}");
            let seen = world.emulator.inspect();
            assert_eq!(seen.requests(CREATE), 1, "{fault:?}");
            assert_eq!(seen.identities.len(), usize::from(after_effect), "{fault:?}");
        }
    }
    let world = World::new(impatient());
    world.emulator.fail(CREATE, 1, Fault::NoAnswer);
    let unanswered = create(&world.identities()).await.unwrap_err();
    assert!(unanswered.may_be_done, "{unanswered:?}");
    assert_eq!(world.emulator.inspect().requests(CREATE), 1);
}

#[tokio::test]
async fn an_identity_that_was_certainly_not_made_is_asked_for_again() {
    let world = World::new(patient());
    world.emulator.fail(CREATE, 2, status(429, None));
    create(&world.identities()).await.unwrap();
    assert_eq!(world.emulator.inspect().requests(CREATE), 3);
    world.emulator.fail(CREATE, 100, status(429, None));
    let unanswered = create(&world.identities()).await.unwrap_err();
    assert!(!unanswered.may_be_done, "{unanswered:?}");
    assert_eq!(world.emulator.inspect().identities.len(), 1);
}

/// Counts down, and refuses when the turn comes.
#[derive(Default)]
struct Fickle {
    positions: Mutex<Vec<u32>>,
    turns: AtomicU32,
    is_gone: bool,
}

#[async_trait]
impl QueueTicket for Fickle {
    fn position(&self, position: u32) {
        self.positions.lock().unwrap().push(position);
    }

    async fn called(&self) -> Result<(), EngineError> {
        self.turns.fetch_add(1, Ordering::Relaxed);
        if self.is_gone {
            Err(EngineError::refused(EntryRefusal::NotNow, Trouble::Unwanted))
        } else {
            Ok(())
        }
    }
}

#[tokio::test]
async fn who_has_left_when_their_turn_comes_is_given_nothing() {
    let world = World::new(patient());
    let turn = Fickle {
        is_gone: true,
        ..Fickle::default()
    };
    let refused = world.identities().create(SCOPES, 60, &turn).await.unwrap_err();
    assert!(matches!(refused, NotCreated::Unwanted(_)), "{refused:?}");
    assert_eq!(world.emulator.inspect().requests(CREATE), 0);
}

#[tokio::test]
async fn a_short_quiet_is_waited_through_in_the_queue_and_the_turn_comes_once() {
    let world = World::new(patient());
    world.emulator.fail(CREATE, 1, status(429, Some("1")));
    let turn = Fickle::default();
    world.identities().create(SCOPES, 60, &turn).await.unwrap();
    assert_eq!(*turn.positions.lock().unwrap(), [1]);
    assert_eq!(turn.turns.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn who_may_not_delete_for_now_may_still_join() {
    let world = World::new(patient());
    let client = world.identities();
    let created = create(&client).await.unwrap();
    world
        .emulator
        .fail(Operation::DeleteIdentity, 1, status(429, Some("120")));
    for _ in 0..2 {
        let failure = client.delete(&created.identity).await.unwrap_err();
        assert!(matches!(failure, Failure::Throttled { .. }), "{failure:?}");
    }
    assert_eq!(world.emulator.inspect().requests(Operation::DeleteIdentity), 1);
    create(&client).await.unwrap();
    issue(&client, &created.identity).await.unwrap();
}

#[tokio::test]
async fn whoever_answers_for_the_service_has_deleted_nothing() {
    for fault in [Fault::Html, status(200, None), Fault::Empty] {
        let world = World::new(patient());
        let client = world.identities();
        let created = create(&client).await.unwrap();
        world.emulator.fail(Operation::DeleteIdentity, 4, fault);
        let failure = client.delete(&created.identity).await.unwrap_err();
        assert!(matches!(failure, Failure::Malformed { .. }), "{failure:?}");
        assert_eq!(world.emulator.inspect().alive().count(), 1);
        client.delete(&created.identity).await.unwrap();
        assert_eq!(world.emulator.inspect().alive().count(), 0);
    }
}

#[tokio::test]
async fn what_is_refused_is_not_asked_for_again() {
    for code in [400, 401, 403, 404, 409] {
        let world = World::new(patient());
        world.emulator.fail(CREATE, 1, status(code, None));
        let failure = not_created(&world.identities()).await;
        assert!(!failure.is_passing(), "{failure:?}");
        assert_eq!(world.emulator.inspect().requests(CREATE), 1, "{code}");
    }
}

#[tokio::test]
async fn a_long_wish_for_quiet_is_told_at_once_and_kept() {
    for code in [429, 503] {
        let world = World::new(patient());
        let client = world.identities();
        world.emulator.fail(CREATE, 1, status(code, Some("120")));
        for _ in 0..3 {
            let failure = not_created(&client).await;
            let quiet = failure.retry_after().unwrap_or_default();
            assert!(quiet > Duration::from_mins(1), "{failure:?}");
        }
        assert_eq!(world.emulator.inspect().requests(CREATE), 1);
    }
}

#[tokio::test]
async fn a_host_that_is_down_is_left_alone() {
    let world = World::new(patient());
    let client = world.identities();
    world.emulator.fail(CREATE, 1000, status(503, None));
    for round in 0..10 {
        let unanswered = create(&client).await.unwrap_err();
        assert!(
            matches!(unanswered.failure, Failure::Unavailable { .. }),
            "{unanswered:?}"
        );
        assert_eq!(unanswered.may_be_done, round < 5, "then it is not even asked");
    }
    assert_eq!(world.emulator.inspect().requests(CREATE), 5);
}

#[tokio::test]
async fn an_answer_that_never_comes_or_never_ends_is_given_up() {
    for fault in [
        Fault::NoAnswer,
        Fault::Delay { milliseconds: 60_000 },
        Fault::Endless {
            bytes: 16,
            milliseconds: 10,
        },
    ] {
        let world = World::new(impatient());
        world.emulator.fail(CREATE, 100, fault.clone());
        let failure = not_created(&world.identities()).await;
        assert!(matches!(failure, Failure::TimedOut { .. }), "{fault:?}: {failure:?}");
    }
}

#[tokio::test]
async fn an_answer_without_end_is_cut_off_by_its_size_too() {
    let world = World::new(patient());
    let fault = Fault::Endless {
        bytes: 64 * 1024,
        milliseconds: 1,
    };
    world.emulator.fail(CREATE, 100, fault);
    let failure = not_created(&world.identities()).await;
    assert!(matches!(failure, Failure::Malformed { .. }), "{failure:?}");
}

#[tokio::test]
async fn nobody_is_sent_elsewhere() {
    let (world, elsewhere) = (World::new(patient()), World::new(patient()));
    let location = format!("{}/identities?api-version=2023-10-01", elsewhere.emulator.url());
    world.emulator.fail(CREATE, 1, Fault::Redirect { location });
    let failure = not_created(&world.identities()).await;
    assert!(matches!(failure, Failure::Refused { status: 307, .. }), "{failure:?}");
    assert_eq!(elsewhere.emulator.inspect().requests(CREATE), 0);
    assert_eq!(elsewhere.emulator.inspect().refusals, []);
}

#[tokio::test]
async fn nobody_listens_there() {
    let world = World::new(patient());
    let (address, connection) = (world.emulator.address(), world.emulator.connection_string());
    let client = world.identities_of(&connection);
    drop(world);
    let failure = not_created(&client).await;
    let Failure::Unreachable { host } = &failure else {
        panic!("{failure:?}");
    };
    assert_eq!(*host, address.to_string());
}

#[tokio::test]
async fn deleting_that_worked_unheard_is_no_failure() {
    let world = World::new(patient());
    let client = world.identities();
    let created = create(&client).await.unwrap();
    world.emulator.plan(Planned {
        operation: Operation::DeleteIdentity,
        times: 1,
        after_effect: true,
        fault: Fault::DropConnection,
    });
    client.delete(&created.identity).await.unwrap();
    assert_eq!(world.emulator.inspect().alive().count(), 0);
}

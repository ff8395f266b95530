//! What a real service does rarely.

use std::time::Duration;

use anteroom_emulator::{Fault, Operation, Planned};
use anteroom_providers::http::Failure;

use crate::common::{SCOPES, World, impatient, patient};

const CREATE: Operation = Operation::CreateIdentity;

fn status(status: u16, retry_after: Option<&str>) -> Fault {
    Fault::Status {
        status,
        retry_after: retry_after.map(str::to_owned),
    }
}

#[tokio::test]
async fn what_passes_is_asked_for_again() {
    for fault in [
        status(429, None),
        status(429, Some("1")),
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
    ] {
        let world = World::new(patient());
        world.emulator.fail(CREATE, 2, fault.clone());
        let created = world.identities().create(SCOPES, 60).await;
        assert!(created.is_ok(), "{fault:?}: {created:?}");
        assert_eq!(world.emulator.inspect().requests(CREATE), 3, "{fault:?}");
    }
}

#[tokio::test]
async fn what_does_not_pass_is_told_after_a_few_attempts() {
    for (fault, expected) in [
        (status(429, None), "takes no more requests"),
        (status(503, None), "trouble of its own"),
        (Fault::DropConnection, "can't be reached"),
        (Fault::Malformed, "never should"),
        (Fault::Html, "never should"),
        (Fault::WrongTypes, "never should"),
        (Fault::Empty, "never should"),
        (Fault::Huge { bytes: 1 << 20 }, "never should"),
    ] {
        let world = World::new(patient());
        world.emulator.fail(CREATE, 100, fault.clone());
        let failure = world.identities().create(SCOPES, 60).await.unwrap_err();
        assert!(failure.to_string().contains(expected), "{fault:?}: {failure}");
        assert!(failure.is_passing());
        assert_eq!(world.emulator.inspect().requests(CREATE), 4, "{fault:?}");
    }
}

#[tokio::test]
async fn what_is_refused_is_not_asked_for_again() {
    for code in [400, 401, 403, 404, 409] {
        let world = World::new(patient());
        world.emulator.fail(CREATE, 1, status(code, None));
        let failure = world.identities().create(SCOPES, 60).await.unwrap_err();
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
            let failure = client.create(SCOPES, 60).await.unwrap_err();
            let quiet = failure.retry_after().unwrap_or_default();
            assert!(quiet > Duration::from_secs(60), "{failure:?}");
        }
        assert_eq!(world.emulator.inspect().requests(CREATE), 1);
    }
}

#[tokio::test]
async fn a_host_that_is_down_is_left_alone() {
    let world = World::new(patient());
    let client = world.identities();
    world.emulator.fail(CREATE, 1000, status(503, None));
    for _ in 0..10 {
        let failure = client.create(SCOPES, 60).await.unwrap_err();
        assert!(matches!(failure, Failure::Unavailable { .. }), "{failure:?}");
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
        let failure = world.identities().create(SCOPES, 60).await.unwrap_err();
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
    let failure = world.identities().create(SCOPES, 60).await.unwrap_err();
    assert!(matches!(failure, Failure::Malformed { .. }), "{failure:?}");
}

#[tokio::test]
async fn nobody_is_sent_elsewhere() {
    let (world, elsewhere) = (World::new(patient()), World::new(patient()));
    let location = format!("{}/identities?api-version=2023-10-01", elsewhere.emulator.url());
    world.emulator.fail(CREATE, 1, Fault::Redirect { location });
    let failure = world.identities().create(SCOPES, 60).await.unwrap_err();
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
    let failure = client.create(SCOPES, 60).await.unwrap_err();
    let Failure::Unreachable { host } = &failure else {
        panic!("{failure:?}");
    };
    assert_eq!(*host, address.to_string());
}

#[tokio::test]
async fn an_answer_that_was_lost_is_asked_for_again_and_nobody_has_the_first_token() {
    let world = World::new(patient());
    world.emulator.plan(Planned {
        operation: CREATE,
        times: 1,
        after_effect: true,
        fault: Fault::DropConnection,
    });
    let created = world.identities().create(SCOPES, 60).await.unwrap();
    let seen = world.emulator.inspect();
    assert_eq!(seen.identities.len(), 2);
    assert_eq!(seen.identities[1].id, created.identity);
}

#[tokio::test]
async fn deleting_that_worked_unheard_is_no_failure() {
    let world = World::new(patient());
    let client = world.identities();
    let created = client.create(SCOPES, 60).await.unwrap();
    world.emulator.plan(Planned {
        operation: Operation::DeleteIdentity,
        times: 1,
        after_effect: true,
        fault: Fault::DropConnection,
    });
    client.delete(&created.identity).await.unwrap();
    assert_eq!(world.emulator.inspect().alive().count(), 0);
}

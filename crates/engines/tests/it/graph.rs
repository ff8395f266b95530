//! Meetings in a clerk's name.

use std::collections::BTreeSet;

use anteroom_emulator::{AccessPolicy, Fault, Operation, Options, Planned, PolicyWording, TenantChange};
use anteroom_engines::teams::graph::GraphTrouble;
use anteroom_http::Failure;
use jiff::{SignedDuration, Timestamp};

use crate::common::{World, impatient, patient};

const USER: &str = Options::USER;

fn times() -> (Timestamp, Timestamp) {
    let start = "2027-03-05T10:00:00Z".parse().unwrap();
    (start, start + SignedDuration::from_mins(30))
}

#[tokio::test]
async fn a_meeting_is_made_once_moved_and_deleted() {
    let world = World::new(patient());
    let graph = world.graph();
    let (start, end) = times();
    let made = graph
        .create_or_get(USER, "one", "Consultation", start, end)
        .await
        .unwrap();
    assert!(
        made.join_web_url
            .starts_with("https://teams.microsoft.com/l/meetup-join/")
    );
    assert!(made.thread_id.as_ref().unwrap().starts_with("19:meeting_"));
    let again = graph
        .create_or_get(USER, "one", "Consultation", start, end)
        .await
        .unwrap();
    assert_eq!(again, made);

    let later = SignedDuration::from_hours(2);
    graph
        .update(USER, &made.id, "Later", start + later, end + later)
        .await
        .unwrap();
    let seen = world.emulator.inspect().meetings;
    assert_eq!(seen.len(), 1);
    assert_eq!((seen[0].start, seen[0].end), (start + later, end + later));
    assert_eq!(seen[0].subject.as_deref(), Some("Later"));

    graph.delete(USER, &made.id).await.unwrap();
    graph.delete(USER, &made.id).await.unwrap();
    assert!(world.emulator.inspect().meetings[0].deleted_at.is_some());
    let gone = graph.update(USER, &made.id, "Again", start, end).await.unwrap_err();
    assert!(
        matches!(gone, GraphTrouble::Failed(Failure::NotThere { .. })),
        "{gone:?}"
    );
}

#[tokio::test]
async fn a_meeting_whose_making_went_unheard_is_not_made_twice() {
    let world = World::new(patient());
    world.emulator.plan(Planned {
        operation: Operation::CreateOrGetMeeting,
        times: 2,
        after_effect: true,
        fault: Fault::DropConnection,
    });
    let (start, end) = times();
    let made = world.graph().create_or_get(USER, "one", "x", start, end).await.unwrap();
    let seen = world.emulator.inspect().meetings;
    assert_eq!((seen.len(), &seen[0].id), (1, &made.id));
}

#[tokio::test]
async fn checking_leaves_nothing_behind() {
    let world = World::new(patient());
    world.graph().check(USER).await.unwrap();
    assert!(
        world
            .emulator
            .inspect()
            .meetings
            .iter()
            .all(|meeting| meeting.deleted_at.is_some())
    );
}

#[tokio::test]
async fn a_missing_consent_is_told_and_works_once_it_is_given() {
    let world = World::new(patient());
    let graph = world.graph();
    let consent = |given| TenantChange {
        consent: Some(given),
        ..TenantChange::default()
    };
    world.emulator.change_tenant(consent(false));
    let trouble = graph.check(USER).await.unwrap_err();
    assert!(matches!(trouble, GraphTrouble::MissingConsent { .. }), "{trouble:?}");
    assert!(trouble.to_string().contains("OnlineMeetings.ReadWrite.All"));
    assert!(trouble.to_string().contains(Options::CLIENT_ID));

    world.emulator.change_tenant(consent(true));
    world.clock.advance(SignedDuration::from_mins(1));
    graph.check(USER).await.unwrap();
}

#[tokio::test]
async fn a_missing_access_policy_is_told_in_either_wording_with_what_to_run() {
    for wording in [PolicyWording::Current, PolicyWording::Former] {
        let world = World::new(patient());
        world.emulator.change_tenant(TenantChange {
            access_policy: Some(AccessPolicy::Users(BTreeSet::new())),
            policy_wording: Some(wording),
            ..TenantChange::default()
        });
        let graph = world.graph();
        let trouble = graph.check(USER).await.unwrap_err();
        assert!(
            matches!(trouble, GraphTrouble::MissingAccessPolicy { .. }),
            "{wording:?}: {trouble:?}"
        );
        let sentence = trouble.to_string();
        for part in [
            format!(
                "New-CsApplicationAccessPolicy -Identity Anteroom -AppIds \"{}\"",
                Options::CLIENT_ID
            ),
            format!("Grant-CsApplicationAccessPolicy -PolicyName Anteroom -Identity \"{USER}\""),
        ] {
            assert!(sentence.contains(&part), "{sentence}");
        }
        let (start, end) = times();
        let failure = graph.create_or_get(USER, "one", "x", start, end).await.unwrap_err();
        assert_eq!(failure, trouble);
    }
}

#[tokio::test]
async fn an_unknown_user_is_told() {
    let world = World::new(patient());
    for user in ["a17e0000-0000-4000-8000-00000000dead", "../../me", "a/b?c#d"] {
        let trouble = world.graph().check(user).await.unwrap_err();
        assert_eq!(trouble, GraphTrouble::UnknownUser { user: user.to_owned() }, "{user}");
    }
}

#[tokio::test]
async fn other_failures_are_told_as_they_are() {
    let world = World::new(patient());
    let fault = Fault::Status {
        status: 503,
        retry_after: None,
    };
    world.emulator.fail(Operation::CreateOrGetMeeting, 100, fault);
    let trouble = world.graph().check(USER).await.unwrap_err();
    assert!(
        matches!(trouble, GraphTrouble::Failed(Failure::Unavailable { .. })),
        "{trouble:?}"
    );
}

#[tokio::test]
async fn no_answer_of_nonsense_becomes_a_meeting() {
    for fault in [Fault::Html, Fault::WrongTypes, Fault::Empty, Fault::Malformed] {
        let world = World::new(patient());
        world.emulator.fail(Operation::CreateOrGetMeeting, 4, fault);
        let (start, end) = times();
        let failure = world
            .graph()
            .create_or_get(USER, "one", "x", start, end)
            .await
            .unwrap_err();
        assert!(
            matches!(failure, GraphTrouble::Failed(Failure::Malformed { .. })),
            "{failure:?}"
        );
    }
}

#[tokio::test]
async fn whoever_answers_for_graph_has_moved_and_deleted_nothing() {
    let world = World::new(patient());
    let graph = world.graph();
    let (start, end) = times();
    let made = graph.create_or_get(USER, "one", "x", start, end).await.unwrap();
    for fault in [Fault::Html, Fault::Empty, Fault::WrongTypes] {
        world.emulator.fail(Operation::UpdateMeeting, 4, fault.clone());
        let failure = graph.update(USER, &made.id, "y", start, end).await.unwrap_err();
        assert!(
            matches!(failure, GraphTrouble::Failed(Failure::Malformed { .. })),
            "{failure:?}"
        );
        graph.update(USER, &made.id, "y", start, end).await.unwrap();
        world.emulator.fail(Operation::DeleteMeeting, 4, fault);
        let failure = graph.delete(USER, &made.id).await.unwrap_err();
        assert!(
            matches!(failure, GraphTrouble::Failed(Failure::Malformed { .. })),
            "{failure:?}"
        );
        graph.update(USER, &made.id, "y", start, end).await.unwrap();
    }
    graph.delete(USER, &made.id).await.unwrap();
}

#[tokio::test]
async fn an_answer_of_graph_that_is_too_large_or_never_ends_or_leads_elsewhere_is_given_up() {
    let (start, end) = times();
    let endless = Fault::Endless {
        bytes: 16,
        milliseconds: 10,
    };
    let location = "https://example.org/".to_owned();
    for fault in [
        Fault::Huge { bytes: 1 << 20 },
        endless,
        Fault::NoAnswer,
        Fault::Redirect { location },
    ] {
        let ends = matches!(fault, Fault::Huge { .. } | Fault::Redirect { .. });
        let world = World::new(if ends { patient() } else { impatient() });
        world.emulator.fail(Operation::CreateOrGetMeeting, 100, fault.clone());
        let failure = world
            .graph()
            .create_or_get(USER, "one", "x", start, end)
            .await
            .unwrap_err();
        let is_expected = match fault {
            Fault::Huge { .. } => matches!(failure, GraphTrouble::Failed(Failure::Malformed { .. })),
            Fault::Redirect { .. } => matches!(failure, GraphTrouble::Failed(Failure::Refused { status: 307, .. })),
            _ => matches!(failure, GraphTrouble::Failed(Failure::TimedOut { .. })),
        };
        assert!(is_expected, "{fault:?}: {failure:?}");
    }
}

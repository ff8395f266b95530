//! The engine as the port sees it.

use anteroom_domain::consultation::{Consultation, ExternalMeeting, ProvisionedMeeting, State};
use anteroom_domain::id::{AccountId, BranchId, ConsultationId, ServiceId, VisitId};
use anteroom_domain::organisation::Engine;
use anteroom_domain::refusal::EntryRefusal;
use anteroom_domain::time::Zone;
use anteroom_domain::visit::Role;
use anteroom_emulator::{Fault, Operation, Options, Planned, TokenState};
use anteroom_engines::teams::{Teams, TeamsParts};
use anteroom_protocol::credentials::Credentials;
use anteroom_service::port::{Effect, EngineError, Issued, JoinRequest, Meetings, Provisioning, SeatId};
use jiff::{SignedDuration, Timestamp};

use crate::common::{Guest, World, patient};

const CONTEXT: &str = "context=%7B%22Tid%22%3A%2272f988bf-86f1-41af-91ab-2d7cd011db47%22%2C%22Oid%22%3A%222c0f4a71-3d8e-4a3d-9a2c-0a7a1b9bb001%22%7D";

fn meeting() -> String {
    format!("https://teams.microsoft.com/l/meetup-join/19%3Ameeting_Abc%40thread.v2/0?{CONTEXT}")
}

fn of_a_channel() -> String {
    let thread = "19%3A0f1e2d3c4b5a69788796a5b4c3d2e1f0%40thread.tacv2/1654012345678";
    format!("https://teams.microsoft.com/l/meetup-join/{thread}?{CONTEXT}")
}

fn engine(world: &World) -> Teams {
    Teams::new(TeamsParts {
        identity: world.identities(),
        graph: Some(world.graph()),
        scope: "voip".to_owned(),
        client: "/teams-client/main.js".to_owned(),
        endpoint: world.emulator.url(),
        chat: true,
        clock: world.clock(),
    })
}

fn consultation(link: &str, made: Option<ProvisionedMeeting>) -> Consultation {
    let start: Timestamp = "2027-03-05T10:00:00Z".parse().unwrap();
    Consultation {
        id: ConsultationId(1),
        service: ServiceId(1),
        branch: BranchId(1),
        host: AccountId(1),
        engine: Engine::Teams,
        starts_at: start,
        ends_at: start + SignedDuration::from_mins(30),
        zone: Zone::utc(),
        notes: String::new(),
        state: State::Scheduled,
        cancel_reason: String::new(),
        cancelled_at: None,
        opened_at: None,
        live_at: None,
        ended_at: None,
        moved_from: None,
        moved_at: None,
        created_at: start,
        outcome: String::new(),
        conclusion: None,
        meeting: Some(ExternalMeeting {
            link: link.parse().unwrap(),
            provisioned: made,
        }),
        webinar: false,
    }
}

async fn enter(teams: &Teams, consultation: &Consultation) -> Result<Issued, EngineError> {
    let seat = SeatId {
        consultation: consultation.id,
        visit: VisitId(1),
        role: Role::Guest,
    };
    let entry = JoinRequest {
        seat,
        consultation,
        name: "Zeb",
        identity: None,
        ticket: &Guest,
    };
    teams.credentials(entry).await
}

#[tokio::test]
async fn a_fresh_token_allows_what_a_first_one_would_and_no_more() {
    let world = World::new(patient());
    let teams = engine(&world);
    let allowed = |token: &str| match world.emulator.token_state(token) {
        TokenState::Good { scopes, .. } => scopes,
        other => panic!("{other:?}"),
    };
    for (link, scopes) in [
        (meeting(), &["voip", "chat.join.limited"][..]),
        (of_a_channel(), &["voip"][..]),
    ] {
        let consultation = consultation(&link, None);
        let granted = enter(&teams, &consultation).await.unwrap();
        let Credentials::Teams(credentials) = granted.credentials else {
            panic!("of another engine");
        };
        assert_eq!(allowed(&credentials.token.token), scopes, "{link}");
        let fresh = teams.refresh(&consultation, &credentials.user).await.unwrap();
        assert_eq!(allowed(&fresh.token), scopes, "{link}");
    }
    // Microsoft ends its chat.
    let consultation = consultation(&meeting(), None);
    let granted = enter(&teams, &consultation).await.unwrap();
    world.clock.set("2028-09-30T00:00:00Z".parse().unwrap());
    let fresh = teams.refresh(&consultation, &granted.identity.unwrap()).await.unwrap();
    assert_eq!(allowed(&fresh.token), ["voip"]);
}

#[tokio::test]
async fn an_identity_that_may_exist_is_told_apart_from_one_that_does_not() {
    for (after_effect, fault, effect) in [
        (true, Fault::DropConnection, Effect::Unknown),
        (false, Fault::DropConnection, Effect::Unknown),
        (true, Fault::Html, Effect::Unknown),
        (
            false,
            Fault::Status {
                status: 403,
                retry_after: None,
            },
            Effect::None,
        ),
        (
            false,
            Fault::Status {
                status: 429,
                retry_after: Some("120".to_owned()),
            },
            Effect::None,
        ),
    ] {
        let world = World::new(patient());
        let teams = engine(&world);
        world.emulator.plan(Planned {
            operation: Operation::CreateIdentity,
            times: 1,
            after_effect,
            fault: fault.clone(),
        });
        let refused = enter(&teams, &consultation(&meeting(), None)).await.unwrap_err();
        assert_eq!(refused.effect, effect, "{fault:?}: {refused:?}");
        let is_told = matches!(refused.guest, EntryRefusal::Crowded | EntryRefusal::Unreachable);
        assert!(is_told, "{refused:?}");
    }
}

#[tokio::test]
async fn a_meeting_that_somebody_deleted_is_told_as_gone() {
    let world = World::new(patient());
    let teams = engine(&world);
    let made = ProvisionedMeeting {
        organizer: Options::USER.to_owned(),
        id: "MSo1N2Y5ZGFjYw".to_owned(),
    };
    let moved = consultation(&meeting(), Some(made.clone()));
    let gone = teams.prepare(&moved, Options::USER, "key").await.unwrap_err();
    assert_eq!(gone.effect, Effect::Gone, "{gone:?}");
    teams.discard(&made).await.unwrap();
    // Of a proxy in between it is not believed.
    world.emulator.fail(Operation::UpdateMeeting, 4, Fault::Html);
    let unclear = teams.prepare(&moved, Options::USER, "key").await.unwrap_err();
    assert_eq!(unclear.effect, Effect::Unknown, "{unclear:?}");
}

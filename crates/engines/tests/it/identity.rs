//! Identities and their tokens.

use std::sync::Arc;

use anteroom_emulator::{Cloud, Operation, Options, TenantChange, TokenState};
use anteroom_engines::teams::acs::{Auth, IdentityClient};
use anteroom_engines::teams::entra::{ACS, acs_of};
use anteroom_http::Failure;
use jiff::{SignedDuration, Timestamp};

use crate::common::{SCOPES, World, create, issue, not_created, patient};

async fn lives_and_dies(world: &World, client: &IdentityClient) {
    let good = |identity: &str, scopes: &[&str]| TokenState::Good {
        identity: identity.to_owned(),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
    };
    let created = create(client).await.unwrap();
    assert!(created.identity.starts_with("8:acs:"));
    let first = created.token.reveal();
    assert_eq!(world.emulator.token_state(first), good(&created.identity, SCOPES));
    let until: Timestamp = created.expires_on.parse().unwrap();
    assert_eq!(until.duration_since(world.clock().now()), SignedDuration::from_hours(1));

    let issued = client
        .issue(&created.identity, &["voip.join"], 90, &|_| {})
        .await
        .unwrap();
    let second = issued.token.reveal();
    assert_eq!(
        world.emulator.token_state(second),
        good(&created.identity, &["voip.join"])
    );
    assert!(!format!("{created:?} {issued:?}").contains(first));

    client.delete(&created.identity).await.unwrap();
    for token in [first, second] {
        assert_eq!(world.emulator.token_state(token), TokenState::Revoked);
    }
    client.delete(&created.identity).await.unwrap();
    assert_eq!(world.emulator.inspect().alive().count(), 0);
    assert_eq!(world.emulator.inspect().refusals, []);
}

#[tokio::test]
async fn an_identity_is_made_given_tokens_and_deleted_with_the_access_key() {
    let world = World::new(patient());
    lives_and_dies(&world, &world.identities()).await;
}

#[tokio::test]
async fn an_identity_is_made_given_tokens_and_deleted_as_an_application() {
    let world = World::new(patient());
    let auth = Auth::Bearer(world.tokens(ACS));
    lives_and_dies(&world, &world.identities_with(world.url(), auth)).await;
    assert_eq!(world.emulator.inspect().requests(Operation::ClientToken), 1);
}

#[tokio::test]
async fn an_identity_is_made_given_tokens_and_deleted_as_the_machine() {
    let world = World::new(patient());
    let auth = Auth::Bearer(world.managed_tokens(ACS));
    lives_and_dies(&world, &world.identities_with(world.url(), auth)).await;
    assert_eq!(world.emulator.inspect().requests(Operation::ManagedToken), 1);
}

#[tokio::test]
async fn a_wrong_key_is_told_and_not_tried_again() {
    let world = World::new(patient());
    let connection = format!("endpoint={}/;accesskey=d3Jvbmc=", world.emulator.url());
    let failure = not_created(&world.identities_of(&connection)).await;
    assert!(
        matches!(&failure, Failure::Denied { code: Some(code), ahead: None, .. } if code == "Denied"),
        "{failure:?}"
    );
    assert!(failure.to_string().contains("access key"), "{failure}");
    assert_eq!(world.emulator.inspect().requests(Operation::CreateIdentity), 1);
}

#[tokio::test]
async fn a_clock_that_is_off_is_told_as_the_cause() {
    let world = World::new(patient());
    for (minutes, told) in [
        (-10, "10 minutes apart, this machine’s is ahead"),
        (190, "190 minutes apart, this machine’s is behind"),
    ] {
        world.emulator.set_skew(SignedDuration::from_mins(minutes));
        let failure = not_created(&world.identities()).await;
        assert!(
            matches!(failure, Failure::Denied { ahead: Some(seconds), .. } if seconds == -minutes * 60),
            "{minutes}: {failure:?}"
        );
        assert!(
            failure.to_string().contains(told) && failure.to_string().contains("NTP"),
            "{failure}"
        );
    }
}

#[tokio::test]
async fn another_resources_identity_is_no_problem_of_credentials() {
    let world = World::new(patient());
    let foreign = "8:acs:00000000-0000-4000-8000-000000000000_00000005-14a2-493b-8a72-5a3a0d000081";
    let failure = issue(&world.identities(), foreign).await.unwrap_err();
    assert!(
        matches!(&failure, Failure::Refused { status: 401, code: Some(code), .. } if code == "IdentityNotOwned"),
        "{failure:?}"
    );
}

#[tokio::test]
async fn a_version_that_the_service_does_not_know_is_refused() {
    let world = World::new(patient());
    let client = IdentityClient::new(
        world.http.clone(),
        world.url(),
        Auth::Bearer(world.tokens(ACS)),
        "1999-01-01&x=y",
        world.clock(),
        Arc::clone(&world.entropy),
    );
    let failure = not_created(&client).await;
    assert!(
        matches!(&failure, Failure::Refused { status: 400, code: Some(code), .. } if code == "UnsupportedApiVersion"),
        "{failure:?}"
    );
}

#[tokio::test]
async fn without_its_role_an_application_is_denied_and_with_it_served_soon_after() {
    let world = World::new(patient());
    let role = |granted| TenantChange {
        resource_role: Some(granted),
        ..TenantChange::default()
    };
    world.emulator.change_tenant(role(false));
    let client = world.identities_with(world.url(), Auth::Bearer(world.tokens(ACS)));
    let failure = not_created(&client).await;
    assert!(
        matches!(failure, Failure::Denied { .. } | Failure::Refused { status: 403, .. }),
        "{failure:?}"
    );
    world.emulator.change_tenant(role(true));
    world.clock.advance(SignedDuration::from_mins(1));
    create(&client).await.unwrap();
}

#[tokio::test]
async fn in_another_cloud_a_token_is_for_that_clouds_service() {
    let world = World::with(
        patient(),
        Options {
            cloud: Cloud::UsGovernment,
            ..Options::default()
        },
    );
    let there = |endpoint: &str| acs_of(&endpoint.parse().unwrap());
    let resource = there("https://bank.communication.azure.us/");
    let client = world.identities_with(world.url(), Auth::Bearer(world.tokens(resource)));
    create(&client).await.unwrap();
    let resource = there("https://bank.communication.azure.com/");
    let client = world.identities_with(world.url(), Auth::Bearer(world.tokens(resource)));
    let failure = not_created(&client).await;
    assert!(failure.to_string().contains("teams.endpoint"), "{failure}");
}

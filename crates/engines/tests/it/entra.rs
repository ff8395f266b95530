//! Tokens for ourselves.

use std::sync::Arc;

use anteroom_emulator::{Fault, Operation, Options, TenantChange};
use anteroom_engines::teams::entra::{ACS, Certificate, CertificateError, Credential, GRAPH};
use anteroom_http::Failure;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::SignedDuration;

use crate::common::{World, patient};

const TOKEN: Operation = Operation::ClientToken;
const CERTIFICATE: &str = include_str!("../../../emulator/tests/it/fixtures/certificate.pem");
const KEY: &[u8] = include_bytes!("../../../emulator/tests/it/fixtures/key-of-tests-only.pk8");

fn key() -> String {
    let text = BASE64_STANDARD.encode(KEY);
    format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n")
}

#[tokio::test]
async fn many_who_need_a_token_at_once_ask_once() {
    let world = World::new(patient());
    let source = world.tokens(GRAPH);
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let source = Arc::clone(&source);
        all.spawn(async move { source.token().await.unwrap() });
    }
    let tokens = all.join_all().await;
    assert!(tokens.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(world.emulator.inspect().requests(TOKEN), 1);
}

#[tokio::test]
async fn a_token_is_replaced_five_minutes_before_its_end() {
    let world = World::new(patient());
    let source = world.tokens(GRAPH);
    let first = source.token().await.unwrap();
    world.clock.advance(SignedDuration::from_secs(3599 - 301));
    assert!(source.token().await.unwrap() == first);
    world.clock.advance(SignedDuration::from_secs(1));
    assert!(source.token().await.unwrap() != first);
    assert_eq!(world.emulator.inspect().requests(TOKEN), 2);
}

#[tokio::test]
async fn a_token_that_still_works_is_used_while_there_is_no_other() {
    let world = World::new(patient());
    let source = world.tokens(GRAPH);
    let first = source.token().await.unwrap();
    world.emulator.fail(
        TOKEN,
        1000,
        Fault::Status {
            status: 503,
            retry_after: None,
        },
    );
    world.clock.advance(SignedDuration::from_mins(57));
    assert!(source.token().await.unwrap() == first);
    world.clock.advance(SignedDuration::from_mins(3));
    let failure = source.token().await.unwrap_err();
    assert!(matches!(failure, Failure::Unavailable { .. }), "{failure:?}");
}

#[tokio::test]
async fn a_wrong_or_expired_secret_is_told_with_entras_number() {
    let world = World::new(patient());
    let denied = |failure: Failure, number: &str| match failure {
        Failure::Denied { code, .. } => assert_eq!(code.as_deref(), Some(number)),
        other => panic!("{other:?}"),
    };
    let wrong = world.tokens_by(Credential::Secret("wrong & odd=€".into()), GRAPH);
    denied(wrong.token().await.unwrap_err(), "AADSTS7000215");
    world.emulator.change_tenant(TenantChange {
        secret_expired: Some(true),
        ..TenantChange::default()
    });
    denied(world.tokens(GRAPH).token().await.unwrap_err(), "AADSTS7000222");
}

#[tokio::test]
async fn those_who_wait_for_a_token_share_the_failure() {
    let world = World::new(patient());
    let wrong = world.tokens_by(Credential::Secret("wrong".into()), GRAPH);
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let source = Arc::clone(&wrong);
        all.spawn(async move { source.token().await.unwrap_err() });
    }
    all.join_all().await;
    assert_eq!(world.emulator.inspect().requests(TOKEN), 1);
}

#[tokio::test]
async fn an_application_shows_itself_by_its_certificate() {
    let options = Options {
        certificates: vec![CERTIFICATE.to_owned()],
        ..Options::default()
    };
    for pem in [format!("{CERTIFICATE}\n{}", key()), format!("{}{CERTIFICATE}", key())] {
        let world = World::with(patient(), options.clone());
        let certificate = Certificate::from_pem(pem.as_bytes()).unwrap();
        for resource in [ACS, GRAPH] {
            let source = world.tokens_by(Credential::Certificate(certificate.clone()), resource);
            source.token().await.unwrap();
        }
        assert_eq!(world.emulator.inspect().refusals, []);
    }
}

#[tokio::test]
async fn a_certificate_that_was_not_registered_is_denied() {
    let world = World::new(patient());
    let certificate = Certificate::from_pem(format!("{CERTIFICATE}{}", key()).as_bytes()).unwrap();
    let failure = world
        .tokens_by(Credential::Certificate(certificate), GRAPH)
        .token()
        .await
        .unwrap_err();
    assert!(
        matches!(&failure, Failure::Denied { code: Some(code), .. } if code == "AADSTS700027"),
        "{failure:?}"
    );
}

#[test]
fn a_file_without_what_it_needs_says_what_is_missing() {
    let error = |pem: &str| Certificate::from_pem(pem.as_bytes()).unwrap_err();
    assert_eq!(error(""), CertificateError::NoCertificate);
    assert_eq!(error(&key()), CertificateError::NoCertificate);
    assert_eq!(error(CERTIFICATE), CertificateError::NoKey);
    let broken = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    assert_eq!(error(&format!("{CERTIFICATE}{broken}")), CertificateError::NoKey);
    let other = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert_eq!(error(&format!("{other}{}", key())), CertificateError::Foreign);
}

#[tokio::test]
async fn a_machine_without_an_identity_is_told() {
    let world = World::new(patient());
    world.emulator.change_tenant(TenantChange {
        managed_identity: Some(false),
        ..TenantChange::default()
    });
    let failure = world.managed_tokens(ACS).token().await.unwrap_err();
    assert!(matches!(failure, Failure::Refused { status: 400, .. }), "{failure:?}");
}

#[tokio::test]
async fn no_answer_of_nonsense_becomes_a_token() {
    for fault in [Fault::Html, Fault::WrongTypes, Fault::Empty, Fault::Malformed] {
        let world = World::new(patient());
        world.emulator.fail(TOKEN, 4, fault);
        let failure = world.tokens(GRAPH).token().await.unwrap_err();
        assert!(matches!(failure, Failure::Malformed { .. }), "{failure:?}");
    }
}

//! Entra's token endpoint and a managed identity's.

use crate::common::{ACS, Ask, GRAPH, VERSION, ask_token, bearer, now, options, start};
use anteroom_emulator::{Cloud, Emulator, Handle, Options, TenantChange};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair};
use serde_json::{Value, json};

const CERTIFICATE: &str = include_str!("fixtures/certificate.pem");

fn secret<'value>(changed: &[(&'value str, &'value str)]) -> Vec<(&'value str, &'value str)> {
    let mut pairs = vec![
        ("grant_type", "client_credentials"),
        ("client_id", Options::CLIENT_ID),
        ("client_secret", Options::CLIENT_SECRET),
        ("scope", GRAPH),
    ];
    for (name, value) in changed {
        pairs.retain(|(other, _)| other != name);
        pairs.push((name, value));
    }
    pairs
}

#[test]
fn a_secret_buys_a_token_and_no_refresh_token() {
    let emulator = start();
    let answer = ask_token(&emulator, &secret(&[]));
    assert_eq!(answer.status, 200);
    let body = answer.json();
    assert_eq!(
        (&body["token_type"], &body["expires_in"]),
        (&json!("Bearer"), &json!(3599))
    );
    assert!(body.get("refresh_token").is_none());
    assert_eq!(answer.header("cache-control"), Some("no-store, no-cache"));
}

#[test]
fn what_is_wrong_with_a_request_has_its_number() {
    let emulator = start();
    for (changed, status, error, number) in [
        (("client_secret", "wrong"), 401, "invalid_client", 7_000_215),
        (("client_id", "somebody"), 400, "unauthorized_client", 700_016),
        (("grant_type", "password"), 400, "unsupported_grant_type", 70_003),
        (
            ("scope", "https://graph.microsoft.com/User.Read"),
            400,
            "invalid_scope",
            1_002_012,
        ),
        (
            ("scope", "https://example.org/.default"),
            400,
            "invalid_resource",
            500_011,
        ),
        (
            ("scope", "https://communication.azure.com/.default"),
            400,
            "invalid_resource",
            500_011,
        ),
    ] {
        let answer = ask_token(&emulator, &secret(&[changed]));
        assert_eq!(answer.status, status, "{changed:?}");
        let body = answer.json();
        assert_eq!(
            (&body["error"], &body["error_codes"]),
            (&json!(error), &json!([number]))
        );
        let text = body["error_description"].as_str().unwrap();
        assert!(text.starts_with(&format!("AADSTS{number}: ")), "{text}");
        assert!(!text.contains("wrong"), "what was sent is not said again");
    }
    let without: Vec<_> = secret(&[])
        .into_iter()
        .filter(|(name, _)| *name != "client_secret")
        .collect();
    assert_eq!(ask_token(&emulator, &without).json()["error_codes"], json!([7_000_216]));
    let tenant = Ask::new("POST", "/another-tenant/oauth2/v2.0/token")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(crate::common::form(&secret(&[])))
        .send(&emulator);
    assert_eq!((tenant.status, &tenant.json()["error_codes"]), (400, &json!([90_002])));
    let json = Ask::new("POST", format!("/{}/oauth2/v2.0/token", Options::TENANT_ID))
        .json(&json!({ "grant_type": "client_credentials" }))
        .send(&emulator);
    assert_eq!((json.status, &json.json()["error"]), (400, &json!("invalid_request")));
}

#[test]
fn an_expired_secret_is_told_from_a_wrong_one() {
    let emulator = start();
    emulator.change_tenant(TenantChange {
        secret_expired: Some(true),
        ..TenantChange::default()
    });
    assert_eq!(
        ask_token(&emulator, &secret(&[])).json()["error_codes"],
        json!([7_000_222])
    );
}

// ------------------------------------------------------------------------------------------------------ certificates

fn with_certificate() -> Handle {
    Emulator::start(Options {
        certificates: vec![CERTIFICATE.to_owned()],
        ..options()
    })
    .unwrap()
}

fn der() -> Vec<u8> {
    let base64: String = CERTIFICATE.lines().filter(|line| !line.starts_with('-')).collect();
    base64::prelude::BASE64_STANDARD.decode(base64).unwrap()
}

fn header() -> Value {
    json!({ "alg": "PS256", "typ": "JWT", "x5t#S256": BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, &der())) })
}

fn claims(emulator: &Handle) -> Value {
    json!({
        "aud": format!("{}/{}/oauth2/v2.0/token", emulator.url(), Options::TENANT_ID),
        "iss": Options::CLIENT_ID,
        "sub": Options::CLIENT_ID,
        "jti": "once",
        "nbf": now().as_second(),
        "exp": now().as_second() + 600,
    })
}

fn sign(header: &Value, claims: &Value, with: &'static dyn RsaEncoding) -> String {
    let key = RsaKeyPair::from_pkcs8(include_bytes!("fixtures/key-of-tests-only.pk8")).unwrap();
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(header), part(claims));
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(with, &SystemRandom::new(), signed.as_bytes(), &mut signature)
        .unwrap();
    format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
}

/// The status, and Entra's number where it refused.
fn assert_with(emulator: &Handle, assertion: &str) -> (u16, Value) {
    let answer = ask_token(
        emulator,
        &[
            ("grant_type", "client_credentials"),
            ("client_id", Options::CLIENT_ID),
            (
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ),
            ("client_assertion", assertion),
            ("scope", ACS),
        ],
    );
    (answer.status, answer.json()["error_codes"][0].clone())
}

#[test]
fn an_assertion_signed_with_the_registered_certificate_buys_a_token() {
    let emulator = with_certificate();
    let claims = claims(&emulator);
    assert_eq!(
        assert_with(&emulator, &sign(&header(), &claims, &RSA_PSS_SHA256)),
        (200, Value::Null)
    );
    let old =
        json!({ "alg": "RS256", "x5t": BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, &der())) });
    assert_eq!(
        assert_with(&emulator, &sign(&old, &claims, &RSA_PKCS1_SHA256)),
        (200, Value::Null)
    );
}

#[test]
fn an_assertion_that_says_something_wrong_is_refused() {
    let emulator = with_certificate();
    let good = claims(&emulator);
    let with = |name: &str, value: Value| {
        let mut claims = good.clone();
        claims[name] = value;
        sign(&header(), &claims, &RSA_PSS_SHA256)
    };
    for (assertion, number) in [
        (with("iss", json!("somebody")), 700_021),
        (with("sub", json!("somebody")), 700_021),
        (with("aud", json!("https://login.microsoftonline.com/")), 700_023),
        (with("exp", json!(now().as_second())), 700_024),
        (with("nbf", json!(now().as_second() + 1)), 700_024),
        (with("jti", Value::Null), 50_027),
        ("not.a.jwt".to_owned(), 50_027),
        (String::new(), 50_027),
    ] {
        assert_eq!(assert_with(&emulator, &assertion), (401, json!(number)), "{assertion}");
    }
}

#[test]
fn an_assertion_signed_otherwise_is_refused() {
    let emulator = with_certificate();
    let good = sign(&header(), &claims(&emulator), &RSA_PSS_SHA256);
    let (signed, _) = good.rsplit_once('.').unwrap();
    let (_, other) = sign(&header(), &json!({}), &RSA_PSS_SHA256)
        .rsplit_once('.')
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .unwrap();
    let mixed_up = sign(&header(), &claims(&emulator), &RSA_PKCS1_SHA256);
    assert_eq!(
        assert_with(&emulator, &format!("{signed}.{other}")),
        (401, json!(700_027))
    );
    assert_eq!(
        assert_with(&emulator, &mixed_up),
        (401, json!(700_027)),
        "PS256 is said, RS256 was done"
    );
    let none = json!({ "alg": "none" });
    assert_eq!(
        assert_with(&emulator, &sign(&none, &claims(&emulator), &RSA_PSS_SHA256)),
        (401, json!(50_027))
    );
    let unnamed = json!({ "alg": "PS256" });
    assert_eq!(
        assert_with(&emulator, &sign(&unnamed, &claims(&emulator), &RSA_PSS_SHA256)),
        (401, json!(700_027))
    );
}

#[test]
fn a_certificate_must_be_registered_and_in_its_time() {
    let emulator = start();
    let good = |emulator: &Handle| sign(&header(), &claims(emulator), &RSA_PSS_SHA256);
    assert_eq!(assert_with(&emulator, &good(&emulator)), (401, json!(700_027)));
    let upload = Ask::new("POST", "/_emulator/certificates")
        .body(CERTIFICATE)
        .send(&emulator);
    assert_eq!(upload.status, 204);
    assert_eq!(assert_with(&emulator, &good(&emulator)), (200, Value::Null));
    emulator.set_skew(SignedDuration::from_hours(-24 * 365));
    let mut early = claims(&emulator);
    early["nbf"] = json!(0);
    assert_eq!(
        assert_with(&emulator, &sign(&header(), &early, &RSA_PSS_SHA256)),
        (401, json!(700_027))
    );
}

#[test]
fn what_is_no_certificate_is_refused_with_the_reason() {
    let emulator = start();
    let upload = Ask::new("POST", "/_emulator/certificates")
        .body("hello")
        .send(&emulator);
    assert_eq!(upload.status, 400);
    assert!(upload.text().contains("PEM"), "{}", upload.text());
}

// -------------------------------------------------------------------------------------------------- managed identity

fn managed(query: &str) -> Ask {
    Ask::new("GET", format!("/metadata/identity/oauth2/token?{query}"))
}

const MANAGED: &str = "api-version=2018-02-01&resource=https%3A%2F%2Fcommunication.azure.com%2F";

#[test]
fn a_managed_identity_gets_a_token_that_acs_takes() {
    let emulator = start();
    let answer = managed(MANAGED).header("Metadata", "true").send(&emulator);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let body = answer.json();
    assert_eq!(body["expires_in"], "86399", "as text, as the real one does");
    assert_eq!(body["expires_on"], (now().as_second() + 86_399).to_string());
    assert_eq!(body["resource"], "https://communication.azure.com/");
    let token = body["access_token"].as_str().unwrap();
    let made = Ask::new("POST", format!("/identities?{VERSION}"))
        .bearer(token)
        .send(&emulator);
    assert_eq!(made.status, 201);
}

#[test]
fn a_managed_identity_is_asked_in_one_way_only() {
    let emulator = start();
    let no_header = managed(MANAGED).send(&emulator);
    assert_eq!(
        (no_header.status, &no_header.json()["error"]),
        (400, &json!("bad_request_102"))
    );
    let proxied = managed(MANAGED)
        .header("Metadata", "true")
        .header("X-Forwarded-For", "10.0.0.1");
    assert_eq!(proxied.send(&emulator).status, 400);
    for query in [
        "",
        "api-version=2018-02-01",
        "api-version=2017-01-01&resource=https%3A%2F%2Fgraph.microsoft.com",
    ] {
        assert_eq!(
            managed(query).header("Metadata", "true").send(&emulator).status,
            400,
            "{query}"
        );
    }
    let other = managed(&format!("{MANAGED}&client_id=somebody"))
        .header("Metadata", "true")
        .send(&emulator);
    assert_eq!(other.json()["error_description"], "Identity not found");
}

#[test]
fn a_machine_may_have_no_managed_identity() {
    let emulator = start();
    emulator.change_tenant(TenantChange {
        managed_identity: Some(false),
        ..TenantChange::default()
    });
    let answer = managed(MANAGED).header("Metadata", "true").send(&emulator);
    assert_eq!(
        (answer.status, &answer.json()["error_description"]),
        (400, &json!("Identity not found"))
    );
}

#[test]
fn no_two_tokens_are_the_same() {
    let emulator = start();
    assert_ne!(bearer(&emulator, ACS), bearer(&emulator, ACS));
}

fn hosted(query: &str) -> Ask {
    Ask::new("GET", format!("/msi/token?{query}"))
}

#[test]
fn where_it_is_hosted_the_header_is_the_key() {
    let emulator = start();
    let query = "api-version=2019-08-01&resource=https%3A%2F%2Fcommunication.azure.com%2F";
    for header in ["", "wrong"] {
        assert_eq!(
            hosted(query).header("X-IDENTITY-HEADER", header).send(&emulator).status,
            401
        );
    }
    let answer = hosted(query)
        .header("X-IDENTITY-HEADER", Options::IDENTITY_HEADER)
        .send(&emulator);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let body = answer.json();
    assert_eq!(body["expires_on"], (now().as_second() + 86_399).to_string());
    assert!(body.get("expires_in").is_none(), "App Service does not say it");
    let made = Ask::new("POST", format!("/identities?{VERSION}"))
        .bearer(body["access_token"].as_str().unwrap())
        .send(&emulator);
    assert_eq!(made.status, 201);
}

#[test]
fn each_cloud_knows_its_own_services_only() {
    let us = Emulator::start(Options {
        cloud: Cloud::UsGovernment,
        ..options()
    })
    .unwrap();
    for scope in [ACS, GRAPH] {
        let refused = ask_token(&us, &secret(&[("scope", scope)]));
        assert_eq!(refused.json()["error_codes"], json!([500_011]), "{scope}");
    }
    let token = bearer(&us, "https://communication.azure.us/.default");
    let made = Ask::new("POST", format!("/identities?{VERSION}"))
        .bearer(&token)
        .send(&us);
    assert_eq!(made.status, 201);
    let token = bearer(&us, "https://graph.microsoft.us/.default");
    let refused = Ask::new("POST", format!("/identities?{VERSION}"))
        .bearer(&token)
        .send(&us);
    assert_eq!(refused.status, 401, "Graph's is not ACS'");
    let public = start();
    let refused = ask_token(
        &public,
        &secret(&[("scope", "https://communication.azure.us/.default")]),
    );
    assert_eq!(refused.json()["error_codes"], json!([500_011]));
}

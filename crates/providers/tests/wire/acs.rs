use std::time::Duration;

use anteroom_providers::acs::{Auth, ConnectionString, Created, IdentityClient, Key};
use anteroom_providers::http::Failure;
use aws_lc_rs::{digest, hmac};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use tokio::time::timeout;

use crate::far::{Asked, Far, Reply, answer, chunked};
use crate::setup::{clock, entropy, http};

const KEY: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
const IDENTITY: &str = "8:acs:2dee53b4-368b-45b4-ab52-8493fb117652_00000005-14a2-493b-8a72-5a3a0d000081";
const CREATED: &str = r#"{"identity":{"id":"8:acs:a_b"},
    "accessToken":{"token":"hunter2","expiresOn":"2026-11-24T13:00:00.3244584+00:00"}}"#;

fn client(far: &Far) -> IdentityClient {
    let auth = Auth::Key(Key::from_base64(KEY).unwrap());
    IdentityClient::new(http(), far.url.clone(), auth, "2023-10-01", clock(), entropy())
}

/// Whatever happens: an answer is there long before a person gives up.
async fn create(client: &IdentityClient) -> Result<Created, Failure> {
    timeout(Duration::from_secs(20), client.create(&["voip"], 60))
        .await
        .expect("the call hangs")
}

async fn failure_of(reply: Reply) -> (Failure, Vec<Asked>) {
    let far = Far::start([reply]).await;
    let failure = create(&client(&far)).await.unwrap_err();
    let told = format!("{failure} {failure:?}");
    assert!(!told.contains("hunter2") && !told.contains(KEY), "{told}");
    (failure, far.asked())
}

#[tokio::test]
async fn what_is_signed_is_what_goes_onto_the_wire() {
    let token = r#"{"token":"t","expiresOn":"2026-11-24T13:00:00.3244584+00:00"}"#;
    let far = Far::start([answer(201, &[], CREATED), answer(200, &[], token), answer(204, &[], "")]).await;
    let client = client(&far);
    create(&client).await.unwrap();
    client
        .issue(IDENTITY, &["voip.join", "chat.join.limited"], 90)
        .await
        .unwrap();
    client.delete(IDENTITY).await.unwrap();

    let asked = far.asked();
    let encoded = IDENTITY.replace(':', "%3A");
    let expected = [
        (
            "POST",
            "/identities?api-version=2023-10-01".to_owned(),
            r#"{"createTokenWithScopes":["voip"],"expiresInMinutes":60}"#,
        ),
        (
            "POST",
            format!("/identities/{encoded}/:issueAccessToken?api-version=2023-10-01"),
            r#"{"expiresInMinutes":90,"scopes":["voip.join","chat.join.limited"]}"#,
        ),
        ("DELETE", format!("/identities/{encoded}?api-version=2023-10-01"), ""),
    ];
    assert_eq!(asked.len(), expected.len());
    for (asked, (verb, path, body)) in asked.iter().zip(expected) {
        assert_eq!((asked.verb.as_str(), &asked.path_and_query), (verb, &path));
        match body {
            "" => assert_eq!(asked.text(), ""),
            body => assert_eq!(json(asked.text()), json(body)),
        }
        let date = asked.header("x-ms-date");
        assert_eq!(date, "Tue, 24 Nov 2026 12:00:00 GMT");
        let hash = BASE64_STANDARD.encode(digest::digest(&digest::SHA256, &asked.body));
        assert_eq!(asked.header("x-ms-content-sha256"), hash);
        let host = asked.header("host");
        assert_eq!(host, format!("127.0.0.1:{}", far.url.port().unwrap()));
        let key = hmac::Key::new(hmac::HMAC_SHA256, &BASE64_STANDARD.decode(KEY).unwrap());
        let signature = hmac::sign(&key, format!("{verb}\n{path}\n{date};{host};{hash}").as_bytes());
        assert_eq!(
            asked.header("authorization"),
            format!(
                "HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature={}",
                BASE64_STANDARD.encode(signature)
            )
        );
    }
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap()
}

#[tokio::test]
async fn a_created_identity_comes_with_its_token_and_the_time_as_it_was_written() {
    let far = Far::start([answer(201, &[], CREATED)]).await;
    let created = create(&client(&far)).await.unwrap();
    assert_eq!(created.identity, "8:acs:a_b");
    assert_eq!(created.token.reveal(), "hunter2");
    assert_eq!(created.expires_on, "2026-11-24T13:00:00.3244584+00:00");
    let shown = format!("{created:?}");
    assert!(!shown.contains("hunter2"), "{shown}");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = Far::start([answer(201, &[], CREATED)]).await;
        let location = elsewhere.url.as_str();
        let (failure, asked) = failure_of(answer(status, &[("location", location)], "hunter2")).await;
        assert!(
            matches!(failure, Failure::Refused { status: told, .. } if told == status),
            "{failure:?}"
        );
        assert_eq!(asked.len(), 1, "asked again");
        assert!(elsewhere.asked().is_empty(), "{status} was followed");
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_cut_off() {
    let told = b"HTTP/1.1 201 Told\r\ncontent-length: 10000000000\r\n\r\n".to_vec();
    let piece = &[b' '; 16 * 1024];
    let (failure, _) = failure_of(Reply::Endless(told, piece)).await;
    assert!(matches!(failure, Failure::Malformed { .. }), "{failure:?}");

    let mut untold = chunked(201);
    untold.extend_from_slice(b"80000\r\n");
    untold.extend_from_slice(&vec![b' '; 0x80000]);
    let (failure, _) = failure_of(Reply::Bytes(untold)).await;
    assert!(matches!(failure, Failure::Malformed { .. }), "{failure:?}");
}

#[tokio::test]
async fn an_answer_that_never_ends_is_cut_off() {
    for reply in [
        Reply::Endless(chunked(201), b"1\r\n \r\n"),
        Reply::Endless(b"HTTP/1.1 201 Told\r\n".to_vec(), b"x-more: 1\r\n"),
        Reply::Silence,
    ] {
        let (failure, _) = failure_of(reply).await;
        // An endless head may be too large for the parser before it is too late.
        assert!(
            matches!(failure, Failure::TimedOut { .. } | Failure::Unreachable { .. }),
            "{failure:?}"
        );
    }
}

#[tokio::test]
async fn trouble_that_passes_is_not_noticed() {
    for trouble in [
        answer(500, &[], ""),
        answer(503, &[], "<html>"),
        answer(429, &[("retry-after", "0")], ""),
        Reply::Close,
        Reply::Silence,
        Reply::Bytes(b"HTTP/1.1 201 Told\r\ncontent-length: 300\r\n\r\n{\"identity\"".to_vec()),
    ] {
        let far = Far::start([trouble, answer(201, &[], CREATED)]).await;
        assert_eq!(create(&client(&far)).await.unwrap().identity, "8:acs:a_b");
        assert_eq!(far.asked().len(), 2);
    }
}

#[tokio::test]
async fn who_asks_for_a_pause_gets_it() {
    let far = Far::start([answer(429, &[("retry-after", "1")], ""), answer(201, &[], CREATED)]).await;
    create(&client(&far)).await.unwrap();
    let asked = far.asked();
    assert!(asked[1].at - asked[0].at >= Duration::from_secs(1));
}

#[tokio::test]
async fn an_answer_of_another_kind_is_malformed_and_none_of_it_is_told() {
    for body in [
        "",
        "hunter2",
        "{}",
        "[]",
        "null",
        "<html>hunter2</html>",
        r#"{"identity":{"id":7},"accessToken":{"token":"hunter2","expiresOn":"x"}}"#,
        r#"{"identity":{"id":"8:acs:a_b"},"accessToken":null}"#,
        r#"{"identity":{"id":"8:acs:a_b"},"accessToken":{"token":["hunter2"],"expiresOn":"x"}}"#,
        r#"{"identity":{"id":"8:acs:a_b"},"accessToken":{"token":"","expiresOn":"x"}}"#,
        r#"{"identity":{"id":""},"accessToken":{"token":"hunter2","expiresOn":"x"}}"#,
    ] {
        let (failure, _) = failure_of(answer(201, &[], body)).await;
        assert!(matches!(failure, Failure::Malformed { .. }), "{body}: {failure:?}");
    }
}

#[test]
fn a_connection_string_is_not_printed() {
    let text = format!("endpoint=https://bank.communication.azure.com/;accesskey={KEY}");
    let shown = format!("{:?}", text.parse::<ConnectionString>().unwrap());
    assert!(!shown.contains(KEY) && !shown.contains("0123456789abcdef"), "{shown}");
}

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anteroom_engines::teams::acs::{Auth, ConnectionString, Created, IdentityClient, Key, NotCreated};
use anteroom_http::{Failure, Unanswered};
use anteroom_service::port::{EngineError, FixedClock, QueueTicket};
use async_trait::async_trait;
use aws_lc_rs::{digest, hmac};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use tokio::time::timeout;
use url::Url;

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

struct Guest;

#[async_trait]
impl QueueTicket for Guest {
    fn position(&self, _: u32) {}

    async fn called(&self) -> Result<(), EngineError> {
        Ok(())
    }
}

/// Whatever happens: an answer is there long before a person gives up.
async fn create(client: &IdentityClient) -> Result<Created, Unanswered> {
    let created = timeout(Duration::from_secs(20), client.create(&["voip"], 60, &Guest));
    created.await.expect("the call hangs").map_err(|error| match error {
        NotCreated::Unanswered(unanswered) => unanswered,
        NotCreated::Unwanted(error) => panic!("{error}"),
    })
}

async fn issue(client: &IdentityClient) -> Result<String, Failure> {
    let issued = timeout(Duration::from_secs(20), client.issue(IDENTITY, &["voip"], 60, &|_| {}));
    issued
        .await
        .expect("the call hangs")
        .map(|token| token.token.reveal().to_owned())
}

async fn failure_of(reply: Reply) -> (Failure, Vec<Asked>) {
    let far = Far::start([reply]).await;
    let failure = create(&client(&far)).await.unwrap_err().failure;
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
        .issue(IDENTITY, &["voip.join", "chat.join.limited"], 90, &|_| {})
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
            r#"{"scopes":["voip.join","chat.join.limited"],"expiresInMinutes":90}"#,
        ),
        ("DELETE", format!("/identities/{encoded}?api-version=2023-10-01"), ""),
    ];
    assert_eq!(asked.len(), expected.len());
    for (asked, (verb, path, body)) in asked.iter().zip(expected) {
        assert_eq!((asked.verb.as_str(), &asked.path_and_query), (verb, &path));
        assert_eq!(asked.text(), body);
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

/// An address of this machine's that no other test has, so that the port of Microsoft's recordings is free there.
fn own_address(port: u16) -> SocketAddr {
    let [high, low] = u16::try_from(std::process::id() % 0xffff).unwrap().to_be_bytes();
    SocketAddr::from(([127, 83, high, low.max(1)], port))
}

/// Captured from Microsoft's own client: what ours sends for the same is the same to the last byte.
#[tokio::test]
async fn what_is_sent_is_what_microsofts_client_sends() {
    let vectors: serde_json::Value = serde_json::from_str(include_str!("../data/acs-signing-vectors.json")).unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let (host, identity) = (text(&vectors["javascript_host"]), text(&vectors["identity"]));
    let url: Url = format!("http://{host}/").parse().unwrap();
    let token = r#"{"token":"t","expiresOn":"2026-11-24T13:00:00.3244584+00:00"}"#;
    let replies = [answer(201, &[], CREATED), answer(200, &[], token), answer(204, &[], "")];
    let address = own_address(url.port().unwrap());
    let far = Far::start_at(address, replies).await;
    let date = text(&vectors["x-ms-date"]);
    let at = jiff::fmt::rfc2822::DateTimeParser::new()
        .parse_timestamp(&date)
        .unwrap();
    let client = IdentityClient::new(
        http().with_near("localhost", address).unwrap(),
        url,
        Auth::Key(Key::from_base64(vectors["key_base64"].as_str().unwrap()).unwrap()),
        "2023-10-01",
        Arc::new(FixedClock::at(at)),
        entropy(),
    );
    client.create(&["voip", "chat"], 60, &Guest).await.unwrap();
    let scopes = ["voip.join", "chat.join.limited"];
    client.issue(&identity, &scopes, 1440, &|_| {}).await.unwrap();
    client.delete(&identity).await.unwrap();

    let cases = vectors["javascript"].as_array().unwrap();
    // The others are what we never ask for: an identity without a token, and revoking.
    let ours = [&cases[1], &cases[2], &cases[4]];
    let asked = far.asked();
    assert_eq!(asked.len(), ours.len());
    for (asked, case) in asked.iter().zip(ours) {
        let request = text(&case["request"]).replace("<identity>", &identity.replace(':', "%3A"));
        assert_eq!(format!("{} {}", asked.verb, asked.path_and_query), request);
        assert_eq!(asked.text(), text(&case["body"]));
        assert_eq!(asked.header("host"), host);
        assert_eq!(asked.header("x-ms-date"), date);
        assert_eq!(asked.header("x-ms-content-sha256"), text(&case["sha256"]));
        let authorization = text(&vectors["authorization"]).replace("<base64>", case["signature"].as_str().unwrap());
        assert_eq!(asked.header("authorization"), authorization);
    }
}

#[tokio::test]
async fn a_wish_for_quiet_without_end_is_a_long_one_and_no_more() {
    for wish in ["18446744073709551615", "Sun, 31 Dec 8997 23:59:59 GMT"] {
        for status in [429, 503] {
            let far = Far::start([answer(status, &[("retry-after", wish)], "")]).await;
            let client = client(&far);
            for _ in 0..2 {
                let failure = create(&client).await.unwrap_err().failure;
                let quiet = failure.retry_after().unwrap();
                assert!(
                    quiet > Duration::from_secs(200) && quiet <= Duration::from_mins(5),
                    "{failure:?}"
                );
            }
            assert_eq!(far.asked().len(), 1, "asked again");
        }
    }
}

#[tokio::test]
async fn only_the_service_itself_says_that_an_identity_is_gone() {
    let gone = answer(404, &[], r#"{"error":{"code":"IdentityNotFound","message":"x"}}"#);
    let far = Far::start([gone]).await;
    client(&far).delete(IDENTITY).await.unwrap();
    for (status, body) in [
        (404, "<html>Not Found</html>"),
        (404, ""),
        (404, "{}"),
        (404, r#"{"error":"not found"}"#),
        (200, "<html>Sign in</html>"),
        (200, ""),
        (202, "{}"),
    ] {
        let far = Far::start([answer(status, &[], body)]).await;
        let deleted = client(&far).delete(IDENTITY).await;
        assert!(deleted.is_err(), "{status} {body}");
    }
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
            matches!(failure, Failure::TimedOut { .. } | Failure::BrokenOff { .. }),
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
        let token = r#"{"token":"t","expiresOn":"2026-11-24T13:00:00.3244584+00:00"}"#;
        let far = Far::start([trouble, answer(200, &[], token)]).await;
        assert_eq!(issue(&client(&far)).await.unwrap(), "t");
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

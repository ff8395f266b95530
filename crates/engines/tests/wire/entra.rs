use std::sync::Arc;
use std::time::Duration;

use anteroom_engines::teams::acs::{Auth, IdentityClient};
use anteroom_engines::teams::entra::{ACS, Credential, TokenSource};
use anteroom_http::ApiSecret;
use anteroom_http::{Failure, Http, Timeouts};
use anteroom_service::port::Clock as _;
use jiff::SignedDuration;
use tokio::time::timeout;

use crate::far::{Far, Reply, answer};
use crate::setup::{clock, entropy, http};

const TOKEN: &str = r#"{"token_type":"Bearer","expires_in":3599,"access_token":"t0k3n"}"#;

fn source(far: &Far) -> TokenSource {
    source_with(http(), far)
}

fn source_with(http: Http, far: &Far) -> TokenSource {
    TokenSource::client(
        http,
        &far.url,
        "11111111-2222-3333-4444-555555555555",
        "client-id",
        Credential::Secret(ApiSecret::new("a+b &=%~ü")),
        ACS,
        clock(),
        entropy(),
    )
}

#[tokio::test]
async fn a_secret_of_any_characters_arrives_whole() {
    let far = Far::start([answer(200, &[], TOKEN)]).await;
    let token = source(&far).token().await.unwrap();
    assert_eq!(token.reveal(), "t0k3n");
    let [asked] = <[_; 1]>::try_from(far.asked()).unwrap();
    assert_eq!(
        asked.path_and_query,
        "/11111111-2222-3333-4444-555555555555/oauth2/v2.0/token"
    );
    assert_eq!(asked.header("content-type"), "application/x-www-form-urlencoded");
    let form: Vec<(String, String)> = serde_urlencoded::from_str(asked.text()).unwrap();
    let expected = [
        ("grant_type", "client_credentials"),
        ("client_id", "client-id"),
        ("scope", "https://communication.azure.com//.default"),
        ("client_secret", "a+b &=%~ü"),
    ];
    assert_eq!(form, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[tokio::test]
async fn the_machines_own_identity_is_asked_for_as_its_cloud_wants_it() {
    let text = r#"{"token_type":"Bearer","expires_in":"86399","access_token":"t0k3n"}"#;
    let far = Far::start([answer(200, &[], text)]).await;
    let source = TokenSource::managed(http(), &far.url, None, ACS, clock(), entropy());
    source.token().await.unwrap();
    let asked = far.asked();
    assert_eq!(asked[0].verb, "GET");
    assert_eq!(asked[0].header("metadata"), "true");
    assert_eq!(
        asked[0].path_and_query,
        "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fcommunication.azure.com%2F"
    );
}

#[tokio::test]
async fn where_the_cloud_hosts_the_application_its_stand_in_is_asked() {
    let clock = clock();
    let end = clock.now().as_second() + 3_600;
    let text = format!(r#"{{"access_token":"t0k3n","expires_on":"{end}","resource":"x","token_type":"Bearer"}}"#);
    let far = Far::start([answer(200, &[], &text)]).await;
    let endpoint = far.url.join("msi/token").unwrap();
    let source = TokenSource::hosted(
        http(),
        &endpoint,
        ApiSecret::new("853b9a84"),
        Some("client-id"),
        ACS,
        Arc::clone(&clock) as _,
        entropy(),
    );
    source.token().await.unwrap();
    clock.advance(SignedDuration::from_mins(54));
    source.token().await.unwrap();
    assert_eq!(far.asked().len(), 1, "good for six minutes more");
    clock.advance(SignedDuration::from_mins(2));
    source.token().await.unwrap();
    let asked = far.asked();
    assert_eq!(asked.len(), 2, "good for four minutes more");
    assert_eq!(asked[0].header("x-identity-header"), "853b9a84");
    assert_eq!(
        asked[0].path_and_query,
        "/msi/token?api-version=2019-08-01&resource=https%3A%2F%2Fcommunication.azure.com%2F&client_id=client-id"
    );
}

#[tokio::test]
async fn a_token_goes_to_the_service_it_is_for() {
    let login = Far::start([answer(200, &[], TOKEN)]).await;
    let acs = Far::start([answer(204, &[], "")]).await;
    let auth = Auth::Bearer(Arc::new(source(&login)));
    let client = IdentityClient::new(http(), acs.url.clone(), auth, "2023-10-01", clock(), entropy());
    client.delete("8:acs:a_b").await.unwrap();
    assert_eq!(acs.asked()[0].header("authorization"), "Bearer t0k3n");
}

#[tokio::test]
async fn a_service_without_a_token_is_not_asked() {
    let login = Far::start([answer(
        400,
        &[],
        r#"{"error":"unauthorized_client","error_codes":[700016]}"#,
    )])
    .await;
    let acs = Far::start([answer(204, &[], "")]).await;
    let auth = Auth::Bearer(Arc::new(source(&login)));
    let client = IdentityClient::new(http(), acs.url.clone(), auth, "2023-10-01", clock(), entropy());
    let failure = client.delete("8:acs:a_b").await.unwrap_err();
    assert!(failure.to_string().contains("AADSTS700016"), "{failure}");
    assert!(acs.asked().is_empty());
}

#[tokio::test]
async fn the_wait_for_a_token_is_part_of_the_wait_for_an_answer() {
    let login = Far::start([Reply::Silence]).await;
    let acs = Far::start([answer(204, &[], "")]).await;
    let forever = Http::new(Timeouts {
        request: Duration::from_mins(5),
        total: Duration::from_mins(5),
        ..Timeouts::default()
    });
    let auth = Auth::Bearer(Arc::new(source_with(forever.unwrap(), &login)));
    let client = IdentityClient::new(http(), acs.url.clone(), auth, "2023-10-01", clock(), entropy());
    let deleted = timeout(Duration::from_mins(1), client.delete("8:acs:a_b")).await;
    let failure = deleted.expect("the call hangs").unwrap_err();
    assert!(matches!(failure, Failure::TimedOut { .. }), "{failure:?}");
    assert!(acs.asked().is_empty());
}

//! What goes wrong on demand, and what can be seen from outside.

use std::io::Read;
use std::time::Duration;

use crate::common::{Answer, Ask, VERSION, create, issue, options, start};
use anteroom_emulator::{Emulator, Fault, Handle, Operation, Options, Planned, StartError};
use serde_json::{Value, json};

/// Long enough that only what never comes is missed.
const PATIENCE: Duration = Duration::from_secs(20);
/// For what must not come: each test waits as long as this.
const IMPATIENCE: Duration = Duration::from_millis(300);

fn ask(emulator: &Handle) -> Ask {
    Ask::new("POST", format!("/identities?{VERSION}")).signed(emulator)
}

fn with(fault: Fault) -> (Handle, std::io::Result<Answer>) {
    let emulator = start();
    emulator.fail(Operation::CreateIdentity, 1, fault);
    let answer = ask(&emulator).try_send(emulator.address(), PATIENCE);
    (emulator, answer)
}

#[test]
fn so_many_requests_of_one_operation_fail_and_then_none() {
    let emulator = start();
    let id = create(&emulator);
    emulator.fail(
        Operation::CreateIdentity,
        2,
        Fault::Status {
            status: 429,
            retry_after: Some("7".to_owned()),
        },
    );
    for _ in 0..2 {
        assert_eq!(
            issue(&emulator, &id, &json!({ "scopes": ["voip"] })).status,
            200,
            "another operation"
        );
        let answer = ask(&emulator).send(&emulator);
        assert_eq!((answer.status, answer.header("retry-after")), (429, Some("7")));
        assert_eq!(answer.code(), "TooManyRequests");
    }
    assert_eq!(ask(&emulator).send(&emulator).status, 201);
    assert_eq!(emulator.inspect().identities.len(), 2);
}

#[test]
fn a_server_error_has_the_shape_of_its_family() {
    for (status, code) in [(500, "InternalServerError"), (503, "ServiceUnavailable")] {
        let fault = Fault::Status {
            status,
            retry_after: None,
        };
        let (emulator, answer) = with(fault.clone());
        let answer = answer.unwrap();
        assert_eq!((answer.status, answer.code().as_str()), (status, code));
        emulator.fail(Operation::ClientToken, 1, fault.clone());
        let answer = crate::common::ask_token(&emulator, &[]);
        assert_eq!(
            (answer.status, &answer.json()["error"]),
            (status, &json!("temporarily_unavailable"))
        );
        emulator.fail(Operation::GetMeeting, 1, fault);
        let answer = Ask::new("GET", "/v1.0/users/u/onlineMeetings/m").send(&emulator);
        assert_eq!((answer.status, answer.code().as_str()), (status, code));
    }
}

#[test]
fn a_delay_comes_before_the_right_answer() {
    let emulator = start();
    emulator.fail(Operation::CreateIdentity, 1, Fault::Delay { milliseconds: 60_000 });
    assert!(ask(&emulator).try_send(emulator.address(), IMPATIENCE).is_err());
    emulator.fail(Operation::CreateIdentity, 1, Fault::Delay { milliseconds: 5 });
    assert_eq!(ask(&emulator).send(&emulator).status, 201);
}

#[test]
fn no_answer_is_none_and_the_emulator_ends_all_the_same() {
    let emulator = start();
    emulator.fail(Operation::CreateIdentity, 1, Fault::NoAnswer);
    let mut waiting = ask(&emulator).open(emulator.address(), IMPATIENCE);
    let mut byte = [0];
    assert!(waiting.read(&mut byte).is_err());
    assert_eq!(emulator.inspect().requests(Operation::CreateIdentity), 1);
    drop(emulator);
    assert!(matches!(waiting.read(&mut byte), Ok(0) | Err(_)));
}

#[test]
fn a_dropped_connection_carries_nothing() {
    let emulator = start();
    emulator.fail(Operation::CreateIdentity, 1, Fault::DropConnection);
    let mut stream = ask(&emulator).open(emulator.address(), PATIENCE);
    let mut bytes = Vec::new();
    // An end or a reset, as the system pleases.
    let _ = stream.read_to_end(&mut bytes);
    assert!(bytes.is_empty());
    assert!(
        emulator.inspect().requests[&Operation::CreateIdentity]
            .answers
            .is_empty()
    );
}

#[test]
fn a_truncated_body_ends_before_its_length() {
    let (_, answer) = with(Fault::Truncated);
    assert!(answer.is_err());
}

#[test]
fn bodies_are_not_what_they_should_be() {
    let body = |fault| {
        let (_, answer) = with(fault);
        let answer = answer.unwrap();
        assert_eq!(answer.status, 200);
        answer
    };
    assert!(serde_json::from_slice::<Value>(&body(Fault::Malformed).body).is_err());
    assert!(body(Fault::WrongTypes).json()["identity"]["id"].is_number());
    assert_eq!(body(Fault::Empty).json(), json!({}));
    assert_eq!(body(Fault::Html).header("content-type"), Some("text/html"));
    assert_eq!(body(Fault::Huge { bytes: 3_000_000 }).body.len(), 3_000_000);
}

#[test]
fn a_redirect_points_where_it_was_told() {
    let (_, answer) = with(Fault::Redirect {
        location: "http://127.0.0.1:1/elsewhere".to_owned(),
    });
    let answer = answer.unwrap();
    assert_eq!(
        (answer.status, answer.header("location")),
        (307, Some("http://127.0.0.1:1/elsewhere"))
    );
}

#[test]
fn an_endless_body_goes_on() {
    let emulator = start();
    let endless = Fault::Endless {
        bytes: 1000,
        milliseconds: 1,
    };
    emulator.fail(Operation::CreateIdentity, 1, endless);
    let mut stream = ask(&emulator).open(emulator.address(), PATIENCE);
    let mut bytes = vec![0; 100_000];
    stream.read_exact(&mut bytes).unwrap();
}

#[test]
fn an_answer_can_be_lost_after_the_work_was_done() {
    let emulator = start();
    emulator.plan(Planned {
        operation: Operation::CreateIdentity,
        times: 1,
        after_effect: true,
        fault: Fault::DropConnection,
    });
    assert!(ask(&emulator).try_send(emulator.address(), PATIENCE).is_err());
    assert_eq!(emulator.inspect().identities.len(), 1);
}

#[test]
fn faults_can_be_called_off() {
    let emulator = start();
    emulator.fail(Operation::CreateIdentity, 100, Fault::DropConnection);
    emulator.mend();
    assert_eq!(ask(&emulator).send(&emulator).status, 201);
}

#[test]
fn every_answer_takes_the_latency() {
    let emulator = start();
    emulator.set_latency(Duration::from_mins(1));
    assert!(ask(&emulator).try_send(emulator.address(), IMPATIENCE).is_err());
    emulator.set_latency(Duration::from_millis(5));
    assert_eq!(ask(&emulator).send(&emulator).status, 201);
}

// ------------------------------------------------------------------------------------------------------- from outside

fn admin(emulator: &Handle, method: &'static str, path: &str, body: &Value) -> Answer {
    let answer = Ask::new(method, format!("/_emulator/{path}")).json(body).send(emulator);
    assert!(answer.status < 300, "{path}: {} {}", answer.status, answer.text());
    answer
}

fn state(emulator: &Handle) -> Value {
    Ask::new("GET", "/_emulator/state").send(emulator).json()
}

#[test]
fn every_fault_can_be_asked_for_over_http() {
    let emulator = start();
    for fault in [
        json!({ "kind": "status", "status": 503, "retryAfter": "2" }),
        json!({ "kind": "delay", "milliseconds": 5 }),
        json!({ "kind": "noAnswer" }),
        json!({ "kind": "dropConnection" }),
        json!({ "kind": "truncated" }),
        json!({ "kind": "malformed" }),
        json!({ "kind": "html" }),
        json!({ "kind": "wrongTypes" }),
        json!({ "kind": "empty" }),
        json!({ "kind": "huge", "bytes": 5 }),
        json!({ "kind": "endless" }),
        json!({ "kind": "redirect", "location": "http://example.org/" }),
    ] {
        admin(
            &emulator,
            "POST",
            "faults",
            &json!({ "operation": "identity.create", "fault": fault }),
        );
    }
    assert_eq!(state(&emulator)["faults"].as_array().unwrap().len(), 12);
    assert_eq!(ask(&emulator).send(&emulator).header("retry-after"), Some("2"));
    assert_eq!(state(&emulator)["faults"].as_array().unwrap().len(), 11);
    admin(&emulator, "DELETE", "faults", &Value::Null);
    assert_eq!(state(&emulator)["faults"], json!([]));
}

#[test]
fn the_tenant_the_clock_and_the_limits_can_be_changed_over_http() {
    let emulator = start();
    let change =
        json!({ "consent": false, "accessPolicy": { "users": ["a"] }, "policyWording": "former", "users": ["a", "b"] });
    let tenant = admin(&emulator, "PATCH", "tenant", &change).json();
    assert_eq!(
        (&tenant["consent"], &tenant["managedIdentity"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(tenant["accessPolicy"], json!({ "users": ["a"] }));
    admin(&emulator, "PATCH", "tenant", &json!({ "accessPolicy": "everyone" }));
    admin(&emulator, "PUT", "clock", &json!({ "skewSeconds": -90 }));
    admin(&emulator, "PUT", "latency", &json!({ "milliseconds": 1 }));
    let limits = admin(&emulator, "PUT", "limits", &json!({ "oneIn": 100 })).json();
    assert_eq!(limits["identity.create"], json!({ "requests": 10, "seconds": 30 }));
    admin(
        &emulator,
        "PUT",
        "limits",
        &json!({ "exactly": { "identity.delete": { "requests": 1, "seconds": 2 } } }),
    );
    let state = state(&emulator);
    assert_eq!(state["tenant"]["accessPolicy"], "everyone");
    assert_eq!(state["now"], "2027-03-04T05:04:37Z");
    assert_eq!(state["latencyMilliseconds"], 1);
    assert_eq!(state["limits"].as_object().unwrap().len(), 1);
}

#[test]
fn the_state_shows_what_happened_but_no_token() {
    let emulator = start();
    let id = create(&emulator);
    let token = issue(&emulator, &id, &json!({ "scopes": ["voip"] })).json()["token"]
        .as_str()
        .unwrap()
        .to_owned();
    let answer = Ask::new("GET", "/_emulator/state").send(&emulator);
    assert!(!answer.text().contains(&token));
    let state = answer.json();
    assert_eq!(state["identities"][0]["id"], id);
    assert_eq!(state["identities"][0]["tokens"][0]["scopes"], json!(["voip"]));
    assert_eq!(
        state["requests"]["identity.issue"],
        json!({ "total": 1, "answers": { "200": 1 } })
    );
    let check = admin(&emulator, "POST", "tokens/check", &json!({ "token": token })).json();
    assert_eq!(check, json!({ "state": "good", "identity": id, "scopes": ["voip"] }));
}

#[test]
fn a_reset_forgets_everything_and_repeats_no_id() {
    let emulator = start();
    let id = create(&emulator);
    emulator.fail(Operation::CreateIdentity, 1, Fault::Empty);
    admin(&emulator, "POST", "reset", &Value::Null);
    let state = state(&emulator);
    for name in ["identities", "faults", "meetings", "refusals"] {
        assert_eq!(state[name], json!([]), "{name}");
    }
    assert_eq!(state["requests"], json!({}));
    assert_ne!(create(&emulator), id);
}

#[test]
fn no_web_page_reaches_the_emulators_own_interface() {
    let emulator = start();
    let page = Ask::new("POST", "/_emulator/reset")
        .header("Origin", "https://example.org")
        .send(&emulator);
    let rebound = Ask::new("GET", "/_emulator/state")
        .header("Host", "evil.example:80")
        .send(&emulator);
    assert_eq!((page.status, rebound.status), (403, 403));
    for host in ["localhost:5", "[::1]:5", "127.0.0.1"] {
        assert_eq!(
            Ask::new("GET", "/_emulator/state")
                .header("Host", host)
                .send(&emulator)
                .status,
            200,
            "{host}"
        );
    }
}

#[test]
fn it_starts_on_loopback_only_and_says_why_it_does_not() {
    let refused = |options| Emulator::start(options).err().unwrap();
    let open = refused(Options {
        listen: "0.0.0.0:0".parse().unwrap(),
        ..options()
    });
    assert!(matches!(open, StartError::NotLoopback(_)));
    let key = refused(Options {
        access_key: "not base64!".to_owned(),
        ..options()
    });
    assert!(matches!(key, StartError::AccessKey));
    assert!(!key.to_string().contains("not base64!"));
    let running = start();
    let taken = refused(Options {
        listen: running.address(),
        ..options()
    });
    assert!(matches!(taken, StartError::Listen { .. }));
}

#[test]
fn the_connection_string_names_the_endpoint_and_the_key() {
    let emulator = start();
    let expected = format!(
        "endpoint=http://{}/;accesskey={}",
        emulator.address(),
        Options::ACCESS_KEY
    );
    assert_eq!(emulator.connection_string(), expected);
}

#[tokio::test]
async fn it_starts_and_ends_inside_a_runtime() {
    let emulator = start();
    let address = emulator.address();
    let status = tokio::task::spawn_blocking(move || {
        Ask::new("GET", "/_emulator/state")
            .try_send(address, PATIENCE)
            .unwrap()
            .status
    });
    assert_eq!(status.await.unwrap(), 200);
}

//! Graph: meetings on behalf of a user.

use std::collections::BTreeSet;

use crate::common::{ACS, Answer, Ask, GRAPH, bearer, start};
use anteroom_emulator::{AccessPolicy, Handle, Operation, Options, PolicyWording, TenantChange};
use serde_json::{Value, json};

const USER: &str = Options::USER;

fn create_or_get(emulator: &Handle, user: &str, body: &Value) -> Answer {
    Ask::new("POST", format!("/v1.0/users/{user}/onlineMeetings/createOrGet"))
        .json(body)
        .bearer(&bearer(emulator, GRAPH))
        .send(emulator)
}

fn consultation() -> Value {
    json!({
        "externalId": "7eb8263f-d0e0-4149-bb1c-1f0476083c56",
        "subject": "Mortgage",
        "startDateTime": "2027-03-10T14:30:00Z",
        "endDateTime": "2027-03-10T15:00:00+00:00",
    })
}

fn on(emulator: &Handle, method: &'static str, id: &str, body: &Value) -> Answer {
    let id = id.replace('=', "%3D").replace('/', "%2F").replace('+', "%2B");
    let ask = Ask::new(method, format!("/v1.0/users/{USER}/onlineMeetings/{id}")).bearer(&bearer(emulator, GRAPH));
    let ask = if method == "PATCH" { ask.json(body) } else { ask };
    ask.send(emulator)
}

#[test]
fn a_meeting_is_made_once_for_an_external_id() {
    let emulator = start();
    let made = create_or_get(&emulator, USER, &consultation());
    assert_eq!(made.status, 201, "{}", made.text());
    let again = create_or_get(&emulator, USER, &json!({ "externalId": consultation()["externalId"] }));
    assert_eq!(again.status, 200);
    assert_eq!(made.json(), again.json());
    let other = create_or_get(&emulator, USER, &json!({ "externalId": "another" }));
    assert_eq!(other.status, 201);
    assert_ne!(other.json()["id"], made.json()["id"]);
    assert_eq!(emulator.inspect().meetings.len(), 2);
}

#[test]
fn another_users_meeting_of_the_same_external_id_is_another() {
    let emulator = start();
    let colleague = "a17e0000-0000-4000-8000-0000000000c2";
    emulator.change_tenant(TenantChange {
        users: Some(BTreeSet::from([USER.to_owned(), colleague.to_owned()])),
        ..TenantChange::default()
    });
    let first = create_or_get(&emulator, USER, &consultation());
    let second = create_or_get(&emulator, colleague, &consultation());
    assert_eq!((first.status, second.status), (201, 201));
    assert_ne!(first.json()["joinWebUrl"], second.json()["joinWebUrl"]);
}

#[test]
fn a_meeting_looks_like_one_of_teams() {
    let emulator = start();
    let meeting = create_or_get(&emulator, USER, &consultation()).json();
    let thread = meeting["chatInfo"]["threadId"].as_str().unwrap();
    assert!(
        thread.starts_with("19:meeting_") && thread.ends_with("@thread.v2"),
        "{thread}"
    );
    let link = meeting["joinWebUrl"].as_str().unwrap();
    let name = thread.trim_start_matches("19:meeting_").trim_end_matches("@thread.v2");
    assert_eq!(
        link,
        format!(
            "https://teams.microsoft.com/l/meetup-join/19%3ameeting_{name}%40thread.v2/0?context=%7b%22Tid%22%3a%22{}\
             %22%2c%22Oid%22%3a%22{USER}%22%7d",
            Options::TENANT_ID
        )
    );
    let settings = &meeting["joinMeetingIdSettings"];
    let digits = settings["joinMeetingId"].as_str().unwrap();
    assert!(
        digits.len() == 14 && digits.bytes().all(|digit| digit.is_ascii_digit()),
        "{digits}"
    );
    assert_eq!(settings["passcode"].as_str().unwrap().len(), 8);
    assert_eq!(meeting["participants"]["organizer"]["identity"]["user"]["id"], USER);
    assert_eq!(meeting["startDateTime"], "2027-03-10T14:30:00Z");
    assert_eq!(meeting["endDateTime"], "2027-03-10T15:00:00Z");
    assert_eq!(meeting["externalId"], consultation()["externalId"]);
}

#[test]
fn times_that_are_missing_are_now_and_an_hour_later() {
    let emulator = start();
    let meeting = create_or_get(&emulator, USER, &json!({ "externalId": "a" })).json();
    assert_eq!(meeting["startDateTime"], "2027-03-04T05:06:07Z");
    assert_eq!(meeting["endDateTime"], "2027-03-04T06:06:07Z");
    let started = json!({ "externalId": "b", "startDateTime": "2027-03-10T14:30:00Z" });
    assert_eq!(
        create_or_get(&emulator, USER, &started).json()["endDateTime"],
        "2027-03-10T15:30:00Z"
    );
}

#[test]
fn a_meeting_that_makes_no_sense_is_refused() {
    let emulator = start();
    for body in [
        json!({}),
        json!({ "externalId": "" }),
        json!({ "externalId": 5 }),
        json!({ "externalId": "a", "endDateTime": "2027-03-10T15:00:00Z" }),
        json!({ "externalId": "a", "startDateTime": "2027-03-10T15:00:00Z", "endDateTime": "2027-03-10T14:00:00Z" }),
        json!({ "externalId": "a", "startDateTime": "tomorrow" }),
        json!({ "externalId": "a", "startTime": "2027-03-10T15:00:00Z" }),
        json!([]),
    ] {
        let answer = create_or_get(&emulator, USER, &body);
        assert_eq!((answer.status, answer.code().as_str()), (400, "BadRequest"), "{body}");
    }
    assert!(emulator.inspect().meetings.is_empty());
}

#[test]
fn a_meeting_is_moved_renamed_and_set() {
    let emulator = start();
    let id = create_or_get(&emulator, USER, &consultation()).json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let change = json!({
        "subject": "Mortgage, moved",
        "startDateTime": "2027-03-11T09:00:00+01:00",
        "endDateTime": "2027-03-11T09:30:00+01:00",
        "lobbyBypassSettings": { "scope": "everyone" },
        "allowMeetingChat": "limited",
    });
    let answer = on(&emulator, "PATCH", &id, &change);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let shown = on(&emulator, "GET", &id, &Value::Null).json();
    assert_eq!(shown, answer.json());
    assert_eq!(shown["subject"], "Mortgage, moved");
    assert_eq!(shown["startDateTime"], "2027-03-11T08:00:00Z");
    assert_eq!(
        shown["lobbyBypassSettings"],
        json!({ "scope": "everyone", "isDialInBypassEnabled": false })
    );
    assert_eq!(shown["allowMeetingChat"], "limited");
    assert_eq!(emulator.inspect().meetings[0].changes, 1);
}

#[test]
fn a_change_needs_both_ends_and_names_that_can_change() {
    let emulator = start();
    let id = create_or_get(&emulator, USER, &consultation()).json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    for change in [
        json!({ "startDateTime": "2027-03-11T09:00:00Z" }),
        json!({ "endDateTime": "2027-03-11T09:00:00Z" }),
        json!({ "startDateTime": "2027-03-11T09:00:00Z", "endDateTime": "2027-03-11T08:00:00Z" }),
        json!({ "joinMeetingIdSettings": { "isPasscodeRequired": false } }),
        json!({ "joinWebUrl": "https://example.org" }),
    ] {
        assert_eq!(on(&emulator, "PATCH", &id, &change).status, 400, "{change}");
    }
    assert_eq!(emulator.inspect().meetings[0].changes, 0);
}

#[test]
fn nobody_else_becomes_the_organizer() {
    let emulator = start();
    let mut body = consultation();
    body["participants"] =
        json!({ "organizer": { "upn": "mallory@example.org" }, "attendees": [{ "upn": "a@example.org" }] });
    let meeting = create_or_get(&emulator, USER, &body).json();
    assert_eq!(meeting["participants"]["organizer"]["identity"]["user"]["id"], USER);
    assert_eq!(meeting["participants"]["attendees"][0]["upn"], "a@example.org");
}

#[test]
fn a_deleted_meeting_is_gone_and_its_external_id_free() {
    let emulator = start();
    let first = create_or_get(&emulator, USER, &consultation()).json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(on(&emulator, "DELETE", &first, &Value::Null).status, 204);
    for method in ["GET", "PATCH", "DELETE"] {
        let answer = on(&emulator, method, &first, &json!({}));
        assert_eq!((answer.status, answer.code().as_str()), (404, "NotFound"), "{method}");
    }
    assert_eq!(create_or_get(&emulator, USER, &consultation()).status, 201);
    let inspection = emulator.inspect();
    assert!(inspection.meetings[0].deleted_at.is_some() && inspection.meetings[1].deleted_at.is_none());
    assert_eq!(inspection.requests[&Operation::DeleteMeeting].answers[&404], 1);
}

#[test]
fn an_unknown_user_is_not_found() {
    let emulator = start();
    let answer = create_or_get(&emulator, "a17e0000-0000-4000-8000-000000000000", &consultation());
    assert_eq!((answer.status, answer.code().as_str()), (404, "NotFound"));
}

#[test]
fn without_an_access_policy_for_the_user_nothing_is_made() {
    let emulator = start();
    let nobody = TenantChange {
        access_policy: Some(AccessPolicy::Users(BTreeSet::new())),
        ..TenantChange::default()
    };
    emulator.change_tenant(nobody);
    let answer = create_or_get(&emulator, USER, &consultation());
    assert_eq!((answer.status, answer.code().as_str()), (403, "Forbidden"));
    assert!(
        answer
            .text()
            .contains("No application access policy found for this app"),
        "{}",
        answer.text()
    );
    emulator.change_tenant(TenantChange {
        policy_wording: Some(PolicyWording::Former),
        ..TenantChange::default()
    });
    let answer = create_or_get(&emulator, USER, &consultation());
    assert_eq!((answer.status, answer.code().as_str()), (403, "Unauthorized"));
    assert!(
        answer
            .text()
            .contains("is not authorized to Create meeting on behalf of user"),
        "{}",
        answer.text()
    );
    emulator.change_tenant(TenantChange {
        access_policy: Some(AccessPolicy::Users(BTreeSet::from([USER.to_owned()]))),
        ..TenantChange::default()
    });
    assert_eq!(create_or_get(&emulator, USER, &consultation()).status, 201);
}

#[test]
fn consent_counts_from_the_next_token_on() {
    let emulator = start();
    let before = bearer(&emulator, GRAPH);
    emulator.change_tenant(TenantChange {
        consent: Some(false),
        ..TenantChange::default()
    });
    let answer = create_or_get(&emulator, USER, &consultation());
    assert_eq!((answer.status, answer.code().as_str()), (403, "Forbidden"));
    assert!(answer.text().contains("OnlineMeetings.ReadWrite.All"));
    let with_old = Ask::new("POST", format!("/v1.0/users/{USER}/onlineMeetings/createOrGet"))
        .json(&consultation())
        .bearer(&before)
        .send(&emulator);
    assert_eq!(with_old.status, 201);
}

#[test]
fn graph_believes_only_its_own_tokens() {
    let emulator = start();
    let ask = || Ask::new("POST", format!("/v1.0/users/{USER}/onlineMeetings/createOrGet")).json(&consultation());
    let nobody = ask().send(&emulator);
    assert_eq!(
        (nobody.status, nobody.code().as_str()),
        (401, "InvalidAuthenticationToken")
    );
    for token in [bearer(&emulator, ACS), "made.up.token".to_owned()] {
        let answer = ask().bearer(&token).send(&emulator);
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (401, "InvalidAuthenticationToken")
        );
    }
    let inner = &nobody.json()["error"]["innerError"];
    assert!(inner["request-id"].is_string() && inner["date"].is_string());
}

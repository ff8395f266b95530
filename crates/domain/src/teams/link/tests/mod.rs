mod filters;
mod forms;
mod mutation;
mod refusals;

use serde_json::Value;

use super::*;

const CLASSIC: &str = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_NjA3ZDlhMzEtYjYyMi00ZjJiLWE1ZTAtZTc1YjQ5ZTAxMmJi%40thread.v2/0?context=%7b%22Tid%22%3a%2272f988bf-86f1-41af-91ab-2d7cd011db47%22%2c%22Oid%22%3a%222c0f4a71-3d8e-4a3d-9a2c-0a7a1b9bb001%22%7d";
const SHORT: &str = "https://teams.microsoft.com/meet/21234567890123?p=AbCdEfGhIjKlMnOp";
const TENANT: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";

fn read(text: &str) -> MeetingLink {
    text.parse().unwrap_or_else(|refused| panic!("{text}: {refused}"))
}

fn refusal(text: &str) -> LinkError {
    match text.parse::<MeetingLink>() {
        Err(refused) => refused,
        Ok(meeting) => panic!("{text} was taken for {meeting}"),
    }
}

#[test]
fn every_known_form_is_read_and_every_known_trap_refused() {
    let cases: Value = serde_json::from_str(include_str!("../cases.json")).unwrap();
    for case in cases["accept"].as_array().unwrap() {
        let meeting = read(case["input"].as_str().unwrap());
        assert_eq!(read(&meeting.to_string()), meeting);
        for (key, value) in [
            ("thread", meeting.thread()),
            ("tenant", meeting.tenant()),
            ("organizer", meeting.organizer()),
        ] {
            if let Some(expected) = case[key].as_str() {
                assert_eq!(value, Some(expected), "{key} of {case}");
            }
        }
        if let Some(chat) = case["chat"].as_bool() {
            assert_eq!(meeting.has_chat(), chat, "{case}");
        }
        if let (Some(expected), MeetingLink::Short { id, .. } | MeetingLink::Id { id, .. }) =
            (case["meetingId"].as_str(), &meeting)
        {
            assert_eq!(id, expected);
        }
        if let (Some(expected), MeetingLink::Id { passcode, .. }) = (case["passcode"].as_str(), &meeting) {
            assert_eq!(passcode.as_deref(), Some(expected));
        }
        let kind = case["kind"].as_str().unwrap();
        let is = match kind {
            "channel meeting" => Kind::Channel,
            "short" | "Safe Links, unwrapped" => Kind::Short,
            "id and passcode" => Kind::IdAndPasscode,
            _ => Kind::Meeting,
        };
        assert_eq!(meeting.kind(), is, "{case}");
        assert_eq!(
            meeting.cloud() == Cloud::GccHigh,
            kind.starts_with("GCC High"),
            "{case}"
        );
    }
    for case in cases["refuse"].as_array().unwrap() {
        let is = match case["why"].as_str().unwrap() {
            "personal meeting (Teams for home)" => LinkError::Personal,
            "DoD cloud" => LinkError::Dod,
            "1:1 or group call" | "chat" => LinkError::CallOrChat,
            "another host" => LinkError::OtherHost,
            "user part, another host" => LinkError::Disguised,
            "not a meeting path" => LinkError::NotAMeeting,
            "not https" => LinkError::NotHttps,
            "context is not JSON" => LinkError::Broken,
            why => panic!("a new case: {why}"),
        };
        assert_eq!(refusal(case["input"].as_str().unwrap()), is, "{case}");
    }
}

#[test]
fn a_clerk_is_told_what_a_link_is_before_anybody_joins() {
    for (text, kind) in [(SHORT, Kind::Short), ("21234567890123", Kind::IdAndPasscode)] {
        let meeting = read(text);
        let description = meeting.describe();
        assert_eq!(description.kind, kind);
        assert_eq!(
            (description.tenant, description.organizer),
            (None, None),
            "it does not say whose it is"
        );
    }
    let channel = CLASSIC.replace("thread.v2/0", "thread.tacv2/1654012345678");
    assert!(!read(&channel).describe().chat);
    let government = CLASSIC.replace("teams.microsoft.com", "gov.teams.microsoft.us");
    assert_eq!(read(&government).describe().cloud, Cloud::GccHigh);
    let meeting = read(CLASSIC);
    let description = meeting.describe();
    assert!(description.kind == Kind::Meeting && description.cloud == Cloud::Public && description.chat);
    assert_eq!(description.tenant, Some(TENANT));
    assert_eq!(description.organizer, Some("2c0f4a71-3d8e-4a3d-9a2c-0a7a1b9bb001"));
}

#[test]
fn an_older_meeting_has_a_chat_and_an_older_channel_has_none() {
    let meeting = CLASSIC.replace("thread.v2/0", "thread.skype/0");
    assert!(read(&meeting).has_chat());
    let name = read(CLASSIC).thread().unwrap()["19:".len()..]
        .split_once('@')
        .unwrap()
        .0
        .to_owned();
    let channel = meeting.replace(&name, "0f1e2d3c4b5a69788796a5b4c3d2e1f0");
    assert_eq!(read(&channel).kind(), Kind::Channel);
}

#[test]
fn nothing_that_opens_a_meeting_is_printed_for_debugging() {
    for text in [CLASSIC, SHORT, "21234567890123 / Ab3cD4"] {
        let meeting = read(text);
        let debug = format!("{meeting:?} {:?}", meeting.open_in_teams());
        assert!(
            !debug.contains("2123") && !debug.contains(TENANT) && !debug.contains("Ab3"),
            "{debug}"
        );
    }
}

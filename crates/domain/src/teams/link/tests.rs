use proptest::prelude::*;
use serde_json::Value;

use super::*;

const CLASSIC: &str = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_NjA3ZDlhMzEtYjYyMi00ZjJiLWE1ZTAtZTc1YjQ5ZTAxMmJi%40thread.v2/0?context=%7b%22Tid%22%3a%2272f988bf-86f1-41af-91ab-2d7cd011db47%22%2c%22Oid%22%3a%222c0f4a71-3d8e-4a3d-9a2c-0a7a1b9bb001%22%7d";
const SHORT: &str = "https://teams.microsoft.com/meet/21234567890123?p=AbCdEfGhIjKlMnOp";
const TENANT: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";

fn read(text: &str) -> Meeting {
    text.parse().unwrap_or_else(|refused| panic!("{text}: {refused}"))
}

fn refusal(text: &str) -> Refused {
    match text.parse::<Meeting>() {
        Err(refused) => refused,
        Ok(meeting) => panic!("{text} was taken for {meeting}"),
    }
}

#[test]
fn every_known_form_is_read_and_every_known_trap_refused() {
    let cases: Value = serde_json::from_str(include_str!("cases.json")).unwrap();
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
        if let (Some(expected), Meeting::Short { id, .. } | Meeting::Id { id, .. }) =
            (case["meetingId"].as_str(), &meeting)
        {
            assert_eq!(id, expected);
        }
    }
    for case in cases["refuse"].as_array().unwrap() {
        refusal(case["input"].as_str().unwrap());
    }
}

#[test]
fn a_refusal_says_what_it_is() {
    for (text, expected) in [
        ("", Refused::Empty),
        ("https://teams.live.com/meet/9876543210?p=abcdef", Refused::Personal),
        (
            "https://teams.microsoft.com/l/call/0/0?users=a@example.com",
            Refused::CallOrChat,
        ),
        (
            "https://teams.microsoft.com.evil.example/meet/21234567890123",
            Refused::OtherHost,
        ),
        (
            "https://teams.microsoft.com@evil.example/meet/21234567890123",
            Refused::OtherHost,
        ),
        (
            "https://teams.microsoft.com:8443/meet/21234567890123",
            Refused::OtherHost,
        ),
        (
            "https://evil.safelinks.protection.outlook.com.evil.example/?url=https%3A%2F%2Fteams.microsoft.com%2Fmeet%2F21234567890123",
            Refused::OtherHost,
        ),
        (
            "https://teams.microsoft.com/meetings/21234567890123",
            Refused::NotAMeeting,
        ),
        ("http://teams.microsoft.com/meet/21234567890123?p=a", Refused::NotHttps),
        ("msteams://teams.microsoft.com/l/meetup-join/x", Refused::App),
        ("https://events.teams.microsoft.com/event/1@2", Refused::EventPage),
        ("https://dod.teams.microsoft.us/l/meetup-join/x/0", Refused::Dod),
        ("Ring me tomorrow", Refused::NoMeeting),
        ("12345", Refused::NoMeeting),
    ] {
        assert_eq!(refusal(text), expected, "{text}");
    }
    assert_eq!(refusal(&"9".repeat(30_000)), Refused::TooLong);
    assert_eq!(refusal(&CLASSIC.replace("Tid", "tid")), Refused::Broken);
    assert_eq!(refusal(&CLASSIC.replace("2c0f4a71", "nonsense")), Refused::Broken);
    let event = CLASSIC.replace("%22Tid%22", "%22IsBroadcastMeeting%22%3atrue%2c%22Tid%22");
    assert_eq!(refusal(&event), Refused::LiveEvent);
    assert_eq!(refusal(&format!("{CLASSIC} {SHORT}")), Refused::Several);
}

#[test]
fn a_whole_invitation_can_be_pasted() {
    let invitation = format!(
        "________________\nMicrosoft Teams Need help? <https://aka.ms/JoinTeamsMeeting?omkt=en-GB>\nJoin the meeting now<{CLASSIC}>\nMeeting ID: 212 345 678 901 23\nPasscode: Ab3cD4\n"
    );
    assert_eq!(read(&invitation), read(CLASSIC));
    let id = "Meeting ID: 212 345 678 901 23\nPasscode: Ab3cD4";
    for text in [
        id,
        "212 345 678 901 23 / Ab3cD4",
        "21234567890123 Ab3cD4",
        "Besprechungs-ID: 212 345 678 901 23 Kennung: Ab3cD4",
        "212 345 678 901 23, Passcode: Ab3cD4",
    ] {
        let Meeting::Id { id, passcode } = read(text) else {
            panic!("{text}")
        };
        assert_eq!(
            (id.as_str(), passcode.as_deref()),
            ("21234567890123", Some("Ab3cD4")),
            "{text}"
        );
    }
    assert_eq!(read("212 345 678 901 23").to_string(), "21234567890123");
}

#[test]
fn wrappers_are_taken_off() {
    let encoded = percent::encode(CLASSIC);
    let safe = format!("https://eur02.safelinks.protection.outlook.com/?url={encoded}&data=05&reserved=0");
    assert_eq!(read(&safe), read(CLASSIC));
    let bookings =
        format!("https://visit.teams.microsoft.com/webrtc-svc/api/route?tid=x&JoinWebUrl={encoded}%26webjoin%3dtrue");
    assert_eq!(read(&bookings), read(CLASSIC));
    let both = format!(
        "https://eur02.safelinks.protection.outlook.com/?url={}",
        percent::encode(&bookings)
    );
    assert_eq!(read(&both), read(CLASSIC));
    let path = percent::encode(&CLASSIC.replace("https://teams.microsoft.com", "/_#"));
    assert_eq!(
        read(&format!(
            "https://teams.microsoft.com/dl/launcher/launcher.html?url={path}&type=meetup-join"
        )),
        read(CLASSIC)
    );
    let mut deep = CLASSIC.to_owned();
    for _ in 0..6 {
        deep = format!(
            "https://eur02.safelinks.protection.outlook.com/?url={}",
            percent::encode(&deep)
        );
    }
    assert!(deep.parse::<Meeting>().is_err());
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

fn host_of(meeting: &Meeting) -> Option<String> {
    let text = meeting.to_string();
    text.strip_prefix("https://")
        .map(|rest| rest.split('/').next().unwrap_or_default().to_owned())
}

fn is_allowed(meeting: &Meeting) -> bool {
    host_of(meeting).is_none_or(|host| ["teams.microsoft.com", "gov.teams.microsoft.us"].contains(&host.as_str()))
}

proptest! {
    #[test]
    fn any_text_is_answered_and_what_is_taken_prints_back(text in "\\PC{0,300}") {
        if let Ok(meeting) = text.parse::<Meeting>() {
            prop_assert_eq!(&read(&meeting.to_string()), &meeting);
            prop_assert!(is_allowed(&meeting));
        }
    }

    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let _ = text.parse::<Meeting>();
        let _ = format!("https://teams.microsoft.com/{text}").parse::<Meeting>();
        let _ = format!("https://teams.microsoft.com/l/meetup-join/{text}").parse::<Meeting>();
    }

    #[test]
    fn a_link_with_some_characters_changed_never_leads_elsewhere(
        which in 0..3_usize,
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), proptest::char::any()), 1..4),
    ) {
        let source = [CLASSIC, SHORT, "https://eur02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fteams.microsoft.com%2Fmeet%2F21234567890123%3Fp%3DAbCd"][which];
        let mut characters: Vec<char> = source.chars().collect();
        for (index, character) in changes {
            let place = index.index(characters.len());
            characters[place] = character;
        }
        let text: String = characters.into_iter().collect();
        if let Ok(meeting) = text.parse::<Meeting>() {
            prop_assert!(is_allowed(&meeting), "{} became {}", text, meeting);
            prop_assert_eq!(&read(&meeting.to_string()), &meeting);
        }
    }

    #[test]
    fn ids_and_passcodes_print_back(id in "[0-9]{9,18}", passcode in proptest::option::of("[A-Za-z0-9]{5}[A-Z][0-9]")) {
        let meeting = Meeting::Id { id, passcode };
        prop_assert_eq!(read(&meeting.to_string()), meeting);
    }
}

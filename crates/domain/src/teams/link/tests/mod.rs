mod mutation;

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
        if let (Some(expected), Meeting::Short { id, .. } | Meeting::Id { id, .. }) =
            (case["meetingId"].as_str(), &meeting)
        {
            assert_eq!(id, expected);
        }
        if let (Some(expected), Meeting::Id { passcode, .. }) = (case["passcode"].as_str(), &meeting) {
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
            "personal meeting (Teams for home)" => Refused::Personal,
            "DoD cloud" => Refused::Dod,
            "1:1 or group call" | "chat" => Refused::CallOrChat,
            "another host" => Refused::OtherHost,
            "user part, another host" => Refused::Disguised,
            "not a meeting path" => Refused::NotAMeeting,
            "not https" => Refused::NotHttps,
            "context is not JSON" => Refused::Broken,
            why => panic!("a new case: {why}"),
        };
        assert_eq!(refusal(case["input"].as_str().unwrap()), is, "{case}");
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
            Refused::Disguised,
        ),
        (
            "https://evil.example@teams.microsoft.com/meet/21234567890123",
            Refused::Disguised,
        ),
        (
            "https://teams.microsoft.com:8443/meet/21234567890123",
            Refused::Disguised,
        ),
        (
            "https://teams.microsoft.com:443/meet/21234567890123",
            Refused::Disguised,
        ),
        (
            "https://teams.microsoft.com\\.evil.example/meet/21234567890123",
            Refused::Disguised,
        ),
        ("https://teams.microsoft.com./meet/21234567890123", Refused::OtherHost),
        (
            "https://teams.micros\u{43e}ft.com/meet/21234567890123",
            Refused::OtherHost,
        ),
        ("https://xteams.microsoft.com/meet/21234567890123", Refused::OtherHost),
        ("https://safelinks.protection.outlook.com/?url=x", Refused::OtherHost),
        (
            "https://a.b.safelinks.protection.outlook.com/?url=https%3A%2F%2Fteams.microsoft.com%2Fmeet%2F21234567890123",
            Refused::OtherHost,
        ),
        (
            "https://statics.teams.cdn.office.net/other.html?url=https%3A%2F%2Fteams.microsoft.com%2Fmeet%2F21234567890123",
            Refused::OtherHost,
        ),
        // Two characters where the slashes belong.
        (
            "https://eur02.safelinks.protection.outlook.com/?url=https%3Aabteams.microsoft.com%2Fmeet%2F21234567890123",
            Refused::Broken,
        ),
        (
            "https://eur02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fevil.example%2Fmeet%2F21234567890123",
            Refused::OtherHost,
        ),
        (
            "https://eur02.safelinks.protection.outlook.com/?url=http%3A%2F%2Fteams.microsoft.com%2Fmeet%2F21234567890123",
            Refused::NotHttps,
        ),
        (
            "https://eur02.safelinks.protection.outlook.com/?data=1",
            Refused::Broken,
        ),
        (
            "https://evil.example/?u='https://teams.microsoft.com/meet/21234567890123'",
            Refused::OtherHost,
        ),
        (
            "https://teams.microsoft.com/convene/townhall?eventId=1@2&sessionId=3",
            Refused::TownHall,
        ),
        (
            "https://teams.microsoft.com/l/chat/0/0?users=a@example.com",
            Refused::CallOrChat,
        ),
        ("https://teams.microsoft.com/registration/x,y", Refused::EventPage),
        ("https://teams.microsoft.com/meet/212?p=a", Refused::Broken),
        (
            "https://teams.microsoft.com/meet/21234567890123?p=a%zz",
            Refused::Broken,
        ),
        ("https://teams.microsoft.com/meet/21234567890123?p=", Refused::Broken),
        (
            "https://teams.microsoft.com/meet/21234567890123/more",
            Refused::NotAMeeting,
        ),
        ("https://teams.microsoft.com/Meet/21234567890123", Refused::NotAMeeting),
        ("https://teams.microsoft.com//meet/21234567890123", Refused::NotAMeeting),
        ("https://teams.microsoft.com", Refused::NotAMeeting),
        ("msteams:/l/meetup-join/x", Refused::App),
        ("teams.live.com/meet/9876543210?p=abcdef", Refused::NoMeeting),
        ("teams.live.com/meet/9876543210", Refused::NoMeeting),
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
        // Telephones.
        ("Ring 30123456789 tomorrow", Refused::NoMeeting),
        ("+49 30 1234 56789", Refused::NoMeeting),
        ("030 123 456 78", Refused::NoMeeting),
        ("Phone conference ID: 964 433 901#", Refused::NoMeeting),
        ("ID: 212 345 678 901 23 / Ab3cD4 / Ef5gH6", Refused::NoMeeting),
        ("212 345 678 901 23 / not one", Refused::NoMeeting),
    ] {
        assert_eq!(refusal(text), expected, "{text}");
    }
    assert_eq!(refusal(&"9".repeat(30_000)), Refused::TooLong);
    assert_eq!(refusal(" \n\t "), Refused::Empty);
    assert_eq!(refusal(&CLASSIC.replace("Tid", "tid")), Refused::Broken);
    assert_eq!(refusal(&CLASSIC.replace("Oid", "oid")), Refused::Broken);
    assert_eq!(refusal(CLASSIC.split('?').next().unwrap()), Refused::Broken);
    assert_eq!(refusal(&CLASSIC.replace("meeting_", "dod%3ameeting_")), Refused::Dod);
    assert_eq!(refusal(&CLASSIC.replace("thread.v2", "thread.v3")), Refused::Broken);
    assert_eq!(refusal(&CLASSIC.replace("2c0f4a71", "nonsense")), Refused::Broken);
    let event = CLASSIC.replace("%22Tid%22", "%22IsBroadcastMeeting%22%3atrue%2c%22Tid%22");
    assert_eq!(refusal(&event), Refused::LiveEvent);
    assert_eq!(refusal(&format!("{CLASSIC} {SHORT}")), Refused::Several);
}

/// A clerk reads these: what happened, and what to do next.
#[test]
fn every_refusal_is_a_sentence_that_says_what_to_do() {
    for refused in [
        Refused::Empty,
        Refused::TooLong,
        Refused::NoMeeting,
        Refused::Several,
        Refused::NotHttps,
        Refused::OtherHost,
        Refused::Disguised,
        Refused::Personal,
        Refused::LiveEvent,
        Refused::TownHall,
        Refused::EventPage,
        Refused::CallOrChat,
        Refused::Dod,
        Refused::NotAMeeting,
        Refused::Broken,
        Refused::App,
    ] {
        let sentence = refused.to_string();
        let advises = ["Paste", "paste", "Copy", "Schedule"]
            .iter()
            .any(|word| sentence.contains(word));
        assert!(advises && sentence.ends_with('.'), "{sentence}");
    }
}

#[test]
fn the_case_of_escapes_and_of_hosts_makes_no_difference() {
    let upper = CLASSIC
        .replace("%3a", "%3A")
        .replace("%7b", "%7B")
        .replace("%2c", "%2C")
        .replace("%7d", "%7D");
    assert_ne!(upper, CLASSIC);
    assert_eq!(read(&upper), read(CLASSIC));
    let shouted = CLASSIC.replace("https://teams.microsoft.com", "HTTPS://Teams.Microsoft.COM");
    assert_eq!(read(&shouted), read(CLASSIC));
    let ids = CLASSIC.replace(TENANT, &TENANT.to_uppercase());
    assert_eq!(read(&ids), read(CLASSIC));
    let raw = CLASSIC
        .replace("%3a", ":")
        .replace("%40", "@")
        .replace("%7b", "{")
        .replace("%22", "\"");
    assert_eq!(read(&raw), read(CLASSIC));
    assert_eq!(read(&format!("{CLASSIC}&webjoin=true&unified=true#top")), read(CLASSIC));
    assert_eq!(
        read(&SHORT.replace("teams.microsoft.com", "teams.cloud.microsoft")),
        read(SHORT)
    );
}

#[test]
fn what_is_printed_is_one_exact_text() {
    assert_eq!(
        read(CLASSIC).to_string(),
        "https://teams.microsoft.com/l/meetup-join/19%3Ameeting_NjA3ZDlhMzEtYjYyMi00ZjJiLWE1ZTAtZTc1YjQ5ZTAxMmJi%40thread.v2/0?context=%7B%22Tid%22%3A%2272f988bf-86f1-41af-91ab-2d7cd011db47%22%2C%22Oid%22%3A%222c0f4a71-3d8e-4a3d-9a2c-0a7a1b9bb001%22%7D"
    );
    assert_eq!(read(SHORT).to_string(), SHORT);
    let government = SHORT.replace("teams.microsoft.com", "gov.teams.microsoft.us");
    assert_eq!(read(&government).to_string(), government);
    assert_eq!(read(&government).cloud(), Cloud::GccHigh);
    assert_eq!(
        read("Meeting ID: 212 345 678 901 23\nPasscode: Ab3cD4").to_string(),
        "21234567890123 / Ab3cD4"
    );
    let stored = serde_json::to_string(&read(CLASSIC)).unwrap();
    assert_eq!(serde_json::from_str::<Meeting>(&stored).unwrap(), read(CLASSIC));
    assert!(serde_json::from_str::<Meeting>("\"https://evil.example/\"").is_err());
}

#[test]
fn a_clerk_is_told_what_a_link_is_before_anybody_joins() {
    let told = |text: &str| read(text).describe().to_string();
    assert_eq!(
        told(CLASSIC),
        "Teams meeting, of tenant 72f988bf\u{2026}, organised by 2c0f4a71\u{2026}."
    );
    assert_eq!(
        told(SHORT),
        "Teams meeting by its short link, which does not say whose it is."
    );
    assert_eq!(
        told("21234567890123"),
        "Teams meeting by its ID, which does not say whose it is."
    );
    let channel = CLASSIC.replace("thread.v2/0", "thread.tacv2/1654012345678");
    assert!(told(&channel).ends_with("guests have no chat in it."));
    let government = CLASSIC.replace("teams.microsoft.com", "gov.teams.microsoft.us");
    assert!(told(&government).contains("GCC High"));
    let meeting = read(CLASSIC);
    let description = meeting.describe();
    assert!(description.kind == Kind::Meeting && description.cloud == Cloud::Public && description.chat);
    assert_eq!(description.tenant, Some(TENANT));
    assert_eq!(description.organizer, Some("2c0f4a71-3d8e-4a3d-9a2c-0a7a1b9bb001"));
}

#[test]
fn a_whole_invitation_can_be_pasted() {
    let invitation = format!(
        "________________\nMicrosoft Teams Need help? <https://aka.ms/JoinTeamsMeeting?omkt=en-GB>\nJoin the meeting now<{CLASSIC}>\nMeeting ID: 212 345 678 901 23\nPasscode: Ab3cD4\n"
    );
    assert_eq!(read(&invitation), read(CLASSIC));
    for text in [
        format!("({CLASSIC})"),
        format!("Join here: {CLASSIC}."),
        format!("\u{201c}{CLASSIC}\u{201d}"),
        format!("[{CLASSIC}]({CLASSIC})"),
        format!("\u{feff}{CLASSIC}\u{200b}"),
        format!("{CLASSIC} https://teams.microsoft.com/meetingOptions/?organizerId=1 http://example.com"),
    ] {
        assert_eq!(read(&text), read(CLASSIC), "{text}");
    }
    for text in [
        "Meeting ID: 212 345 678 901 23\nPasscode: Ab3cD4",
        "Meeting ID: 212 345 678 901 23\r\nPasscode: Ab3cD4\r\n\r\nDial in by phone\r\n+49 69 1234567,,964433901# Germany\r\nPhone conference ID: 964 433 901#",
        "Microsoft Teams meeting\nMeeting ID:\t212 345 678 901 23 \nPasscode:\tAb3cD4",
        "ID de la r\u{e9}union : 212 345 678 901 23\nCode secret : Ab3cD4",
        "\u{4f1a}\u{8b70} ID\u{ff1a}212 345 678 901 23\n\u{30d1}\u{30b9}\u{30b3}\u{30fc}\u{30c9}\u{ff1a}Ab3cD4",
        "meeting id 212 345 678 901 23 passcode Ab3cD4",
        "212 345 678 901 23/Ab3cD4",
        "ID: 21234567890123, Ab3cD4",
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
    assert_eq!(read("Meeting ID: 212 345 678 901 23").to_string(), "21234567890123");
    assert_eq!(
        read("212 345 678 901 23 / 123456").to_string(),
        "21234567890123 / 123456"
    );
    assert_eq!(read("21234567890123 123456").to_string(), "21234567890123 / 123456");
    assert_eq!(
        read("212 345 678 901 23 / abcdef").to_string(),
        "21234567890123 / abcdef"
    );
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
    assert_eq!(
        read(&CLASSIC.replace("/l/", "/v2/?meetingjoin=true#/l/")),
        read(CLASSIC),
        "the web client's own address"
    );
    assert_eq!(read(&CLASSIC.replace("/l/", "/_#/l/")), read(CLASSIC));
    let chat = format!(
        "https://statics.teams.cdn.office.net/evergreen-assets/safelinks/1/atp-safelinks.html?url={encoded}&locale=en-us"
    );
    assert_eq!(read(&chat), read(CLASSIC));
    let twice = format!(
        "https://nam12.safelinks.protection.outlook.com/?url={}",
        percent::encode(&safe)
    );
    assert_eq!(read(&twice), read(CLASSIC));
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

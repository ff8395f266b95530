use super::{CLASSIC, Refused, SHORT, refusal};

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
